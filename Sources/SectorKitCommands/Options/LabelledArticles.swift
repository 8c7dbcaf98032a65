import CorpusFormats
import LinearAlgebra
import TextClassification

/// Labelled articles to train on or to evaluate with, from files and folders.
///
/// A folder with an `articles.jsonl` is read as that file, and its `sectors.json`, if there, gives the labels in their order; every
/// other folder is read as one with a table of labels, or one with a folder a label.
struct LabelledArticles {
    /// Names of files that a folder of seeds may hold.
    private static let articlesName = "articles.jsonl"
    private static let labelsName = "sectors.json"
    /// How many bad records are told of one by one.
    private static let printedProblemLimit = 20

    private var articles = ArticleList()
    private var locations: [SourceLocation] = []
    private var labels: LabelSet?
    private var problemCount = 0
    /// The field by which articles belong together.
    private var groupField: String?

    /// Reads all articles of the inputs, `-` being standard input. Bad records are reported; in strict mode the first is an error.
    ///
    /// - Parameter groupField: the field or column by which articles belong together.
    init(_ paths: [String], options: InputOptions, threads: Int = 1, groupField: String? = nil) throws {
        self.groupField = groupField
        var readingOptions = options.readingOptions(readsLabels: true)
        readingOptions.fieldNames.group = groupField
        let reader = ArticleReader(
            options: readingOptions,
            policy: options.strict ? .strict : .skip(maximumProblems: Self.printedProblemLimit), threads: threads)
        for path in paths {
            if path == "-" { Console.announceReading("labelled articles") }
            let (file, found) = try Self.seedFolder(path)
            labels = found ?? labels
            add(try reader.read(file == path ? ArticleInput(argument: path) : .path(file)), name: file)
        }
    }

    /// The labelled ones with where they stand, in the order of the corpus.
    var labelled: [(article: Article, location: SourceLocation)] {
        zip(articles, locations).filter { $0.0.labels != nil }
    }

    /// The dates of the labelled ones.
    var labelledDates: [String?] {
        zip(articles.labels, articles.dates).compactMap { labels, date in labels == nil ? nil : .some(date) }
    }

    var labelledCount: Int { articles.labels.count { $0 != nil } }

    /// What each labelled article has in the field by which they belong together, by identifier.
    /// - Throws: where no article has anything there.
    func groups() throws(Failure) -> [String: String] {
        let known = labelled.compactMap { article, _ in article.group.map { (article.id, $0) } }
        guard !known.isEmpty else {
            throw Failure("no article has anything in the field \"\(groupField ?? "")\"", code: Failure.Code.badData)
        }
        let missing = labelledCount - known.count
        if missing > 0 {
            Console.warn("\(counted(missing, "article")) without \"\(groupField ?? "")\": each is taken to stand alone")
        }
        return Dictionary(known) { first, _ in first }
    }

    /// These articles and others behind them; the labels are those of these where a file gives them, and else of both.
    func joined(with others: LabelledArticles) -> LabelledArticles {
        var all = self
        all.articles.append(contentsOf: others.articles)
        all.locations += others.locations
        all.problemCount += others.problemCount
        all.labels = labels ?? others.labels
        return all
    }

    /// The file of articles of a folder of seeds, and its labels; for other paths they themselves.
    static func seedFolder(_ path: String) throws -> (articles: String, labels: LabelSet?) {
        let inside = path + "/" + articlesName
        guard Files.exists(inside) else { return (path, nil) }
        let labelFile = path + "/" + labelsName
        return (inside, Files.exists(labelFile) ? try LabelDefinitionReader().read(path: labelFile).labels : nil)
    }

    private mutating func add(_ read: ReadArticles, name: String) {
        for problem in read.problems { Console.warn("\(problem)") }
        if read.problemCount > read.problems.count {
            Console.warn("\(name): \(counted(read.problemCount - read.problems.count, "more bad record"))")
        }
        if let duplicate = read.firstDuplicate {
            let more = read.duplicateCount > 1 ? " (and \(read.duplicateCount - 1) more)" : ""
            Console.warn("\(duplicate)\(more)")
        }
        if read.repairCount > 0 {
            Console.warn(
                "\(read.firstRepair.map { "\($0)" } ?? name): \(counted(read.repairCount, "malformed UTF-8 sequence")) replaced by "
                    + "U+FFFD, the first one here: is the encoding another (--encoding)?")
        }
        problemCount += read.problemCount
        if articles.isEmpty {
            (articles, locations) = (read.articles, read.locations)
        } else {
            articles.append(contentsOf: read.articles)
            locations += read.locations
        }
    }

