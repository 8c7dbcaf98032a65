import LinearAlgebra
import TextClassification

/// Fitted topics of `NMF`: H, single precision, with what folding articles in needs.
public struct NMFModel: TopicModel {
    public let parameters: NMFParameters
    public let inputCount: Int
    public let topicCount: Int
    /// How many articles the topics were fitted to.
    public let articleCount: Int
    /// H: for every term `stride` numbers, one a topic and zeros behind.
    let terms: ModelArray<Float>
    let stride: Int
    /// HᵀH.
    let gram: DenseMatrix
    /// Σ_j H_jk for every topic k.
    let sums: [Double]
    /// For every topic its likeliest terms, `namedTermCount` numbers, -1 where there are fewer.
    let namedTerms: [Int32]
    static let namedTermCount = 3

    /// Topics given by H, terms × topics, fitted to so many articles.
    public init(terms: DenseMatrix, rowCount: Int, parameters: NMFParameters) {
        self.parameters = parameters
        inputCount = terms.rowCount
        topicCount = terms.columnCount
        articleCount = rowCount
        stride = (terms.columnCount + 7) / 8 * 8
        var padded = [Float](repeating: 0, count: terms.rowCount * stride)
        var sums = [Double](repeating: 0, count: terms.columnCount)
        for j in 0..<terms.rowCount {
            for (topic, value) in terms.row(j).enumerated() {
                padded[j * stride + topic] = Float(value)
                sums[topic] += Double(Float(value))
            }
        }
        self.terms = ModelArray(padded)
        self.sums = sums
        gram = terms.gram()
        var named: [Int32] = []
        for topic in 0..<terms.columnCount {
            let top = Self.top(padded, stride, topic, Self.namedTermCount).map { Int32($0) }
            named += top + Array(repeating: -1, count: Self.namedTermCount - top.count)
        }
        namedTerms = named
    }

    /// The penalties and sizes of folding in.
    private var options: FactorizationOptions { parameters.options(rowCount: articleCount, columnCount: inputCount) }

    var leastSquares: NonNegativeLeastSquares {
        let options = options
        return NonNegativeLeastSquares(gram: gram, l1: options.l1.rows, l2: options.l2.rows)
    }

    var folding: KullbackLeiblerFolding {
        let options = options
        return KullbackLeiblerFolding(sums: sums, stride: stride, l1: options.l1.rows, l2: options.l2.rows)
    }

    // MARK: Topics

    /// h of a term and a topic, as fitting measures it.
    public func weight(ofTerm term: Int, topic: Int) -> Double { Double(terms[term * stride + topic]) }

    public func termProbability(_ term: Int, topic: Int) -> Double {
        sums[topic] > 0 ? Double(terms[term * stride + topic]) / sums[topic] : 0
    }

    public func topTerms(of topic: Int, count: Int) -> [Int] { Self.top(terms.elements, stride, topic, count) }

    public func topTerms(count: Int) -> [[Int]] {
        let elements = terms.elements
        return (0..<topicCount).map { Self.top(elements, stride, $0, count) }
    }

    /// The terms with the largest weights, the first of equal ones first; none of weight 0.
    private static func top(_ elements: [Float], _ stride: Int, _ topic: Int, _ count: Int) -> [Int] {
        guard stride > 0, count > 0 else { return [] }
        var best: [(weight: Float, term: Int)] = []
        for term in 0..<elements.count / stride {
            let weight = elements[term * stride + topic]
            guard weight > 0, best.count < count || weight > best[best.count - 1].weight else { continue }
            let place = best.firstIndex { weight > $0.weight } ?? best.count
            best.insert((weight, term), at: place)
            if best.count > count { best.removeLast() }
        }
        return best.map(\.term)
    }

