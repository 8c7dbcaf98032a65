import LinearAlgebra
import TextClassification

/// A function of all blocks of features, folded into weights on the features of the model that is kept.
///
/// An article's vector is linear in its TF-IDF row but for two lengths: e = (u − μ) / |u − μ|, u = T E / |T E|. With the archive's mean
/// lengths in their place, w·e becomes a weight of E_v·w / (mean |T E| · mean |u − μ|) a word v and a constant. The tempered counts of naive
/// Bayes are TF-IDF rows but for one length, whose mean stands in for it in the same way.
struct Folding: Sendable {
    /// Weights of features × outputs.
    var weights: [Double]
    var intercepts: [Double]

    /// - Parameters:
    ///   - features: the extractor whose features shall have the weights; those that are no words of `vectors` have the weights on terms alone.
    ///   - words: TF-IDF rows of the words that have vectors, for the mean lengths.
    ///   - countScale: see `TemperedCounts`.
    init(
        _ parts: LinearParts, vectors: ArchiveVectorsModel, features: any FeatureExtractorModel, words: SparseMatrix,
        countScale: Double, threads: Int
    ) {
        let k = parts.intercepts.count
        let (length, distance) = vectors.meanLengths(of: words, threads: threads)
        let scale = 1 / max(length * distance, 1e-9)
        var positions: [String: Int] = [:]
        positions.reserveCapacity(vectors.terms.featureCount)
        for word in 0..<vectors.terms.featureCount { positions[vectors.terms.featureName(word)] = word }
        var weights = parts.terms.isEmpty ? [Double](repeating: 0, count: features.featureCount * k) : parts.terms
        let rank = parts.vectors.isEmpty ? 0 : vectors.rank
        vectors.wordVectors.withSpan { words in
            for feature in 0..<features.featureCount {
                guard let word = positions[features.featureName(feature)] else { continue }
                if !parts.words.isEmpty {
                    for c in 0..<k { weights[feature * k + c] += countScale * parts.words[word * k + c] }
                }
                for d in 0..<rank {
                    let value = Double(words[word * vectors.rank + d]) * scale
                    for c in 0..<k { weights[feature * k + c] += value * parts.vectors[d * k + c] }
                }
            }
        }
        var intercepts = parts.intercepts
        for d in 0..<rank {
            for c in 0..<k { intercepts[c] -= Double(vectors.mean[d]) * parts.vectors[d * k + c] / max(distance, 1e-9) }
        }
        self.weights = weights
        self.intercepts = intercepts
    }
}

extension ArchiveVectorsModel {
    /// The means of |T E| and of |u − μ| over the articles of TF-IDF rows.
    func meanLengths(of rows: SparseMatrix, threads: Int) -> (length: Double, distance: Double) {
        let sums = parallelMap(count: (rows.rowCount + Self.chunk - 1) / Self.chunk, threads: threads) { index in
            var (length, distance, count) = (0.0, 0.0, 0.0)
            var vector = [Float](repeating: 0, count: rank)
            wordVectors.withSpan { words in
                mean.withSpan { mean in
                    for row in index * Self.chunk..<min(rows.rowCount, (index + 1) * Self.chunk) {
                        Self.add(rows, row, words, rank: rank, to: &vector)
                        let square = Double(vector.reduce(0) { $0 + $1 * $1 })
                        guard Self.normalize(&vector) else { continue }
                        length += square.squareRoot()
                        for d in 0..<rank { vector[d] -= mean[d] }
                        distance += Double(vector.reduce(0) { $0 + $1 * $1 }).squareRoot()
                        count += 1
                    }
                }
            }
            return (length, distance, count)
        }
        let count = max(1, sums.reduce(0) { $0 + $1.2 })
        return (sums.reduce(0) { $0 + $1.0 } / count, sums.reduce(0) { $0 + $1.1 } / count)
    }
}
