import Calibration
import LinearAlgebra
import LinearModels
import TextClassification
import TextFeatures

/// Training from a few labelled articles and an archive of unlabelled ones.
///
/// Vectors of words are factorised from the archive (`ArchiveVectors`); classifiers with and without them, and expectation maximisation
/// over the archive, compete on held-out labels; and a linear model on the recipe's features is fitted to what the winner says of the
/// archive. The result is an ordinary pipeline: as small, fast and explainable as one that was trained from labels alone.
///
/// - Complexity: memory is about (text + 28 bytes a feature of an article + 20 · rank bytes an article) beside that of the vectors.
public struct SemiSupervisedTraining: Sendable {
    public let recipe: Recipe
    public let parameters: SemiSupervisedParameters
    private let featureExtractor: TFIDFVectorizer

    /// - Throws: `ConfigurationError` for a recipe that has transformers, or another classifier than logistic regression.
    public init(
        _ recipe: Recipe, parameters: SemiSupervisedParameters = .init(), registry: Registry
    ) throws(ConfigurationError) {
        var resolved = try recipe.resolved(in: registry)
        guard resolved.featureTransformers.isEmpty, resolved.classifier.component == LogisticRegression.identifier,
            resolved.featureExtractor.component == TFIDFVectorizer.identifier
        else {
            throw .conflict(
                "training with an archive keeps a logistic regression on TF-IDF features: the recipe \(recipe.name) has other stages"
            )
        }
        resolved.calibrator = ComponentConfiguration(LinkFunction.identifier)
        self.recipe = resolved
        self.parameters = parameters
        featureExtractor = TFIDFVectorizer(
            try TFIDFParameters(resolved.featureExtractor.parameters, component: TFIDFVectorizer.identifier))
    }

    /// Trains from the labelled articles and the archive.
    ///
    /// - Throws: `TrainingError`, also on cancellation.
    public func fitted(
        to corpus: Corpus, archive: ArticleBatch, context: TrainingContext
    ) throws -> (model: PipelineModel, report: ArchiveReport) {
        guard corpus.count > 1 else { throw TrainingError.emptyCorpus }
        let threads = context.threadCount
        var articles = ArticleBatch()
        articles.append(corpus.articles, at: 0..<corpus.count)
        articles.append(archive, at: 0..<archive.count)
        let (vectors, articleVectors) = try ArchiveVectors(parameters.vectors).fittedExtracting(articles, context: context)
        context.report(.phase("features"))
        let extracted = try featureExtractor.fittedExtracting(articles, favouring: corpus.count, context: context)
        guard extracted.model.featureCount > 0 else {
            throw TrainingError.noFeatures(reason: "no term passes the limits on document frequency")
        }
        let words = vectors.terms.rows(of: articles, threadCount: threads)
        let features = ArchiveFeatures(
            terms: extracted.rows, words: words, vectors: articleVectors,
            parameters: parameters, trainingCount: articles.count)
        let folds =
            context.foldAssigner?.folds(of: corpus, foldCount: parameters.gateFolds, seed: context.seed)
            ?? LabelFolds.stratified(
                classes: (0..<corpus.count).map { corpus.targets.classIndex(of: $0) ?? -1 }, foldCount: parameters.gateFolds,
                seed: context.seed)
        let outcome = try outcome(corpus, features, folds, context)
        context.report(.phase("fitting the kept model"))
        let student = Student(
            inverseRegularization: parameters.studentInverseRegularization, labelWeight: parameters.studentLabelWeight,
            isExclusive: corpus.targets.task == .single, classCount: corpus.labels.count, context: context)
        let (classifier, fidelity) = try student.fitted(
            features: features, labelled: Array(0..<corpus.count),
            folded: { weights in
                Folding(
                    weights, outputCount: corpus.labels.count, vectors: vectors, features: extracted.model, words: words,
                    threads: threads)
            }, probabilities: outcome.probabilities,
            labels: corpus.targets.values.map { $0 < 0 ? .nan : Float($0) },
            thresholds: outcome.thresholds)
        var report = outcome.report
        report.fidelity = fidelity
        report.archiveArticleCount = archive.count
        report.archiveDigest = archive.digest
        let task = corpus.targets.task
        let header = ModelHeader(
            task: task, labels: Array(corpus.labels), recipe: recipe,
            training: .init(
                articleCount: corpus.count, labelCounts: corpus.targets.positiveCounts, seed: context.seed,
                foldCount: Set(folds).count, dataDigest: corpus.hexadecimalDigest, notes: report.notes,
                archive: .init(articleCount: archive.count, digest: archive.digest)))
        let model = PipelineModel(
            header: header, featureExtractor: extracted.model, featureTransformers: [], classifier: classifier,
            calibrator: LinkFunctionModel(task: task, labelCount: corpus.labels.count),
            decisionRule: task == .single
                ? DecisionModel(mostProbableOf: corpus.labels.count) : DecisionModel(thresholds: outcome.thresholds))
        return (model, report)
    }

    private struct Outcome {
        var probabilities: [Double]
        var thresholds: [Double]
        var report: ArchiveReport
    }

    private func outcome(
        _ corpus: Corpus, _ features: ArchiveFeatures, _ folds: [Int], _ context: TrainingContext
    ) throws -> Outcome {
        let labelled = Array(0..<corpus.count)
        let settings = recipe.classifier.parameters
        let inverseRegularization = settings["inverseRegularization"].flatMap { Double(hyperparameterValue: $0) } ?? 5
        switch corpus.targets.task {
        case .single:
            let classes = try labelled.map { article in
                guard let label = corpus.targets.classIndex(of: article) else {
                    throw TrainingError.failed(
                        component: "archive", reason: "article \"\(corpus.identifiers[article])\" has no label")
                }
                return label
            }
            var parameters = parameters
            parameters.teacherInverseRegularization = inverseRegularization
            let result = try SingleLabelArms(
                parameters: parameters, features: features, classCount: corpus.labels.count, labelled: labelled, classes: classes,
                context: context
            ).result(folds: folds)
            return Outcome(
                probabilities: result.probabilities, thresholds: [Double](repeating: 0.5, count: corpus.labels.count),
                report: ArchiveReport(result, corpus: corpus, classes: classes, threads: context.threadCount))
        case .multi:
            let result = try MultiLabelArms(
                parameters: parameters, features: features, labelled: labelled, targets: corpus.targets,
                inverseRegularization: inverseRegularization, isBalanced: settings["classWeight"] == .text("balanced"),
                context: context
            ).result(folds: folds, keepsScores: recipe.decisionRule.component == FixedThreshold.identifier)
            return Outcome(
                probabilities: result.scores.map(sigmoid), thresholds: result.thresholds,
                report: ArchiveReport(result, corpus: corpus, threads: context.threadCount))
        }
    }
}

extension Recipe {
    /// The recipe that training with an archive takes unless another is named; a registry has to hold it.
    public static let fewLabelsName = "few-labels"
}
