import ModelSelection
import TextClassification

/// What a search found, as people read it.
struct FoundRecipe {
    let outcome: Tuner.Outcome
    let figure: TuningFigure
    let foldCount: Int

    var best: Tuner.Step { outcome.best }

    func text(_ path: String) -> String {
        let (best, first) = (outcome.best, outcome.first)
        let trialCount = (outcome.steps.map(\.trial).max() ?? -1) + 1
        var lines = [
            "\(path.withoutControlCharacters): recipe of trial \(best.trial), made from \(best.recipe.name)",
            "\(counted(trialCount, "recipe")) tried in \(counted(outcome.steps.count, "step"))\(outcome.wasStopped ? ", then stopped" : "")",
            "",
        ]
        var table = TextTable(header: "\(foldCount)-fold cross-validation", figure.rawValue)
        table.append("first recipe (\(first.recipe.name))", first.score?.fixed(4) ?? "")
        table.append("best recipe", best.score?.fixed(4) ?? "")
        lines += [table.text, ""]
        let differences = best.recipe.differences(from: first.recipe)
        lines.append(differences.isEmpty ? "no better recipe was found than the first" : "what is different:")
        lines += differences.map { "  " + $0 }
        let failures = outcome.steps.filter { $0.failure != nil }
        if let failure = failures.first?.failure {
            lines.append("\(counted(failures.count, "recipe")) failed, the first with: \(failure)")
        }
        return lines.joined(separator: "\n")
    }
}

/// What a search found, for `--json`.
struct TuningReport: Encodable {
    let figure: TuningFigure
    let first: Tuner.Step
    let best: Tuner.Step
    let steps: [Tuner.Step]
    let wasStopped: Bool

    init(_ found: FoundRecipe, figure: TuningFigure) {
        self.figure = figure
        first = found.outcome.first
        best = found.outcome.best
        steps = found.outcome.steps
        wasStopped = found.outcome.wasStopped
    }
}
