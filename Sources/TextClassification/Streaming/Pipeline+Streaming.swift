import LinearAlgebra

/// How a pipeline is fitted to more text than memory holds.
public struct StreamingOptions: Sendable {
    /// The most memory to use, in bytes.
    public var maximumMemory: Int
    /// Where the temporary file goes; it takes about as much room as the text.
    public var temporaryDirectory: String
    /// The label set; `nil` takes every label that occurs, in ascending order.
    public var labels: LabelSet?
    /// The task, or how to find it.
    public var task: Corpus.TaskChoice

    public init(
        maximumMemory: Int, temporaryDirectory: String = TemporaryFile.systemDirectory, labels: LabelSet? = nil,
        task: Corpus.TaskChoice = .automatic
    ) {
        self.maximumMemory = maximumMemory
        self.temporaryDirectory = temporaryDirectory
        self.labels = labels
        self.task = task
    }
}

extension Pipeline {
    /// About what the program itself, the text being read and the rows being learnt from take, whatever the corpus: measured.
    static func baseMemory(threadCount: Int) -> Int { 34_000_000 + threadCount * 8_000_000 }

    /// Every so many articles one is held out, where calibration or thresholds are learnt from held-out scores.
    private static let heldOutInterval = 20
    /// No more are held out.
    private static let heldOutLimit = 20_000

    /// Fits every stage to a corpus that is read twice from its beginning to its end and never held in memory.
    ///
    /// The first pass gathers labels and document frequencies; the second writes the rows of features, packed, to a temporary file,
    /// which the classifier then reads block by block. Calibration and thresholds come from a twentieth of the articles, drawn by
    /// the seed, at most 20,000, that the classifier does not see. The model does not depend on the number of threads.
    ///
    /// - Throws: `ConfigurationError` where a component cannot work so or `maximumMemory` does not suffice, `TemporaryFileError`,
    ///   `CorpusError` for labels that do not fit the task, and what the stream throws.
    public func fitted(
        streaming corpus: some CorpusStream, options: StreamingOptions, context: TrainingContext
    ) throws -> PipelineModel {
        guard case .stages(let featureExtractor, let featureTransformers, let classifier) = scoring else {
            throw ConfigurationError.conflict("\(recipe.classifier.component) needs all articles in memory")
        }
        guard let extractor = featureExtractor as? any StreamingFeatureExtractor else {
            throw ConfigurationError.conflict(
                "\(recipe.featureExtractor.component) needs all of the text in memory: take hashing, as the recipe "
                    + "hashed-words-online does")
        }
        guard let learner = classifier as? any StreamingClassifier else {
            throw ConfigurationError.conflict(
                "\(recipe.classifier.component) needs all rows in memory: take online-logistic-regression, as the recipe "
                    + "hashed-words-online does")
        }
        guard featureTransformers.isEmpty else {
            throw ConfigurationError.conflict("feature transformers need all rows in memory: take a recipe without")
        }
        let base = Self.baseMemory(threadCount: context.threadCount)
        try Self.check(base + extractor.workingMemory, within: options.maximumMemory)
        let (model, survey) = try Self.survey(corpus, extractor: extractor, options, context)
        let labels = survey.labels
        guard type(of: classifier).tasks.contains(survey.task) else {
            throw ConfigurationError.unsupportedTask(
                survey.task, component: recipe.classifier.component, allowed: type(of: classifier).tasks)
        }
        let needed =
            base + extractor.workingMemory + learner.workingMemory(featureCount: model.featureCount, labelCount: labels.count)
        try Self.check(needed, within: options.maximumMemory)
        var context = context
        let stateMemory = learner.updateStateMemory(featureCount: model.featureCount, labelCount: labels.count)
        if context.keepsUpdateState, stateMemory > 0, needed + stateMemory > options.maximumMemory {
            context.keepsUpdateState = false
            context.report(.note("what updates would go on from left out, for lack of memory"))
        }

        let holdsOut =
            calibrator.needsHeldOutScores(for: survey.task) || decisionRule.needsHeldOutProbabilities(for: survey.task)
        let files = try Self.write(corpus, model: model, survey, holdsOut: holdsOut, options, context)
        context.report(.note("temporary file: \(files.training.byteCount) bytes, \(files.training.rowCount) rows"))
        context.report(.phase(recipe.classifier.component))
        let classifierModel = try learner.fittedErased(to: files.training, context: context)

        var targets = Targets(task: survey.task, labelCount: labels.count)
        var scores: [Double]?
        if let heldOut = files.heldOut {
            (scores, targets) = try Self.scores(of: heldOut, classifierModel, context)
            context.report(.note("held out for calibration and thresholds: \(targets.count) articles"))
        }
        let calibratorModel = try calibrator.fittedErased(toHeldOut: scores, targets: targets, context: context)
        if scores != nil { calibratorModel.calibrate(&scores!) }
        let rule = try decisionRule.fittedErased(toHeldOut: scores, targets: targets, context: context)
        let header = ModelHeader(
            task: survey.task, labels: Array(labels), recipe: recipe, plugins: plugins,
            training: .init(
                articleCount: survey.articleCount, labelCounts: labels.map { survey.counts[$0] ?? 0 }, seed: context.seed,
                dataDigest: hexadecimal(survey.digest)))
        return PipelineModel(
            header: header, featureExtractor: model, featureTransformers: [], classifier: classifierModel,
            calibrator: calibratorModel, decisionRule: rule)
    }