    public func shares(of rows: SparseMatrix, threadCount: Int) -> DenseMatrix {
        precondition(rows.columnCount == inputCount, "rows of \(rows.columnCount) terms, not \(inputCount)")
        var elements = [Double](repeating: 0, count: rows.rowCount * topicCount)
        guard topicCount > 0 else { return DenseMatrix(rowCount: rows.rowCount, columnCount: 0) }
        _ = parallelChunks(of: &elements, chunkLength: 256 * topicCount, threads: threadCount) { _, range, chunk in
            var folding = FoldIn(self)
            terms.withSpan { terms in
                for i in 0..<range.count / topicCount {
                    folding.fold(row: range.lowerBound / topicCount + i, of: rows, terms: terms)
                    var total = 0.0
                    for a in 0..<topicCount { total += folding.weights[a] * sums[a] }
                    guard total > 0 else { continue }
                    for a in 0..<topicCount { chunk[i * topicCount + a] = folding.weights[a] * sums[a] / total }
                }
            }
        }
        return DenseMatrix(rowCount: rows.rowCount, columnCount: topicCount, elements: elements)
    }

    /// The weights W of articles folded in, articles × topics, as fitting measures them.
    public func weights(of rows: SparseMatrix, threadCount: Int) -> DenseMatrix {
        precondition(rows.columnCount == inputCount, "rows of \(rows.columnCount) terms, not \(inputCount)")
        guard topicCount > 0 else { return DenseMatrix(rowCount: rows.rowCount, columnCount: 0) }
        var elements = [Double](repeating: 0, count: rows.rowCount * topicCount)
        _ = parallelChunks(of: &elements, chunkLength: 256 * topicCount, threads: threadCount) { _, range, chunk in
            var folding = FoldIn(self)
            terms.withSpan { terms in
                for i in 0..<range.count / topicCount {
                    folding.fold(row: range.lowerBound / topicCount + i, of: rows, terms: terms)
                    for a in 0..<topicCount { chunk[i * topicCount + a] = folding.weights[a] }
                }
            }
        }
        return DenseMatrix(rowCount: rows.rowCount, columnCount: topicCount, elements: elements)
    }

    // MARK: Features

    private var keepsInput: Bool { parameters.output == .both }

    public var featureCount: Int { topicCount + (keepsInput ? inputCount : 0) }

    /// Appends each row's topics: what every topic adds to the length of the fitted row, w_k·‖h_k‖, scaled together to the length
    /// `topicWeight`; with `both` the features that came in stand before them.
    ///
    /// One call allocates its scratch memory; a row more allocates nothing beyond the growth of `output`.
    ///
    /// - Complexity: O(elements · topics + topics² · sweeps) a row.
    public func transform(_ input: borrowing SparseMatrix, into output: inout SparseMatrix) {
        var folding = FoldIn(self)
        let first = Int32(keepsInput ? inputCount : 0)
        let rowCount = input.rowCount
        terms.withSpan { terms in
            for i in 0..<rowCount {
                if keepsInput {
                    for e in input.row(i) { output.append(column: input.columnIndices[e], value: input.values[e]) }
                }
                folding.fold(row: i, of: input, terms: terms)
                var square = 0.0
                for a in 0..<topicCount { square += folding.weights[a] * folding.weights[a] * gram[a, a] }
                if square > 0, square.isFinite {
                    let scale = parameters.topicWeight / square.squareRoot()
                    for a in 0..<topicCount where folding.weights[a] > 0 {
                        let value = scale * folding.weights[a] * gram[a, a].squareRoot()
                        output.append(column: first + Int32(a), value: Float(value))
                    }
                }
                output.endRow()
            }
        }
    }

    /// `topic 3 (import tariff steel)`.
    public func featureName(_ feature: Int, inputName: (Int) -> String) -> String {
        if keepsInput, feature < inputCount { return inputName(feature) }
        let topic = feature - (keepsInput ? inputCount : 0)
        let names = namedTerms[topic * Self.namedTermCount..<(topic + 1) * Self.namedTermCount].filter { $0 >= 0 }
            .map { inputName(Int($0)) }
        return names.isEmpty ? "topic \(topic + 1)" : "topic \(topic + 1) (\(names.joined(separator: " ")))"
    }
}
