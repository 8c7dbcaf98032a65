import ArgumentParser
import Calibration
import TextClassification

/// What decisions are to achieve: an aim for thresholds, a coverage for what else is possible.
struct AimOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What thresholds are learnt for: f1, precision=0.9 (at least so much, with as much recall as that leaves), or recall=0.9.",
            valueName: "aim"))
    var aim: DecisionAim?

    @Option(
        help: ArgumentHelp(
            """
            Also tell what cannot be ruled out: of the articles with a label, and of those without, at least this share has the truth among \
            the possible answers. Articles with an unsure label are for a person.
            """, valueName: "share"))
    var coverage: Double?

    func validate() throws {
        if let coverage, !(0.5...0.999 ~= coverage) {
            throw ValidationError("--coverage wants a share from 0.5 to 0.999, such as 0.9")
        }
    }

    /// The recipe with a decision rule for what is wanted.
    func applied(to recipe: Recipe) -> Recipe {
        var recipe = recipe
        if let aim {
            // Sets keep their coverage; a rule without thresholds that are learnt is replaced by one that learns them.
            let rules = [CrossValidatedThresholds.identifier, ConformalSets.identifier]
            if !rules.contains(recipe.decisionRule.component) {
                recipe.decisionRule = ComponentConfiguration(CrossValidatedThresholds.identifier)
            }
            if recipe.decisionRule.component == ConformalSets.identifier {
                recipe.decisionRule.parameters["rule"] = .text(CrossValidatedThresholds.identifier)
            }
            recipe.decisionRule.parameters["aim"] = .text(aim.aim.rawValue)
            if let target = aim.target { recipe.decisionRule.parameters["target"] = .number(target) }
        }
        if let coverage {
            let rule = recipe.decisionRule
            if rule.component != ConformalSets.identifier {
                recipe.decisionRule = ComponentConfiguration(
                    ConformalSets.identifier, rule.parameters.merging(["rule": .text(rule.component)]) { $1 })
            }
            recipe.decisionRule.parameters["coverage"] = .number(coverage)
        }
        return recipe
    }
}

/// An aim as people write it: `f1`, `precision=0.9`, `recall>=0.8`.
struct DecisionAim: ExpressibleByArgument, CustomStringConvertible {
    let aim: ThresholdAim
    /// Of a precision or recall.
    let target: Double?

    init?(argument: String) {
        let name = argument.prefix { $0.isLetter || $0.isNumber }
        guard let aim = ThresholdAim(rawValue: name.lowercased()) else { return nil }
        self.aim = aim
        var rest = argument.dropFirst(name.count)
        guard aim != .f1 else {
            guard rest.isEmpty else { return nil }
            target = nil
            return
        }
        for sign in [">=", "≥", "="] where rest.hasPrefix(sign) {
            rest = rest.dropFirst(sign.count)
            guard let number = Double(rest), 0...1 ~= number else { return nil }
            target = number
            return
        }
        return nil
    }

    var description: String { aim.rawValue + (target.map { "=\($0)" } ?? "") }

    static var allValueStrings: [String] { ["f1", "precision=0.9", "recall=0.9"] }
}
