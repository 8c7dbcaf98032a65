import LinearAlgebra

extension Pipeline {
    /// What gives scores, before training: stages over rows of features, or a classifier of articles.
    enum Scoring: Sendable {
        case stages(any FeatureExtractor, [any FeatureTransformer], any Classifier)
        case articles(any ArticleClassifier)

        /// Makes the components that a recipe with all hyper-parameters names.
        init(_ recipe: Recipe, registry: Registry) throws(ConfigurationError) {
            guard !recipe.readsArticles else {
                self = .articles(
                    try registry.articleClassifiers.entry(recipe.classifier.component, stage: "article classifier")
                        .make(recipe.classifier.parameters))
                return
            }
            let extractor = try registry.featureExtractors
                .entry(recipe.featureExtractor.component, stage: "feature extractor").make(recipe.featureExtractor.parameters)
            var transformers: [any FeatureTransformer] = []
            for transformer in recipe.featureTransformers {
                transformers.append(
                    try registry.featureTransformers.entry(transformer.component, stage: "feature transformer")
                        .make(transformer.parameters))
            }
            let classifier = try registry.classifier(recipe.classifier)
            self = .stages(extractor, transformers, classifier)
        }

        /// Which tasks can be learnt.
        var tasks: [ClassificationTask] {
            switch self {
            case .stages(_, _, let classifier): type(of: classifier).tasks
            case .articles(let classifier): classifier.tasks
            }
        }

        /// Whether it learns from labelled articles.
        var needsLabels: Bool {
            switch self {
            case .stages(_, _, let classifier): classifier.needsLabels
            case .articles: true
            }
        }

        /// Fits every stage to the corpus; the stages over features before the classifier also to an archive, without labels. The texts go to
        /// the feature extractor, which may let go of them.
        func fitted(
            to corpus: consuming Corpus, archive: consuming ArticleBatch, context: TrainingContext
        ) throws -> FittedScoring {
            switch self {
            case .articles(let classifier):
                guard archive.count == 0 else {
                    throw ConfigurationError.conflict(
                        "\(classifier.configuration.component) reads articles itself and does not learn from an archive")
                }
                context.report(.phase(classifier.configuration.component))
                return .articles(try classifier.fittedErased(to: corpus, context: context))
            case .stages(let extractor, let transformers, let classifier):
                context.report(.phase("features"))
                let (labelledCount, archiveCount, targets) = (corpus.count, archive.count, corpus.targets)
                let extracted = try extractor.fittedErased(
                    to: corpus.texts(before: archive), favouring: archiveCount > 0 ? labelledCount : 0, context: context)
                guard extracted.model.featureCount > 0 else {
                    throw TrainingError.noFeatures(reason: "no term passes the limits on document frequency")
                }
                var rows = extracted.rows
                var known = targets
                for _ in 0..<archiveCount { known.appendUnlabelled() }
                var models: [any FeatureTransformerModel] = []
                for transformer in transformers {
                    try context.checkCancellation()
                    context.report(.phase(type(of: transformer).identifier))
                    let model = try transformer.fittedErased(to: rows, targets: known, context: context)
                    var output = SparseMatrix(columnCount: model.featureCount)
                    model.transform(rows, into: &output)
                    rows = output
                    models.append(model)
                }
                if archiveCount > 0 { rows = rows.selectingRows(Array(0..<labelledCount)) }
                try context.checkCancellation()
                context.report(.phase(type(of: classifier).identifier))
                // What counting terms took is free by now, but would stay beside all that the classifier takes.
                giveBackFreeMemory()
                return .stages(
                    extracted.model, models,
                    try classifier.fittedErased(to: rows, targets: targets, context: context))
            }
        }
    }

    /// What gives scores, after training.
    enum FittedScoring: Sendable {
        case stages(any FeatureExtractorModel, [any FeatureTransformerModel], any ClassifierModel)
        case articles(any ArticleClassifierModel)

        /// The scores of all articles of a batch, articles × labels.
        func scores(of articles: ArticleBatch, threadCount: Int) throws -> [Double] {
            var scores: [Double] = []
            switch self {
            case .articles(let classifier):
                try classifier.decisionFunction(articles, 0..<articles.count, into: &scores)
            case .stages(let extractor, let transformers, let classifier):
                var rows = extractor.rows(of: articles, threadCount: threadCount)
                for transformer in transformers {
                    var output = SparseMatrix(columnCount: transformer.featureCount)
                    transformer.transform(rows, into: &output)
                    rows = output
                }
                classifier.decisionFunction(rows, into: &scores)
            }
            return scores
        }
    }
}

extension Corpus {
    /// The texts, and those of an archive behind them; lets go of the rest.
    fileprivate consuming func texts(before archive: consuming ArticleBatch) -> ArticleBatch {
        var texts = ArticleBatch()
        swap(&texts, &articles)
        texts.append(archive, at: 0..<archive.count)
        return texts
    }
}

// Opening an existential gives its fitted model back as an existential.
extension ArticleClassifier {
    fileprivate func fittedErased(to corpus: Corpus, context: TrainingContext) throws -> any ArticleClassifierModel {
        try fitted(to: corpus, context: context)
    }
}

extension FeatureExtractor {
    func fittedErased(
        to articles: consuming ArticleBatch, favouring favouredCount: Int = 0, context: TrainingContext
    ) throws -> (model: any FeatureExtractorModel, rows: SparseMatrix) {
        if favouredCount > 0 {
            let (model, rows) = try fittedExtracting(articles, favouring: favouredCount, context: context)
            return (model, rows)
        }
        let (model, rows) = try fittedExtracting(articles, context: context)
        return (model, rows)
    }
}

extension FeatureTransformer {
    func fittedErased(
        to rows: SparseMatrix, targets: Targets?, context: TrainingContext
    ) throws -> any FeatureTransformerModel {
        try fitted(to: rows, targets: targets, context: context)
    }
}

extension Classifier {
    func fittedErased(to rows: SparseMatrix, targets: Targets, context: TrainingContext) throws -> any ClassifierModel {
        try fitted(to: rows, targets: targets, context: context)
    }
}
