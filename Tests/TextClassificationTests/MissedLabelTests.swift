import StandardPlugins
import Testing

@testable import TextClassification

/// Folds whose training part misses a label.
@Suite struct MissedLabelTests {
    /// A rule whose thresholds are the shares of articles on which each label was judged when it was fitted.
    struct JudgedShare: DecisionRule {
        static let identifier = "judged-share"
        static let summary = ""
        let parameters: NoHyperparameters
        init(_ parameters: NoHyperparameters = .init()) { self.parameters = parameters }
        func needsHeldOutProbabilities(for task: ClassificationTask) -> Bool { true }
        func fitted(toHeldOut probabilities: [Double]?, targets: Targets, context: TrainingContext) -> Shares {
            Shares(
                values: (0..<targets.labelCount).map { label in
                    Double((0..<targets.count).count { targets[$0, label] != .missing }) / Double(targets.count)
                })
        }
    }

    struct Shares: DecisionRuleModel {
        let values: [Double]
        var labelCount: Int { values.count }
        var thresholds: [Double]? { values }
        func decide(_ probabilities: borrowing [Double], into decisions: inout [Bool]) {
            decisions = [Bool](repeating: false, count: probabilities.count)
        }
        init(values: [Double]) { self.values = values }
        init(reading reader: ModelReader) throws(ModelFileError) {
            values = try reader.array("values", of: Double.self).elements
        }
        func write(to writer: inout ModelWriter) throws(ModelFileError) { writer.add("values", values) }
    }

    struct TwoHalves: FoldAssigner {
        func folds(of corpus: Corpus, foldCount: Int, seed: UInt64) -> [Int]? {
            (0..<corpus.count).map { $0 < corpus.count / 2 ? 0 : 1 }
        }
    }

    /// "rare" stands in the first half only: of the first half nothing is learnt about it, since its model never saw one.
    @Test(arguments: ClassificationTask.allCases)
    func scoresOfFoldsThatCouldNotLearnALabelAreLeftOut(_ task: ClassificationTask) throws {
        var registry = Registry.standard()
        registry.register(JudgedShare.self)
        var recipe = try registry.recipe(named: "words")
        recipe.decisionRule = ComponentConfiguration("judged-share")
        let words = ["steel port", "virus code", "steel mill", "code leak"]
        let articles = (0..<16).map { number in
            let isRare = number == 2 || number == 5
            let label = ["trade", "cyber"][number % 2]
            return Article(
                id: "\(number)", text: words[number % 4] + (isRare ? " comet" : ""),
                labels: task == .single ? [isRare ? "rare" : label] : (isRare ? ["rare", label] : [label]))
        }
        let corpus = try Corpus(articles, labels: LabelSet(["trade", "cyber", "rare"]), task: task == .single ? .single : .multi)
        let model = try Pipeline(recipe, registry: registry)
            .fitted(to: corpus, context: TrainingContext(foldAssigner: TwoHalves()))
        #expect(model.decisionRule.thresholds == [1, 1, 0.5])
        #expect(model.header.training.labelCounts[2] == 2)
    }
}
