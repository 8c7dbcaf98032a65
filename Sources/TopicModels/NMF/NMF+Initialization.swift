import LinearAlgebra
import TextClassification

/// The factors from which a factorisation starts: rows × topics and columns × topics.
struct FactorStart {
    var w: DenseMatrix
    var h: DenseMatrix
}

extension NMF {
    /// The factors that `fitted` starts from, for a matrix without guides: rows × topics and columns × topics, surplus topics among them.
    ///
    /// - Throws: `TrainingError` for a matrix that cannot be decomposed.
    /// - Complexity: with a start by decomposition ten products of the matrix with topics + 10 vectors.
    public func initialFactors(
        of operation: SparseOperator, context: TrainingContext
    ) throws -> (w: DenseMatrix, h: DenseMatrix) {
        let topicCount = min(parameters.topicCountWithSurplus, operation.rowCount, operation.columnCount)
        let start = try start(operation, topicCount: topicCount, guides: [], context: context)
        return (start.w, start.h)
    }

    /// The start of a matrix that has been checked.
    func start(
        _ operation: SparseOperator, topicCount: Int, guides: [TopicGuide], context: TrainingContext
    ) throws -> FactorStart {
        let sum = operation.matrix.values.reduce(0) { $0 + Double($1) }
        let mean = sum / Double(operation.rowCount) / Double(operation.columnCount)
        switch parameters.initialization {
        case .random: return random(operation, topicCount, mean: mean, seed: context.seed)
        case .nndsvd: return try decomposition(operation, topicCount, fill: 0, context)
        case .nndsvda: return try decomposition(operation, topicCount, fill: mean, context)
        case .guided:
            let guided = Array(guides.prefix(topicCount))
            var start = try decomposition(operation, topicCount, fill: mean, context)
            // Free topics keep the leading places of the decomposition: they move behind the guided ones.
            start.w = start.w.shiftingColumns(by: guided.count)
            start.h = start.h.shiftingColumns(by: guided.count)
            for (topic, guide) in guided.enumerated() {
                lead(&start, topic: topic, guide, operation.matrix, mean: mean)
            }
            return start
        }
    }

    /// Uniform numbers whose products have the mean of the matrix.
    private func random(_ operation: SparseOperator, _ topicCount: Int, mean: Double, seed: UInt64) -> FactorStart {
        var generator = RandomGenerator(seed: seed)
        let scale = 2 * (mean / Double(topicCount)).squareRoot()
        func numbers(_ count: Int) -> DenseMatrix {
            var elements: [Double] = []
            elements.reserveCapacity(count * topicCount)
            for _ in 0..<count * topicCount { elements.append(scale * generator.nextUniform()) }
            return DenseMatrix(rowCount: count, columnCount: topicCount, elements: elements)
        }
        return FactorStart(w: numbers(operation.rowCount), h: numbers(operation.columnCount))
    }

    /// NNDSVD (Boutsidis & Gallopoulos 2008): of every pair of singular vectors the parts of one sign, whichever product is
    /// larger. Topics beyond the rank of the matrix start from random numbers a hundredth as large as the mean.
    private func decomposition(
        _ operation: SparseOperator, _ topicCount: Int, fill: Double, _ context: TrainingContext
    ) throws -> FactorStart {
        var options = RandomizedSVDOptions()
        options.seed = context.seed
        options.start = .signs
        // As exact as some 15 power iterations: after fewer the seed decides in which minimum the fit ends.
        options.powerIterations = 0
        options.chebyshevDegrees = [1, 3, 4]
        options.refinesInSinglePrecision = true
        // Blocks are padded to multiples of eight columns, which may as well be used. Surplus topics need not start exactly.
        options.oversampling = max(0, (min(topicCount, parameters.topics) + 12 + 7) / 8 * 8 - topicCount)
        let svd: SingularValueDecomposition
        do {
            svd = try operation.truncatedSVD(count: topicCount, options: options, threads: context.threadCount)
        } catch {
            throw TrainingError.failed(component: Self.identifier, reason: "\(error)")
        }
        let rank = svd.singularValues.count
        let (u, vTransposed) = (svd.u.elements, svd.vTransposed.elements)
        var w = [Double](repeating: fill, count: operation.rowCount * topicCount)
        var h = [Double](repeating: fill, count: operation.columnCount * topicCount)
        let rowParts = SignedNorms(rows: u, width: rank)
        let columnParts = SignedNorms(columns: vTransposed, count: rank)
        // What an element of a singular vector is multiplied by; 0 where the topic stays as it is.
        var leftScales = [Double](repeating: 0, count: rank)
        var rightScales = leftScales
        for topic in 0..<rank {
            // The leading pair has one sign throughout, up to rounding.
            let positive = (rowParts.positive[topic], columnParts.positive[topic])
            let negative = (rowParts.negative[topic], columnParts.negative[topic])
            let sign: Double = positive.0 * positive.1 >= negative.0 * negative.1 ? 1 : -1
            let norms = sign > 0 ? positive : negative
            let product = norms.0 * norms.1
            guard product > 0 else { continue }
            let scale = (svd.singularValues[topic] * product).squareRoot()
            leftScales[topic] = sign * scale / norms.0
            rightScales[topic] = sign * scale / norms.1
        }
        // What is smaller counts as 0, as in scikit-learn.
        for i in 0..<operation.rowCount {
            for topic in 0..<rank {
                let weight = u[i * rank + topic] * leftScales[topic]
                if weight > 1e-6 { w[i * topicCount + topic] = weight }
            }
        }
        for topic in 0..<rank {
            for j in 0..<operation.columnCount {
                let weight = vTransposed[topic * operation.columnCount + j] * rightScales[topic]
                if weight > 1e-6 { h[j * topicCount + topic] = weight }
            }
        }
        if rank < topicCount {
            var generator = RandomGenerator(seed: context.seed ^ 0x5EED)
            let mean = operation.matrix.values.reduce(0) { $0 + Double($1) } / Double(operation.rowCount * operation.columnCount)
            let size = 0.02 * (mean / Double(topicCount)).squareRoot()
            for topic in rank..<topicCount {
                for i in 0..<operation.rowCount { w[i * topicCount + topic] = size * generator.nextUniform() }
                for j in 0..<operation.columnCount { h[j * topicCount + topic] = size * generator.nextUniform() }
            }
        }
        return FactorStart(
            w: DenseMatrix(rowCount: operation.rowCount, columnCount: topicCount, elements: w),
            h: DenseMatrix(rowCount: operation.columnCount, columnCount: topicCount, elements: h))
    }

