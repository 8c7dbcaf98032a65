import Foundation
import LinearAlgebra
import Testing
import TextClassification

@testable import LinearModels

@Suite struct OnlineLogisticRegressionTests {
    /// Recorded by `scripts/fixtures/ftrl.py`.
    struct Problem: Decodable {
        let task: ClassificationTask
        let rows: [Fixture.Row]
        let targets: [Int8]
        let alpha: Float
        let beta: Float
        let passes: Int
        let l1: Double
        let l2: Double
        let weights: [Double]
        let intercepts: [Double]
        let losses: [Double]
        let continuation: Continuation

        /// Further rows, learnt once after the others.
        struct Continuation: Decodable {
            let rows: [Fixture.Row]
            let targets: [Int8]
            let weights: [Double]
            let intercepts: [Double]
            let scores: [Double]
        }

        static func all() throws -> [Problem] {
            struct File: Decodable { let problems: [Problem] }
            let url = Bundle.module.resourceURL!.appending(path: "Fixtures/ftrl.json")
            return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).problems
        }

        var matrix: SparseMatrix { Self.matrix(rows) }
        var articleTargets: Targets { Self.targets(targets, task) }

        static func matrix(_ rows: [Fixture.Row]) -> SparseMatrix {
            var matrix = SparseMatrix(columnCount: 30)
            for row in rows {
                for (column, value) in zip(row.columns, row.values) { matrix.append(column: column, value: value) }
                matrix.endRow()
            }
            return matrix
        }

