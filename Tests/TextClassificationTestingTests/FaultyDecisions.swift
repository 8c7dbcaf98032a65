import LinearAlgebra
import TextClassification

/// The link of the scores, scaled by a factor that is learnt, with a fault if asked for.
struct FaultyCalibrator: Calibrator {
    enum Fault: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
        case nothing, leavesScores, normalizesBatch, overflows, turnsRound, learnsFromUnjudged, deniesItsNeed
    }

    struct Parameters: Hyperparameters {
        var fault = Fault.nothing
        static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter("fault", \.fault, .choice(Fault.allCases.map(\.rawValue)), help: "what is wrong")
        ]
    }

    struct Model: CalibratorModel, Codable {
        var labelCount: Int
        var isSingle: Bool
        var scale: Double
        var fault: Fault

        init(labelCount: Int, isSingle: Bool, scale: Double, fault: Fault) {
            self.labelCount = labelCount
            self.isSingle = isSingle
            self.scale = scale
            self.fault = fault
        }

        init(reading reader: ModelReader) throws(ModelFileError) {
            self = try reader.value("model", of: Model.self)
            guard 1...1000 ~= labelCount, 0...1000 ~= scale else { throw reader.malformed("model", "is out of range") }
        }

        func write(to writer: inout ModelWriter) throws(ModelFileError) { try writer.add("model", json: self) }

        func calibrate(_ scores: inout [Double]) {
            if fault == .leavesScores { return }
            let sign: Double = fault == .turnsRound ? -1 : 1
            for place in scores.indices {
                let bounded = scores[place].isNaN ? -1e3 : min(max(scores[place], -1e3), 1e3)
                scores[place] = fault == .overflows ? exponential(scores[place]) : sigmoid(sign * scale * bounded)
            }
            let whole = fault == .normalizesBatch ? scores.count : labelCount
            guard isSingle || fault == .normalizesBatch, whole > 0 else { return }
            for start in stride(from: 0, to: scores.count, by: whole) {
                let end = min(scores.count, start + whole)
                let sum = scores[start..<end].reduce(0, +)
                for place in start..<end { scores[place] = sum > 0 ? scores[place] / sum : 1 / Double(end - start) }
            }
        }

        /// A logistic function that is right where nothing overflows.
        private func exponential(_ score: Double) -> Double {
            let bounded = sigmoid(scale * score)
            return score.isFinite ? bounded : score
        }
    }

    static let identifier = "faulty-calibrator"
    static let summary = "a test"
    let parameters: Parameters

    init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    func needsHeldOutScores(for task: ClassificationTask) -> Bool { parameters.fault != .deniesItsNeed }

    func fitted(toHeldOut scores: [Double]?, targets: Targets, context: TrainingContext) -> Model {
        var sum = 1.0
        for (score, judgement) in zip(scores ?? [], targets.values)
        where judgement >= 0 || parameters.fault == .learnsFromUnjudged {
            sum += abs(score) / 1000
        }
        return Model(labelCount: targets.labelCount, isSingle: targets.task == .single, scale: sum, fault: parameters.fault)
    }
}

/// A threshold of one half, with a fault if asked for.
struct FaultyRule: DecisionRule {
    enum Fault: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
        case nothing, givesSeveral, ranksBatch, publishesOtherThresholds, givesNoNumber, turnsRound, claimsLabels
    }

    struct Parameters: Hyperparameters {
        var fault = Fault.nothing
        static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter("fault", \.fault, .choice(Fault.allCases.map(\.rawValue)), help: "what is wrong")
        ]
    }

    struct Model: DecisionRuleModel, Codable {
        var labels: Int
        var isSingle: Bool
        var fault: Fault

        var labelCount: Int { fault == .claimsLabels ? labels + 1 : labels }

        init(labels: Int, isSingle: Bool, fault: Fault) {
            self.labels = labels
            self.isSingle = isSingle
            self.fault = fault
        }

        var thresholds: [Double]? {
            let isPlain = fault == .nothing || fault == .givesSeveral || fault == .givesNoNumber
            if fault == .publishesOtherThresholds { return [Double](repeating: 0.4, count: labels) }
            return isPlain && !isSingle ? [Double](repeating: 0.5, count: labels) : nil
        }

        init(reading reader: ModelReader) throws(ModelFileError) {
            self = try reader.value("model", of: Model.self)
            guard 1...1000 ~= labels else { throw reader.malformed("model", "is out of range") }
        }

        func write(to writer: inout ModelWriter) throws(ModelFileError) { try writer.add("model", json: self) }

        func decide(_ probabilities: borrowing [Double], into decisions: inout [Bool]) {
            decisions = [Bool](repeating: false, count: probabilities.count)
            var largest = 0.0
            for place in 0..<probabilities.count where probabilities[place] > largest { largest = probabilities[place] }
            for start in stride(from: 0, to: probabilities.count, by: labels) {
                var isTaken = false
                for place in start..<min(probabilities.count, start + labels) {
                    let probability = probabilities[place]
                    var isGiven = probability >= 0.5
                    switch fault {
                    case .ranksBatch: isGiven = probability >= 0.6 * largest
                    case .givesNoNumber: isGiven = !(probability < 0.5)
                    case .turnsRound: isGiven = probability >= 0.5 && probability < 0.9
                    case .givesSeveral: isGiven = probability >= (isSingle ? 0.2 : 0.5)
                    default: break
                    }
                    if isSingle, isTaken, fault != .givesSeveral { isGiven = false }
                    decisions[place] = isGiven
                    if isGiven { isTaken = true }
                }
            }
        }
    }

    static let identifier = "faulty-rule"
    static let summary = "a test"
    let parameters: Parameters

    init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    func needsHeldOutProbabilities(for task: ClassificationTask) -> Bool { false }

    func fitted(toHeldOut probabilities: [Double]?, targets: Targets, context: TrainingContext) -> Model {
        Model(labels: targets.labelCount, isSingle: targets.task == .single, fault: parameters.fault)
    }
}
