import LinearAlgebra
import StandardPlugins
import Synchronization
import Testing
import TextClassification
import TextClassificationTesting

@testable import Combinations

@Suite struct CombinationTests {
    static let registry = Registry.standard()

    private var context: TrainingContext {
        var context = TrainingContext(seed: 3)
        context.registry = Self.registry
        return context
    }

    /// Articles of three labels, each of which has a feature of its own, and noise.
    private func sample(_ task: ClassificationTask, count: Int = 60) -> (rows: SparseMatrix, targets: Targets) {
        var random = RandomGenerator(seed: 8)
        var rows = SparseMatrix(columnCount: 12)
        var targets = Targets(task: task, labelCount: 3)
        for article in 0..<count {
            let labels = task == .single ? [article % 3] : [[0], [1, 2], [], [2]][article % 4]
            for label in labels { rows.append(column: Int32(label), value: Float(0.5 + random.nextUniform())) }
            for _ in 0..<3 { rows.append(column: Int32(3 + random.nextInt(below: 9)), value: Float(0.2 + random.nextUniform())) }
            rows.endRow()
            targets.append(positive: labels)
        }
        return (rows, targets)
    }

    private static func classifier(_ name: String, _ parameters: [String: HyperparameterValue]) throws -> any Classifier {
        try registry.classifier(ComponentConfiguration(name, parameters))
    }

    @Test(
        arguments: [
            ("soft-voting", ["calibrates": .boolean(false), "weights": .text("1,2.5"), "members": .text("ridge, nb-weighted")]),
            (
                "stacking",
                ["folds": .integer(2), "memberLabels": .text("all"), "members": .text("ridge, passive-aggressive(passes=2)")]
            ),
            (
                "stacking",
                [
                    "folds": .integer(2), "memberOutput": .text("probabilities"),
                    "members": .text("soft-voting(members=[ridge], calibrates=false), nearest-neighbors"),
                ]
            ),
        ] as [(String, [String: HyperparameterValue])])
    func `Combinations conform with other members, too`(name: String, parameters: [String: HyperparameterValue]) throws {
        let classifier = try Self.classifier(name, parameters)
        // A label that is learnt from the scores of all labels depends on what was judged of those.
        let checks = ClassifierCheck.allCases.filter { $0 != .missingLabels || parameters["memberLabels"] != .text("all") }
        #expect(ConformanceSuite(seed: 2, registry: Self.registry).failures(of: classifier, checks) == [])
    }

