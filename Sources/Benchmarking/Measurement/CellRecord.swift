import FoundationEssentials
import TextClassification

/// A finished cell as a journal keeps it: a line of JSON.
public struct CellRecord: Codable, Sendable, Equatable {
    /// How a cell that gave no result ended.
    public struct Failure: Codable, Sendable, Equatable {
        public let message: String
        /// The time limit that the cell ran into, in seconds.
        public let timeLimit: Double?

        public init(message: String, timeLimit: Double? = nil) {
            self.message = message
            self.timeLimit = timeLimit
        }
    }

    /// The digest of everything that the result depends on.
    public let key: String
    public let set: String
    public let recipe: String
    public let result: CellResult?
    public let failure: Failure?

    public init(key: String, set: String, recipe: String, result: CellResult) {
        (self.key, self.set, self.recipe, self.result, failure) = (key, set, recipe, result, nil)
    }

    public init(key: String, set: String, recipe: String, failure: Failure) {
        (self.key, self.set, self.recipe, self.failure, result) = (key, set, recipe, failure, nil)
    }

    /// Whether the cell need not be measured again.
    ///
    /// What failed is tried again, for its cause may be gone, unless it ran into a time limit at least as long as the one now.
    public func isFinal(timeLimit: Double?) -> Bool {
        guard let failure else { return result != nil }
        guard let earlier = failure.timeLimit, let timeLimit else { return false }
        return earlier >= timeLimit
    }
}

/// Everything that the result of a cell depends on. Equal inputs give equal keys.
public struct CellInputs: Encodable, Sendable {
    /// Changes when the meaning of a record does.
    private let format = 2
    /// The program that measures: another build may give other figures.
    public var program: String
    public var recipe: Recipe
    public var innerFoldCount: Int
    /// The digest of the articles and their labels.
    public var corpus: String
    /// How many of the articles are for training; `nil` for cross-validation.
    public var trainingCount: Int?
    public var foldCount: Int?
    public var seed: UInt64
    public var threadCount: Int
    /// What the plugins are: digests of their files, and the versions that they give themselves.
    public var plugins: [String]

    public init(
        program: String, recipe: Recipe, innerFoldCount: Int, corpus: String, trainingCount: Int?, foldCount: Int?,
        seed: UInt64, threadCount: Int, plugins: [String] = []
    ) {
        self.program = program
        self.recipe = recipe
        self.innerFoldCount = innerFoldCount
        self.corpus = corpus
        self.trainingCount = trainingCount
        self.foldCount = foldCount
        self.seed = seed
        self.threadCount = threadCount
        self.plugins = plugins
    }

    /// The XXH64 of the inputs as JSON with sorted keys, in hexadecimal.
    public var key: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            let digits = String(XXH64.hash(Array(try encoder.encode(self))), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
    }
}
