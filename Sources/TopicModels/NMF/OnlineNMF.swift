import LinearAlgebra
import TextClassification

/// Topics from a stream, a batch of articles at a time, in memory that does not grow with their number (online dictionary learning,
/// Mairal, Bach, Ponce & Sapiro 2010; Frobenius).
///
/// For each batch X: W by folding in; A ← ρA + WᵀW and B ← ρB + XᵀW; then each row h_j of H by coordinate descent on
/// ½ h_j A h_jᵀ − b_j h_jᵀ over h ≥ 0, once. ρ = `forgetting` to the power of the batch's share of a thousand articles.
///
/// Memory: 16 · m · k + 4 · m · k' bytes for m terms and k topics (k' the next multiple of 8), and one batch.
public struct OnlineNMF: Sendable {
    /// What is done to A and B for every thousand articles; 1 forgets nothing.
    public var forgetting = 0.995
    private var parameters: NMFParameters
    /// H, terms × topics.
    private var h: DenseMatrix
    private var a: DenseMatrix
    private var b: DenseMatrix
    /// How many articles have been seen.
    public private(set) var articleCount = 0
    /// ½‖X − W·H‖² of the last batch before it was learnt from, for each unit of ½‖X‖².
    public private(set) var lastError = 1.0

    /// Starts from topics fitted to the first articles.
    public init(_ start: NMFModel) {
        parameters = start.parameters
        h = DenseMatrix(rowCount: start.inputCount, columnCount: start.topicCount)
        let elements = start.terms.elements
        for term in 0..<start.inputCount {
            for topic in 0..<start.topicCount { h[term, topic] = Double(elements[term * start.stride + topic]) }
        }
        a = DenseMatrix(rowCount: start.topicCount, columnCount: start.topicCount)
        b = DenseMatrix(rowCount: start.inputCount, columnCount: start.topicCount)
    }

    /// The topics now.
    public var model: NMFModel { NMFModel(terms: h, rowCount: articleCount, parameters: parameters) }

    /// Learns from a batch; the same for any number of threads.
    ///
    /// - Throws: `TrainingError` for values that are negative or not finite.
    /// - Complexity: O(elements · topics + terms · topics²).
    public mutating func learn(_ rows: SparseMatrix, threadCount: Int) throws(TrainingError) {
        precondition(rows.columnCount == h.rowCount, "rows of \(rows.columnCount) terms, not \(h.rowCount)")
        guard rows.values.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
            throw .failed(component: NMF.identifier, reason: "a feature is negative or no finite number")
        }
        guard rows.rowCount > 0 else { return }
        let k = h.columnCount
        let w = model.weights(of: rows, threadCount: threadCount)
        var factor = 1.0
        for _ in 0..<(rows.rowCount + 999) / 1000 { factor *= forgetting }
        let gram = w.gram()
        var products = [Double](repeating: 0, count: h.rowCount * k)
        rows.multiplyTransposed(w.elements, k: k, into: &products)
        var cross = 0.0
        var square = 0.0
        for value in rows.values { square += Double(value) * Double(value) }
        for (x, y) in zip(products, h.elements) { cross += x * y }
        let fitted = zip(gram.elements, h.gram().elements).reduce(0) { $0 + $1.0 * $1.1 }
        lastError = square > 0 ? max(0, square - 2 * cross + fitted) / square : 1
        a = DenseMatrix(rowCount: k, columnCount: k, elements: zip(a.elements, gram.elements).map { factor * $0 + $1 })
        var sums = b.elements
        for e in sums.indices { sums[e] = factor * sums[e] + products[e] }
        b = DenseMatrix(rowCount: h.rowCount, columnCount: k, elements: sums)
        articleCount += rows.rowCount
        descend(threadCount)
    }

    private mutating func descend(_ threadCount: Int) {
        let k = h.columnCount
        let options = parameters.options(rowCount: articleCount, columnCount: h.rowCount)
        let curvature = a.elements
        let target = b.elements
        var elements = h.elements
        _ = parallelChunks(of: &elements, chunkLength: 512 * k, threads: threadCount) { _, range, chunk in
            let (curvature, target) = (curvature.span, target.span)
            for row in stride(from: 0, to: range.count, by: k) {
                for topic in 0..<k {
                    let own = curvature[topic * k + topic] + options.l2.columns
                    guard own > 0 else { continue }
                    var gradient = options.l1.columns + options.l2.columns * chunk[row + topic]
                    gradient -= target[range.lowerBound + row + topic]
                    for other in 0..<k { gradient += curvature[topic * k + other] * chunk[row + other] }
                    chunk[row + topic] = max(0, chunk[row + topic] - gradient / own)
                }
            }
        }
        h = DenseMatrix(rowCount: h.rowCount, columnCount: k, elements: elements)
    }
}
