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
        /// Whether each label was unsure, articles × labels; `nil` where the decision rule does not tell.
        public let unsure: [Bool]?
        /// What the decision rule promises of what is not unsure.
        public let coverage: Double?
    }

    /// Fits the pipeline once a fold and predicts the fold's articles.
    ///
    /// Labels that nobody carries outside of a fold cannot be learnt there; their probabilities come from the prior alone.
    /// - Throws: `TrainingError`, also when the corpus is too small to be divided.
    public func outcome(of pipeline: Pipeline, on corpus: Corpus, context: TrainingContext) throws -> Outcome {
        try outcomes(of: pipeline, on: corpus, context: context, variants: [{ $0 }])[0]
    }

    /// The outcome of every variant that is made of each fold's model, which is fitted once for all of them.
    /// - Throws: `TrainingError`, also when the corpus is too small to be divided, and what a variant throws.
    public func outcomes(
        of pipeline: Pipeline, on corpus: Corpus, context: TrainingContext,
        variants: [(PipelineModel) throws -> PipelineModel]
    ) throws -> [Outcome] {
        guard let folds = assigner.folds(of: corpus, foldCount: foldCount, seed: context.seed) else {
            throw TrainingError.failed(
                component: "cross-validation", reason: "\(corpus.count) articles cannot be divided into \(foldCount) folds")
        }
        let used = (folds.max() ?? 0) + 1
        let labelCount = corpus.labels.count
        let size = corpus.count * labelCount
        var probabilities = variants.map { _ in [Double](repeating: 0, count: size) }
        var decisions = variants.map { _ in [Bool](repeating: false, count: size) }
        var unsure = variants.map { _ -> [Bool]? in nil }
        var coverages = variants.map { _ -> Double? in nil }
        context.report(.phase("cross-validation"))
        for fold in 0..<used {
            try context.checkCancellation()
            context.report(.progress(done: fold, total: used))
            let outside = folds.indices.filter { folds[$0] == fold }
            guard !outside.isEmpty else { continue }
            let fitted = try pipeline.fitted(
                to: corpus.selecting(folds.indices.filter { folds[$0] != fold }), context: context.quiet)
            let articles = corpus.selecting(outside).articles
            for (variant, make) in variants.enumerated() {
                let model = try make(fitted)
                let predictions = try model.predictions(for: articles, threadCount: context.threadCount)
                let sets = model.decisionRule.predictionSets
                coverages[variant] = sets?.coverage
                let foldUnsure = sets?.unsure(probabilities: predictions.probabilities, decisions: predictions.decisions)
                if foldUnsure != nil, unsure[variant] == nil { unsure[variant] = [Bool](repeating: false, count: size) }
                for (position, article) in outside.enumerated() {
                    for label in 0..<labelCount {
                        let place = position * labelCount + label
                        probabilities[variant][article * labelCount + label] = predictions.probabilities[place]
                        decisions[variant][article * labelCount + label] = predictions.decisions[place]
                        if let foldUnsure { unsure[variant]?[article * labelCount + label] = foldUnsure[place] }
                    }
                }
            }
        }
        context.report(.progress(done: used, total: used))
        return variants.indices.map {
            Outcome(
                folds: folds, foldCount: used, probabilities: probabilities[$0], decisions: decisions[$0], unsure: unsure[$0],
                coverage: coverages[$0])
        }
    }
}
