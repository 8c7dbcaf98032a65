import TextClassification

extension SemiSupervisedTraining {
    /// Trains, and lets the recipe's decision rule learn from articles that were held out of all of the training.
    ///
    /// The thresholds of `fitted` are those that promise the largest F1 on the archive. A rule with another aim, or one that tells what
    /// cannot be ruled out, has to see what the kept model says of labelled articles that it was not trained on: the training is repeated
    /// for each fold, without the fold's articles. Only the vectors are the same in all, so they must come from the archive alone. Labels
    /// that could not be learnt outside of an article's fold say nothing there.
    ///
    /// - Parameter vectors: fitted to articles of which none is a labelled one.
    /// - Complexity: that of `fitted`, times one more than there are folds.
    /// - Throws: `TrainingError`, also where the articles cannot be divided.
    public func fittedDeciding(
        to corpus: Corpus, archive: ArchiveSample, vectors: ArchiveVectorsModel, definitions: LabelDefinitions? = nil,
        foldCount: Int = 5, context: TrainingContext
    ) throws -> (model: PipelineModel, report: ArchiveReport) {
        guard let folds = context.foldAssigner?.folds(of: corpus, foldCount: foldCount, seed: context.seed) else {
            throw TrainingError.failed(
                component: "archive",
                reason: "\(corpus.count) labelled articles are too few to hold some out, which an aim or a coverage needs")
        }
        let labelCount = corpus.labels.count
        var probabilities = [Double](repeating: 0, count: corpus.count * labelCount)
        var targets = corpus.targets
        let usedFolds = (folds.max() ?? 0) + 1
        for fold in 0..<usedFolds {
            try context.checkCancellation()
            context.report(.phase("training without fold \(fold + 1) of \(usedFolds)"))
            let inside = folds.indices.filter { folds[$0] != fold }
            let outside = folds.indices.filter { folds[$0] == fold }
            guard !inside.isEmpty, !outside.isEmpty else { continue }
            let model = try fitted(
                to: corpus.selecting(inside), archive: archive, vectors: vectors, definitions: definitions, context: context.quiet
            ).model
            let predictions = try model.predictions(
                for: corpus.selecting(outside).articles, threadCount: context.threadCount)
            let learnt = corpus.targets.selecting(inside).positiveCounts.map { $0 > 0 }
            for (position, article) in outside.enumerated() {
                for label in 0..<labelCount {
                    probabilities[article * labelCount + label] = predictions.probabilities[position * labelCount + label]
                    if !learnt[label] { targets.removeJudgement(article: article, label: label) }
                }
            }
        }
        let (model, report) = try fitted(
            to: corpus, archive: archive, vectors: vectors, definitions: definitions, context: context)
        return (
            PipelineModel(
                header: model.header, featureExtractor: model.featureExtractor, featureTransformers: model.featureTransformers,
                classifier: model.classifier, calibrator: model.calibrator,
                decisionRule: try decisionRule.fitted(toHeldOut: probabilities, targets: targets, context: context)), report
        )
    }
}