    private static func check(_ needed: Int, within limit: Int) throws(ConfigurationError) {
        guard needed > limit else { return }
        func megabytes(_ bytes: Int) -> Int { (bytes + 999_999) / 1_000_000 }
        throw .conflict(
            "this recipe needs about \(megabytes(needed)) MB to train, more than the \(limit / 1_000_000) MB allowed: allow more, or "
                + "take fewer features (hashing.bits) or threads")
    }

    /// What the first pass learns of a corpus.
    private struct Survey {
        var task = ClassificationTask.single
        var labels = LabelSet([])
        var counts: [String: Int] = [:]
        var articleCount = 0
        /// The XXH64 of the digests of all articles in their order, each that of its identifier, texts and labels.
        var digest: UInt64 = 0
    }

    private static func survey<Extractor: StreamingFeatureExtractor>(
        _ corpus: some CorpusStream, extractor: Extractor, _ options: StreamingOptions, _ context: TrainingContext
    ) throws -> (model: any FeatureExtractorModel, Survey) {
        context.report(.phase("document frequencies"))
        var fitting = try extractor.makeFitting()
        var survey = Survey()
        var isSingle = true
        var unjudged: Set<String> = []
        var first: [String]?
        var isVaried = false
        try corpus.forEachGroup { group in
            try context.checkCancellation()
            let digests = parallelMap(count: group.count, threads: context.threadCount) { group[$0].digests }
            for (batch, digests) in zip(group, digests) {
                fitting.add(batch.articles)
                for article in 0..<batch.count {
                    let labels = Set(batch.labels[article])
                    for label in labels { survey.counts[label, default: 0] += 1 }
                    unjudged.formUnion(batch.unjudged[article])
                    if labels.count != 1 { isSingle = false }
                    if first == nil { first = batch.labels[article] }
                    if first != batch.labels[article] { isVaried = true }
                    survey.digest = XXH64.hash((bytes(survey.digest) + bytes(digests[article])))
                }
                survey.articleCount += batch.count
            }
            context.report(.phase("document frequencies: \(survey.articleCount) articles"))
        }
        guard survey.articleCount > 0 else { throw CorpusError.nothingLabelled(articleCount: 0) }
        survey.labels = options.labels ?? LabelSet(Set(survey.counts.keys).union(unjudged).sorted())
        guard !survey.labels.isEmpty else { throw CorpusError.noLabels(articleCount: survey.articleCount) }
        guard isVaried else {
            throw TrainingError.oneClassOnly(first.map { $0.isEmpty ? "none" : $0.joined(separator: ";") } ?? "none")
        }
        survey.task =
            switch options.task {
            case .single: .single
            case .multi: .multi
            case .automatic: isSingle ? .single : .multi
            }
        return (fitting.finished(), survey)
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
    }

