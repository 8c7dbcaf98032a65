import LinearAlgebra
import Testing

@testable import LinearModels

@Suite struct DualBinarySolverTests {
    /// A multi-label problem of unit rows: targets with some missing, and weights by sample and label.
    private struct Problem {
        let matrix: SparseMatrix
        let labelCount: Int
        let targets: [Int8]
        let weights: [Double]

        init(samples: Int, features: Int, labelCount: Int, seed: UInt64) {
            var generator = RandomGenerator(seed: seed)
            matrix = unitRows(randomFeatures(rows: samples, columns: features, perRow: 6, seed: seed + 1))
            self.labelCount = labelCount
            let truth = (0..<(features * labelCount)).map { _ in 4 * generator.nextNormal() }
            var scores = [Double](repeating: 0, count: samples * labelCount)
            matrix.multiply(truth, k: labelCount, into: &scores)
            // Labels become rarer with their number.
            targets = scores.enumerated().map { e, score in
                if generator.nextUniform() < 0.1 { return -1 }
                return score + generator.nextNormal() > Double(e % labelCount) / 4 ? 1 : 0
            }
            weights = targets.map { _ in 0.2 + generator.nextUniform() }
        }

        func targets(of label: Int) -> [Int8] { (0..<matrix.rowCount).map { targets[$0 * labelCount + label] } }

        func weights(of label: Int) -> [Double] { (0..<matrix.rowCount).map { weights[$0 * labelCount + label] } }

        /// The objective of one label's weights in double precision, and the least one.
        func objectives(
            _ solution: LinearSolution, label: Int, loss: DualBinaryLoss, c: Double, intercept: Bool
        ) -> (value: Double, optimum: Double) {
            switch loss {
            case .hinge: preconditionFailure("no gradient solver finds the optimum of the hinge")
            case .logistic:
                var objective = BinaryLogisticObjective(
                    matrix: matrix, targets: targets(of: label), sampleWeights: weights(of: label), inverseRegularization: c,
                    fitsIntercept: intercept)
                return Self.values(&objective, solution, label: label, intercept: intercept)
            case .squaredHinge:
                var objective = SquaredHingeObjective(
                    matrix: matrix, targets: targets(of: label), sampleWeights: weights(of: label), inverseRegularization: c,
                    fitsIntercept: intercept)
                return Self.values(&objective, solution, label: label, intercept: intercept)
            }
        }

        private static func values(
            _ objective: inout some Objective, _ solution: LinearSolution, label: Int, intercept: Bool
        ) -> (Double, Double) {
            let weights = (0..<solution.featureCount).map { solution.weights[$0 * solution.outputCount + label] }
            var gradient = [Double](repeating: 0, count: objective.parameterCount)
            let value = objective.evaluate(at: weights + (intercept ? [solution.intercepts[label]] : []), gradient: &gradient)
            let start = gradient.map { _ in 0.0 }
            return (value, LBFGS(gradientTolerance: 1e-9, maximumIterations: 5000).minimize(&objective, from: start).value)
        }
    }

    /// The losses whose optima L-BFGS finds, too.
    static let smoothLosses: [DualBinaryLoss] = [.logistic, .squaredHinge]

    /// Widths of one vector, several, and more than one block.
    @Test(arguments: [1, 5, 18], [true, false]) func everyLabelReachesItsOptimum(labelCount: Int, intercept: Bool) throws {
        let problem = Problem(samples: 120, features: 40, labelCount: labelCount, seed: UInt64(labelCount))
        for loss in Self.smoothLosses {
            for (c, tolerance) in [(0.1, 1e-3), (1, 1e-5), (20, 1e-4)] {
                let solution = try DualBinarySolver.solve(
                    matrix: problem.matrix, targets: problem.targets, labelCount: labelCount, sampleWeights: problem.weights,
                    loss: loss,
                    options: DualOptions(
                        inverseRegularization: c, tolerance: tolerance, maximumEpochs: 3000, fitsIntercept: intercept))
                #expect(solution.converged && solution.remaining <= tolerance && solution.reports.count == labelCount)
                // All of the labels would take long in a debug build.
                for label in stride(from: 0, to: labelCount, by: 4) {
                    let (value, optimum) = problem.objectives(solution, label: label, loss: loss, c: c, intercept: intercept)
                    #expect(value >= optimum * (1 - 1e-9))
                    #expect(value <= optimum * (1 + tolerance + 1e-6))
                    #expect(abs(solution.reports[label].objective - value) <= 3e-6 * value)
                }
            }
        }
    }

