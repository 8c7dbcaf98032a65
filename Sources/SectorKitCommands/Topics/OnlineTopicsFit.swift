import CorpusFormats
import LinearAlgebra
import TextClassification
import TopicModels

/// A fit of topics to an archive that is read twice and never held: once for a sample spread over all of it (vocabulary, first
/// topics, lists of articles, measures), once to learn from everything.
struct OnlineTopicsFit {
    let paths: [String]
    let input: InputOptions
    let options: TopicsFitOptions
    let context: TrainingContext
    private static let batchSize = 2048

    func run() throws -> (archive: TopicArchive, problemCount: Int) {
        context.report(.phase("taking a sample"))
        var sample: [(order: Int, article: Article)] = []
        var random = RandomGenerator(seed: context.seed)
        var seen = 0
        var problemCount = 0
        try eachBlock { block in
            for problem in block.problems {
                if input.strict { throw Failure("\(problem)", code: Failure.Code.badData) }
                if problemCount < 20 { Console.warn("\(problem)") }
                problemCount += 1
            }
            for position in 0..<block.count {
                // Vitter's algorithm R: every article is as likely to be in the sample.
                if sample.count < options.sample {
                    sample.append((seen, block.article(position)))
                } else {
                    let place = random.nextInt(below: seen + 1)
                    if place < options.sample { sample[place] = (seen, block.article(position)) }
                }
                seen += 1
            }
        }
        guard !sample.isEmpty else { throw TrainingError.emptyCorpus }
        let articles = sample.sorted { $0.order < $1.order }.map(\.article)
        let configuration = try options.extractor(articleCount: articles.count)
        let (extractor, rows) = try TopicInput.features(of: ArticleBatch(articles), configuration, context)
        var parameters = options.parameters(topics: options.topics.counts[0], isGuided: false)
        parameters.maximumIterations = min(20, parameters.maximumIterations)
        parameters.tolerance = 0
        let start = try NMF(parameters).fitted(to: rows, guides: [], context: context).model

        var online = OnlineNMF(start)
        var batch = ArticleBatch()
        var batchCount = 0
        context.report(.phase("learning"))
        func learn() throws {
            let rows = extractor.rows(of: batch, threadCount: context.threadCount)
            try online.learn(rows, threadCount: context.threadCount)
            batch.removeAll()
            batchCount += 1
            context.report(.progress(done: online.articleCount, total: seen))
            try context.checkCancellation()
        }
        try eachBlock { block in
            for position in 0..<block.count {
                batch.append(block.article(position))
                if batch.count == Self.batchSize { try learn() }
            }
        }
        if batch.count > 0 { try learn() }

        let model = online.model
        let sequences = TopicInput.sequences(articles, extractor, threads: context.threadCount)
        let weights = model.weights(of: rows, threadCount: context.threadCount)
        var terms = DenseMatrix(rowCount: model.inputCount, columnCount: model.topicCount)
        for topic in 0..<model.topicCount {
            for term in 0..<model.inputCount { terms[term, topic] = model.weight(ofTerm: term, topic: topic) }
        }
        let divergence = FactorizationObjective(rows, options: FactorizationOptions()).value(w: weights, h: terms)
        let measured = MeasuredTopics(
            model, rows: rows, divergence: divergence, iterations: batchCount, converged: true, sequences: sequences,
            restarts: [],
            reference: try options.reference.map { try TopicInput.reference($0, input, extractor, threads: context.threadCount) },
            threadCount: context.threadCount)
        var report = TopicReport(
            measured, articles: DescribedArticles(articles), termName: extractor.featureName, compared: [measured.quality])
        report.streamedArticleCount = seen
        let record = ModelHeader.TrainingRecord(articleCount: seen, labelCounts: [], seed: context.seed, dataDigest: "")
        return (
            TopicArchive(
                featureExtractor: extractor, configuration: configuration, plugins: TopicInput.plugins(of: configuration),
                model: model, report: report, training: record),
            problemCount
        )
    }

    private func eachBlock(_ body: (ArticleBlock) throws -> Void) throws {
        for path in paths {
            let inside = path + "/articles.jsonl"
            let reader = try ArticleBlockReader(
                Files.exists(inside) ? .path(inside) : ArticleInput(argument: path),
                options: input.readingOptions(readsLabels: !Files.isFolder(path)))
            var block = ArticleBlock()
            while try reader.next(into: &block) {
                try context.checkCancellation()
                try body(block)
            }
        }
    }
}
