import LinearAlgebra
import TextClassification

/// Cross-validation of a whole pipeline: every stage, thresholds included, is fitted anew without the articles it is then judged on.
public struct CrossValidation: Sendable {
    public var foldCount: Int
    public var assigner: any FoldAssigner

    public init(foldCount: Int, assigner: any FoldAssigner) {
        self.foldCount = foldCount
        self.assigner = assigner
    }

    /// What cross-validation predicted for every article.
    public struct Outcome: Sendable {
        /// The fold in which each article was held out.
        public let folds: [Int]
        public let foldCount: Int
        /// Articles × labels.
        public let probabilities: [Double]
        /// Articles × labels.
        public let decisions: [Bool]
    }

    /// Fits the pipeline once a fold and predicts the fold's articles.
    ///
    /// Labels that nobody carries outside of a fold cannot be learnt there; their probabilities come from the prior alone.
    /// - Parameter finish: what is done to every fitted model before it predicts.
    /// - Throws: `TrainingError`, also when the corpus is too small to be divided, and what `finish` throws.
    public func outcome(
        of pipeline: Pipeline, on corpus: Corpus, context: TrainingContext,
        finish: (PipelineModel) throws -> PipelineModel = { $0 }
    ) throws -> Outcome {
        guard let folds = assigner.folds(of: corpus, foldCount: foldCount, seed: context.seed) else {
            throw TrainingError.failed(
                component: "cross-validation", reason: "\(corpus.count) articles cannot be divided into \(foldCount) folds")
        }
        let used = (folds.max() ?? 0) + 1
        let labelCount = corpus.labels.count
        var probabilities = [Double](repeating: 0, count: corpus.count * labelCount)
        var decisions = [Bool](repeating: false, count: corpus.count * labelCount)
        context.report(.phase("cross-validation"))
        for fold in 0..<used {
            try context.checkCancellation()
            context.report(.progress(done: fold, total: used))
            let outside = folds.indices.filter { folds[$0] == fold }
            guard !outside.isEmpty else { continue }
            let model = try finish(
                pipeline.fitted(to: corpus.selecting(folds.indices.filter { folds[$0] != fold }), context: context.quiet))
            let predictions = model.predictions(for: corpus.selecting(outside).articles, threadCount: context.threadCount)
            for (position, article) in outside.enumerated() {
                for label in 0..<labelCount {
                    probabilities[article * labelCount + label] = predictions.probabilities[position * labelCount + label]
                    decisions[article * labelCount + label] = predictions.decisions[position * labelCount + label]
                }
            }
        }
        context.report(.progress(done: used, total: used))
        return Outcome(folds: folds, foldCount: used, probabilities: probabilities, decisions: decisions)
    }
}
