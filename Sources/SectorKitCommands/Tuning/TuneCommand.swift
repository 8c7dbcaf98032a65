import ArgumentParser
import FoundationEssentials
import ModelSelection
import TextClassification

extension TuningFigure: ExpressibleByArgument {}

struct TuneCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Search for a better recipe by cross-validation inside of the training articles.",
        discussion: """
            The first recipe, unchanged, is judged on all articles first: it is what has to be beaten. Then come the candidates, and the best of \
            them is judged on all articles as well. Further recipes are drawn at random: one of those to begin with, or the best so far, and \
            values for the hyper-parameters that `sectorkit components` shows with a search range. Each is judged on a ninth of the articles, \
            the best third of them on a third, and the best third of those on all (successive halving). What calibration and thresholds make \
            of the held-out articles is part of the judgement. A recipe that takes more than a quarter of the minutes is given up.

            The result is a recipe file for train --recipe. Ctrl-C keeps the best so far. Every step is in the journal: the same command goes on \
            where it was stopped. The same seed and number of trials give the same result.

            The figure of the best recipe is a little too good, since it was chosen by it: measure it on articles that were not searched on.

            EXAMPLES
              sectorkit tune --seeds train.jsonl --minutes 10 -o best.json
              sectorkit tune --seeds a.jsonl --candidates words words-svm -o best.json
              sectorkit tune --seeds a.jsonl --search loss --trials 30 -o b.json
              sectorkit train --seeds train.jsonl --recipe best.json -o m.sectorkit
            """)

    @OptionGroup var training: TrainingOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the recipe.", valueName: "file"), completion: .file())
    var output: String

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "More recipes to begin with, beside that of --recipe. (default: without --recipe, \(usualCandidates.joined(separator: ", ")))",
            valueName: "name|file"))
    var candidates: [String] = []

    /// Recipes that are often the best.
    private static let usualCandidates = ["words-svm", "words-nbsvm", "words-ridge", "words-and-characters"]

    @Option(
        help: ArgumentHelp(
            "What varies: a hyper-parameter, also with its values as =low..high or =a|b|c; may be repeated. (default: what the components name)",
            valueName: "name"))
    var search: [String] = []

    @Option(help: ArgumentHelp("Stop after so many minutes. (default: 10, without --trials)", valueName: "minutes"))
    var minutes: Double?

    @Option(help: ArgumentHelp("Stop after so many recipes.", valueName: "n"))
    var trials: Int?

    @Option(help: "What to make as good as possible. (default: accuracy, for several labels micro-f1)")
    var figure: TuningFigure?

    @Option(help: ArgumentHelp("The number of folds.", valueName: "n"))
    var folds = 3

    @Option(
        help: ArgumentHelp("Where every step is noted. (default: the recipe's file with .journal behind)", valueName: "file"),
        completion: .file())
    var journal: String?

    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func validate() throws {
        if !(2...20 ~= folds) { throw ValidationError("--folds wants a number from 2 to 20") }
        if let minutes, !(minutes > 0 && minutes <= 100_000) { throw ValidationError("--minutes wants a number above 0") }
        if let trials, trials < 1 { throw ValidationError("--trials wants at least 1") }
        if training.seeds.isEmpty { throw ValidationError("--seeds is missing: a search needs labelled articles") }
    }

    func run() throws {
        try Interrupts.handled {
            try AtomicFile.check(output)
            let registry = CommandEnvironment.current.registry
            let (found, articles) = try training.fit { pipeline, corpus, context, _ in
                let others = try candidateNames(registry).map { try training.recipe.recipe(named: $0) }
                let space = try SearchSpace([pipeline.recipe] + others, settings: search, registry: registry)
                let figure = figure ?? .usual(for: corpus.targets.task)
                let journal = try TuningJournal(
                    path: journal ?? output + ".journal",
                    search: .init(
                        seed: context.seed, folds: folds, figure: figure, dataDigest: corpus.hexadecimalDigest))
                if !journal.recorded.isEmpty {
                    Console.print("note: \(counted(journal.recorded.count, "step")) taken from the journal")
                }
                return try outcome(space, figure, corpus, context, journal)
            }
            try Interrupts.during(.finishing) { try write(found.best.recipe) }
            try StandardOutput().print(json ? JSONText.encoded(TuningReport(found, figure: found.figure)) : found.text(output))
            if Interrupts.isPending {
                throw Failure("interrupted: the best recipe so far was kept", code: Failure.Code.interrupted)
            }
            try articles.requireComplete()
        }
    }

    /// The candidates named, or the usual ones where nothing is named at all.
    private func candidateNames(_ registry: Registry) -> [String] {
        let isOpen = candidates.isEmpty && search.isEmpty && training.recipe.recipe == nil && training.recipe.like == nil
        guard isOpen, CommandEnvironment.current.pluginRecipe == nil else { return candidates }
        return Self.usualCandidates.filter { name in registry.recipes.contains { $0.name == name } }
    }

    private func outcome(
        _ space: SearchSpace, _ figure: TuningFigure, _ corpus: Corpus, _ context: TrainingContext, _ journal: TuningJournal
    ) throws -> FoundRecipe {
        let clock = ContinuousClock()
        let start = clock.now
        let limit = minutes ?? (trials == nil ? 10 : nil)
        let deadline = limit.map { start.advanced(by: .seconds($0 * 60)) }
        var context = context
        context.isCancelled = { Interrupts.isPending || (deadline.map { clock.now >= $0 } ?? false) }
        var tuner = Tuner(
            space, figure: figure, registry: CommandEnvironment.current.registry, foldCount: folds, trialLimit: trials)
        // One slow recipe must not take all of the time.
        tuner.stepLimit = limit.map { $0 * 60 / 4 }
        var best: Double?
        let outcome = try tuner.outcome(
            on: corpus, context: context, recorded: journal.recorded,
            clock: { (clock.now - start) / .seconds(1) },
            willStep: { trial, rung, known in
                let left = deadline.map { " · \(Int(max(0, (($0 - clock.now) / .seconds(1)).rounded()))) s left" } ?? ""
                let score = known?.score.map {
                    "\(figure.rawValue) \($0.fixed(4)) (\(known?.recipe.name ?? ""), trial \(known?.trial ?? 0))"
                }
                Console.showProgress("trial \(trial), size \(rung + 1): best \(score ?? "none yet")\(left)")
            },
            didStep: { step in
                try journal.add(step)
                guard step.rung == tuner.lastRung(of: corpus), let score = step.score else { return }
                if best.map({ figure.isLoss ? score < $0 : score > $0 }) ?? true {
                    best = score
                    // So that not even a kill loses it.
                    if journal.recorded.isEmpty { try write(step.recipe) }
                }
            })
        return FoundRecipe(outcome: outcome, figure: figure, foldCount: folds)
    }

    /// Writes the recipe, replacing the file in one step.
    private func write(_ recipe: Recipe) throws {
        var recipe = recipe
        if !recipe.summary.hasSuffix(Self.mark) { recipe.summary += Self.mark }
        recipe.name += recipe.name.hasSuffix("-tuned") ? "" : "-tuned"
        try AtomicFile.write(Array((try JSONText.encoded(recipe) + "\n").utf8), to: output)
    }

    private static let mark = " (tuned)"
}
