import Evaluation
import TextClassification

/// What is to be measured: every recipe on every data set.
public struct BenchmarkPlan: Sendable, Equatable {
    /// Articles to measure on: a training and a test part, or one part that is cross-validated.
    public struct DataSet: Sendable, Equatable {
        public var name: String
        /// Files or folders to train on; all articles where there is no test part.
        public var training: [String]
        /// Files or folders to test on; empty for cross-validation.
        public var test: [String]
        /// The number of folds where there is no test part.
        public var foldCount: Int
        public var task: Corpus.TaskChoice
        /// The figure that recipes are compared by; `nil` for accuracy in single-label tasks and micro-F1 in multi-label tasks.
        public var figure: HeadlineFigure?

        public init(
            name: String, training: [String], test: [String] = [], foldCount: Int = BenchmarkPlan.usualFoldCount,
            task: Corpus.TaskChoice = .automatic, figure: HeadlineFigure? = nil
        ) {
            self.name = name
            self.training = training
            self.test = test
            self.foldCount = foldCount
            self.task = task
            self.figure = figure
        }
    }

    /// A recipe under the name that it has in the table.
    public struct Entry: Sendable, Equatable {
        /// Where the recipe comes from.
        public enum Source: Sendable, Equatable {
            /// The name of a recipe, or a file.
            case named(String)
            case written(Recipe)
        }

        public var name: String
        public var source: Source
        /// Hyper-parameters to set, as `name=value` or `component.name=value`.
        public var settings: [String]
        /// The data sets it is measured on; all without.
        public var sets: [String]?
        /// A file of label definitions, for recipes that take keywords.
        public var keywords: String?
        /// What a reader of the table should know.
        public var note: String?

        public init(
            name: String, source: Source, settings: [String] = [], sets: [String]? = nil, keywords: String? = nil,
            note: String? = nil
        ) {
            self.name = name
            self.source = source
            self.settings = settings
            self.sets = sets
            self.keywords = keywords
            self.note = note
        }
    }

    public static let usualFoldCount = 5

    public var sets: [DataSet]
    public var recipes: [Entry]
    /// The recipe that all others are compared with; the best one of each set without.
    public var baseline: String?
    /// After so many seconds a cell is given up.
    public var timeLimit: Double?

    public init(sets: [DataSet], recipes: [Entry], baseline: String? = nil, timeLimit: Double? = nil) {
        self.sets = sets
        self.recipes = recipes
        self.baseline = baseline
        self.timeLimit = timeLimit
    }

    /// What keeps the plan from being carried out.
    /// - Throws: `BenchmarkPlanError` with what was got and what is allowed.
    public func validate() throws(BenchmarkPlanError) {
        guard !sets.isEmpty else { throw BenchmarkPlanError("there is no data set") }
        guard !recipes.isEmpty else { throw BenchmarkPlanError("there is no recipe") }
        try Self.requireDistinct(sets.map(\.name), "data set")
        try Self.requireDistinct(recipes.map(\.name), "recipe")
        for set in sets {
            guard !set.training.isEmpty else { throw BenchmarkPlanError("data set \"\(set.name)\" names no articles") }
            guard set.test.isEmpty ? 2...100 ~= set.foldCount : true else {
                throw BenchmarkPlanError("data set \"\(set.name)\": \(set.foldCount) folds; allowed are 2 to 100")
            }
            if let figure = set.figure { try Self.requireComparable(figure) }
            if (set.training + set.test).contains("-") {
                throw BenchmarkPlanError(
                    "data set \"\(set.name)\" stands on standard input, which can be read only once: name a file")
            }
        }
        for recipe in recipes {
            for name in recipe.sets ?? [] where !sets.contains(where: { $0.name == name }) {
                throw BenchmarkPlanError(
                    "recipe \"\(recipe.name)\" is for data set \"\(name)\"; there are \(sets.map(\.name).joined(separator: ", "))"
                )
            }
        }
        if let baseline, !recipes.contains(where: { $0.name == baseline }) {
            throw BenchmarkPlanError(
                "the baseline \"\(baseline)\" is no recipe of the table; there are "
                    + recipes.map(\.name).joined(separator: ", "))
        }
        if let timeLimit, !(timeLimit > 0) { throw BenchmarkPlanError("a time limit of \(timeLimit) seconds") }
    }

    /// Rows are compared by figures of decisions: those are what the journal keeps.
    public static func requireComparable(_ figure: HeadlineFigure) throws(BenchmarkPlanError) {
        guard figure.isOfDecisions else {
            let allowed = HeadlineFigure.allCases.filter(\.isOfDecisions).map(\.rawValue).joined(separator: ", ")
            throw BenchmarkPlanError("recipes cannot be compared by \(figure.rawValue); allowed are \(allowed)")
        }
    }

    private static func requireDistinct(_ names: [String], _ noun: String) throws(BenchmarkPlanError) {
        var seen: Set<String> = []
        for name in names {
            if name.isEmpty { throw BenchmarkPlanError("a \(noun) has an empty name") }
            if !seen.insert(name).inserted {
                throw BenchmarkPlanError("two \(noun)s are called \"\(name)\": give one of them another `name`")
            }
        }
    }
}

/// Why a plan cannot be carried out.
public struct BenchmarkPlanError: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
