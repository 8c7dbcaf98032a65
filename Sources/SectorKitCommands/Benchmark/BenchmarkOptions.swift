import ArgumentParser
import Benchmarking
import Evaluation
import TextClassification

extension HeadlineFigure: ExpressibleByArgument {
    public static var allValueStrings: [String] { allCases.filter(\.isOfDecisions).map(\.rawValue) }
}

/// Data sets and recipes, where no file names them.
struct BenchmarkPlanOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("Labelled articles to train on.", valueName: "file|folder"),
        completion: .file())
    var train: [String] = []

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("Labelled articles to test with.", valueName: "file|folder"),
        completion: .file())
    var test: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Labelled articles to cross-validate with, instead; each is a data set.", valueName: "file|folder"),
        completion: .file())
    var data: [String] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Recipes: names or JSON files.", valueName: "name|file"))
    var recipes: [String] = []

    @Option(help: ArgumentHelp("The number of folds for --data. (default: 5)", valueName: "n"))
    var folds: Int?

    @Option(help: "One label an article (single), any number (multi), or as the articles have them (auto). (default: auto)")
    var task: Corpus.TaskChoice?

    @Option(help: ArgumentHelp("Where files of the plan are looked for. (default: the folder of the plan)", valueName: "folder"))
    var folder: String?

    @Option(help: ArgumentHelp("Give a cell up after so many seconds.", valueName: "s"))
    var timeLimit: Double?

    /// Whether options that a plan would name are given.
    var isUsed: Bool { !(train + test + data + recipes).isEmpty || folds != nil || task != nil }

    func validate() throws {
        if train.isEmpty != test.isEmpty { throw ValidationError("--train and --test go together") }
        if let folds, !(2...100 ~= folds) { throw ValidationError("--folds wants a number from 2 to 100") }
        if folds != nil, data.isEmpty { throw ValidationError("--folds go with --data only") }
        if let timeLimit, !(timeLimit > 0) { throw ValidationError("--time-limit wants a number above 0") }
    }

    func plan() throws -> BenchmarkPlan {
        var sets: [BenchmarkPlan.DataSet] = []
        if !train.isEmpty {
            sets.append(.init(name: Self.name(of: test), training: train, test: test, task: task ?? .automatic))
        }
        sets += data.map {
            .init(
                name: Self.name(of: [$0]), training: [$0], foldCount: folds ?? BenchmarkPlan.usualFoldCount,
                task: task ?? .automatic)
        }
        return BenchmarkPlan(sets: sets, recipes: recipes.map { .init(name: $0, source: .named($0)) })
    }

    /// The last two parts of the path, which is what tells `r8/test.jsonl` from `bbc/test.jsonl`.
    private static func name(of paths: [String]) -> String {
        paths.map { $0.split(separator: "/").suffix(2).joined(separator: "/") }.joined(separator: " ")
    }
}

/// How recipes are compared.
struct BenchmarkComparisonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The recipe that the others are compared with. (default: the best of each set)", valueName: "name"))
    var baseline: String?

    @Option(
        help: ArgumentHelp("The figure that recipes are compared by. (default: accuracy, for several labels micro-F1)"))
    var figure: HeadlineFigure?

    @Option(help: ArgumentHelp("Resamples of the articles for 95 % intervals (bootstrap, BCa).", valueName: "n"))
    var bootstrap = 2000

    @Option(help: ArgumentHelp("Permutations of the paired tests.", valueName: "n"))
    var permutations = 10_000

    func validate() throws {
        if !(1...1_000_000 ~= bootstrap) { throw ValidationError("--bootstrap wants a number from 1 to 1000000") }
        if let figure {
            do throws(BenchmarkPlanError) {
                try BenchmarkPlan.requireComparable(figure)
            } catch {
                throw ValidationError(error.description)
            }
        }
        if !(1...10_000_000 ~= permutations) { throw ValidationError("--permutations wants a number from 1 to 10000000") }
    }
}

/// Where results go.
struct BenchmarkOutputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where finished cells are kept; `none` keeps them nowhere. (default: beside the plan, PLAN.journal.jsonl)",
            valueName: "file"),
        completion: .file())
    var journal: String?

    @Flag(help: "Measure everything anew, whatever the journal holds.")
    var fresh = false

    @Option(
        help: ArgumentHelp("Where to write the table as a page to look at.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @Flag(help: "Print as Markdown.")
    var markdown = false

    @Flag(help: "Print as JSON.")
    var json = false

    func validate() throws {
        if markdown, json { throw ValidationError("--markdown and --json exclude each other") }
    }

    /// The path of the journal; `nil` for none.
    func journalPath(plan: String?) -> String? {
        if let journal { return journal == "none" ? nil : journal }
        return plan.map { ($0.hasSuffix(".json") ? String($0.dropLast(5)) : $0) + ".journal.jsonl" }
    }
}

/// A cell of a plan and the key it must have.
struct CellAddress: ExpressibleByArgument, CustomStringConvertible {
    let set: Int
    let recipe: Int
    let key: String

    init(set: Int, recipe: Int, key: String) {
        self.set = set
        self.recipe = recipe
        self.key = key
    }

    init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 2).map(String.init)
        guard parts.count == 3, let set = Int(parts[0]), let recipe = Int(parts[1]) else { return nil }
        self.init(set: set, recipe: recipe, key: parts[2])
    }

    var description: String { "\(set):\(recipe):\(key)" }
}