    /// Starts a topic from what its articles have above the mean article, and from its keywords.
    private func lead(
        _ start: inout FactorStart, topic: Int, _ guide: TopicGuide, _ matrix: SparseMatrix, mean: Double
    ) {
        var profile = [Double](repeating: 0, count: matrix.columnCount)
        var everywhere = profile
        for i in 0..<matrix.rowCount {
            for e in matrix.row(i) {
                everywhere[Int(matrix.columnIndices[e])] += Double(matrix.values[e]) / Double(matrix.rowCount)
            }
        }
        for i in guide.articles {
            for e in matrix.row(i) {
                profile[Int(matrix.columnIndices[e])] += Double(matrix.values[e]) / Double(guide.articles.count)
            }
        }
        if !guide.articles.isEmpty {
            for j in profile.indices { profile[j] = max(0, profile[j] - everywhere[j]) }
        }
        let largest = max(profile.max() ?? 0, mean)
        for j in guide.terms { profile[j] += largest }
        let norm = profile.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard norm > 0 else { return }
        // Articles start with the size of their projection on the profile.
        var belongs = [Bool](repeating: false, count: matrix.rowCount)
        for i in guide.articles { belongs[i] = true }
        for j in profile.indices { start.h[j, topic] = max(profile[j] / norm, mean) }
        for i in 0..<matrix.rowCount {
            var projection = 0.0
            for e in matrix.row(i) {
                projection += Double(matrix.values[e]) * profile[Int(matrix.columnIndices[e])] / norm
            }
            start.w[i, topic] = max(mean, belongs[i] ? projection : 0.3 * projection)
        }
    }
}

/// The norms of the positive and of the negative parts of vectors.
private struct SignedNorms {
    var positive: [Double]
    var negative: [Double]

    /// Of vectors that stand side by side in rows of `width` numbers.
    init(rows: [Double], width: Int) {
        positive = Array(repeating: 0, count: width)
        negative = positive
        for start in stride(from: 0, to: rows.count, by: max(width, 1)) {
            for c in 0..<width { add(rows[start + c], to: c) }
        }
        finish()
    }

    /// Of vectors that stand one behind the other.
    init(columns: [Double], count: Int) {
        positive = Array(repeating: 0, count: count)
        negative = positive
        let length = count == 0 ? 0 : columns.count / count
        for c in 0..<count {
            for j in 0..<length { add(columns[c * length + j], to: c) }
        }
        finish()
    }

    private mutating func add(_ x: Double, to vector: Int) {
        if x > 0 { positive[vector] += x * x } else { negative[vector] += x * x }
    }

    private mutating func finish() {
        for c in positive.indices {
            positive[c] = positive[c].squareRoot()
            negative[c] = negative[c].squareRoot()
        }
    }
}

extension DenseMatrix {
    /// The columns moved to the right by `count`; those that leave are lost, and the first ones are 0.
    fileprivate func shiftingColumns(by count: Int) -> DenseMatrix {
        guard count > 0 else { return self }
        var result = DenseMatrix(rowCount: rowCount, columnCount: columnCount)
        for i in 0..<rowCount {
            for c in count..<max(count, columnCount) { result[i, c] = self[i, c - count] }
        }
        return result
    }
}
