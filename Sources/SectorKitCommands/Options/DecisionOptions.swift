import ArgumentParser
import TextClassification

/// Overrides of the model's decision rule.
struct DecisionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Give labels from this probability on: 0.5 for all, or trade=0.4 for one; may be repeated. (default: the model's)",
            valueName: "p|label=p"))
    var threshold: [String] = []

    @Option(help: ArgumentHelp("Give each article its k most probable labels.", valueName: "k"))
    var top: Int?

    func validate() throws {
        if let top, top < 1 { throw ValidationError("--top wants a whole number of at least 1") }
        if top != nil, !threshold.isEmpty { throw ValidationError("--top and --threshold exclude each other") }
        for setting in threshold { _ = try Self.parsed(setting) }
    }

    private static func parsed(_ setting: String) throws -> (label: String?, probability: Double) {
        let equals = setting.lastIndex(of: "=")
        let number = equals.map { setting[setting.index(after: $0)...] } ?? setting[...]
        guard let probability = Double(number), 0...1 ~= probability else {
            throw ValidationError("--threshold \(setting): wanted a probability from 0 to 1, or label=probability")
        }
        return (equals.map { String(setting[..<$0]) }, probability)
    }

    /// The rule to use instead of the model's, or `nil`.
    func override(for model: PipelineModel) throws -> DecisionOverride? {
        if let top { return .top(min(top, model.labels.count)) }
        guard !threshold.isEmpty else { return nil }
        // A rule without thresholds gives the most probable label, whatever its probability.
        var thresholds = model.decisionRule.thresholds ?? [Double](repeating: 0, count: model.labels.count)
        for setting in threshold {
            let (label, probability) = try Self.parsed(setting)
            if let label {
                thresholds[try model.position(ofLabel: label)] = probability
            } else {
                thresholds = thresholds.map { _ in probability }
            }
        }
        return .thresholds(thresholds, isExclusive: model.task == .single)
    }
}

extension PipelineModel {
    /// The position of a label that the user named.
    func position(ofLabel name: String) throws(Failure) -> Int {
        guard let position = labels.position(of: name) else {
            throw Failure(
                "the model has no label \"\(name)\"; it has \(labels.joined(separator: ", "))", code: Failure.Code.usage)
        }
        return position
    }
}

/// A decision rule given on the command line.
enum DecisionOverride: Sendable {
    /// Labels whose probability reaches their threshold; in a single-label task only the most probable one, if it does.
    case thresholds([Double], isExclusive: Bool)
    case top(Int)

    /// The thresholds of the rule, where it has some.
    var thresholds: [Double]? {
        switch self {
        case .thresholds(let thresholds, _): thresholds
        case .top: nil
        }
    }

    func apply(to predictions: inout Predictions) {
        let labelCount = predictions.labelCount
        for first in stride(from: 0, to: predictions.probabilities.count, by: max(1, labelCount)) {
            let own = predictions.probabilities[first..<first + labelCount]
            // Of labels that tie, the first in the model's order.
            func isBefore(_ a: Int, _ b: Int) -> Bool { (own[a], b) > (own[b], a) }
            switch self {
            case .thresholds(let thresholds, let isExclusive):
                let best = isExclusive ? own.indices.min(by: isBefore) : nil
                for position in own.indices {
                    predictions.decisions[position] =
                        own[position] >= thresholds[position - first] && (best == nil || best == position)
                }
            case .top(let count):
                for position in own.indices { predictions.decisions[position] = false }
                for position in own.indices.sorted(by: isBefore).prefix(count) { predictions.decisions[position] = true }
            }
        }
    }
}
