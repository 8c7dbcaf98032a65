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
/// - Complexity: memory is that of the vectors (`ArchiveFitter.Memory`), and then, of the labelled articles and at most `maximumArticles` of the
///   archive, about (text + 28 bytes a feature of an article + 20 · rank bytes an article).
public struct SemiSupervisedTraining: Sendable {
    public let recipe: Recipe
    public let parameters: SemiSupervisedParameters
    private let featureExtractor: TFIDFVectorizer
    /// The recipe's, for `fittedDeciding`.
    let decisionRule: any DecisionRule

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
        guard let rule = registry.decisionRules[resolved.decisionRule.component] else {
            throw .conflict(
                "the recipe \(recipe.name) has the decision rule \(resolved.decisionRule.component), which is not known")
        }
        decisionRule = try rule.make(resolved.decisionRule.parameters)
        self.recipe = resolved
        self.parameters = parameters
        featureExtractor = TFIDFVectorizer(
            try TFIDFParameters(resolved.featureExtractor.parameters, component: TFIDFVectorizer.identifier))
    }

    /// Trains from the labelled articles and the archive.
    ///
    /// - Parameter definitions: names and keywords of labels as further evidence; the only one where the corpus holds no article, and then
    ///   nothing can be verified.
    /// - Throws: `TrainingError`, also on cancellation.
    public func fitted(
        to corpus: Corpus, archive: ArticleBatch, definitions: LabelDefinitions? = nil, context: TrainingContext
    ) throws -> (model: PipelineModel, report: ArchiveReport) {
        try check(corpus, archive.count, definitions)
        context.report(.phase("words of the archive"))
        var sample = ArchiveSample(limit: parameters.maximumArticles)
        sample.append(archive)
        var fitter = ArchiveFitter(ArchiveVectors(parameters.vectors))
        try fitter.append(corpus.articles)
        try fitter.append(archive)
        return try fitted(
            to: corpus, archive: sample, vectors: try fitter.fitted(context: context).model, definitions: definitions,
            context: context)
    }

    /// Trains from the labelled articles, articles of the archive, and vectors that were fitted before.
    public func fitted(
        to corpus: Corpus, archive sample: ArchiveSample, vectors: ArchiveVectorsModel, definitions: LabelDefinitions? = nil,
        context: TrainingContext
    ) throws -> (model: PipelineModel, report: ArchiveReport) {
        let archive = sample.articles
        try check(corpus, archive.count, definitions)
        let threads = context.threadCount
        var articles = ArticleBatch()
        articles.append(corpus.articles, at: 0..<corpus.count)
        articles.append(archive, at: 0..<archive.count)
        context.report(.phase("features"))
        let extracted = try featureExtractor.fittedExtracting(articles, favouring: corpus.count, context: context)
        guard extracted.model.featureCount > 0 else {
            throw TrainingError.noFeatures(reason: "no term passes the limits on document frequency")
        }
        let words = vectors.terms.rows(of: articles, threadCount: threads)
        let pairs =
            corpus.targets.task == .single && parameters.pairWeight > 0
            ? try TFIDFVectorizer(ArchiveFeatures.pairTerms(parameters)).fittedExtracting(articles, context: context).rows : nil
        let features = ArchiveFeatures(
            terms: extracted.rows, words: words, vectors: vectors.articleVectors(of: words, threads: threads), pairs: pairs,
            parameters: parameters, trainingCount: articles.count)
        let evidence = definitions.map { LabelEvidence($0, labels: corpus.labels, vectors: vectors) }
        if let evidence, evidence.known.count < corpus.labels.count {
            let names = corpus.labels.indices.filter { !evidence.known.contains($0) }.map { corpus.labels[$0] }
            let what = "no word of the archive is among the names and keywords of \(names.joined(separator: ", "))"
            guard corpus.count > 0 else { throw TrainingError.failed(component: "archive", reason: what) }
            context.report(.warning(what))
        }
        let folds =
            corpus.count == 0
            ? []
            : context.foldAssigner?.folds(of: corpus, foldCount: parameters.gateFolds, seed: context.seed)
                ?? LabelFolds.stratified(
                    classes: (0..<corpus.count).map { corpus.targets.classIndex(of: $0) ?? -1 }, foldCount: parameters.gateFolds,
                    seed: context.seed)
        let outcome =
            try corpus.count == 0
            ? evidence.map { try self.outcome(by: $0, corpus, features, context) }
            : self.outcome(corpus, features, folds, evidence, context)
        guard let outcome else { throw TrainingError.emptyCorpus }
        context.report(.phase("fitting the kept model"))
        let student = Student(
            inverseRegularization: parameters.studentInverseRegularization, labelWeight: parameters.studentLabelWeight,
            isExclusive: corpus.targets.task == .single, classCount: corpus.labels.count, context: context)
        let (classifier, fidelity) = try student.fitted(
            features: features, labelled: Array(0..<corpus.count),
            parts: outcome.parts,
            folded: {
                Folding(
                    $0, vectors: vectors, features: extracted.model, words: words, countScale: features.counts.scale,
                    threads: threads)
            }, probabilities: outcome.probabilities,
            labels: corpus.targets.values.map { $0 < 0 ? .nan : Float($0) },
            thresholds: outcome.thresholds)
        var report = outcome.report
        report.fidelity = fidelity
        report.archiveArticleCount = sample.articleCount
        report.archiveDigest = sample.digest
        if archive.count < sample.articleCount {
            report.decision.append("beside the word vectors, \(archive.count) articles spread over the archive were learnt from")
        }
        let task = corpus.targets.task
        let decisionRule =
            task == .single
            ? DecisionModel(mostProbableOf: corpus.labels.count)
            : DecisionModel(
                thresholds: isFixed && parameters.thresholds == .promised
                    ? promisedThresholds(classifier, extracted.rows, from: corpus.count) : outcome.thresholds)
        let header = ModelHeader(
            task: task, labels: Array(corpus.labels), recipe: recipe,
            training: .init(
                articleCount: corpus.count, labelCounts: corpus.targets.positiveCounts, seed: context.seed,
                foldCount: Set(folds).count, dataDigest: corpus.hexadecimalDigest, notes: report.notes,
                archive: .init(articleCount: sample.articleCount, digest: sample.digest)))
        let model = PipelineModel(
            header: header, featureExtractor: extracted.model, featureTransformers: [], classifier: classifier,
            calibrator: LinkFunctionModel(task: task, labelCount: corpus.labels.count),
            decisionRule: decisionRule)
        return (model, report)
    }

    private func check(_ corpus: Corpus, _ archiveCount: Int, _ definitions: LabelDefinitions?) throws(TrainingError) {
        guard corpus.count > (definitions == nil ? 1 : -1), corpus.count + archiveCount > 1 else { throw .emptyCorpus }
    }

    private var inverseRegularization: Double {
        recipe.classifier.parameters["inverseRegularization"].flatMap { Double(hyperparameterValue: $0) } ?? 5
    }

    /// Whether the recipe's thresholds are given beforehand; conformal sets leave that to the rule that they are built on.
    private var isFixed: Bool {
        let rule = recipe.decisionRule
        return rule.component == FixedThreshold.identifier
            || rule.component == ConformalSets.identifier
                && rule.parameters["rule"] == .text(ConformalSets.BaseRule.fixed.rawValue)
    }

    private func cut(_ targets: Targets, _ context: TrainingContext) throws -> ScoreCut {
        guard isFixed else { return .calibrated }
        let given = try (decisionRule as? FixedThreshold)?.fitted(toHeldOut: nil, targets: targets, context: context).thresholds
        return .fixed(given ?? [Double](repeating: 0.5, count: targets.labelCount))
    }

    /// Where the F1 that the probabilities of the kept model promise is the largest, for rows from `first` on.
    private func promisedThresholds(_ classifier: some ClassifierModel, _ rows: SparseMatrix, from first: Int) -> [Double] {
        var scores: [Double] = []
        classifier.decisionFunction(rows, into: &scores)
        let k = classifier.labelCount
        return (0..<k).map { label in ArchiveShift.bestThreshold((first..<rows.rowCount).map { scores[$0 * k + label] }) }
    }

    private var isBalanced: Bool { recipe.classifier.parameters["classWeight"] == .text("balanced") }

    private struct Outcome {
        var probabilities: [Double]
        var thresholds: [Double]
        var report: ArchiveReport
        /// What of the scores is linear in the features.
        var parts: LinearParts
    }

    private func outcome(
        _ corpus: Corpus, _ features: ArchiveFeatures, _ folds: [Int], _ evidence: LabelEvidence?, _ context: TrainingContext
    ) throws -> Outcome {
        let labelled = Array(0..<corpus.count)
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
                context: context, evidence: evidence
            ).result(folds: folds)
            return Outcome(
                probabilities: result.probabilities, thresholds: [Double](repeating: 0.5, count: corpus.labels.count),
                report: ArchiveReport(result, corpus: corpus, classes: classes, threads: context.threadCount),
                parts: result.parts)
        case .multi:
            let result = try MultiLabelArms(
                parameters: parameters, features: features, labelled: labelled, targets: corpus.targets,
                inverseRegularization: inverseRegularization, isBalanced: isBalanced, context: context, evidence: evidence
            ).result(folds: folds, cut: try cut(corpus.targets, context))
            return Outcome(
                probabilities: result.scores.map(sigmoid), thresholds: result.thresholds,
                report: ArchiveReport(result, corpus: corpus, threads: context.threadCount), parts: result.parts)
        }
    }
}

