import LinearAlgebra
import Testing

@testable import LinearModels

/// A random sparse problem: rows of up to `perRow` elements.
func randomFeatures(rows: Int, columns: Int, perRow: Int, seed: UInt64) -> SparseMatrix {
    var generator = RandomGenerator(seed: seed)
    var matrix = SparseMatrix(columnCount: columns)
    for _ in 0..<rows {
        for _ in 0...generator.nextInt(below: perRow) {
            matrix.append(column: Int32(generator.nextInt(below: columns)), value: Float(generator.nextNormal()))
        }
        matrix.endRow()
    }
    return matrix
}

@Suite struct GradientTests {
    /// The largest difference from central differences, relative to the largest element.
    private func gradientError(_ objective: inout some Objective, at point: [Double]) -> Double {
        var gradient = [Double](repeating: .nan, count: point.count)
        _ = objective.evaluate(at: point, gradient: &gradient)
        var unused = gradient
        var worst = 0.0
        let step = 1e-5
        for i in point.indices {
            var moved = point
            moved[i] = point[i] + step
            let above = objective.evaluate(at: moved, gradient: &unused)
            moved[i] = point[i] - step
            let below = objective.evaluate(at: moved, gradient: &unused)
            worst = max(worst, abs((above - below) / (2 * step) - gradient[i]))
        }
        return worst / gradient.reduce(1e-300) { max($0, abs($1)) }
    }

    @Test(arguments: [true, false], [1, 3]) func softmax(fitsIntercept: Bool, threads: Int) {
        var generator = RandomGenerator(seed: 1)
        let matrix = randomFeatures(rows: 700, columns: 12, perRow: 5, seed: 2)
        let classes = (0..<700).map { _ in generator.nextInt(below: 3) }
        let weights = (0..<700).map { _ in generator.nextUniform() * 2 }
        var objective = SoftmaxObjective(
            matrix: matrix, classes: classes, classCount: 3, sampleWeights: weights, inverseRegularization: 0.7, ridge: 0.4,
            fitsIntercept: fitsIntercept, threads: threads)
        let point = (0..<objective.parameterCount).map { _ in generator.nextNormal() }
        #expect(gradientError(&objective, at: point) < 1e-8)
    }

    @Test(arguments: [true, false], [1, 3]) func binary(fitsIntercept: Bool, threads: Int) {
        var generator = RandomGenerator(seed: 3)
        let matrix = randomFeatures(rows: 700, columns: 12, perRow: 5, seed: 4)
        let targets = (0..<700).map { _ in Int8(generator.nextInt(below: 3) - 1) }
        let weights = (0..<700).map { _ in generator.nextUniform() * 2 }
        var objective = BinaryLogisticObjective(
            matrix: matrix, targets: targets, sampleWeights: weights, inverseRegularization: 0.7, ridge: 0.4,
            fitsIntercept: fitsIntercept, threads: threads)
        let point = (0..<objective.parameterCount).map { _ in generator.nextNormal() }
        #expect(gradientError(&objective, at: point) < 1e-8)
    }

    @Test(arguments: [true, false]) func squaredHinge(fitsIntercept: Bool) {
        var generator = RandomGenerator(seed: 13)
        let matrix = randomFeatures(rows: 700, columns: 12, perRow: 5, seed: 14)
        let targets = (0..<700).map { _ in Int8(generator.nextInt(below: 3) - 1) }
        let weights = (0..<700).map { _ in generator.nextUniform() * 2 }
        var objective = SquaredHingeObjective(
            matrix: matrix, targets: targets, sampleWeights: weights, inverseRegularization: 0.7, fitsIntercept: fitsIntercept,
            threads: 2)
        let point = (0..<objective.parameterCount).map { _ in generator.nextNormal() }
        #expect(gradientError(&objective, at: point) < 1e-6)
    }

    /// Samples of missing targets might as well not be there.
    @Test func missingTargetsHaveNoPart() {
        var generator = RandomGenerator(seed: 5)
        let matrix = randomFeatures(rows: 90, columns: 8, perRow: 4, seed: 6)
        let targets = (0..<90).map { _ in Int8(generator.nextInt(below: 3) - 1) }
        let known = targets.indices.filter { targets[$0] >= 0 }
        var whole = BinaryLogisticObjective(matrix: matrix, targets: targets)
        var part = BinaryLogisticObjective(matrix: matrix.selectingRows(known), targets: known.map { targets[$0] })
        let point = (0..<9).map { _ in generator.nextNormal() }
        var gradient = point
        var otherGradient = point
        let value = whole.evaluate(at: point, gradient: &gradient)
        let otherValue = part.evaluate(at: point, gradient: &otherGradient)
        #expect(abs(value - otherValue) < 1e-12 * value)
        #expect(zip(gradient, otherGradient).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func evaluationsDoNotDependOnThreads() {
        var generator = RandomGenerator(seed: 7)
        let matrix = randomFeatures(rows: 3000, columns: 900, perRow: 9, seed: 8)
        let classes = (0..<3000).map { _ in generator.nextInt(below: 5) }
        let point = (0..<(901 * 5)).map { _ in generator.nextNormal() }
        var results: [(Double, [Double])] = []
        for threads in [1, 2, 7] {
            var objective = SoftmaxObjective(matrix: matrix, classes: classes, classCount: 5, threads: threads)
            var gradient = point
            results.append((objective.evaluate(at: point, gradient: &gradient), gradient))
        }
        #expect(results[0] == results[1] && results[0] == results[2])
    }

    @Test func hugeScoresDoNotOverflow() {
        let matrix = SparseMatrix(rowOffsets: [0, 1, 2], columnIndices: [0, 0], values: [1e5, -1e5], columnCount: 1)
        var softmax = SoftmaxObjective(matrix: matrix, classes: [0, 1], classCount: 2)
        var gradient = [0.0, 0, 0, 0]
        #expect(softmax.evaluate(at: [3, -3, 0, 0], gradient: &gradient) == 9)
        #expect(softmax.evaluate(at: [-3, 3, 0, 0], gradient: &gradient) == 12e5 + 9)
        var binary = BinaryLogisticObjective(matrix: matrix, targets: [1, 0])
        gradient = [0, 0]
        #expect(binary.evaluate(at: [-3, 0], gradient: &gradient) == 6e5 + 4.5)
        #expect(gradient == [-2e5 - 3, 0])
    }
}
