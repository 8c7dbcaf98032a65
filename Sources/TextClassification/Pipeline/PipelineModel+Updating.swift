import LinearAlgebra

extension PipelineModel {
    /// Why the model cannot go on learning; `nil` where it can.
    public var updateObstacle: UpdateObstacle? { articleClassifier?.updateObstacle ?? classifier.updateObstacle }

    /// The model after learning further articles, and what it said of each before it had learnt it.
    ///
    /// Features, transformations, calibration and thresholds stay as they are: words that the vocabulary lacks are not learnt, and weights of
    /// inverse document frequency remain those of the first training. The header notes the articles.
    ///
    /// - Parameters:
    ///   - corpus: articles with the model's labels and task; their order counts.
    ///   - passCount: how often the articles are visited; `nil` as often as in training.
    /// - Returns: the model, and predictions for the articles in their order, made before they were learnt.
    /// - Throws: `UpdateError`, `TrainingError`, and what a plugin throws.
    public func updated(
        with corpus: Corpus, passCount: Int? = nil, context: TrainingContext
    ) throws -> (model: PipelineModel, before: Predictions) {
        let component = header.recipe.classifier.component
        if let obstacle = updateObstacle { throw UpdateError.impossible(component: component, obstacle) }
        guard Array(corpus.labels) == Array(labels), corpus.targets.task == task else {
            throw UpdateError.otherTask(component: component)
        }
        var context = context
        context.labels = labels
        var before = Predictions(labelCount: labels.count)
        context.report(.phase(component))
        let updated: PipelineModel
        if let articleClassifier {
            let (classifier, scores) = try articleClassifier.updatedErased(corpus, passCount, context)
            before.scores = scores
            before.coverage = Array(repeating: 1, count: corpus.count)
            updated = PipelineModel(
                header: header, articleClassifier: classifier, calibrator: calibrator, decisionRule: decisionRule)
        } else {
            let features = rows(of: corpus.articles, threadCount: context.threadCount)
            before.coverage = features.coverage
            before.repairCount = features.repairCount
            try context.checkCancellation()
            let (classifier, scores) = try classifier.updatedErased(
                transformed(features.matrix), corpus.targets, passCount, context)
            before.scores = scores
            updated = replacing(featureExtractor, classifier)
        }
        guard before.scores.count == corpus.count * labels.count, before.scores.allSatisfy(\.isFinite) else {
            throw TrainingError.notFinite(component: component, what: "a score while updating")
        }
        before.probabilities = before.scores
        calibrator.calibrate(&before.probabilities)
        decisionRule.decide(before.probabilities, into: &before.decisions)
        return (updated.noting(corpus, passCount: passCount, context), before)
    }

    /// The model without what it takes to go on learning; it predicts the same.
    public func withoutUpdateState() -> PipelineModel {
        guard let articleClassifier else { return replacing(featureExtractor, classifier.withoutUpdateState()) }
        return PipelineModel(
            header: header, articleClassifier: articleClassifier.withoutUpdateState(), calibrator: calibrator,
            decisionRule: decisionRule)
    }

    /// Whether exactly these articles were trained on or learnt by an update.
    public func hasLearnt(_ corpus: Corpus) -> Bool {
        let digest = corpus.hexadecimalDigest
        return header.training.dataDigest == digest || (header.training.updates ?? []).contains { $0.dataDigest == digest }
    }

    private func noting(_ corpus: Corpus, passCount: Int?, _ context: TrainingContext) -> PipelineModel {
        var model = self
        model.header.toolkitVersion = SectorKitVersion.current
        model.header.training.updates =
            (header.training.updates ?? []) + [
                .init(
                    articleCount: corpus.count, labelCounts: corpus.targets.positiveCounts, seed: context.seed,
                    passCount: passCount,
                    dataDigest: corpus.hexadecimalDigest)
            ]
        return model
    }

    /// The rows of articles, with what extraction noticed; the same for any number of threads.
    private func rows(of articles: ArticleBatch, threadCount: Int) -> FeatureRows {
        let chunk = 512
        let parts = parallelMap(count: (articles.count + chunk - 1) / chunk, threads: threadCount) { index in
            var rows = FeatureRows(featureCount: featureExtractor.featureCount)
            featureExtractor.makeExtraction().extract(
                articles, index * chunk..<min(articles.count, (index + 1) * chunk), into: &rows)
            return rows
        }
        var all = FeatureRows(featureCount: featureExtractor.featureCount)
        all.matrix = SparseMatrix(stacking: parts.map(\.matrix), columnCount: featureExtractor.featureCount)
        all.coverage = parts.flatMap(\.coverage)
        all.repairCount = parts.reduce(0) { $0 + $1.repairCount }
        return all
    }
}

// Opening an existential gives its updated model back as an existential.
extension ClassifierModel {
    fileprivate func updatedErased(
        _ rows: SparseMatrix, _ targets: Targets, _ passCount: Int?, _ context: TrainingContext
    ) throws -> (any ClassifierModel, [Double]) {
        let updated = try updated(with: rows, targets: targets, passCount: passCount, context: context)
        return (updated.model, updated.scoresBefore)
    }
}

extension ArticleClassifierModel {
    fileprivate func updatedErased(
        _ corpus: Corpus, _ passCount: Int?, _ context: TrainingContext
    ) throws -> (any ArticleClassifierModel, [Double]) {
        let updated = try updated(with: corpus, passCount: passCount, context: context)
        return (updated.model, updated.scoresBefore)
    }
}