        static func targets(_ values: [Int8], _ task: ClassificationTask) -> Targets {
            var result = Targets(task: task, labelCount: 5)
            for start in stride(from: 0, to: values.count, by: 5) {
                let own = values[start..<start + 5].enumerated()
                result.append(
                    positive: own.filter { $0.element == 1 }.map(\.offset),
                    missing: own.filter { $0.element == -1 }.map(\.offset))
            }
            return result
        }
    }

    private func expect(_ model: some ClassifierModel, weights: [Double], intercepts: [Double]) throws {
        for feature in 0..<30 {
            for label in 0..<5 {
                let weight = try #require(model.featureWeight(feature, label: label))
                #expect(abs(weight - weights[feature * 5 + label]) < 1e-3)
            }
        }
        for label in 0..<5 { #expect(abs(try #require(model.intercept(label: label)) - intercepts[label]) < 1e-3) }
    }

    @Test func agreesWithAPlainImplementation() throws {
        for problem in try Problem.all() {
            let source = MemoryRows(problem.matrix, targets: problem.articleTargets)
            var rows = LabelledRows(featureCount: 30, labelCount: 5)
            for block in 0..<source.blockCount { try source.read(block: block, into: &rows) }
            var state = FTRLState(
                featureCount: 30, labelCount: 5, task: problem.task,
                options: FTRLOptions(learningRate: problem.alpha, smoothing: problem.beta, l1: 0, l2: 0))
            for pass in 1...problem.passes {
                state.options.l1 = Float(Double(pass) * problem.l1)
                state.options.l2 = Float(Double(pass) * problem.l2)
                var scores: [Double]?
                let loss = state.learn(rows, order: Array(0..<rows.count), scoresBefore: &scores)
                #expect(abs(loss / problem.losses[pass - 1] - 1) < 1e-4)
            }
            try expect(state.model(), weights: problem.weights, intercepts: problem.intercepts)
        }
    }

    /// The rows in their order, without shuffling, are what the plain implementation learns.
    @Test func `Going on agrees with a plain implementation`() throws {
        for problem in try Problem.all() {
            var parameters = OnlineLogisticRegression.Parameters()
            parameters.shuffles = false
            parameters.passes = problem.passes
            parameters.learningRate = Double(problem.alpha)
            parameters.smoothing = Double(problem.beta)
            parameters.l1 = problem.l1
            parameters.inverseRegularization = problem.l2 > 0 ? 1 / problem.l2 : 1e9
            let model = try OnlineLogisticRegression(parameters).fitted(
                to: problem.matrix, targets: problem.articleTargets, context: TrainingContext())
            try expect(model, weights: problem.weights, intercepts: problem.intercepts)
            let further = problem.continuation
            let updated = try model.updated(
                with: Problem.matrix(further.rows), targets: Problem.targets(further.targets, problem.task), passCount: 1,
                context: TrainingContext())
            try expect(updated.model, weights: further.weights, intercepts: further.intercepts)
            #expect(zip(updated.scoresBefore, further.scores).allSatisfy { abs($0 - $1) < 2e-3 * (1 + abs($1)) })
            #expect(updated.scoresBefore.count == further.scores.count)
        }
    }

    /// Training on A and updating with B gives the bits of one pass over A and then B, wherever B begins.
    @Test(arguments: ClassificationTask.allCases, [1, 40, 299, 700]) func `Going on is one pass over all`(
        task: ClassificationTask, border: Int
    ) throws {
        let matrix = unitRows(randomFeatures(rows: 800, columns: 90, perRow: 8, seed: 11))
        var generator = RandomGenerator(seed: 6)
        var targets = Targets(task: task, labelCount: 5)
        for row in 0..<800 {
            if row % 50 == 49 {
                targets.appendUnlabelled()
            } else if task == .single {
                targets.append(positive: [generator.nextInt(below: 5)])
            } else {
                targets.append(
                    positive: (0..<4).filter { _ in generator.nextInt(below: 3) == 0 }, missing: row % 7 == 0 ? [4] : [])
            }
        }
        var parameters = OnlineLogisticRegression.Parameters()
        parameters.shuffles = false
        parameters.passes = 1
        parameters.l1 = 0.01
        let classifier = OnlineLogisticRegression(parameters)
        let whole = try classifier.fitted(to: matrix, targets: targets, context: TrainingContext())
        let early = try classifier.fitted(
            to: matrix.selectingRows(Array(0..<border)), targets: targets.selecting(0..<border), context: TrainingContext())
        let updated = try early.updated(
            with: matrix.selectingRows(Array(border..<800)), targets: targets.selecting(border..<800), passCount: nil,
            context: TrainingContext()
        ).model
        for feature in 0..<90 {
            for label in 0..<5 {
                #expect(updated.featureWeight(feature, label: label) == whole.featureWeight(feature, label: label))
            }
        }
        for label in 0..<5 { #expect(updated.intercept(label: label) == whole.intercept(label: label)) }
    }

    @Test func `Without its state, in 8 bits or of some features, it cannot go on`() throws {
        let problem = try #require(try Problem.all().first)
        let model = try OnlineLogisticRegression().fitted(
            to: problem.matrix, targets: problem.articleTargets, context: TrainingContext())
        #expect(model.updateObstacle == nil)
        let others = [model.withoutUpdateState(), model.quantized(to: .eightBit), model.selecting(Array(0..<30))].compactMap {
            $0
        }
        #expect(others.count == 3)
        for other in others {
            #expect(other.updateObstacle == .stateLeftOut)
            #expect(throws: UpdateError.impossible(component: "online-logistic-regression", .stateLeftOut)) {
                try other.updated(
                    with: problem.matrix, targets: problem.articleTargets, passCount: nil, context: TrainingContext())
            }
        }
        let other = Targets(task: problem.task == .single ? .multi : .single, labelCount: 5)
        #expect(throws: UpdateError.otherTask(component: "online-logistic-regression")) {
            try model.updated(with: SparseMatrix(columnCount: 30), targets: other, passCount: nil, context: TrainingContext())
        }
        #expect(throws: TrainingError.cancelled) {
            try model.updated(
                with: problem.matrix, targets: problem.articleTargets, passCount: nil,
                context: TrainingContext(isCancelled: { true }))
        }
    }

    /// The first row is learnt at w = 0, where z becomes the gradient and n its square: its weights tell the gradient's sign, and
    /// losses of rows moved a little tell its size.
    @Test(arguments: ClassificationTask.allCases) func residualsAreDerivatives(task: ClassificationTask) throws {
        var generator = RandomGenerator(seed: 4)
        let scores = (0..<5).map { _ in generator.nextNormal() }
        var targets = Targets(task: task, labelCount: 5)
        targets.append(positive: [2], missing: task == .multi ? [4] : [])
        // Intercepts alone: a row without features has the scores of the intercepts.
        func loss(_ scores: [Double]) -> Double {
            switch task {
            case .single: return log(scores.reduce(0) { $0 + exp($1) }) - scores[2]
            case .multi: return (0..<4).reduce(0) { $0 + softplus($1 == 2 ? -scores[$1] : scores[$1]) }
            }
        }
        let residuals = FTRLState.residuals(ofScores: scores.map { Float($0) }, targets: targets)
        for label in 0..<5 {
            var (up, down) = (scores, scores)
            up[label] += 1e-5
            down[label] -= 1e-5
            #expect(abs((loss(up) - loss(down)) / 2e-5 - Double(residuals.derivatives[label])) < 1e-5)
        }
        #expect(abs(Double(residuals.loss) - loss(scores)) < 1e-5)
    }

    @Test func comesNearToTheOptimum() throws {
        let matrix = unitRows(randomFeatures(rows: 600, columns: 60, perRow: 6, seed: 3))
        var generator = RandomGenerator(seed: 5)
        let truth = (0..<(60 * 4)).map { _ in 4 * generator.nextNormal() }
        var scores = [Double](repeating: 0, count: 600 * 4)
        matrix.multiply(truth, k: 4, into: &scores)
        let classes = (0..<600).map { i in (0..<4).max { scores[i * 4 + $0] < scores[i * 4 + $1] }! }
        var targets = Targets(task: .single, labelCount: 4)
        for label in classes { targets.append(positive: [label]) }
        var parameters = OnlineLogisticRegression.Parameters()
        parameters.inverseRegularization = 1
        parameters.passes = 100
        let model = try OnlineLogisticRegression(parameters).fitted(to: matrix, targets: targets, context: TrainingContext())
        var objective = SoftmaxObjective(
            matrix: matrix, classes: classes, classCount: 4, inverseRegularization: 1, fitsIntercept: true)
        var gradient = [Double](repeating: 0, count: objective.parameterCount)
        let weights = (0..<60).flatMap { j in (0..<4).map { model.featureWeight(j, label: $0)! } }
        let value = objective.evaluate(at: weights + (0..<4).map { model.intercept(label: $0)! }, gradient: &gradient)
        let exact = try LogisticSolver.multinomial(matrix: matrix, classes: classes, classCount: 4)
        #expect(value < 1.02 * exact.objective)
    }
}
