import LinearAlgebra
import LinearModels
import TextClassification
import TextFeatures

/// The features of the labelled articles and of the archive: what every arm of the training sees. Fitted once, used for any labels.
struct ArchiveFeatures: Sendable {
    /// The features of the model that is kept, T.
    let terms: SparseMatrix
    /// Article vectors, e.
    let vectors: SparseMatrix
    /// e of all articles.
    let vectorBlock: FeatureBlock
    /// X: tempered counts of words for naive Bayes.
    let counts: TemperedCounts
    /// The same of pairs of words, where they are used.
    let pairs: TemperedCounts?

    /// The first so many rows are learnt from; those behind are only given scores.
    let trainingCount: Int

    var rowCount: Int { terms.rowCount }

    /// The factor on article vectors beside the kept features.
    let vectorWeight: Double

    /// - Parameters:
    ///   - words: TF-IDF rows of the words that have vectors.
    ///   - pairs: TF-IDF rows of pairs of words.
    init(
        terms: SparseMatrix, words: SparseMatrix, vectors: SparseMatrix, pairs: SparseMatrix? = nil,
        parameters: SemiSupervisedParameters, trainingCount: Int
    ) {
        precondition(terms.rowCount == words.rowCount && words.rowCount == vectors.rowCount, "features of other articles")
        precondition(pairs?.rowCount ?? terms.rowCount == terms.rowCount, "pairs of words of other articles")
        self.terms = terms
        self.vectors = vectors
        self.trainingCount = trainingCount
        vectorWeight = parameters.vectorWeight
        vectorBlock = FeatureBlock(vectors)
        counts = TemperedCounts(words, length: parameters.documentLength, trainingCount: trainingCount)
        self.pairs = pairs.flatMap { pairs in
            pairs.columnCount > 0
                ? TemperedCounts(pairs, length: parameters.documentLength / 2, trainingCount: trainingCount) : nil
        }
    }

    /// How pairs of words are made into features.
    static func pairTerms(_ parameters: SemiSupervisedParameters) -> TFIDFParameters {
        var terms = parameters.vectors.terms
        terms.wordNgrams = LengthRange(2...2)
        terms.minimumDocumentFrequency = 3
        terms.maximumFeatures = 200_000
        return terms
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

extension LinearSolution {
    /// The scores of one row, an output each. O(elements of the row · outputs).
    func scores(ofRow row: Int, in rows: SparseMatrix) -> [Double] {
        var scores = intercepts
        for element in rows.row(row) {
            let base = Int(rows.columnIndices[element]) * outputCount
            for c in 0..<outputCount { scores[c] += Double(rows.values[element]) * weights[base + c] }
        }
        return scores
    }
}
