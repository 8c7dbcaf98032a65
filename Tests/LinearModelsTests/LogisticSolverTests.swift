import LinearAlgebra
import Testing

@testable import LinearModels

@Suite struct LogisticSolverTests {
    private let tight = LogisticOptions(tolerance: 1e-10, maximumIterations: 20_000)

    private func close(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool { abs(a - b) <= tolerance * abs(b) }

    /// Both objectives agree at the recorded optimum and at ours; so do weights and predictions.
    @Test func multinomialAgreesWithScikitLearn() throws {
        let fixture = try Fixture("multinomial")
        let matrix = fixture.matrix
        let classes = try #require(fixture.classes)
        let optimum = try #require(fixture.objective)
        var objective = SoftmaxObjective(
            matrix: matrix, classes: classes, classCount: 4, sampleWeights: fixture.sampleWeights,
            inverseRegularization: fixture.inverseRegularization)
        var gradient = [Double](repeating: 0, count: objective.parameterCount)
        #expect(close(objective.evaluate(at: fixture.weights + fixture.intercepts, gradient: &gradient), optimum, 1e-12))
        #expect(BLAS.norm2(gradient) < 1e-9)

        var options = tight
        options.inverseRegularization = fixture.inverseRegularization
        let solution = try LogisticSolver.multinomial(
            matrix: matrix, classes: classes, classCount: 4, sampleWeights: fixture.sampleWeights, options: options)
        #expect(solution.converged && solution.featureCount == 40 && solution.outputCount == 4)
        #expect(close(solution.objective, optimum, 1e-11))
        #expect(zip(solution.weights, fixture.weights).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(zip(solution.intercepts, fixture.intercepts).allSatisfy { abs($0 - $1) < 1e-6 })
        let scores = fixture.scores(weights: Array(solution.weights), intercepts: solution.intercepts)
        #expect(Fixture.argmax(scores, k: 4) == fixture.predictions)
    }

    @Test(arguments: ["one-versus-rest", "badly-scaled"]) func binaryAgreesWithScikitLearn(name: String) throws {
        let fixture = try Fixture(name)
        let labelCount = try #require(fixture.labelCount)
        let targets = try #require(fixture.targets)
        let optima = try #require(fixture.objectives)
        var options = tight
        options.inverseRegularization = fixture.inverseRegularization
        options.threads = 2
        let solution = try LogisticSolver.oneVersusRest(
            matrix: fixture.matrix, targets: targets, labelCount: labelCount, options: options)
        #expect(solution.converged)
        for label in 0..<labelCount { #expect(close(solution.reports[label].objective, optima[label], 1e-8)) }
        let scores = fixture.scores(weights: Array(solution.weights), intercepts: solution.intercepts)
        #expect(scores.map { $0 > 0 ? 1 : 0 } == fixture.predictions)
    }

    @Test func elasticNetAgreesWithScikitLearn() throws {
        let fixture = try Fixture("elastic-net")
        var options = tight
        options.inverseRegularization = fixture.inverseRegularization
        options.l1Ratio = try #require(fixture.l1Ratio)
        let solution = try LogisticSolver.multinomial(
            matrix: fixture.matrix, classes: try #require(fixture.classes), classCount: 3, options: options)
        #expect(solution.converged && solution.solverName == "owl-qn")
        #expect(close(solution.objective, try #require(fixture.objective), 1e-8))
        #expect(zip(solution.weights, fixture.weights).allSatisfy { abs($0 - $1) < 1e-4 })
        #expect(zip(solution.weights, fixture.weights).allSatisfy { ($0 == 0) == ($1 == 0) })
    }

    @Test func onesidedLabelsGetSmoothedLogOdds() throws {
        let matrix = randomFeatures(rows: 20, columns: 5, perRow: 3, seed: 1)
        // Label 0: all positive. Label 1: all negative. Label 2: nobody knows. Label 3: proper.
        let targets: [Int8] = (0..<20).flatMap { (i: Int) -> [Int8] in [1, 0, -1, Int8(i % 2)] }
        let solution = try LogisticSolver.oneVersusRest(matrix: matrix, targets: targets, labelCount: 4)
        for label in 0..<3 { #expect((0..<5).allSatisfy { solution.weights[$0 * 4 + label] == 0 }) }
        #expect(abs(solution.intercepts[0] - 3.713572066704308) < 1e-12)
        #expect(abs(solution.intercepts[1] + 3.713572066704308) < 1e-12)
        #expect(solution.intercepts[2] == 0)
        #expect((0..<5).contains { solution.weights[$0 * 4 + 3] != 0 })
        #expect(solution.converged && solution.objective.isFinite)
    }

    /// A weight of 2 is a sample given twice; weights may be by sample or by sample and label.
    @Test func weightsAreRepetitions() throws {
        let matrix = randomFeatures(rows: 40, columns: 6, perRow: 3, seed: 2)
        var generator = RandomGenerator(seed: 3)
        let targets = (0..<80).map { _ in Int8(generator.nextInt(below: 2)) }
        let repeated = Array(0..<40) + Array(0..<20)
        let weights = (0..<40).map { $0 < 20 ? 2.0 : 1.0 }
        let a = try LogisticSolver.oneVersusRest(
            matrix: matrix, targets: targets, labelCount: 2, sampleWeights: weights, options: tight)
        let b = try LogisticSolver.oneVersusRest(
            matrix: matrix, targets: targets, labelCount: 2, sampleWeights: weights.flatMap { [$0, $0] }, options: tight)
        let c = try LogisticSolver.oneVersusRest(
            matrix: matrix.selectingRows(repeated), targets: repeated.flatMap { targets[($0 * 2)...($0 * 2 + 1)] }, labelCount: 2,
            options: tight)
        #expect(a == b)
        #expect(zip(a.weights, c.weights).allSatisfy { abs($0 - $1) < 1e-7 })
    }

    @Test func warmStartsReachTheSameOptimum() throws {
        let fixture = try Fixture("multinomial")
        let classes = try #require(fixture.classes)
        var options = tight
        let cold = try LogisticSolver.multinomial(matrix: fixture.matrix, classes: classes, classCount: 4, options: options)
        options.inverseRegularization = 1.3
        let next = try LogisticSolver.multinomial(matrix: fixture.matrix, classes: classes, classCount: 4, options: options)
        let warm = try LogisticSolver.multinomial(
            matrix: fixture.matrix, classes: classes, classCount: 4, options: options, initial: cold)
        #expect(close(warm.objective, next.objective, 1e-12))
        let again = try LogisticSolver.multinomial(
            matrix: fixture.matrix, classes: classes, classCount: 4, options: options, initial: next)
        #expect(again.iterations <= 2)
    }

    @Test func errorsAreThrown() throws {
        var matrix = randomFeatures(rows: 10, columns: 4, perRow: 3, seed: 4)
        let classes = (0..<10).map { $0 % 2 }
        #expect(throws: LinearSolverError.cancelled) {
            try LogisticSolver.multinomial(matrix: matrix, classes: classes, classCount: 2, shouldContinue: { false })
        }
        matrix.scaleRow(3, by: .infinity)
        #expect(throws: LinearSolverError.notFinite) {
            try LogisticSolver.multinomial(matrix: matrix, classes: classes, classCount: 2)
        }
    }
}
