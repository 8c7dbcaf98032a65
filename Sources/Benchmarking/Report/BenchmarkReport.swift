import Evaluation
import TextClassification

/// What recipes did on data sets, compared: the value behind the table, the JSON and the page of `benchmark`.
public struct BenchmarkReport: Codable, Sendable, Equatable {
    /// What was measured with.
    public struct Environment: Codable, Sendable, Equatable {
        public let toolkitVersion: String
        public let threadCount: Int
        public let processorCount: Int
        public let seed: UInt64
        /// The confidence of the intervals and, taken from 1, the level of the tests.
        public let confidence: Double
        public let resampleCount: Int
        public let permutationCount: Int

        public init(
            toolkitVersion: String = SectorKitVersion.current, threadCount: Int, processorCount: Int, seed: UInt64,
            confidence: Double = 0.95, resampleCount: Int, permutationCount: Int
        ) {
            self.toolkitVersion = toolkitVersion
            self.threadCount = threadCount
            self.processorCount = processorCount
            self.seed = seed
            self.confidence = confidence
            self.resampleCount = resampleCount
            self.permutationCount = permutationCount
        }
    }

    /// How a row compares with the reference of its set, on the same articles.
    public struct Comparison: Codable, Sendable, Equatable {
        public enum Verdict: String, Codable, Sendable {
            /// The row is what the others are compared with.
            case reference
            case better, worse
            case noDifferenceShown
        }
        public let verdict: Verdict
        /// The row's figure minus the reference's; `nil` for the reference itself.
        public let difference: ConfidenceInterval?
        /// The p-value of the paired permutation test, and corrected (Holm 1979) for the number of rows compared.
        public let pValue: Double?
        public let adjustedPValue: Double?
    }

    /// The figures of a recipe on a set.
    public struct Measurement: Codable, Sendable, Equatable {
        /// Intervals of the headline figures by their names.
        public let figures: [String: ConfidenceInterval]
        public let comparison: Comparison
        public let logLoss: Double
        public let expectedCalibrationError: Double
        public let macroAveragePrecision: Double?
        public let trainingSeconds: Double
        public let trainingProcessorSeconds: Double
        public let articlesPerSecond: Double
        public let peakBytes: Int?
        public let modelBytes: Int
        /// How many processors other programs kept busy while this was measured.
        public let otherProcessors: Double?
        public let warnings: [String]
    }

    /// One recipe on one set.
    public struct Row: Codable, Sendable, Equatable {
        public let recipe: String
        /// `nil` where there is none, and `failure` says why, or where the recipe is not meant for the set.
        public let measurement: Measurement?
        public let failure: String?
    }

    /// A data set with a row for each recipe.
    public struct Section: Codable, Sendable, Equatable {
        public let name: String
        /// `nil` where the set could not be read.
        public let task: ClassificationTask?
        public let labelCount: Int
        public let trainingCount: Int
        public let testCount: Int
        /// The number of folds of a cross-validation; `nil` for a set with a test part.
        public let foldCount: Int?
        /// What rows are compared by.
        public let figure: HeadlineFigure
        public let reference: String?
        public let rows: [Row]
    }

    /// A recipe of the table.
    public struct RecipeDescription: Codable, Sendable, Equatable {
        public let name: String
        public let summary: String
        /// Whether another process does the work, over a protocol: its times contain that of the protocol.
        public let isExternal: Bool
        public let note: String?

        public init(name: String, summary: String, isExternal: Bool, note: String?) {
            self.name = name
            self.summary = summary
            self.isExternal = isExternal
            self.note = note
        }
    }

    public let environment: Environment
    /// The recipe all others are compared with; `nil` where it is the best of each set.
    public let baseline: String?
    public let recipes: [RecipeDescription]
    public var sections: [Section]

    public init(
        environment: Environment, baseline: String?, recipes: [RecipeDescription], sections: [Section] = []
    ) {
        self.environment = environment
        self.baseline = baseline
        self.recipes = recipes
        self.sections = sections
    }

    /// Whether other programs took so much of the machine that times of a measurement say little: more than a tenth of its processors.
    public func isDisturbed(_ measurement: Measurement) -> Bool {
        (measurement.otherProcessors ?? 0) > 0.1 * Double(environment.processorCount)
    }

    /// How many cells gave no result.
    public var failureCount: Int { sections.reduce(0) { $0 + $1.rows.count { $0.failure != nil } } }

    /// The mean over sets of the rank of each recipe by its set's figure, 1 being best and ties sharing; of recipes that were
    /// measured on every set, as long as there are two sets and two such recipes.
    public var meanRanks: [String: Double] {
        let complete = recipes.map(\.name).filter { name in
            sections.allSatisfy { section in section.rows.contains { $0.recipe == name && $0.measurement != nil } }
        }
        guard sections.count > 1, complete.count > 1 else { return [:] }
        var sums: [String: Double] = [:]
        for section in sections {
            let values = section.rows.compactMap { row -> (String, Double)? in
                guard complete.contains(row.recipe), let value = section.estimate(of: row) else { return nil }
                return (row.recipe, value)
            }
            for (name, value) in values {
                let above = values.count { section.figure.isLoss ? $0.1 < value : $0.1 > value }
                let equal = values.count { $0.1 == value }
                sums[name, default: 0] += Double(above) + Double(equal + 1) / 2
            }
        }
        return sums.mapValues { $0 / Double(sections.count) }
    }
}

extension BenchmarkReport.Section {
    /// A row's value of the figure that the set's rows are compared by.
    public func estimate(of row: BenchmarkReport.Row) -> Double? { interval(of: row)?.estimate }

    /// The same with its interval.
    public func interval(of row: BenchmarkReport.Row) -> ConfidenceInterval? { row.measurement?.figures[figure.rawValue] }
}
