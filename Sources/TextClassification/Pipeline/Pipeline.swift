import LinearAlgebra

/// A pipeline before training: one estimator a stage.
public struct Pipeline: TextClassifier {
    /// The recipe, with every hyper-parameter written out.
    public let recipe: Recipe
    /// How many folds give the held-out scores that calibration and thresholds are learnt from.
    public var foldCount: Int
    /// The plugins that components of the recipe come from.
    let plugins: [PluginRecord]
    private let registry: Registry
    let scoring: Scoring
    let calibrator: any Calibrator
    let decisionRule: any DecisionRule

    /// Makes the components that a recipe names.
    public init(_ recipe: Recipe, registry: Registry, foldCount: Int = 5) throws(ConfigurationError) {
        let resolved = try recipe.resolved(in: registry)
        self.recipe = resolved
        self.foldCount = foldCount
        plugins = registry.plugins(of: resolved)
        self.registry = registry
        scoring = try Scoring(resolved, registry: registry)
        calibrator = try registry.calibrators.entry(resolved.calibrator.component, stage: "calibrator")
            .make(resolved.calibrator.parameters)
        decisionRule = try registry.decisionRules.entry(resolved.decisionRule.component, stage: "decision rule")
            .make(resolved.decisionRule.parameters)
    }

    /// Fits every stage to the corpus; calibration and thresholds come from scores of articles that were held out.
    ///
    /// Every text transformation, the vocabulary and the weights of inverse document frequency included, is learnt anew within
    /// each fold, so that the held-out scores are those of articles that the fold's model never saw. Where all articles with a label,
    /// or all without, are in one fold, the model of the others could not learn it: its scores of the fold say nothing about the model
    /// that is kept, and calibration and thresholds are learnt without them.
    ///
    /// The corpus is given away: where no articles are held out, its texts are free as soon as the features are extracted, unless the caller
    /// keeps them, too.
    public func fitted(to corpus: consuming Corpus, context: TrainingContext) throws -> PipelineModel {
        try fitted(to: corpus, archive: ArticleBatch(), context: context)
    }

    /// Fits every stage to the corpus; feature extractor and transformers, such as topics, also to articles without labels.
    ///
    /// Terms that only the archive has are kept by the extractor's limits on all articles; terms of the corpus are kept as they would be
    /// in any case. Transformers see the archive's rows as not judged, and the classifier does not see them. Held-out scores come from
    /// fits to the fold's articles and all of the archive.
    ///
    /// - Complexity: with held-out scores the archive is learnt from `foldCount` + 1 times.
    public func fitted(
        to corpus: consuming Corpus, archive: consuming ArticleBatch, context: TrainingContext
    ) throws -> PipelineModel {
        try check(corpus)
        let context = prepared(context, for: corpus.labels)
        let (labels, allTargets) = (corpus.labels, corpus.targets)
        let (digest, archiveRecord) = (corpus.digest, Self.record(of: archive))
        // What is held out is read again.
        let kept = needsHeldOutScores(for: allTargets.task) ? (corpus: copy corpus, archive: copy archive) : nil
        let fitted = try scoring.fitted(to: corpus, archive: archive, context: context)
        var heldOut = try kept.flatMap { try heldOutScores(of: $0.corpus, archive: $0.archive, context: context) }
        let targets = heldOut?.targets ?? allTargets
        let calibrator = try self.calibrator.fittedErased(toHeldOut: heldOut?.scores, targets: targets, context: context)
        if heldOut != nil { calibrator.calibrate(&heldOut!.scores) }
        let decisionRule = try self.decisionRule.fittedErased(
            toHeldOut: heldOut?.scores, targets: targets, context: context)
        let header = ModelHeader(
            task: allTargets.task, labels: Array(labels), recipe: recipe, plugins: plugins,
            training: .init(
                articleCount: allTargets.count, labelCounts: allTargets.positiveCounts, seed: context.seed,
                foldCount: heldOut?.foldCount ?? 0, dataDigest: hexadecimal(digest), archive: archiveRecord))
        return PipelineModel(
            header: header, scoring: fitted, calibrator: calibrator, decisionRule: decisionRule)
    }

    private static func record(of archive: ArticleBatch) -> ModelHeader.TrainingRecord.Archive? {
        archive.count == 0 ? nil : .init(articleCount: archive.count, digest: archive.digest)
    }

    /// A context that tells components what the labels are called and what else there is to be made of.
    func prepared(_ context: TrainingContext, for labels: LabelSet) -> TrainingContext {
        var context = context
        context.labels = labels
        context.registry = registry
        return context
    }

    private func check(_ corpus: Corpus) throws {
        let task = corpus.targets.task
        guard scoring.tasks.contains(task) else {
            throw ConfigurationError.unsupportedTask(task, component: recipe.classifier.component, allowed: scoring.tasks)
        }
        guard scoring.needsLabels else { return }
        guard corpus.count > 0 else { throw TrainingError.emptyCorpus }
        let first = corpus.targets.selecting(0..<1)
        if corpus.targets.areAllTheSame {
            let names = (0..<corpus.labels.count).filter { first[0, $0] == .positive }.map { corpus.labels[$0] }
            throw TrainingError.oneClassOnly(names.isEmpty ? "none" : names.joined(separator: ";"))
        }
    }

    private func needsHeldOutScores(for task: ClassificationTask) -> Bool {
        calibrator.needsHeldOutScores(for: task) || decisionRule.needsHeldOutProbabilities(for: task)
    }

