import Benchmarking
import CorpusFormats
import Evaluation
import TextClassification

/// A plan whose recipes were found and whose files have full names.
struct ResolvedPlan {
    struct Entry {
        let name: String
        let recipe: Recipe
        let sets: [String]?
        let note: String?
        /// The program that does the work, where it is not this one.
        let program: String?
        /// What the plugins are that take part: the digests of their files, and the versions that they give themselves.
        let plugins: [String]
    }

    /// The folds inside of training, for thresholds and calibration.
    static let innerFoldCount = 5

    let sets: [BenchmarkPlan.DataSet]
    let recipes: [Entry]
    let baseline: String?
    let timeLimit: Double?
    let file: String?

    /// - Parameters:
    ///   - planFolder: the folder of the plan; files that recipes stand in are looked for there.
    ///   - dataFolder: where articles are looked for; the folder of the plan without.
    ///   - only: the position of the only recipe that is wanted; the others are left as they are, for their plugins may not be there.
    init(
        _ plan: BenchmarkPlan, file: String?, planFolder: String, dataFolder: String?, only: Int? = nil,
        environment: CommandEnvironment
    ) throws {
        let registry = environment.registry
        do throws(BenchmarkPlanError) {
            try plan.validate()
        } catch {
            throw Failure(file.map { "\($0): \(error)" } ?? "\(error)", code: Failure.Code.usage)
        }
        sets = plan.sets.map { set in
            var set = set
            set.training = set.training.map { Files.path($0, in: dataFolder ?? planFolder) }
            set.test = set.test.map { Files.path($0, in: dataFolder ?? planFolder) }
            return set
        }
        recipes = try plan.recipes.enumerated().compactMap { position, entry in
            guard only == nil || only == position else { return nil }
            let recipe = try Self.recipe(of: entry, folder: planFolder, registry: registry)
            let plugins = registry.plugins(of: recipe)
            return Entry(
                name: entry.name, recipe: recipe, sets: entry.sets, note: entry.note,
                program: plugins.first { $0.kind == .process }.flatMap { environment.pluginPaths[$0.name] },
                plugins: try plugins.flatMap { plugin in
                    try [environment.pluginPaths[plugin.name].map { try Files.digest($0) } ?? "", plugin.version ?? ""]
                })
        }
        baseline = plan.baseline
        timeLimit = plan.timeLimit
        self.file = file
    }

    private static func recipe(of entry: BenchmarkPlan.Entry, folder: String, registry: Registry) throws -> Recipe {
        var recipe: Recipe =
            switch entry.source {
            case .written(let recipe): try recipe.resolved(in: registry)
            case .named(let name):
                try RecipeOptions.recipe(
                    registry.recipes.contains { $0.name == name } ? name : Files.path(name, in: folder), in: registry)
            }
        if let keywords = entry.keywords {
            let definitions = try LabelDefinitionReader().read(path: Files.path(keywords, in: folder))
            try recipe.apply(keywords: RecipeOptions.text(definitions), registry: registry)
        }
        for setting in entry.settings { try recipe.apply(setting: setting, registry: registry) }
        return try recipe.resolved(in: registry)
    }

    /// Whether a recipe is measured on a set.
    func isMeant(_ recipe: Int, for set: Int) -> Bool { recipes[recipe].sets?.contains(sets[set].name) ?? true }
}

/// A data set in memory, and how it is divided.
struct LoadedSet {
    let corpus: Corpus
    let splits: [Split]
    /// The articles to train on, where there is a test part.
    let trainingCount: Int?
    let digest: String

    /// Reads the articles. Labels are those of both parts together, so that a label that only the test part has counts as missed.
    init(_ set: BenchmarkPlan.DataSet, input: InputOptions, seed: UInt64, threads: Int) throws {
        let training = try LabelledArticles(set.training, options: input)
        let articles = try training.joined(with: LabelledArticles(set.test, options: input))
        let trainingCount = training.labelledCount
        corpus = try articles.trainingCorpus(task: set.task)
        digest = corpus.hexadecimalDigest
        if set.test.isEmpty {
            let assigner = StandardFolds(threadCount: threads)
            guard let folds = assigner.folds(of: corpus, foldCount: set.foldCount, seed: seed) else {
                throw Failure(
                    "\(set.name): \(counted(corpus.count, "article")) cannot be divided into \(set.foldCount) folds",
                    code: Failure.Code.badData)
            }
            splits = Split.crossValidation(folds: folds)
            self.trainingCount = nil
        } else {
            guard 0 < trainingCount, trainingCount < corpus.count else {
                throw Failure(
                    "\(set.name): the \(trainingCount == 0 ? "training" : "test") part holds no labelled article",
                    code: Failure.Code.badData)
            }
            splits = [Split(training: Array(0..<trainingCount), test: Array(trainingCount..<corpus.count))]
            self.trainingCount = trainingCount
        }
    }

    /// The articles that are tested with, ascending.
    var tested: [Int] { splits.flatMap(\.test).sorted() }

    /// The key of a cell of this set.
    func key(of entry: ResolvedPlan.Entry, seed: UInt64, threads: Int) throws -> String {
        try CellInputs(
            program: ProgramIdentity.current, recipe: entry.recipe, innerFoldCount: ResolvedPlan.innerFoldCount, corpus: digest,
            trainingCount: trainingCount, foldCount: trainingCount == nil ? splits.count : nil, seed: seed,
            threadCount: threads, plugins: entry.plugins
        ).key
    }
}
