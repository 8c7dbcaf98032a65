import SemiSupervised
import TextClassification

/// What `train` and `inspect` say of a model.
struct ModelSummary: Encodable {
    struct Label: Encodable {
        let name: String
        let articles: Int
        let threshold: Double?
        /// How far the threshold can be trusted.
        let thresholdEstimate: ThresholdEstimate?
        /// The share of held-out articles on which the label was unsure.
        let expectedUnsureShare: Double?
        /// The probability from which on the label is possible, and the one up to which its absence is; without a second where an
        /// article has exactly one label.
        let possibleFrom: Double?
        let absentUpTo: Double?
        let strongestTerms: [String]
    }
    struct Section: Encodable {
        let name: String
        let bytes: Int
    }

    let path: String
    let bytes: Int
    let toolkitVersion: String
    let task: ClassificationTask
    let labels: [Label]
    let features: Int
    let recipe: Recipe
    let plugins: [PluginRecord]?
    let training: ModelHeader.TrainingRecord
    /// Whether it can go on learning.
    let canBeUpdated: Bool
    /// The coverage that prediction sets promise, and the share of held-out articles that they leave to a person.
    let coverage: Double?
    let expectedReviewShare: Double?
    /// What the archive brought, where there was one.
    var archive: ArchiveReport?
    var sections: [Section]?
    /// What a limit to the size cost.
    var compressionLoss: CompressionLoss?
    /// Whether the checksum of every section was compared.
    var isVerified: Bool?

    init(_ model: PipelineModel, path: String, byteCount: Int) {
        self.path = path
        bytes = byteCount
        toolkitVersion = model.header.toolkitVersion
        task = model.task
        features = model.featureExtractor.featureCount
        recipe = model.header.recipe
        plugins = model.header.plugins
        training = model.header.training
        canBeUpdated = model.updateObstacle == nil
        let sets = model.decisionRule.predictionSets
        coverage = sets?.coverage
        expectedReviewShare = sets?.expectedReviewShare
        let counts = model.header.training.labelCounts
        let strongest = model.classifier.strongestFeatures(count: 8)
        labels = model.labels.enumerated().map { position, name in
            Label(
                name: name, articles: position < counts.count ? counts[position] : 0,
                threshold: model.decisionRule.thresholds?[position],
                thresholdEstimate: model.decisionRule.thresholdEstimates?[position],
                expectedUnsureShare: sets.flatMap { $0.expectedUnsureShares.isEmpty ? nil : $0.expectedUnsureShares[position] },
                possibleFrom: sets?.possibleFrom[position],
                absentUpTo: sets.flatMap { $0.isExclusive ? nil : $0.absentUpTo[position] },
                strongestTerms: (strongest?[position] ?? []).map(model.featureName))
        }
    }

    /// What `train` prints.
    var trainingText: String {
        var table = TextTable(header: "label", "articles", "threshold", "strongest terms")
        for label in labels {
            table.append(
                label.name, "\(label.articles)", label.threshold.map { $0.fixed(3) } ?? "most probable",
                label.strongestTerms.joined(separator: ", "))
        }
        return """
            \(path.withoutControlCharacters): \(bytes) bytes, \(recipe.readsArticles ? "articles as they are" : "\(features) features"), \(labels.count) labels (\(task.rawValue)), recipe \(recipe.name)
            trained on \(training.articleCount) articles\(training.notes.map { "; " + $0 }.joined())
            \(table.text)\(decisionText)\(archive.map { "\n" + $0.text } ?? "")\(compressionLoss.map { "\n" + $0.text + "\n" } ?? "")
            """
    }

