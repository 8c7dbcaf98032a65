import LinearAlgebra
import Testing
import TextClassification

@testable import LinearModels

@Suite struct RecordedClassifierTests {
    private func difference<C: Classifier>(_: C.Type, _ recorded: RecordedCase) throws -> Double {
        let classifier = C(try C.Parameters(recorded.parameters, component: C.identifier))
        let rows = RecordedCase.matrix(recorded.rows)
        let context = TrainingContext(threadCount: 2)
        guard let weights = recorded.sampleWeights else {
            return recorded.difference(try classifier.fitted(to: rows, targets: recorded.articleTargets, context: context))
        }
        return recorded.difference(
            try classifier.fitted(to: rows, targets: recorded.articleTargets, sampleWeights: weights, context: context))
    }

    @Test func `Scores are those of independent implementations`() throws {
        let cases = try RecordedCase.all("classifiers")
        #expect(cases.count == 22)
        for recorded in cases {
            let (difference, tolerance) =
                switch recorded.classifier {
                case MultinomialNaiveBayes.identifier: (try difference(MultinomialNaiveBayes.self, recorded), 1e-5)
                case ComplementNaiveBayes.identifier: (try difference(ComplementNaiveBayes.self, recorded), 1e-5)
                case BernoulliNaiveBayes.identifier: (try difference(BernoulliNaiveBayes.self, recorded), 1e-5)
                case Ridge.identifier: (try difference(Ridge.self, recorded), 1e-5)
                case NearestCentroid.identifier: (try difference(NearestCentroid.self, recorded), 1e-5)
                default: (try difference(NBWeighted.self, recorded), 2e-3)
                }
            #expect(difference < tolerance, "\(recorded)")
        }
    }

    @Test func `Online updates are those of the papers`() throws {
        let cases = try RecordedCase.all("online")
        #expect(cases.count == 16)
        for recorded in cases {
            let parameters = try PassiveAggressive.Parameters(recorded.parameters, component: "passive-aggressive")
            let rows = RecordedCase.matrix(recorded.rows)
            let targets = recorded.articleTargets
            let squares = rows.squaredRowNorms()
            // In the order of the rows, as they were recorded.
            var states = (0..<(recorded.task == .single ? 1 : recorded.labelCount)).map { _ in
                OnlineWeights(
                    featureCount: rows.columnCount, labelCount: recorded.task == .single ? recorded.labelCount : 1, parameters)
            }
            for _ in 0..<parameters.passes {
                for row in 0..<rows.rowCount {
                    if let own = targets.classIndex(of: row), recorded.task == .single {
                        states[0].learn(rows, row, square: squares[row], class: own)
                    }
                    for label in states.indices where recorded.task == .multi && targets[row, label] != .missing {
                        states[label].learn(
                            rows, row, square: squares[row], isPositive: targets[row, label] == .positive)
                    }
                }
            }
            #expect(recorded.difference(OnlineWeights.joined(states)) < 1e-5, "\(recorded)")
        }
    }

    @Test func `Ridge ends where the objective is flat`() throws {
        let recorded = try #require(try RecordedCase.all("classifiers").first { $0.classifier == Ridge.identifier })
        let rows = RecordedCase.matrix(recorded.rows)
        let weights = try #require(recorded.sampleWeights)
        let targets = (0..<rows.rowCount).map { recorded.targets[$0 * recorded.labelCount] }
        let problem = RidgeLabel(matrix: rows, targets: targets, weights: weights, regularization: 0.7)
        let solution = try problem.solved(tolerance: 1e-12, maximumIterations: 1000) { true }
        let step = 1e-4
        for place in 0...rows.columnCount {
            func objective(_ offset: Double) -> Double {
                var (w, intercept) = (solution.weights, solution.intercept)
                if place < rows.columnCount { w[place] += offset } else { intercept += offset }
                return problem.objective(w, intercept)
            }
            #expect(abs(objective(step) - objective(-step)) / (2 * step) < 1e-6)
            #expect(objective(step) > solution.report.objective)
        }
    }

    @Test func `Naive Bayes refuses negative features`() throws {
        var rows = SparseMatrix(columnCount: 2)
        var targets = Targets(task: .single, labelCount: 2)
        for value: Float in [1, -0.5] {
            rows.append(column: 0, value: value)
            rows.endRow()
            targets.append(positive: [value > 0 ? 0 : 1])
        }
        #expect(throws: TrainingError.self) {
            try MultinomialNaiveBayes().fitted(to: rows, targets: targets, context: TrainingContext())
        }
        #expect(throws: TrainingError.self) {
            try ComplementNaiveBayes().fitted(to: rows, targets: targets, context: TrainingContext())
        }
    }

    @Test func `With beta 1 NB-weighted is the linear model of the weighted features alone`() throws {
        let recorded = try #require(try RecordedCase.all("classifiers").first { $0.classifier == NBWeighted.identifier })
        let rows = RecordedCase.matrix(recorded.rows)
        func scores(_ beta: Double) throws -> [Double] {
            var parameters = NBWeighted.Parameters()
            parameters.interpolation = beta
            let model = try NBWeighted(parameters).fitted(
                to: rows, targets: recorded.articleTargets, context: TrainingContext())
            var scores: [Double] = []
            model.decisionFunction(rows, into: &scores)
            return scores
        }
        let (none, half, all) = (try scores(0), try scores(0.5), try scores(1))
        #expect(zip(zip(none, all), half).allSatisfy { abs(($0.0 + $0.1) / 2 - $1) < 1e-4 })
        #expect(zip(none, all).contains { abs($0 - $1) > 0.1 })
    }
}
