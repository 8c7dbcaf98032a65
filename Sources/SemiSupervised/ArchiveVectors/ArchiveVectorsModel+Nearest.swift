import LinearAlgebra
import TextClassification

extension ArchiveVectorsModel {
    /// A word or an article, by its position, and how near it is.
    public struct Neighbour: Sendable, Equatable {
        public let position: Int
        /// The cosine of the angle between the two vectors, −1...1.
        public let similarity: Double
    }

    /// The vector of a text, `rank` numbers of unit length; `nil` when none of its words is known.
    public func vector(of article: Article) -> [Float]? {
        var rows = FeatureRows(featureCount: rank)
        makeExtraction().extract(ArticleBatch([article]), 0..<1, into: &rows)
        return rows.matrix.elementCount == 0 ? nil : rows.matrix.values
    }

    /// The position of a word as the tokeniser gives it, in lower case; `nil` when it has no vector.
    public func position(ofWord word: String) -> Int? {
        positions(ofWordsIn: word).first
    }

    /// The positions of the words of a text, as the tokeniser cuts it, that have a vector.
    func positions(ofWordsIn text: String) -> [Int] { terms.occurrences(in: Article(text: text)).map(\.feature) }

    /// The vector of a word, `rank` numbers of unit length.
    public func vector(ofWord word: Int) -> [Float] {
        wordVectors.withSpan { vectors in (0..<rank).map { vectors[word * rank + $0] } }
    }

    /// The words nearest to a vector of unit length, the nearest first. O(words · rank).
    public func nearestWords(to vector: [Float], count: Int) -> [Neighbour] {
        precondition(vector.count == rank, "a vector of \(vector.count) dimensions, not \(rank)")
        return wordVectors.withSpan { vectors in
            Self.largest(count, of: terms.featureCount) { word in
                var sum: Float = 0
                for d in 0..<rank { sum += vectors[word * rank + d] * vector[d] }
                return sum
            }
        }
    }

    /// The articles, given by their vectors (articles × rank), nearest to a vector of unit length, the nearest first.
    /// O(articles · rank).
    public func nearestArticles(to vector: [Float], among articles: SparseMatrix, count: Int) -> [Neighbour] {
        precondition(vector.count == rank && articles.columnCount == rank, "vectors of other dimensions than \(rank)")
        return Self.largest(count, of: articles.rowCount) { article in
            var sum: Float = 0
            for element in articles.row(article) {
                sum += articles.values[element] * vector[Int(articles.columnIndices[element])]
            }
            return sum
        }
    }

    /// The positions of the largest values in descending order; of equal ones the first.
    static func largest(_ count: Int, of total: Int, _ value: (Int) -> Float) -> [Neighbour] {
        var best: [Neighbour] = []
        for position in 0..<total {
            let similarity = Double(value(position))
            if best.count == count, similarity <= best[count - 1].similarity { continue }
            let place = best.firstIndex { $0.similarity < similarity } ?? best.count
            best.insert(Neighbour(position: position, similarity: similarity), at: place)
            if best.count > count { best.removeLast() }
        }
        return best
    }
}
