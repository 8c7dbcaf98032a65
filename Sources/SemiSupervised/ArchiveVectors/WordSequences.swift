import TextClassification
import TextFeatures

/// The words of articles in the order in which they stand, as features of a model of single words; unknown words are left out.
struct WordSequences: Sendable {
    /// Features + 1, one article after another, each closed by 0.
    let words: ModelArray<UInt32>
    /// How often each feature occurs.
    let occurrences: [Int]

    /// - Parameter articles: the features of each article.
    init(_ articles: [[Int32]], wordCount: Int) {
        var words: [UInt32] = []
        var occurrences = [Int](repeating: 0, count: wordCount)
        for article in articles {
            for word in article {
                words.append(UInt32(word) + 1)
                occurrences[Int(word)] += 1
            }
            words.append(0)
        }
        self.words = ModelArray(words)
        self.occurrences = occurrences
    }

    /// The sequences of collected words.
    ///
    /// - Parameters:
    ///   - collected: what `WordCollector` made of the articles.
    ///   - features: for every word its feature + 1, or 0.
    ///   - spool: takes the sequences up while they are made.
    init(
        _ collected: ModelArray<UInt32>, features: [UInt32], wordCount: Int, spool: NumberSpool
    ) throws {
        var occurrences = [Int](repeating: 0, count: wordCount)
        let block = 1 << 16
        var buffer: [UInt32] = []
        for start in stride(from: 0, to: collected.count, by: block) {
            collected.withSpan { collected in
                let features = features.span
                for place in start..<min(collected.count, start + block) {
                    let code = collected[place]
                    if code == WordCollector.articleEnd {
                        buffer.append(0)
                    } else if code >= WordCollector.firstWord {
                        let feature = features[Int(code - WordCollector.firstWord)]
                        guard feature != 0 else { continue }
                        occurrences[Int(feature) - 1] += 1
                        buffer.append(feature)
                    }
                }
            }
            try spool.take(&buffer)
        }
        words = try spool.finished()
        self.occurrences = occurrences
    }
}
