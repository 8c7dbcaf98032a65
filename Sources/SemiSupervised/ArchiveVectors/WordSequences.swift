import LinearAlgebra
import TextClassification
import TextFeatures

/// The words of articles in the order in which they stand, as features of a model of single words; unknown words are left out.
struct WordSequences: Sendable {
    /// The words of all articles, one article after another.
    private(set) var words: [Int32] = []
    /// Where each article begins in `words`; one more entry closes the last.
    private(set) var articleStarts: [Int] = [0]

    /// - Parameter articles: the words of each article.
    init(_ articles: [[Int32]]) {
        for article in articles {
            words += article
            articleStarts.append(words.count)
        }
    }

    /// The sequences of the articles of a batch, titles before bodies. O(length of the texts).
    ///
    /// - Parameter limit: features from this one on are left out; `TFIDFVectorizer` numbers them by falling document frequency.
    init(of articles: ArticleBatch, model: TFIDFModel, limit: Int, threads: Int) {
        let chunk = 64
        let parts = parallelMap(count: (articles.count + chunk - 1) / chunk, threads: threads) { index in
            (index * chunk..<min(articles.count, (index + 1) * chunk)).map { position in
                let article = Article(
                    title: String(decoding: articles.bytes[articles.titles[position]], as: UTF8.self),
                    text: String(decoding: articles.bytes[articles.bodies[position]], as: UTF8.self))
                return model.occurrences(in: article).compactMap { $0.feature < limit ? Int32($0.feature) : nil }
            }
        }
        self.init(parts.flatMap { $0 })
    }

    /// The article of each word.
    func articleNumbers() -> [Int32] {
        var numbers = [Int32](repeating: 0, count: words.count)
        for article in 0..<articleStarts.count - 1 {
            for position in articleStarts[article]..<articleStarts[article + 1] { numbers[position] = Int32(article) }
        }
        return numbers
    }
}