    @Test(arguments: ClassificationTask.allCases) func `Identical articles share a fold, and repetitions move no other`(
        task: ClassificationTask
    ) throws {
        let sample = sample(task)
        let repeated = (0..<60).flatMap { [Int](repeating: $0, count: 1 + $0 % 3) }
        let folds = try #require(OutOfFoldScores.folds(sample.rows, sample.targets, foldCount: 5, seed: 1))
        let more = try #require(
            OutOfFoldScores.folds(
                sample.rows.selectingRows(repeated), sample.targets.selecting(repeated), foldCount: 5, seed: 1))
        #expect(more == repeated.map { folds[$0] })
        #expect(Set(folds) == Set(0..<5))
        for label in 0..<3 {
            let positive = (0..<60).filter { sample.targets[$0, label] == .positive }
            for fold in 0..<5 {
                let share = positive.count { folds[$0] == fold }
                #expect(abs(share - positive.count / 5) <= 1)
            }
        }
        #expect(
            OutOfFoldScores.folds(
                sample.rows.selectingRows([0, 0, 0]), sample.targets.selecting([0, 1, 2]), foldCount: 5, seed: 1) == nil)
    }

    @Test func `What a fold's members could not learn is taken out`() throws {
        var found = OutOfFoldScores(memberCount: 1, targets: sample(.single, count: 3).targets)
        found.set([1, 2, 3, 4, 5, 6, 7, 8, -1000], of: [0, 1, 2], member: 0)
        found.removeJudgements(on: [2], labelsLearnable: [true, true, false])
        #expect(found.imputed().scores == [[1, 2, 3, 4, 5, 6, 7, 8, 7]])
        #expect(found.targets.classIndex(of: 2) == nil)
        #expect(found.targets.classIndex(of: 1) == 1)
        var many = OutOfFoldScores(memberCount: 1, targets: sample(.multi, count: 3).targets)
        many.set([1, 2, 3, 4, 5, 5, 7, 8, -1000], of: [0, 1, 2], member: 0)
        many.removeJudgements(on: [2], labelsLearnable: [true, true, false])
        #expect(many.imputed().scores == [[1, 2, 3, 4, 5, 5, 7, 8, 4]])
    }

    @Test func `A combination of linear members is linear, one with another member says nothing`() throws {
        let sample = sample(.multi)
        for (members, isAdditive) in [("ridge, logistic-regression", true), ("ridge, bernoulli-naive-bayes", false)] {
            let model = try Self.classifier("stacking", ["members": .text(members)])
                .fitted(to: sample.rows, targets: sample.targets, context: context)
            #expect((model.featureWeight(0, label: 0) != nil) == isAdditive)
            #expect((model.intercept(label: 0) != nil) == isAdditive)
            #expect((model.selecting([0, 1, 2]) != nil) == isAdditive)
            if isAdditive {
                // Of every label its own feature is the strongest.
                #expect(model.strongestFeatures(count: 1) == [[0], [1], [2]])
                let smaller = try #require(model.selecting([0, 1, 2]))
                #expect(smaller.featureCount == 3)
                #expect(smaller.featureWeight(1, label: 1) == model.featureWeight(1, label: 1))
            }
        }
        let voting = try Self.classifier("soft-voting", [:])
            .fitted(to: sample.rows, targets: sample.targets, context: context)
        #expect(voting.featureWeight(0, label: 0) == nil)
        #expect(voting.quantized(to: .eightBit)?.labelCount == 3)
    }

    @Test func `Members report under their names`() throws {
        let sample = sample(.single)
        let notes = Collected()
        var context = context
        context.report = { event in if case .note(let text) = event { notes.add(text) } }
        _ = try Self.classifier("soft-voting", [:]).fitted(to: sample.rows, targets: sample.targets, context: context)
        #expect(notes.texts.contains { $0.hasPrefix("logistic-regression: ") })
        #expect(notes.texts.contains { $0.hasPrefix("temperatures: logistic-regression ") })
    }

    @Test(
        arguments: [
            ("soft-voting", ["members": .text("no-such")], "no classifier is called \"no-such\"; known are "),
            ("soft-voting", ["members": .text("ridge(no=1)")], "ridge has no hyper-parameter \"no\""),
            (
                "soft-voting", ["members": .text("ridge(")],
                "soft-voting: members cannot be \"ridge(\"; allowed: 1 to 16 classifiers"
            ),
            ("soft-voting", ["weights": .text("1,2,3")], "soft-voting has 3 weights for 2 members"),
            ("soft-voting", ["weights": .text("0,0")], "soft-voting: one of the weights has to be above 0"),
            ("soft-voting", ["weights": .text("1,-2")], "weights cannot be \"1,-2\"; allowed: numbers from 0"),
            (
                "stacking", ["members": .text("stacking(members=[stacking(members=[stacking(members=[stacking])])])")],
                "components deep"
            ),
        ] as [(String, [String: HyperparameterValue], String)])
    func `Members that cannot be made are refused before training`(
        name: String, parameters: [String: HyperparameterValue], message: String
    ) throws {
        let recipe = Recipe(
            name: "mine", summary: "", featureExtractor: ComponentConfiguration("tfidf"),
            classifier: ComponentConfiguration(name, parameters), calibrator: ComponentConfiguration("link"),
            decisionRule: ComponentConfiguration("fixed-threshold"))
        let error = #expect(throws: ConfigurationError.self) { try Pipeline(recipe, registry: Self.registry) }
        #expect("\(try #require(error))".contains(message))
    }

    @Test func `Too few articles are an error that says so`() throws {
        let sample = sample(.single, count: 3)
        let error = #expect(throws: TrainingError.self) {
            try Self.classifier("stacking", [:]).fitted(
                to: sample.rows.selectingRows([0, 0, 0]), targets: sample.targets, context: context)
        }
        #expect("\(try #require(error))".contains("fewer than two different ones"))
    }
}

private final class Collected: Sendable {
    private let storage = Mutex<[String]>([])
    var texts: [String] { storage.withLock { $0 } }
    func add(_ text: String) { storage.withLock { $0.append(text) } }
}