extension SemiSupervisedTraining {
    /// Without labelled articles: those that stand in for them train the arms, and no gate can compare these.
    private func outcome(
        by evidence: LabelEvidence, _ corpus: Corpus, _ features: ArchiveFeatures, _ context: TrainingContext
    ) throws -> Outcome {
        context.report(
            .warning(
                "trained from names and keywords alone: without labelled articles nothing can be verified; "
                    + "four articles a label would allow it"))
        let standIns = evidence.standIns(task: corpus.targets.task, features: features, seed: context.seed)
        let k = corpus.labels.count
        let probabilities: [Double]
        let decision: String
        let parts: LinearParts
        var parameters = parameters
        parameters.teacherInverseRegularization = inverseRegularization
        // Shares that are found on the archive are as good as the stand-ins, which nothing verifies.
        if parameters.prior == .automatic { parameters.prior = .uniform }
        switch corpus.targets.task {
        case .single:
            let classes = (0..<standIns.targets.count).map { standIns.targets.classIndex(of: $0) ?? 0 }
            let arms = try SingleLabelArms(
                parameters: parameters, features: features, classCount: k, labelled: standIns.articles, classes: classes,
                context: context, evidence: evidence
            ).fitted(knowing: Array(classes.indices))
            let prior = LabelPrior(parameters.prior, classes: classes, classCount: k)
            probabilities = prior.posteriors(arms.scores.mixture, rowCount: features.trainingCount)
            parts = arms.parts().mixture
            decision = "word vectors of the archive and the labels that it suggests are used, unverified"
        case .multi:
            let arms = try MultiLabelArms(
                parameters: parameters, features: features, labelled: standIns.articles, targets: standIns.targets,
                inverseRegularization: inverseRegularization, isBalanced: isBalanced, context: context, evidence: evidence
            ).fitted(knowing: Array(standIns.articles.indices), includesMixture: false)
            probabilities = arms.scores.teacher.map(sigmoid)
            parts = arms.parts().teacher
            decision = "word vectors of the archive are used, unverified"
        }
        let shares = ScoreTable.columnMeans(probabilities, rowCount: features.trainingCount, classCount: k)
        return Outcome(
            probabilities: probabilities, thresholds: [Double](repeating: 0.5, count: k),
            report: ArchiveReport(
                overall: nil,
                labels: (0..<k).map { .init(name: corpus.labels[$0], articles: 0, f1: nil, archiveShare: shares[$0]) },
                decision: [decision]), parts: parts)
    }
}

extension Recipe {
    /// The recipe that training with an archive takes unless another is named; a registry has to hold it.
    public static let fewLabelsName = "few-labels"
}