    /// The corpus of the labelled articles, to train on, with the labels given here or else beside the articles.
    func trainingCorpus(task: Corpus.TaskChoice, labels given: LabelSet? = nil) throws -> Corpus {
        let labels = given ?? labels
        let corpus = try located { () throws(CorpusError) in try Corpus(articles, labels: labels, task: task) }
        let constant = zip(corpus.labels, corpus.targets.positiveCounts).filter { $0.1 == 0 || $0.1 == corpus.count }
        // Where none can be learnt, training fails and says so.
        if constant.count < corpus.labels.count {
            for (label, count) in constant {
                Console.warn("\(count == 0 ? "no" : "every") article has the label \"\(label)\": it cannot be learnt")
            }
        }
        return corpus
    }

    /// The corpus of the labelled articles, to judge a model with, or to go on learning.
    ///
    /// - Parameter advice: what to say behind a label that the model does not know.
    func testCorpus(for model: PipelineModel, ignoringUnknownLabels: Bool, advice: String? = nil) throws -> Corpus {
        var data = self
        if ignoringUnknownLabels { data.removeUnknownLabels(of: model) }
        let task = model.task == .single ? Corpus.TaskChoice.single : .multi
        let corpus = try data.located(advice: advice) { () throws(CorpusError) in
            try Corpus(data.articles, labels: model.labels, task: task)
        }
        guard (0..<corpus.count).contains(where: corpus.targets.isLabelled) else {
            throw Failure("no label of the model was judged on any of the articles", code: Failure.Code.badData)
        }
        return corpus
    }

    /// Removes labels that the model does not know, and in a single-label task the articles that have no other: no answer of the
    /// model could be right.
    private mutating func removeUnknownLabels(of model: PipelineModel) {
        var unknown: Set<String> = []
        var kept: [Int] = []
        for position in articles.indices {
            func isKnown(_ name: String) -> Bool { model.labels.position(of: name) != nil }
            let before = articles.labels[position]
            unknown.formUnion((before ?? []).filter { !isKnown($0) })
            articles.setLabels(
                before?.filter(isKnown), unjudged: articles.unjudged[position].filter(isKnown), of: position)
            let isUnanswerable = model.task == .single && articles.labels[position] == [] && before != []
            if !isUnanswerable { kept.append(position) }
        }
        let droppedCount = articles.count - kept.count
        articles = articles.selecting(kept)
        locations = kept.map { locations[$0] }
        if !unknown.isEmpty {
            let names = unknown.sorted().joined(separator: ", ")
            let dropped = droppedCount > 0 ? "; \(counted(droppedCount, "article")) without another label left out" : ""
            Console.print("note: labels that the model does not know left out: \(names)\(dropped)")
        }
    }

    /// Says in which file and line the article stands that makes `body` fail, and how many articles are not used.
    private func located(advice: String? = nil, _ body: () throws(CorpusError) -> Corpus) throws -> Corpus {
        do {
            let corpus = try body()
            let unlabelledCount = articles.count - corpus.count
            if unlabelledCount > 0 {
                Console.print("note: \(counted(unlabelledCount, "article")) of \(articles.count) without labels not used")
            }
            return corpus
        } catch {
            guard let index = articles.firstIndex(where: error.concerns) else { throw error }
            let advice = if case .unknownLabel = error { advice.map { "; " + $0 } ?? "" } else { "" }
            throw Failure("\(locations[index]): \(error)\(advice)", code: Failure.Code.badData)
        }
    }

    /// Forgets the articles, but not whether records were left out.
    mutating func removeArticles() {
        articles = ArticleList()
        locations = []
        giveBackFreeMemory()
    }

    /// Fails where records were left out: what was made of the others is done, but the data is not as it should be.
    func requireComplete() throws(Failure) {
        if problemCount > 0 {
            throw Failure("\(counted(problemCount, "bad record")) left out; the others were used", code: Failure.Code.badData)
        }
    }
}

extension CorpusError {
    /// Whether the article is the one at fault.
    fileprivate func concerns(_ article: Article) -> Bool {
        switch self {
        case .unknownLabel(let name, let identifier, _):
            article.id == identifier && ((article.labels ?? []) + article.unjudged).contains(name)
        case .notOneLabel(let identifier, let labels): article.id == identifier && article.labels == labels
        case .nothingLabelled, .noLabels: false
        }
    }
}
