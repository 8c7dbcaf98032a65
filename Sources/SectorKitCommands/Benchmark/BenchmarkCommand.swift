import ArgumentParser
import Benchmarking
import TextClassification

struct BenchmarkCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Measure recipes on data sets, and say which differences are real.",
        discussion: """
            Every recipe is fitted and tested on every data set: accuracy with intervals, a paired test against the best recipe of the set \
            (or --baseline) on the same articles, corrected for their number, time to train, articles tagged in a second, peak memory \
            and size of the model. Each cell runs in a process of its own. A cell that fails is a row that says so.

            Data sets and recipes are named by options, or in a JSON file:

              { "sets": [ { "name": "R8", "train": "a.jsonl", "test": "b.jsonl" },
                          { "name": "own", "data": "own.jsonl", "folds": 10 } ],
                "recipes": [ "words",
                             { "name": "strong", "recipe": "words",
                               "set": ["inverseRegularization=300"] } ],
                "timeLimit": 300 }

            A set may also say "task" and "figure" (what recipes are compared by), a recipe "sets" (the only ones it is measured on), \
            "keywords" (a file of label definitions) and "note". "recipe" is a name, a file, or a recipe as `components --json` shows it. Files are looked for in the folder of the \
            JSON file, or in --folder.

            Plugins take part under the names that they give themselves. Their times contain the protocol's, which the table marks.

            Finished cells are kept in a journal, PLAN.journal.jsonl or --journal. Run the same command again after Ctrl-C or a crash, and \
            it goes on; what was measured with other articles, another recipe, plugin, seed, number of threads or build is measured anew. \
            A plugin is another one when its file or the version that it gives itself changes, not when something that it loads does: \
            then say --fresh.

            EXAMPLES
              sectorkit benchmark --train a.jsonl --test b.jsonl --recipes words sectors
              sectorkit benchmark --data seeds --recipes words words-svm --folds 10
              sectorkit benchmark plan.json --folder data --report table.html
              sectorkit benchmark plan.json --plugin ./a.py --plugin ./b.py
              sectorkit benchmark plan.json --markdown --baseline words > table.md
            """)

    @Argument(help: "The plan: data sets and recipes.", completion: .file(extensions: ["json"]))
    var plan: String?

    @OptionGroup(title: "PLAN") var planning: BenchmarkPlanOptions
    @OptionGroup(title: "COMPARISON") var comparison: BenchmarkComparisonOptions
    @OptionGroup(title: "OUTPUT") var output: BenchmarkOutputOptions
    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions
    @OptionGroup(title: "INPUT") var input: InputOptions

    @Option(help: ArgumentHelp("The seed of everything random.", valueName: "n"))
    var seed: UInt64 = 0

    @OptionGroup var threads: ThreadOptions

    /// Measures one cell and prints its result as JSON: what the child processes are started with.
    @Option(help: .hidden)
    var cell: CellAddress?

    func validate() throws {
        if plan != nil, planning.isUsed {
            throw ValidationError("a plan names its data sets and recipes itself: give the file or the options")
        }
        if plan == nil, !planning.isUsed {
            throw ValidationError("name a plan, or --train and --test, or --data, with --recipes")
        }
    }

    func run() throws {
        try Interrupts.handled {
            let work = try resolvedPlan()
            if let cell {
                try Interrupts.during(.cancellable) {
                    try BenchmarkCell(work: work, seed: seed, threads: threads.count, input: input).run(cell)
                }
            } else {
                try BenchmarkRun(work: work, command: self).run()
            }
        }
    }

    /// The plan with every recipe resolved. What is wrong with it is told before any data is read.
    private func resolvedPlan() throws -> ResolvedPlan {
        var parsed = try plan.map { try Files.decoded(BenchmarkPlan.self, from: $0) } ?? planning.plan()
        if let baseline = comparison.baseline { parsed.baseline = baseline }
        if let limit = planning.timeLimit { parsed.timeLimit = limit }
        let folder = plan.map { $0.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") }
        return try ResolvedPlan(
            parsed, file: plan, planFolder: folder ?? "", dataFolder: planning.folder, only: cell?.recipe,
            environment: CommandEnvironment.current)
    }
}
