/// What a model file says of itself: how the model was made and what it expects.
public struct ModelHeader: Sendable, Equatable, Codable {
    /// The version of the toolkit that wrote the file.
    public var toolkitVersion: String
    public var task: ClassificationTask
    public var labels: [String]
    /// The recipe with every hyper-parameter written out: enough to train again.
    public var recipe: Recipe
    /// The plugins that components of the recipe come from; `nil` where all are compiled in.
    public var plugins: [PluginRecord]?
    public var training: TrainingRecord

    /// How the model was trained.
    public struct TrainingRecord: Sendable, Equatable, Codable {
        public var articleCount: Int
        /// Positive articles of each label, in the order of `labels`.
        public var labelCounts: [Int]
        public var seed: UInt64
        /// Fold count of the cross-validation that thresholds and calibration come from; 0 when there was none.
        public var foldCount: Int
        /// The XXH64 of the identifiers, texts and labels trained on, in hexadecimal.
        public var dataDigest: String
        /// Figures measured while training, such as the cross-validated micro-F1.
        public var metrics: [String: Double]
        /// What the components reported, such as whether the solver converged.
        public var notes: [String]
        /// The unlabelled articles that were learnt from beside the labelled ones, or `nil`.
        public var archive: Archive?
        /// What was learnt after training, in order; `nil` where nothing was.
        public var updates: [Update]?

        /// Further articles that were learnt.
        public struct Update: Sendable, Equatable, Codable {
            public var articleCount: Int
            /// Positive articles of each label, in the order of `labels`.
            public var labelCounts: [Int]
            public var seed: UInt64
            /// How often they were visited; `nil` as often as in training.
            public var passCount: Int?
            /// The XXH64 of the identifiers, texts and labels, in hexadecimal.
            public var dataDigest: String
            /// Figures of the predictions made before the articles were learnt.
            public var metrics: [String: Double]

            public init(
                articleCount: Int, labelCounts: [Int], seed: UInt64, passCount: Int? = nil, dataDigest: String,
                metrics: [String: Double] = [:]
            ) {
                self.articleCount = articleCount
                self.labelCounts = labelCounts
                self.seed = seed
                self.passCount = passCount
                self.dataDigest = dataDigest
                self.metrics = metrics
            }
        }

        /// An archive of unlabelled articles.
        public struct Archive: Sendable, Equatable, Codable {
            public var articleCount: Int
            /// The XXH64 of the texts, in hexadecimal.
            public var digest: String

            public init(articleCount: Int, digest: String) {
                self.articleCount = articleCount
                self.digest = digest
            }
        }

        public init(
            articleCount: Int, labelCounts: [Int], seed: UInt64, foldCount: Int = 0, dataDigest: String,
            metrics: [String: Double] = [:], notes: [String] = [], archive: Archive? = nil
        ) {
            self.articleCount = articleCount
            self.labelCounts = labelCounts
            self.seed = seed
            self.foldCount = foldCount
            self.dataDigest = dataDigest
            self.metrics = metrics
            self.notes = notes
            self.archive = archive
        }
    }

    public init(
        toolkitVersion: String = SectorKitVersion.current, task: ClassificationTask, labels: [String], recipe: Recipe,
        plugins: [PluginRecord] = [], training: TrainingRecord
    ) {
        self.toolkitVersion = toolkitVersion
        self.task = task
        self.labels = labels
        self.recipe = recipe
        self.plugins = plugins.isEmpty ? nil : plugins
        self.training = training
    }
}

/// The version of this toolkit.
public enum SectorKitVersion {
    public static let current = "0.1.0"
}
