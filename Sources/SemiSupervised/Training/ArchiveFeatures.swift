import LinearAlgebra
import LinearModels
import TextClassification

/// The features of the labelled articles and of the archive: what every arm of the training sees. Fitted once, used for any labels.
struct ArchiveFeatures: Sendable {
    /// The features of the model that is kept, T.
    let terms: SparseMatrix
    /// Article vectors, e.
    let vectors: SparseMatrix
    /// e of all articles.
    let vectorBlock: FeatureBlock
    /// X: TF-IDF rows of words scaled so that they sum to the document length, tempered counts for naive Bayes.
    let countBlock: FeatureBlock
    /// The sum of every column of X.
    let countSums: [Double]
    /// What a TF-IDF value of a word is multiplied by in X, the mean over the articles.
    let countScale: Double

    /// The first so many rows are learnt from; those behind are only given scores.
    let trainingCount: Int

    var rowCount: Int { terms.rowCount }

    /// The factor on article vectors beside the kept features.
    let vectorWeight: Double

    /// - Parameters:
    ///   - words: TF-IDF rows of the words that have vectors.
    init(
        terms: SparseMatrix, words: SparseMatrix, vectors: SparseMatrix, parameters: SemiSupervisedParameters, trainingCount: Int
    ) {
        precondition(terms.rowCount == words.rowCount && words.rowCount == vectors.rowCount, "features of other articles")
        self.terms = terms
        self.vectors = vectors
        self.trainingCount = trainingCount
        vectorWeight = parameters.vectorWeight
        vectorBlock = FeatureBlock(vectors)
        var counts = words
        var sums = [Double](repeating: 0, count: words.columnCount)
        var (scales, scaledCount) = (0.0, 0.0)
        for row in 0..<counts.rowCount {
            var total = 0.0
            for element in counts.row(row) { total += abs(counts.values[element]) }
            if total > 0 {
                counts.scaleRow(row, by: parameters.documentLength / total)
                scales += parameters.documentLength / total
                scaledCount += 1
            }
            guard row < trainingCount else { continue }
            for element in counts.row(row) { sums[Int(counts.columnIndices[element])] += counts.values[element] }
        }
        countBlock = FeatureBlock(counts)
        countSums = sums
        countScale = scales / max(1, scaledCount)
    }

    /// T and e side by side, of some articles.
    func joined(_ articles: [Int]) -> SparseMatrix {
        var weighted = vectors.selectingRows(articles)
        weighted.mapValues { _, value in value * vectorWeight }
        return terms.selectingRows(articles).appendingColumns(of: weighted)
    }

    /// The scores (articles × outputs) of a linear model on T, or on T and e where it has as many weights.
    func scores(_ solution: LinearSolution, threads: Int) -> [Double] {
        let k = solution.outputCount
        let termWeightCount = terms.columnCount * k
        var scores = terms.product(with: Array(solution.weights[..<termWeightCount]), k: k, threads: threads)
        for i in scores.indices { scores[i] += solution.intercepts[i % k] }
        guard solution.weights.count > termWeightCount else { return scores }
        let packed = SoftTargetObjective.packed(
            solution.weights[termWeightCount...].map { $0 * vectorWeight }, rowCount: vectors.columnCount, classCount: k)
        let parts = ScoreTable.unpacked(
            vectorBlock.product(packed, width: FeatureBlock.width(k), threads: threads), classCount: k,
            adding: [Double](repeating: 0, count: k))
        for i in scores.indices { scores[i] += parts[i] }
        return scores
    }
}
