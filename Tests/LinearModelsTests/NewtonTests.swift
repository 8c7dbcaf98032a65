import LinearAlgebra
import Testing

@testable import LinearModels

@Suite struct NewtonTests {
    private let tight = LogisticOptions(tolerance: 1e-10, maximumIterations: 100)

    private func close(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool { abs(a - b) <= tolerance * abs(b) }

    @Test func multinomialAgreesWithScikitLearn() throws {
        let fixture = try Fixture("multinomial")
        var options = tight
        options.inverseRegularization = fixture.inverseRegularization
        let solution = try LogisticSolver.newtonMultinomial(
            matrix: fixture.matrix, classes: try #require(fixture.classes), classCount: 4, sampleWeights: fixture.sampleWeights,
            options: options)
        #expect(solution.converged && solution.iterations < 20)
        #expect(close(solution.objective, try #require(fixture.objective), 1e-11))
        #expect(zip(solution.weights, fixture.weights).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(zip(solution.intercepts, fixture.intercepts).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test(arguments: ["one-versus-rest", "badly-scaled"]) func binaryAgreesWithScikitLearn(name: String) throws {
        let fixture = try Fixture(name)
        let labelCount = try #require(fixture.labelCount)
        let optima = try #require(fixture.objectives)
        var options = tight
        options.inverseRegularization = fixture.inverseRegularization
        options.threads = 2
        let solution = try LogisticSolver.newtonOneVersusRest(
            matrix: fixture.matrix, targets: try #require(fixture.targets), labelCount: labelCount, options: options)
        #expect(solution.converged && solution.iterations < 30)
        for label in 0..<labelCount { #expect(close(solution.reports[label].objective, optima[label], 1e-8)) }
    }

    @Test func oneSidedLabelsAndBadNumbers() throws {
        var matrix = SparseMatrix(columnCount: 2)
        for value: Float in [1, 2, 3] {
            matrix.append(column: 0, value: value)
            matrix.endRow()
        }
        let solution = try LogisticSolver.newtonOneVersusRest(matrix: matrix, targets: [1, 1, 1], labelCount: 1)
        #expect(solution.weights == [0, 0])
        matrix.append(column: 1, value: .nan)
        matrix.endRow()
        #expect(throws: LinearSolverError.notFinite) {
            try LogisticSolver.newtonMultinomial(matrix: matrix, classes: [0, 1, 0, 1], classCount: 2)
        }
        #expect(throws: LinearSolverError.cancelled) {
            try LogisticSolver.newtonMultinomial(
                matrix: matrix.selectingRows([0, 1]), classes: [0, 1], classCount: 2, shouldContinue: { false })
        }
    }
}
