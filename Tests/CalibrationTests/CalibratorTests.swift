import LinearAlgebra
import Testing
import TextClassification

@testable import Calibration

/// What holds for every calibrator.
@Suite struct CalibratorTests {
    static let names = [
        LinkFunction.identifier, TemperatureScaling.identifier, PlattScaling.identifier, IsotonicCalibration.identifier,
    ]

    func fitted(_ name: String, _ scores: [Double]?, _ targets: Targets) -> any CalibratorModel {
        let context = TrainingContext()
        return switch name {
        case TemperatureScaling.identifier:
            TemperatureScaling().fitted(toHeldOut: scores, targets: targets, context: context)
        case PlattScaling.identifier: PlattScaling().fitted(toHeldOut: scores, targets: targets, context: context)
        case IsotonicCalibration.identifier:
            IsotonicCalibration().fitted(toHeldOut: scores, targets: targets, context: context)
        default: LinkFunction().fitted(toHeldOut: scores, targets: targets, context: context)
        }
    }

    /// Scores that say something about the truth; label 2 is never positive, label 3 always (multi).
    func problem(_ task: ClassificationTask, count: Int = 60, gain: Double = 1) -> (scores: [Double], targets: Targets) {
        var generator = RandomGenerator(seed: 5)
        var targets = Targets(task: task, labelCount: 4)
        var scores: [Double] = []
        for _ in 0..<count {
            let positive: [Int]
            switch task {
            case .single: positive = [generator.nextInt(below: 2)]
            case .multi: positive = [3] + (0..<2).filter { _ in generator.nextUniform() < 0.3 }
            }
            let missing = task == .multi && generator.nextUniform() < 0.1 ? [0] : []
            targets.append(positive: positive.filter { !missing.contains($0) }, missing: missing)
            scores += (0..<4).map { gain * ((positive.contains($0) ? 1 : -1) + generator.nextNormal()) }
        }
        return (scores, targets)
    }

