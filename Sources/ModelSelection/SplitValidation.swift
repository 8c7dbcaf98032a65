import Evaluation
import TextClassification

/// Measures a pipeline on splits of a corpus: on each it is fitted to the training articles and judged on those of the test.
public struct SplitValidation: Sendable {
    public let pipeline: Pipeline
    public let corpus: Corpus

    public init(_ pipeline: Pipeline, on corpus: Corpus) {
        self.pipeline = pipeline
        self.corpus = corpus
    }

    /// What was predicted for the test articles of a split.
    public struct Outcome: Sendable {
        /// The test articles by position.
        public let articles: [Int]
        /// Test articles × labels.
        public let probabilities: [Double]
        public let decisions: [Bool]
        /// Whether each label was unsure; `nil` where the decision rule does not tell.
        public let unsure: [Bool]?
        /// What the decision rule promises.
        public let coverage: Double?
    }

    /// Fits and predicts split by split.
    /// - Parameter inspect: is shown each split's model and what it predicted; the model is not kept.
    /// - Throws: `TrainingError`, what plugins throw, and what `inspect` does.
    public func outcomes(
        of splits: [Split], context: TrainingContext, inspect: (PipelineModel, Outcome) throws -> Void = { _, _ in }
    ) throws -> [Outcome] {
        context.report(.phase("validation"))
        var outcomes: [Outcome] = []
        for (number, split) in splits.enumerated() {
            try context.checkCancellation()
            context.report(.progress(done: number, total: splits.count))
            let (model, outcome) = try fitted(to: split, context: context)
            try inspect(model, outcome)
            outcomes.append(outcome)
        }
        context.report(.progress(done: splits.count, total: splits.count))
        return outcomes
    }

    /// Fits to the training articles of a split and predicts those of its test.
    public func outcome(of split: Split, context: TrainingContext) throws -> Outcome {
        try fitted(to: split, context: context).outcome
    }

    private func fitted(to split: Split, context: TrainingContext) throws -> (model: PipelineModel, outcome: Outcome) {
        let model = try pipeline.fitted(to: corpus.selecting(split.training), context: context.quiet)
        let predictions = try model.predictions(
            for: corpus.selecting(split.test).articles, threadCount: context.threadCount)
        let sets = model.decisionRule.predictionSets
        let outcome = Outcome(
            articles: split.test, probabilities: predictions.probabilities, decisions: predictions.decisions,
            unsure: sets?.unsure(probabilities: predictions.probabilities, decisions: predictions.decisions),
            coverage: sets?.coverage)
        return (model, outcome)
    }
}

extension [SplitValidation.Outcome] {
    /// The outcomes behind one another as one, in the order of the articles where every article is tested once.
    public func joined(of corpus: Corpus) -> SplitValidation.Outcome {
        let width = corpus.labels.count
        let places = enumerated().flatMap { number, outcome in
            outcome.articles.indices.map { (article: outcome.articles[$0], number, $0) }
        }.sorted { ($0.article, $0.1, $0.2) < ($1.article, $1.1, $1.2) }
        func rows<Value>(_ values: (SplitValidation.Outcome) -> [Value]?) -> [Value]? {
            guard allSatisfy({ values($0) != nil }), !isEmpty else { return nil }
            return places.flatMap { place in (values(self[place.1]) ?? [])[place.2 * width..<(place.2 + 1) * width] }
        }
        return SplitValidation.Outcome(
            articles: places.map(\.article), probabilities: rows { $0.probabilities } ?? [],
            decisions: rows { $0.decisions } ?? [], unsure: rows { $0.unsure }, coverage: first?.coverage)
    }
}

extension SplitValidation.Outcome {
    /// Decisions and probabilities beside the truth.
    public func metrics(_ targets: Targets) -> Metrics {
        Metrics(targets: targets.selecting(articles), probabilities: probabilities, decisions: decisions)
    }

    /// What the sets are worth, where there are some.
    public func predictionSets(_ metrics: Metrics, labels: LabelSet) -> PredictionSetReport? {
        guard let unsure, let coverage else { return nil }
        return PredictionSetReport(metrics, unsure: unsure, coverage: coverage, labels: labels)
    }
}
