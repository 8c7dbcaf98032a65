import LinearAlgebra
import Testing

@testable import LinearModels

@Suite struct ConstantColumnsTests {
    private static let (sampleCount, featureCount) = (300, 40)
    private let classes: [Int]
    /// Unit rows, and behind them a column of twos, one that lacks a value, one of minus a half, and one with another value in the end.
    private let matrix: SparseMatrix
    private let options = DualOptions(inverseRegularization: 5, tolerance: 1e-6, maximumEpochs: 2000, fitsIntercept: false)

    init() {
        var generator = RandomGenerator(seed: 4)
        let rows = unitRows(randomFeatures(rows: Self.sampleCount, columns: Self.featureCount, perRow: 6, seed: 5))
        var last = SparseMatrix(columnCount: 4)
        for i in 0..<Self.sampleCount {
            last.append(column: 2, value: -0.5)
            if i != 7 { last.append(column: 1, value: 1) }
            last.append(column: 0, value: 2)
            last.append(column: 3, value: i < Self.sampleCount - 1 ? 1 : 3)
            last.endRow()
        }
        matrix = rows.appendingColumns(of: last)
        // Classes of different sizes, so that the constant columns have something to say.
        classes = (0..<Self.sampleCount).map { i in
            let first = rows.columnIndices[rows.row(i).lowerBound]
            return generator.nextUniform() < 0.3 || first < 8 ? 0 : first < 24 ? 1 : 2
        }
    }

    private var targets: [Int8] { classes.flatMap { own in (0..<3).map { $0 == own ? 1 : 0 } } }

    @Test func onlyColumnsWithOneValueInEveryRowAreFound() {
        let constant = ConstantColumns(matrix, besideIntercept: false)
        #expect(constant.columns.sorted() == [40, 42])
        #expect(abs(constant.ridge - 1 / 4.25) < 1e-12)
        #expect(ConstantColumns(matrix, besideIntercept: true).ridge == 0)
        #expect(ConstantColumns(SparseMatrix(columnCount: 3), besideIntercept: false).columns.isEmpty)
        let twice = SparseMatrix(rowOffsets: [0, 2, 4], columnIndices: [0, 0, 0, 1], values: [1, 1, 1, 1], columnCount: 2)
        #expect(ConstantColumns(twice, besideIntercept: false).columns.isEmpty)
        let odd = SparseMatrix(
            rowOffsets: [0, 3, 6], columnIndices: [0, 1, 2, 0, 1, 2], values: [.nan, .infinity, 0, .nan, .infinity, 0],
            columnCount: 3)
        #expect(ConstantColumns(odd, besideIntercept: false).columns.isEmpty)
    }

    /// The same optimum as that of a solver that knows nothing of them.
    @Test func multinomialReachesTheOptimumOfLBFGS() throws {
        let solution = try DualMultinomialSolver.solve(matrix: matrix, classes: classes, classCount: 3, options: options)
        let exact = try LogisticSolver.multinomial(
            matrix: matrix, classes: classes, classCount: 3,
            options: LogisticOptions(inverseRegularization: 5, tolerance: 1e-9, fitsIntercept: false))
        #expect(solution.converged && solution.intercepts == [0, 0, 0])
        #expect(solution.objective >= exact.objective * (1 - 1e-6) && solution.objective <= exact.objective * (1 + 2e-6))
        for (own, other) in zip(solution.weights, exact.weights) { #expect(abs(own - other) < 0.02) }
        #expect(abs(exact.weights[40 * 3]) > 0.1)
    }

    @Test(arguments: DualBinarySolverTests.smoothLosses) func binaryLossesReachTheOptimumOfLBFGS(loss: DualBinaryLoss) throws {
        let solution = try DualBinarySolver.solve(matrix: matrix, targets: targets, labelCount: 3, loss: loss, options: options)
        #expect(solution.converged && solution.intercepts == [0, 0, 0])
        let ones = [Double](repeating: 1, count: matrix.rowCount)
        for label in 0..<3 {
            let own = (0..<matrix.rowCount).map { targets[$0 * 3 + label] }
            let optimum: Double
            switch loss {
            case .squaredHinge:
                var objective = SquaredHingeObjective(
                    matrix: matrix, targets: own, sampleWeights: ones, inverseRegularization: 5, fitsIntercept: false)
                optimum = minimum(&objective)
            default:
                var objective = BinaryLogisticObjective(
                    matrix: matrix, targets: own, sampleWeights: ones, inverseRegularization: 5, fitsIntercept: false)
                optimum = minimum(&objective)
            }
            let value = solution.reports[label].objective
            #expect(value >= optimum * (1 - 1e-6) && value <= optimum * (1 + 2e-6))
        }
    }

    private func minimum(_ objective: inout some Objective) -> Double {
        let start = [Double](repeating: 0, count: objective.parameterCount)
        return LBFGS(gradientTolerance: 1e-9, maximumIterations: 5000).minimize(&objective, from: start).value
    }

    /// No gradient solver finds the optimum of the hinge; the same rows do, in a form in which no column is taken for a constant one, but
    /// they take their time.
    @Test func hingeGetsBelowWhatTheSameRowsReach() throws {
        var options = options
        options.tolerance = 1e-4
        let solution = try DualBinarySolver.solve(matrix: matrix, targets: targets, labelCount: 3, loss: .hinge, options: options)
        #expect(solution.converged && solution.intercepts == [0, 0, 0])
        var split = SparseMatrix(columnCount: matrix.columnCount)
        for i in 0..<matrix.rowCount {
            for e in matrix.row(i) {
                for _ in 0..<2 { split.append(column: matrix.columnIndices[e], value: matrix.values[e] / 2) }
            }
            split.endRow()
        }
        #expect(ConstantColumns(split, besideIntercept: false).columns.isEmpty)
        options.maximumEpochs = 100
        let plain = try DualBinarySolver.solve(matrix: split, targets: targets, labelCount: 3, loss: .hinge, options: options)
        for (own, other) in zip(solution.reports, plain.reports) {
            #expect(own.objective <= other.objective * (1 + 1e-4) && own.objective >= other.objective * (1 - other.remaining))
        }
    }

    /// An intercept that costs nothing does what they could.
    @Test func besideAFreeInterceptTheyHaveNoWeight() throws {
        var options = options
        options.fitsIntercept = true
        let solution = try DualMultinomialSolver.solve(matrix: matrix, classes: classes, classCount: 3, options: options)
        let exact = try LogisticSolver.multinomial(
            matrix: matrix, classes: classes, classCount: 3,
            options: LogisticOptions(inverseRegularization: 5, tolerance: 1e-9))
        #expect([40, 42].allSatisfy { j in (0..<3).allSatisfy { solution.weights[j * 3 + $0] == 0 } })
        #expect(solution.objective <= exact.objective * (1 + 2e-6))
    }
}