    @Test(arguments: [
        ("one-versus-rest", DualBinaryLoss.logistic), ("squared-hinge", .squaredHinge),
        ("squared-hinge-no-intercept", .squaredHinge), ("hinge", .hinge), ("hinge-no-intercept", .hinge),
    ]) func agreesWithScikitLearn(name: String, loss: DualBinaryLoss) throws {
        let fixture = try Fixture(name)
        let labelCount = try #require(fixture.labelCount)
        let targets = try #require(fixture.targets)
        let optima = try #require(fixture.objectives)
        let solution = try DualBinarySolver.solve(
            matrix: fixture.matrix, targets: targets, labelCount: labelCount, loss: loss,
            options: DualOptions(
                inverseRegularization: fixture.inverseRegularization, tolerance: 2e-6, maximumEpochs: 3000,
                fitsIntercept: fixture.intercepts.contains { $0 != 0 }))
        for label in 0..<labelCount { #expect(abs(solution.reports[label].objective / optima[label] - 1) < 5e-6) }
        #expect(zip(solution.weights, fixture.weights).allSatisfy { abs($0 - $1) < 0.02 })
        #expect(zip(solution.intercepts, fixture.intercepts).allSatisfy { abs($0 - $1) < 0.01 })
        let scores = fixture.scores(weights: Array(solution.weights), intercepts: solution.intercepts)
        #expect(scores.indices.allSatisfy { abs(scores[$0]) < 0.02 || (scores[$0] > 0 ? 1 : 0) == fixture.predictions[$0] })
    }

    /// The hinge has no gradient to test: its gap is what the primal objective is above the dual one, in double precision.
    @Test(arguments: [1.0, 30], [true, false]) func theGapOfTheHingeIsHonest(c: Double, intercept: Bool) throws {
        let problem = Problem(samples: 120, features: 40, labelCount: 2, seed: 12)
        let options = { (tolerance: Double) in
            DualOptions(inverseRegularization: c, tolerance: tolerance, maximumEpochs: 20000, fitsIntercept: intercept)
        }
        let (loose, tight) = (
            try DualBinarySolver.solve(
                matrix: problem.matrix, targets: problem.targets, labelCount: 2, loss: .hinge, options: options(1e-3)),
            try DualBinarySolver.solve(
                matrix: problem.matrix, targets: problem.targets, labelCount: 2, loss: .hinge, options: options(1e-6))
        )
        #expect(loose.converged && tight.converged)
        for label in 0..<2 {
            let targets = problem.targets(of: label)
            let objectives = [loose, tight].map { solution in
                let weights = (0..<40).map { solution.weights[$0 * 2 + label] }
                var scores = [Double](repeating: 0, count: 120)
                problem.matrix.multiply(weights, k: 1, into: &scores)
                return (0..<120).reduce(0.5 * BLAS.dot(weights, weights)) { sum, i in
                    let margin = (targets[i] > 0 ? 1 : -1) * (scores[i] + solution.intercepts[label])
                    return sum + (targets[i] < 0 ? 0 : c * max(0, 1 - margin))
                }
            }
            #expect(abs(objectives[0] / loose.reports[label].objective - 1) < 3e-6)
            #expect(objectives[0] >= objectives[1] * (1 - 2e-6) && objectives[0] <= objectives[1] * (1 + 1.1e-3))
        }
    }

    /// The squared hinge in double precision at the recorded optimum.
    @Test(arguments: ["squared-hinge", "squared-hinge-no-intercept"]) func theSquaredHingeIsScikitLearns(name: String) throws {
        let fixture = try Fixture(name)
        let targets = try #require(fixture.targets)
        let intercept = fixture.intercepts[0] != 0
        for label in 0..<2 {
            var objective = SquaredHingeObjective(
                matrix: fixture.matrix, targets: (0..<fixture.rows.count).map { targets[$0 * 2 + label] },
                inverseRegularization: fixture.inverseRegularization, fitsIntercept: intercept)
            let weights = (0..<fixture.featureCount).map { fixture.weights[$0 * 2 + label] }
            var gradient = [Double](repeating: 0, count: objective.parameterCount)
            let value = objective.evaluate(at: weights + (intercept ? [fixture.intercepts[label]] : []), gradient: &gradient)
            #expect(abs(value / (try #require(fixture.objectives))[label] - 1) < 1e-12)
            #expect(BLAS.norm2(gradient) < 1e-9)
        }
    }

    /// Neither on threads nor on the labels beside in other blocks.
    @Test func resultsDependOnTheSeedAlone() throws {
        let problem = Problem(samples: 200, features: 40, labelCount: 35, seed: 3)
        let options = DualOptions(tolerance: 1e-3)
        let one = try DualBinarySolver.solve(
            matrix: problem.matrix, targets: problem.targets, labelCount: 35, loss: .logistic, options: options)
        var threaded = options
        threaded.threads = 3
        let three = try DualBinarySolver.solve(
            matrix: problem.matrix, targets: problem.targets, labelCount: 35, loss: .logistic, options: threaded)
        #expect(one == three)
        let block = DualBinarySolver.blocks(of: 35)[0].count
        let first = (0..<200).flatMap { problem.targets[($0 * 35)..<($0 * 35 + block)] }
        let alone = try DualBinarySolver.solve(
            matrix: problem.matrix, targets: first, labelCount: block, loss: .logistic, options: options)
        let expected = (0..<40).flatMap { one.weights[($0 * 35)..<($0 * 35 + block)] }
        #expect(Array(alone.weights) == expected)
    }

    /// Problems on which plain coordinate ascent takes hundreds of passes.
    @Test(arguments: smoothLosses) func largeCostsTakeFewPasses(loss: DualBinaryLoss) throws {
        let problem = Problem(samples: 400, features: 300, labelCount: 6, seed: 8)
        let c = loss == .logistic ? 300.0 : 20
        let solution = try DualBinarySolver.solve(
            matrix: problem.matrix, targets: problem.targets, labelCount: 6, sampleWeights: problem.weights, loss: loss,
            options: DualOptions(inverseRegularization: c, tolerance: 1e-4, maximumEpochs: 1000))
        #expect(solution.converged && solution.iterations < 200, "\(solution.iterations)")
        for label in [0, 5] {
            let (value, optimum) = problem.objectives(solution, label: label, loss: loss, c: c, intercept: true)
            #expect(value <= optimum * (1 + 1.01e-4))
        }
    }

    @Test func blocksAreBalanced() {
        #expect(DualBinarySolver.blocks(of: 0).isEmpty)
        #expect(DualBinarySolver.blocks(of: 16) == [0..<16])
        #expect(DualBinarySolver.blocks(of: 20) == [0..<8, 8..<20])
        for count in 1..<100 {
            let blocks = DualBinarySolver.blocks(of: count)
            #expect(Array(blocks.joined()) == Array(0..<count))
            #expect(blocks.allSatisfy { $0.count <= DualBinarySolver.blockLength })
        }
    }

    @Test(arguments: smoothLosses) func pathsReachEveryOptimum(loss: DualBinaryLoss) throws {
        let problem = Problem(samples: 120, features: 30, labelCount: 3, seed: 5)
        let values = [2, 0.1, 10]
        let path = try DualBinarySolver.path(
            matrix: problem.matrix, targets: problem.targets, labelCount: 3, sampleWeights: problem.weights, loss: loss,
            inverseRegularizations: values, options: DualOptions(tolerance: 1e-5, maximumEpochs: 3000))
        for (solution, c) in zip(path, values) {
            #expect(solution.converged)
            for label in 0..<3 {
                let (value, optimum) = problem.objectives(solution, label: label, loss: loss, c: c, intercept: true)
                #expect(value <= optimum * (1 + 1.2e-5))
            }
        }
    }

    /// The same as the exact solver gives, for the logistic loss.
    @Test(arguments: DualBinaryLoss.allCases) func onesidedLabelsGetAnIntercept(loss: DualBinaryLoss) throws {
        let matrix = unitRows(randomFeatures(rows: 20, columns: 5, perRow: 3, seed: 1))
        // Label 0: all positive. Label 1: all negative. Label 2: nobody knows. Label 3: proper.
        let targets: [Int8] = (0..<20).flatMap { (i: Int) -> [Int8] in [1, 0, -1, Int8(i % 2)] }
        let solution = try DualBinarySolver.solve(matrix: matrix, targets: targets, labelCount: 4, loss: loss)
        for label in 0..<3 { #expect((0..<5).allSatisfy { solution.weights[$0 * 4 + label] == 0 }) }
        #expect((0..<5).contains { solution.weights[$0 * 4 + 3] != 0 })
        #expect(solution.converged && solution.weights.allSatisfy(\.isFinite))
        switch loss {
        case .logistic:
            let exact = try LogisticSolver.oneVersusRest(matrix: matrix, targets: targets, labelCount: 4)
            #expect(solution.intercepts.prefix(3) == exact.intercepts.prefix(3))
            #expect(abs(solution.objective - exact.objective) < 1e-3 * exact.objective)
        case .squaredHinge, .hinge: #expect(solution.intercepts.prefix(3) == [1, -1, 0])
        }
    }

    @Test func errorsAreThrown() throws {
        let problem = Problem(samples: 30, features: 10, labelCount: 2, seed: 6)
        #expect(throws: LinearSolverError.cancelled) {
            try DualBinarySolver.solve(
                matrix: problem.matrix, targets: problem.targets, labelCount: 2, loss: .logistic, shouldContinue: { false })
        }
        var weights = problem.weights
        weights[7] = .infinity
        #expect(throws: LinearSolverError.notFinite) {
            try DualBinarySolver.solve(
                matrix: problem.matrix, targets: problem.targets, labelCount: 2, sampleWeights: weights, loss: .squaredHinge)
        }
    }