    func expectProbabilities(
        _ values: [Double], _ task: ClassificationTask, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(values.allSatisfy { 0...1 ~= $0 }, sourceLocation: sourceLocation)
        guard task == .single else { return }
        for start in stride(from: 0, to: values.count, by: 4) {
            #expect(abs(values[start..<start + 4].reduce(0, +) - 1) < 1e-12, sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: names, ClassificationTask.allCases)
    func givesProbabilities(_ name: String, _ task: ClassificationTask) throws {
        for gain in [0, 1, 1e5] {
            let (scores, targets) = problem(task, gain: gain)
            let model = fitted(name, scores, targets)
            var values = scores
            model.calibrate(&values)
            expectProbabilities(values, task)
            var extreme = [.infinity, -.infinity, .nan, 0, 1e308, -1e308, 1e308, 1e-308, .nan, .nan, .nan, .nan]
            model.calibrate(&extreme)
            expectProbabilities(extreme, task)
        }
    }

    @Test(arguments: names, ClassificationTask.allCases)
    func withoutHeldOutScoresItIsTheLink(_ name: String, _ task: ClassificationTask) {
        let (scores, targets) = problem(task)
        var values = scores
        fitted(name, nil, targets).calibrate(&values)
        var expected = scores
        LinkFunctionModel(task: task, labelCount: 4).calibrate(&expected)
        for (value, link) in zip(values, expected) { #expect(abs(value - link) < 1e-9) }
    }

    /// A label that held-out articles never or always have keeps the probability of the link.
    @Test(arguments: names.dropFirst(2))
    func absentLabelsKeepTheLink(_ name: String) {
        let (scores, targets) = problem(.multi)
        var values = scores
        fitted(name, scores, targets).calibrate(&values)
        for i in values.indices where i % 4 > 1 { #expect(abs(values[i] - sigmoid(scores[i])) < 1e-15) }
    }

    /// With scores that separate the articles, probabilities grow sure but stay finite, and their order stays.
    @Test(arguments: names, ClassificationTask.allCases)
    func separableScores(_ name: String, _ task: ClassificationTask) {
        var (scores, targets) = problem(task)
        for i in scores.indices { scores[i] = targets.values[i] == 1 ? 3 : -3 }
        var values = scores
        fitted(name, scores, targets).calibrate(&values)
        expectProbabilities(values, task)
        for i in values.indices where targets.values[i] >= 0 && i % 4 < 2 {
            #expect(targets.values[i] == 1 ? values[i] > 0.5 && values[i] < 1 : values[i] < 0.5)
        }
    }

    @Test func nobodyJudged() {
        for task in ClassificationTask.allCases {
            var targets = Targets(task: task, labelCount: 4)
            targets.appendUnlabelled()
            for name in Self.names {
                var values = [0.5, -1, 2, 0]
                fitted(name, values, targets).calibrate(&values)
                expectProbabilities(values, task)
            }
        }
    }

    /// Scores twice as large as they should be are halved.
    @Test func temperatureUndoesScaling() {
        let (scores, targets) = problem(.multi, count: 400)
        let one = TemperatureScaling().fitted(toHeldOut: scores, targets: targets, context: .init())
        let two = TemperatureScaling().fitted(toHeldOut: scores.map { 2 * $0 }, targets: targets, context: .init())
        #expect(abs(two.temperature - 2 * one.temperature) < 1e-9)
    }

    @Test func temperatureStaysInBoundsForSenselessScores() {
        let (scores, targets) = problem(.multi)
        let model = TemperatureScaling().fitted(toHeldOut: scores.map { -$0 }, targets: targets, context: .init())
        #expect(model.temperature <= 100.0001)
    }

    /// Curves never fall, so a calibrator never reverses what a label's score says.
    @Test(arguments: names)
    func calibrationIsMonotone(_ name: String) {
        let (scores, targets) = problem(.multi)
        for sign in [1.0, -1] {
            let model = fitted(name, scores.map { sign * $0 }, targets)
            var values = (0..<400).map { Double($0 / 4) / 10 - 5 }
            model.calibrate(&values)
            for i in values.indices.dropFirst(4) { #expect(values[i] >= values[i - 4]) }
        }
    }

    @Test(arguments: ClassificationTask.allCases)
    func modelsSurviveTheFile(_ task: ClassificationTask) throws {
        let (scores, targets) = problem(task)
        let context = TrainingContext()
        let link = LinkFunction().fitted(toHeldOut: scores, targets: targets, context: context)
        #expect(try roundTrip(link) == link)
        let temperature = TemperatureScaling().fitted(toHeldOut: scores, targets: targets, context: context)
        #expect(try roundTrip(temperature) == temperature)
        let platt = PlattScaling().fitted(toHeldOut: scores, targets: targets, context: context)
        #expect(try roundTrip(platt) == platt)
        let isotonic = IsotonicCalibration().fitted(toHeldOut: scores, targets: targets, context: context)
        #expect(try roundTrip(isotonic) == isotonic)
    }

    @Test func valuesOutOfRangeAreRejected() throws {
        for count in [0, -1, Int.max] {
            let shape = try reader { writer throws(ModelFileError) in
                try writer.add("shape", json: AnyShape(labelCount: count))
            }
            #expect(throws: ModelFileError.self) { try LinkFunctionModel(reading: shape) }
        }
        func reads<Model: ComponentModel>(_: Model.Type, _ sections: [(String, [Double])], ends: [Int64] = []) -> Bool {
            let file = try? reader { writer throws(ModelFileError) in
                try writer.add("shape", json: AnyShape())
                for (name, values) in sections { writer.add(name, values) }
                writer.add("knot-ends", ends)
            }
            guard let file else { return false }
            return (try? Model(reading: file)) != nil
        }
        #expect(reads(TemperatureScalingModel.self, [("temperature", [2])]))
        for values in [[], [0], [-1], [.nan], [.infinity], [1, 1]] {
            #expect(!reads(TemperatureScalingModel.self, [("temperature", values)]))
        }
        #expect(reads(PlattScalingModel.self, [("slopes", [1, 2]), ("intercepts", [0, -3])]))
        for slopes in [[1], [1, 0], [1, -1], [1, .nan], [1, .infinity], [1, 2, 3]] {
            #expect(!reads(PlattScalingModel.self, [("slopes", slopes), ("intercepts", [0, 0])]))
        }
        #expect(!reads(PlattScalingModel.self, [("slopes", [1, 1]), ("intercepts", [0, .nan])]))
        let positions = [0.1, 0.2, 0.3]
        let values = [0.1, 0.1, 0.5]
        func isotonic(_ positions: [Double], _ values: [Double], _ ends: [Int64]) -> Bool {
            reads(IsotonicCalibrationModel.self, [("knot-positions", positions), ("knot-values", values)], ends: ends)
        }
        #expect(isotonic(positions, values, [0, 3]))
        for ends: [Int64] in [[], [3], [0, 2], [3, 0], [-1, 3], [0, 4], [0, .max], [1, 2, 3]] {
            #expect(!isotonic(positions, values, ends))
        }
        #expect(!isotonic([0.1, 0.1, 0.3], values, [0, 3]) && !isotonic([0.1, .nan, 0.3], values, [0, 3]))
        #expect(!isotonic(positions, [0.1, 0.05, 0.3], [0, 3]) && !isotonic(positions, [0.1, 0.2, 1.1], [0, 3]))
        #expect(!isotonic(positions, [0.1, 0.2], [0, 3]) && !isotonic([.nan], [0.5], [0, 1]))
    }
}