    /// The second pass: rows into a file for training and one of those held out.
    private static func write(
        _ corpus: some CorpusStream, model: any FeatureExtractorModel, _ survey: Survey, holdsOut: Bool,
        _ options: StreamingOptions, _ context: TrainingContext
    ) throws -> (training: TemporaryRowFile, heldOut: TemporaryRowFile?) {
        func file() throws -> TemporaryRowFile {
            try TemporaryRowFile(
                directory: options.temporaryDirectory, task: survey.task, featureCount: model.featureCount,
                labelCount: survey.labels.count)
        }
        let training = try file()
        let heldOut = holdsOut ? try file() : nil
        var generator = RandomGenerator(seed: context.seed)
        let interval = max(heldOutInterval, survey.articleCount / heldOutLimit)
        context.report(.phase("features"))
        var done = 0
        try corpus.forEachGroup { group in
            try context.checkCancellation()
            let targets = try group.map { try $0.targets(task: survey.task, labels: survey.labels) }
            let packed = parallelMap(count: group.count, threads: context.threadCount) { number in
                var rows = FeatureRows(featureCount: model.featureCount)
                model.makeExtraction().extract(group[number].articles, 0..<group[number].count, into: &rows)
                var packed = PackedRows()
                // An article on which no label was judged teaches nothing.
                for row in 0..<group[number].count where targets[number].isLabelled(row) {
                    packed.append(rows.matrix, row: row, targets: targets[number], article: row)
                }
                return packed
            }
            for rows in packed {
                for row in 0..<rows.count {
                    if let heldOut, generator.nextInt(below: interval) == 0 {
                        try heldOut.append(rows, row: row)
                    } else {
                        try training.append(rows, row: row)
                    }
                }
            }
            done += group.reduce(0) { $0 + $1.count }
            context.report(.progress(done: done, total: survey.articleCount))
        }
        try training.finish()
        try heldOut?.finish()
        guard done == survey.articleCount else {
            throw TrainingError.failed(
                component: "training",
                reason: "the second reading gave \(done) articles, the first \(survey.articleCount): did a file change?")
        }
        return (training, heldOut)
    }

    /// The scores of rows in a file, [row][label], with their targets; `nil` of none.
    private static func scores(
        of file: TemporaryRowFile, _ model: any ClassifierModel, _ context: TrainingContext
    ) throws -> (scores: [Double]?, targets: Targets) {
        var all: [Double] = []
        var allTargets = Targets(task: file.task, labelCount: file.labelCount)
        var rows = LabelledRows(featureCount: file.featureCount, labelCount: file.labelCount)
        for block in 0..<file.blockCount {
            try context.checkCancellation()
            rows.removeAll()
            try file.read(block: block, into: &rows)
            let (matrix, targets) = rows.corpusRows(task: file.task)
            var scores: [Double] = []
            model.decisionFunction(matrix, into: &scores)
            all += scores
            allTargets.append(targets)
        }
        if all.isEmpty {
            context.report(.warning("too few articles to hold some out: thresholds and calibration keep their defaults"))
        }
        return (all.isEmpty ? nil : all, allTargets)
    }
}

extension LabelledBatch {
    /// The XXH64 of each article's identifier, texts and labels.
    fileprivate var digests: [UInt64] {
        (0..<count).map { article in
            var bytes = Array(identifiers[article].utf8) + [0xFF]
            bytes += articles.bytes[articles.titles[article]] + [0xFF]
            bytes += articles.bytes[articles.bodies[article]] + [0xFF]
            for label in labels[article] { bytes += Array(label.utf8) + [0xFF] }
            bytes.append(0xFE)
            for label in unjudged[article] { bytes += Array(label.utf8) + [0xFF] }
            return XXH64.hash(bytes)
        }
    }

    /// The targets of the articles.
    fileprivate func targets(task: ClassificationTask, labels set: LabelSet) throws(CorpusError) -> Targets {
        var targets = Targets(task: task, labelCount: set.count)
        for article in 0..<count {
            func positions(_ names: [String]) throws(CorpusError) -> [Int] {
                var positions: [Int] = []
                for name in names {
                    guard let position = set.position(of: name) else {
                        throw .unknownLabel(name, article: identifiers[article], known: Array(set))
                    }
                    positions.append(position)
                }
                return positions
            }
            let positive = try positions(labels[article])
            if task == .single, Set(positive).count != 1 {
                throw .notOneLabel(article: identifiers[article], labels: labels[article])
            }
            targets.append(positive: positive, missing: try positions(unjudged[article]))
        }
        return targets
    }
}

// Opening an existential gives its fitted model back as an existential.
extension StreamingClassifier {
    fileprivate func fittedErased(to rows: any RowSource, context: TrainingContext) throws -> any ClassifierModel {
        try fitted(to: rows, context: context)
    }
}
