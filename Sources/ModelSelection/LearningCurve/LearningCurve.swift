import Evaluation
import LinearAlgebra
import TextClassification

/// What a pipeline learns from parts of the articles, and what more of them would bring.
///
/// In every fold of a cross-validation the pipeline is fitted to growing parts of the other folds' articles, each part holding the one
/// before, stratified by label with duplicates kept together, and judged on the fold. An inverse power law is fitted to each label's F1
/// and carried on. Its uncertainty comes from a bootstrap that draws folds, and articles within folds, anew and fits again.
public struct LearningCurve: Sendable, Codable, Equatable {
    /// A figure at one size of the training set.
    public struct Point: Sendable, Codable, Equatable {
        /// The mean number of training articles over the folds.
        public let articleCount: Double
        /// Of them those that have the label; `nil` for averages over labels.
        public let labelledCount: Double?
        public let value: Double
        /// The 90 % interval.
        public let lower: Double
        public let upper: Double
    }

    /// What the curve says of more articles.
    public struct Projection: Sendable, Codable, Equatable {
        /// How many times the articles there are.
        public let factor: Double
        public let articleCount: Double
        public let value: Double
        public let lower: Double
        public let upper: Double
        /// The gain over what all articles there are would give, by the same curve, with its 90 % interval.
        public let gain: Double
        public let gainLower: Double
        public let gainUpper: Double
    }

    /// The curve of one figure.
    public struct Curve: Sendable, Codable, Equatable {
        /// `micro-F1`, `macro-F1` or the name of a label, whose F1 it is then.
        public let name: String
        public let isLabel: Bool
        public let points: [Point]
        /// `nil` where fewer than three sizes could be learnt from.
        public let fit: InversePowerLaw?
        public let projections: [Projection]
        /// What that means, in words.
        public let verdict: String
    }

    public let articleCount: Int
    public let foldCount: Int
    public let curves: [Curve]

    /// The parts of the training articles that are learnt from, in eighths.
    static let eighths = [1, 2, 3, 4, 6, 8]
    static let factors = [2.0, 4.0]

    /// Fits and judges the pipeline at six sizes in every fold: about as much work as three cross-validations.
    /// - Throws: `TrainingError`, also when the corpus is too small to be divided.
    public init(
        of pipeline: Pipeline, on corpus: Corpus, foldCount: Int, assigner: any FoldAssigner, context: TrainingContext,
        resampleCount: Int = 200
    ) throws {
        guard let folds = assigner.folds(of: corpus, foldCount: foldCount, seed: context.seed) else {
            throw TrainingError.failed(
                component: "learning curve", reason: "\(corpus.count) articles cannot be divided into \(foldCount) folds")
        }
        let splits = Split.crossValidation(folds: folds)
        let validation = SplitValidation(pipeline, on: corpus)
        context.report(.phase("learning curve"))
        var sizes: [Size] = Self.eighths.map { _ in Size() }
        for (fold, split) in splits.enumerated() {
            let training = corpus.selecting(split.training)
            let parts = assigner.folds(of: training, foldCount: 8, seed: context.seed &+ UInt64(fold))
            for (number, eighth) in Self.eighths.enumerated() {
                try context.checkCancellation()
                context.report(
                    .progress(done: fold * Self.eighths.count + number, total: splits.count * Self.eighths.count))
                // Where the articles cannot be dealt out in eighths there is only the whole.
                guard eighth == 8 || parts != nil else {
                    sizes[number].isComplete = false
                    continue
                }
                let chosen = split.training.indices.filter { eighth == 8 || (parts?[$0] ?? 8) < eighth }
                    .map { split.training[$0] }
                do {
                    let outcome = try validation.outcome(of: Split(training: chosen, test: split.test), context: context)
                    sizes[number].add(outcome, training: chosen, corpus)
                } catch TrainingError.oneClassOnly, TrainingError.noFeatures, TrainingError.emptyCorpus {
                    // So few articles are nothing to learn from: the size is left out.
                    sizes[number].isComplete = false
                }
            }
        }
        articleCount = corpus.count
        self.foldCount = splits.count
        let usable = sizes.filter { $0.isComplete && $0.folds.count == splits.count }
        curves = Self.curves(usable, corpus, resampleCount: resampleCount, context)
    }

    /// What was measured at one size, fold by fold.
    struct Size {
        var folds: [Metrics] = []
        var articleCount = 0.0
        var labelledCounts: [Double] = []
        var isComplete = true

        mutating func add(_ outcome: SplitValidation.Outcome, training: [Int], _ corpus: Corpus) {
            folds.append(outcome.metrics(corpus.targets))
            articleCount += Double(training.count)
            let counts = corpus.targets.selecting(training).positiveCounts.map(Double.init)
            labelledCounts = labelledCounts.isEmpty ? counts : zip(labelledCounts, counts).map { $0 + $1 }
        }
    }
}