    /// What is to be expected of decisions, as far as held-out articles told.
    private var decisionText: String {
        var text = ""
        if labels.contains(where: { $0.thresholdEstimate != nil }) {
            func cell(_ figure: ThresholdEstimate.Figure?) -> String {
                figure.map { "\($0.value.fixed(3)) (\($0.lower.fixed(3)) to \($0.upper.fixed(3)))" } ?? "-"
            }
            var table = TextTable(header: "label", "threshold", "precision", "recall")
            for label in labels {
                let estimate = label.thresholdEstimate
                table.append(label.name, cell(estimate?.threshold), cell(estimate?.precision), cell(estimate?.recall))
            }
            text += "\n\nto be expected at these thresholds, with intervals of 90 % (held-out articles, bootstrap)\n" + table.text
        }
        if let coverage {
            text += "\n\nat a coverage of \((100 * coverage).fixed(1)) %, "
            guard let expectedReviewShare else { return text + "nothing can be ruled out: no article was held out" }
            text += "\((100 * expectedReviewShare).fixed(1)) % of the articles would go to a person; unsure: "
            text += labels.map { "\($0.name) \((100 * ($0.expectedUnsureShare ?? 1)).fixed(1)) %" }.joined(separator: ", ")
            let few = labels.filter { Double($0.articles) < 1 / (1 - coverage) - 1 - 1e-9 }.map(\.name)
            if !few.isEmpty {
                text += "\ntoo few articles to be ever ruled out at this coverage: \(few.joined(separator: ", "))"
            }
        }
        return text
    }

    /// What `inspect` prints.
    var inspectionText: String {
        var settings = TextTable()
        for part in recipe.components {
            settings.append(part.component)
            for name in part.parameters.keys.sorted() {
                settings.append("  " + name, part.parameters[name]?.description ?? "")
            }
        }
        var table = TextTable()
        for section in sections ?? [] { table.append(section.name, "\(section.bytes)") }
        var record = TextTable()
        record.append("written by", "SectorKit " + toolkitVersion)
        for plugin in plugins ?? [] { record.append("plugin", "\(plugin)") }
        record.append("data digest", training.dataDigest)
        if let archive = training.archive {
            record.append("archive", "\(counted(archive.articleCount, "article")), digest \(archive.digest)")
        }
        for update in training.updates ?? [] {
            record.append("updated", "\(counted(update.articleCount, "article")), digest \(update.dataDigest)")
        }
        record.append("can be updated", canBeUpdated ? "yes" : "no")
        record.append("seed", "\(training.seed)")
        record.append("folds for thresholds", "\(training.foldCount)")
        for (name, value) in training.metrics.sorted(by: { $0.key < $1.key }) { record.append(name, "\(value)") }
        return """
            \(trainingText)

            training
            \(record.text)

            recipe \(recipe.name): \(recipe.summary)
            \(settings.text)

            sections and their bytes (\(isVerified == true ? "checksums verified" : "checksums not compared: --verify does it"))
            \(table.text)
            """
    }
}

extension Recipe {
    /// The components in the order in which text passes through them.
    var components: [ComponentConfiguration] {
        (readsArticles ? [] : [featureExtractor]) + featureTransformers + [classifier, calibrator, decisionRule]
    }
}

extension ArchiveReport {
    /// What `train` prints of it.
    fileprivate var text: String {
        var table = TextTable(
            header: "label", "articles", "without", "with", "difference", "95 % interval", "share of the archive")
        func append(_ name: String, _ count: String, _ comparison: Comparison?, _ share: String) {
            guard let comparison else { return table.append(name, count, "", "", "", "", share) }
            table.append(
                name, count, comparison.without.fixed(3), comparison.with.fixed(3),
                (comparison.with - comparison.without).signed(3),
                "\(comparison.lower.signed(3)) to \(comparison.upper.signed(3))", share)
        }
        for label in labels { append(label.name, "\(label.articles)", label.f1, label.archiveShare.fixed(3)) }
        if overall != nil { append("(all)", "", overall, "") }
        let heading =
            overall == nil
            ? "cannot be measured without labelled articles" : "F1 of labelled articles while they were held out"
        return """

            what the archive of \(counted(archiveArticleCount, "article")) brought: \(heading)
            \(table.text)
            """
    }
}
