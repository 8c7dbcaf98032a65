/// What a component needs while it is fitted, apart from data and hyper-parameters.
public struct TrainingContext: Sendable {
    /// The seed of everything random.
    public var seed: UInt64
    /// How many threads may be used; results must not depend on it.
    public var threadCount: Int
    /// Told about phases and about things the user should know.
    public var report: @Sendable (TrainingEvent) -> Void
    /// Asked now and then; once it is true, fitting ends with `TrainingError.cancelled`.
    public var isCancelled: @Sendable () -> Bool
    /// Divides a corpus into folds, for what is learnt from held-out scores (calibration, thresholds).
    public var foldAssigner: (any FoldAssigner)?
    /// What the labels of the targets are called, where it is known; a pipeline tells its components.
    public var labels: LabelSet?
    /// The components that others can be made of, such as the members of a combination; a pipeline hands on its own.
    public var registry = Registry()
    /// Whether models should hold what it takes to go on learning, where they can.
    public var keepsUpdateState = true

    public init(
        seed: UInt64 = 0, threadCount: Int = 1, foldAssigner: (any FoldAssigner)? = nil,
        report: @escaping @Sendable (TrainingEvent) -> Void = { _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.seed = seed
        self.threadCount = max(1, threadCount)
        self.foldAssigner = foldAssigner
        self.report = report
        self.isCancelled = isCancelled
    }

    public func checkCancellation() throws(TrainingError) {
        if isCancelled() { throw .cancelled }
    }

    /// The same context without reports, for fits inside of a fit.
    public var quiet: TrainingContext {
        var quiet = self
        quiet.report = { _ in }
        return quiet
    }
}

/// News from a training run.
public enum TrainingEvent: Sendable, Equatable {
    /// A phase began, such as "building the vocabulary".
    case phase(String)
    /// So many of so many steps of the phase are done.
    case progress(done: Int, total: Int)
    /// Something the user should know although training goes on.
    case warning(String)
    /// A fact worth keeping with the model, such as the solver's number of iterations.
    case note(String)
}

/// A division of a corpus into parts for cross-validation.
public protocol FoldAssigner: Sendable {
    /// The fold of each article, from 0 up to (not including) `foldCount`, or `nil` where the corpus is too small to be divided.
    func folds(of corpus: Corpus, foldCount: Int, seed: UInt64) -> [Int]?
}
