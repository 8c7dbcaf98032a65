import LinearAlgebra
import TextClassification

/// Topics by non-negative matrix factorisation, X ≈ W·Hᵀ: rows of W are articles, columns of H topics.
///
/// Minimises D(X, W·Hᵀ) + α_W·m·(λ‖W‖₁ + (1 − λ)·½‖W‖²) + α_H·n·(λ‖H‖₁ + (1 − λ)·½‖H‖²) over W, H ≥ 0 for n articles of m terms,
/// with D = ½‖X − W·Hᵀ‖² or the generalised Kullback–Leibler divergence, α_W = `articlePenalty`, α_H = `termPenalty`, λ = `l1Ratio`:
/// scikit-learn's `NMF` with the same numbers. How, see `FactorizationOptions.factorized`.
///
/// Articles without terms get no topic; a term in no article is in no topic. More topics than the smaller side of the matrix are
/// cut down to it with a warning; topics beyond its rank are fitted from random numbers and may come out empty. Guided topics come
/// first, in the order of their labels: while fitting, an article of the label carries an extra term of weight `guidance` which the
/// others do not have (Lee, Yoo & Choi 2010), and one that was judged not to have the label has none of its topic (Liu et al. 2012,
/// for each label alone), so labels and topics stay together.
///
/// Memory while fitting, in bytes, for e elements, n articles, m terms, k topics: 32·e + (48·k" + 16·k)·(n + m) in double precision and
/// 32·e + (20·k" + 16·k)·(n + m) in single, with k" the topics that fitting starts with (see `surplus`), rounded up to a multiple of 8.
public struct NMF: TopicEstimator {
    public static let identifier = "nmf"
    public static let summary = "topics by non-negative matrix factorisation, instead of the features or beside them"
    public let parameters: NMFParameters

    public init(_ parameters: NMFParameters = NMFParameters()) {
        self.parameters = parameters
    }

    public func fitted(to rows: SparseMatrix, targets: Targets?, context: TrainingContext) throws -> NMFModel {
        let guides = parameters.initialization == .guided ? targets.map { TopicGuide.guides(for: $0) } ?? [] : []
        return try fitted(to: rows, guides: guides, context: context).model
    }

    /// Fits topics, and gives the weights of the articles that they were fitted to.
    ///
    /// - Parameter guides: topics to begin with; used where `initialization` is `guided`.
    /// - Throws: `TrainingError` for an empty matrix, negative values, and values that are not finite.
    public func fitted(
        to rows: SparseMatrix, guides: [TopicGuide], context: TrainingContext
    ) throws -> (model: NMFModel, factorization: Factorization) {
        try check(rows)
        context.report(.phase("topics"))
        let topicCount = min(parameters.topics, rows.rowCount, rows.columnCount)
        if topicCount < parameters.topics {
            context.report(
                .warning(
                    "\(parameters.topics) topics are more than \(rows.rowCount) articles of \(rows.columnCount) terms allow: "
                        + "\(topicCount) are fitted"))
        }
        let guides = parameters.initialization == .guided ? Array(guides.prefix(topicCount)) : []
        let matrix = extended(rows, guides)
        let operation = SparseOperator(matrix)
        let start = try start(
            operation, topicCount: min(parameters.topicCountWithSurplus, rows.rowCount, rows.columnCount), guides: guides,
            context: context)
        try context.checkCancellation()
        let options = parameters.options(rowCount: rows.rowCount, columnCount: rows.columnCount)
        let factorization = options.factorized(
            matrix, transposed: operation.transposed, w: start.w, h: start.h, topicCount: topicCount,
            protectedCount: guides.count,
            blocked: Self.mask(guides, rowCount: rows.rowCount), threads: context.threadCount
        ) { iteration, _ in
            context.report(.progress(done: iteration, total: options.maximumIterations))
            return !context.isCancelled()
        }
        try context.checkCancellation()
        guard factorization.objective.isFinite else {
            throw TrainingError.notFinite(component: Self.identifier, what: "the objective")
        }
        context.report(.note(Self.note(factorization)))
        if !factorization.converged, parameters.tolerance > 0 {
            context.report(
                .warning("topics: \(factorization.iterations) iterations were not enough; raise maximumIterations or tolerance"))
        }
        let ordered = Self.ordered(factorization, guideCount: guides.count)
        let terms = DenseMatrix(
            rowCount: rows.columnCount, columnCount: topicCount,
            elements: Array(ordered.h.elements.prefix(rows.columnCount * topicCount)))
        return (NMFModel(terms: terms, rowCount: rows.rowCount, parameters: parameters), ordered)
    }

    /// The topics by falling mass, Σ_i w_ik · Σ_j h_jk; guided ones stay in front as they are.
    private static func ordered(_ factorization: Factorization, guideCount: Int) -> Factorization {
        let k = factorization.w.columnCount
        func sums(_ matrix: DenseMatrix) -> [Double] {
            var sums = [Double](repeating: 0, count: k)
            for (place, value) in matrix.elements.enumerated() { sums[place % k] += value }
            return sums
        }
        let mass = zip(sums(factorization.w), sums(factorization.h)).map { $0 * $1 }
        let order = Array(0..<guideCount) + (guideCount..<k).sorted { (mass[$0], $1) > (mass[$1], $0) }
        func reordered(_ matrix: DenseMatrix) -> DenseMatrix {
            var elements: [Double] = []
            elements.reserveCapacity(matrix.elements.count)
            for row in 0..<matrix.rowCount {
                for topic in order { elements.append(matrix.elements[row * k + topic]) }
            }
            return DenseMatrix(rowCount: matrix.rowCount, columnCount: k, elements: elements)
        }
        return factorization.replacing(w: reordered(factorization.w), h: reordered(factorization.h))
    }

    private func check(_ rows: SparseMatrix) throws(TrainingError) {
        guard rows.rowCount > 0 else { throw .emptyCorpus }
        guard rows.columnCount > 0 else { throw .noFeatures(reason: "there is no column to find topics in") }
        var isPositive = false
        for value in rows.values {
            guard value.isFinite else { throw .notFinite(component: Self.identifier, what: "a value of a feature") }
            guard value >= 0 else {
                throw .failed(
                    component: Self.identifier, reason: "a feature has the value \(value): topics need values of 0 or more")
            }
            if value > 0 { isPositive = true }
        }
        guard isPositive else { throw .noFeatures(reason: "all values are 0: there is nothing to find topics in") }
    }

    /// The matrix with a column for each guide at its right.
    private func extended(_ rows: SparseMatrix, _ guides: [TopicGuide]) -> SparseMatrix {
        guard !guides.isEmpty else { return rows }
        var belongs = [[Int]](repeating: [], count: rows.rowCount)
        for (column, guide) in guides.enumerated() { for i in guide.articles { belongs[i].append(column) } }
        var columns = SparseMatrix(columnCount: guides.count)
        for own in belongs {
            for column in own { columns.append(column: Int32(column), value: Float(parameters.guidance)) }
            columns.endRow()
        }
        return rows.appendingColumns(of: columns)
    }

    /// The topics that articles were judged not to have.
    private static func mask(_ guides: [TopicGuide], rowCount: Int) -> FactorMask? {
        guard guides.contains(where: { !$0.excluded.isEmpty }) else { return nil }
        var blocked = [[Int]](repeating: [], count: rowCount)
        for (topic, guide) in guides.enumerated() { for i in guide.excluded { blocked[i].append(topic) } }
        return FactorMask(blocked)
    }

    private static func note(_ factorization: Factorization) -> String {
        "topics: \(factorization.converged ? "converged" : "not converged") after \(factorization.iterations) iterations"
    }
}