    @Test(arguments: [1, 3, 100]) func `The strongest features are those a sort by weight finds`(count: Int) throws {
        var generator = RandomGenerator(seed: 8)
        let weights = (0..<60 * 3).map { _ in Float((generator.nextUniform() * 9).rounded() - 4) }
        let model = LinearModel(weights: weights, intercepts: [0, 1, 2])
        let small = try #require(model.quantized(to: .eightBit))
        for label in 0..<3 {
            let sorted = (0..<60).filter { weights[3 * $0 + label] > 0 }
                .sorted { (-weights[3 * $0 + label], $0) < (-weights[3 * $1 + label], $1) }
            #expect(model.strongestFeatures(count: count)?[label] == Array(sorted.prefix(count)))
            #expect(small.strongestFeatures(count: count)?[label] == Array(sorted.prefix(count)))
        }
    }

    @Test func `Weights of half precision score the same but for eleven bits, and go on to eight`() throws {
        let problem = Problem(samples: 60, features: 30, labelCount: 3, seed: 9)
        var generator = RandomGenerator(seed: 10)
        let weights = (0..<30 * 3).map { Float(generator.nextUniform() - 0.5) * [1, 1e-3, 50][$0 % 3] }
        let model = LinearModel(weights: weights, intercepts: [0.5, -1, 2])
        let half = try #require(model.quantized(to: .half))
        #expect(half.quantized(to: .half) == nil && half.featureCount == 30 && half.labelCount == 3)
        #expect(half.strongestFeatures(count: 1) == model.strongestFeatures(count: 1))
        var (whole, rounded): ([Double], [Double]) = ([], [])
        model.decisionFunction(problem.matrix, into: &whole)
        half.decisionFunction(problem.matrix, into: &rounded)
        for row in 0..<problem.matrix.rowCount {
            for label in 0..<3 {
                let bound = problem.matrix.row(row).reduce(1e-12) { sum, element in
                    let weight = Double(weights[Int(problem.matrix.columnIndices[element]) * 3 + label])
                    return sum + 0x1p-11 * abs(weight * Double(problem.matrix.values[element]))
                }
                #expect(abs(whole[row * 3 + label] - rounded[row * 3 + label]) <= bound)
            }
        }
        #expect(whole != rounded)
        let (small, direct) = (try #require(half.quantized(to: .eightBit)), try #require(model.quantized(to: .eightBit)))
        #expect(small.quantized(to: .half) == nil && small.quantized(to: .eightBit) == nil)
        for feature in 0..<30 {
            for label in 0..<3 {
                let weight = try #require(model.featureWeight(feature, label: label))
                #expect(abs(try #require(half.featureWeight(feature, label: label)) - weight) <= 0x1p-11 * abs(weight))
                let others = try (
                    #require(small.featureWeight(feature, label: label)), #require(direct.featureWeight(feature, label: label))
                )
                #expect(abs(others.0 - others.1) <= Double([1, 1e-3, 50][label]) * 0.5 / 127 * 1.01)
            }
        }
    }
}
