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

        static func all() throws -> [Problem] {
            struct File: Decodable { let problems: [Problem] }
            let url = Bundle.module.resourceURL!.appending(path: "Fixtures/ftrl.json")
            return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).problems
        }

        var matrix: SparseMatrix {
            var matrix = SparseMatrix(columnCount: 30)
            for row in rows {
                for (column, value) in zip(row.columns, row.values) { matrix.append(column: column, value: value) }
                matrix.endRow()
            }
            return matrix
        }

        var articleTargets: Targets {
            var result = Targets(task: task, labelCount: 5)
            for i in rows.indices {
                let own = targets[(i * 5)..<(i * 5 + 5)].enumerated()
                result.append(
                    positive: own.filter { $0.element == 1 }.map(\.offset),
                    missing: own.filter { $0.element == -1 }.map(\.offset))
            }
            return result
        }
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
                let loss = state.learn(rows, order: Array(0..<rows.count))
                #expect(abs(loss / problem.losses[pass - 1] - 1) < 1e-4)
            }
            let model = state.model()
            for feature in 0..<30 {
                for label in 0..<5 {
                    let weight = try #require(model.featureWeight(feature, label: label))
                    #expect(abs(weight - problem.weights[feature * 5 + label]) < 1e-3)
                }
            }
            for label in 0..<5 { #expect(abs(try #require(model.intercept(label: label)) - problem.intercepts[label]) < 1e-3) }
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
