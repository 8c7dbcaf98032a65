import Testing
import TextClassification

@testable import Calibration

@Suite struct DecisionTests {
    func decisions(_ model: DecisionModel, _ probabilities: [Double]) -> [Bool] {
        var decisions = [true]
        model.decide(probabilities, into: &decisions)
        return decisions
    }

    @Test func thresholdsDecideLabelByLabel() {
        let model = DecisionModel(thresholds: [0.5, 0.2])
        #expect(decisions(model, [0.5, 0.19, 0.49, 0.2, .nan, 1]) == [true, false, false, true, false, true])
        #expect(decisions(model, []) == [])
    }

    @Test func mostProbableLabel() {
        let model = DecisionModel(mostProbableOf: 3)
        #expect(decisions(model, [0.2, 0.5, 0.3, 0.4, 0.4, 0.2]) == [false, true, false, true, false, false])
        #expect(decisions(model, [.nan, 0.1, 0.2]) == [false, false, true])
        #expect(decisions(model, [.nan, .nan, .nan]) == [true, false, false])
        #expect(model.thresholds == nil)
    }

    @Test func exclusiveThresholdsLeaveNone() {
        let model = DecisionModel(thresholds: [0.6, 0.3], isExclusive: true)
        #expect(decisions(model, [0.55, 0.45, 0.4, 0.6, 0.65, 0.35]) == [false, false, false, true, true, false])
    }

    @Test func fixedThresholds() throws {
        let targets = Targets(task: .multi, labelCount: 3)
        var parameters = FixedThreshold.Parameters()
        func thresholds(_ threshold: Double, _ list: String) throws -> [Double]? {
            parameters.threshold = threshold
            parameters.thresholds = list
            return try FixedThreshold(parameters).fitted(toHeldOut: nil, targets: targets, context: .init()).thresholds
        }
        #expect(try thresholds(0.5, "") == [0.5, 0.5, 0.5])
        #expect(try thresholds(0.4, ",0.25") == [0.4, 0.25, 0.4])
        #expect(try thresholds(0.4, "0.1, , 1") == [0.1, 0.4, 1])
        for wrong in ["0.1,0.2,0.3,0.4", "x", "2", "-0.1", "nan"] {
            #expect(throws: TrainingError.self) { try thresholds(0.5, wrong) }
        }
        let single = try FixedThreshold().fitted(
            toHeldOut: nil, targets: Targets(task: .single, labelCount: 2), context: .init())
        #expect(single.isExclusive)
    }

    @Test func rulesSurviveTheFile() throws {
        for model in [
            DecisionModel(thresholds: [0.5, 0.25]), DecisionModel(mostProbableOf: 4),
            DecisionModel(thresholds: [0.1, 1, 0], isExclusive: true),
        ] {
            #expect(try roundTrip(model) == model)
        }
    }

    @Test func valuesOutOfRangeAreRejected() throws {
        func reads(_ kind: AnyKind, _ thresholds: [Double]?) -> Bool {
            let file = try? reader { writer throws(ModelFileError) in
                try writer.add("rule", json: kind)
                if let thresholds { writer.add("thresholds", thresholds) }
            }
            return file.map { (try? DecisionModel(reading: $0)) != nil } ?? false
        }
        #expect(reads(AnyKind(), [0.5, 0.5]))
        for thresholds: [Double]? in [nil, [], [0.5], [0.5, 1.5], [0.5, .nan], [-0.1, 0.5], [0.5, 0.5, 0.5]] {
            #expect(!reads(AnyKind(), thresholds))
        }
        #expect(!reads(AnyKind(labelCount: 0), []))
        #expect(!reads(AnyKind(labelCount: .max), []))
        #expect(!reads(AnyKind(hasThresholds: false), nil))
    }
}