    private func heldOutScores(
        of corpus: Corpus, archive: ArticleBatch, context: TrainingContext
    ) throws -> (scores: [Double], targets: Targets, foldCount: Int)? {
        guard let folds = context.foldAssigner?.folds(of: corpus, foldCount: foldCount, seed: context.seed) else {
            context.report(.warning("too few articles to hold some out: thresholds and calibration keep their defaults"))
            return nil
        }
        context.report(.phase("cross-validation for thresholds"))
        let (scores, targets) = try heldOutScores(of: corpus, archive: archive, folds: folds, context: context)
        return (scores, targets, (folds.max() ?? 0) + 1)
    }

    /// The scores of every article by a model that was fitted without the article's fold, articles × labels; 0 in folds that cannot be
    /// held out. With them the targets without the judgements on labels that could not be learnt outside of the article's fold. All of
    /// the archive is learnt from with every fold.
    public func heldOutScores(
        of corpus: Corpus, archive: ArticleBatch = ArticleBatch(), folds: [Int], context: TrainingContext
    ) throws -> (scores: [Double], targets: Targets) {
        let context = prepared(context, for: corpus.labels)
        let usedFolds = (folds.max() ?? 0) + 1
        let labelCount = corpus.labels.count
        var scores = [Double](repeating: 0, count: corpus.count * labelCount)
        var targets = corpus.targets
        for fold in 0..<usedFolds {
            try context.checkCancellation()
            context.report(.progress(done: fold, total: usedFolds))
            let inside = folds.indices.filter { folds[$0] != fold }
            let outside = folds.indices.filter { folds[$0] == fold }
            guard !inside.isEmpty, !outside.isEmpty else { continue }
            let fitted = try scoring.fitted(to: corpus.selecting(inside), archive: archive, context: context.quiet)
            var articles = ArticleBatch()
            articles.append(corpus.articles, at: outside)
            let foldScores = try fitted.scores(of: articles, threadCount: context.threadCount)
            let learnt = corpus.targets.selecting(inside).learnableLabels
            for (position, article) in outside.enumerated() {
                for label in 0..<labelCount {
                    scores[article * labelCount + label] = foldScores[position * labelCount + label]
                    if !learnt[label] { targets.removeJudgement(article: article, label: label) }
                }
            }
        }
        context.report(.progress(done: usedFolds, total: usedFolds))
        return (scores, targets)
    }

    /// What calibrator and decision rule make of held-out scores that they are fitted to, articles × labels: near to what the pipeline
    /// does on new articles, at the cost of one fit a fold.
    public func decisions(
        ofHeldOut scores: [Double], targets: Targets, context: TrainingContext
    ) throws -> (probabilities: [Double], decisions: [Bool]) {
        var probabilities = scores
        try calibrator.fittedErased(toHeldOut: scores, targets: targets, context: context).calibrate(&probabilities)
        var decisions: [Bool] = []
        try decisionRule.fittedErased(toHeldOut: probabilities, targets: targets, context: context)
            .decide(probabilities, into: &decisions)
        return (probabilities, decisions)
    }
}

extension Targets {
    /// Whether each label was judged both positive and negative, so that something can be learnt about it.
    public var learnableLabels: [Bool] {
        var (positive, negative) = ([Bool](repeating: false, count: labelCount), [Bool](repeating: false, count: labelCount))
        for (position, value) in values.enumerated() {
            if value == 1 { positive[position % labelCount] = true }
            if value == 0 { negative[position % labelCount] = true }
        }
        return zip(positive, negative).map { $0 && $1 }
    }
}

extension Corpus {
    /// The XXH64 of identifiers, texts and labels, in their order.
    public var digest: UInt64 {
        var hash = XXH64()
        for article in 0..<count {
            let identifier = Array(identifiers[article].utf8)
            hash.append(identifier.span)
            hash.append(0xFF)
            articles.append(article, to: &hash)
        }
        for label in labels {
            let name = Array(label.utf8)
            hash.append(name.span)
            hash.append(0xFF)
        }
        let judgements = targets.values.map { UInt8(bitPattern: $0) }
        hash.append(judgements.span)
        return hash.value
    }

    /// The digest as model files hold it.
    public var hexadecimalDigest: String { hexadecimal(digest) }
}

extension ArticleBatch {
    /// The XXH64 of titles and texts, in their order, in hexadecimal.
    public var digest: String {
        var hash = XXH64()
        for article in 0..<count { append(article, to: &hash) }
        return hexadecimal(hash.value)
    }

    /// Appends title and text of an article to a hash, each closed by a byte that no text has.
    public func append(_ article: Int, to hash: inout XXH64) {
        for range in [titles[article], bodies[article]] {
            hash.append(bytes.span.extracting(range))
            hash.append(0xFF)
        }
    }
}

// Opening an existential gives its fitted model back as an existential.
extension Calibrator {
    func fittedErased(
        toHeldOut scores: [Double]?, targets: Targets, context: TrainingContext
    ) throws -> any CalibratorModel {
        try fitted(toHeldOut: scores, targets: targets, context: context)
    }
}

extension DecisionRule {
    func fittedErased(
        toHeldOut probabilities: [Double]?, targets: Targets, context: TrainingContext
    ) throws -> any DecisionRuleModel {
        try fitted(toHeldOut: probabilities, targets: targets, context: context)
    }
}
