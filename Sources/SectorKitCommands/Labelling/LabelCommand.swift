import ArgumentParser
import CorpusFormats
import FoundationEssentials
import SemiSupervised
import TextClassification

struct LabelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Label the articles of an archive whose labels help most.",
        discussion: """
            Shows one article after another and takes one key a label: those that the classifier is unsure about, in parts of the archive \
            where many articles are like them, and each different from the others. After every batch the classifier learns in the \
            background and chooses anew; once its labels hardly change any more a hint says so.

            Every answer is written to the journal (OUTPUT.journal) before the next article is shown. It is only appended to, survives \
            whatever ends the program, and the next call with it goes on where the last one stopped. At the end the labelled articles are \
            written to OUTPUT, ready for `sectorkit train --seeds`. Answers may come through a pipe: one key after another.

            --simulate asks nobody: it takes the archive's own labels as answers, and prints how good the classifier is after so many of \
            them, beside questions in random order.

            EXAMPLES
              sectorkit label --archive a.jsonl --label trade tech --output my.jsonl
              sectorkit label --archive a.jsonl --seeds seeds --output more.jsonl
              printf '1\\n0\\n?\\nq' | sectorkit label --archive a.jsonl --output my.jsonl
              sectorkit label --archive labelled.jsonl --simulate --test test.jsonl
            """)

    @OptionGroup var labelling: LabellingOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write the labelled articles when the session ends.", valueName: "file"), completion: .file())
    var output: String?

    @Option(help: ArgumentHelp("The journal of the answers. (default: OUTPUT.journal)", valueName: "file"), completion: .file())
    var journal: String?

    @OptionGroup(title: "SIMULATION") var simulation: LabelSimulationOptions
    @OptionGroup(title: "INPUT") var input: InputOptions

    @Option(help: ArgumentHelp("The seed of everything random.", valueName: "n"))
    var seed: UInt64 = 0

    @OptionGroup var threads: ThreadOptions

    @Flag(help: "Print a JSON object a line in place of text.")
    var json = false

    func validate() throws {
        if output == nil, !simulation.simulate { throw ValidationError("--output wants the file for the labelled articles") }
        if simulation.simulate, output != nil || journal != nil {
            throw ValidationError("--simulate writes no answers: it goes without --output and --journal")
        }
    }

    func run() throws {
        try Interrupts.handled {
            if simulation.simulate {
                return try Interrupts.during(.cancellable) {
                    try simulation.run(labelling, input, context: context, isJSON: json)
                }
            }
            guard let output else { return }
            try AtomicFile.check(output)
            let journal = try LabelJournal(path: journal ?? output + ".journal")
            if journal.brokenLineCount > 0 {
                Console.warn("\(journal.path): \(counted(journal.brokenLineCount, "line")) cut off or broken, passed over")
            }
            var session = try Interrupts.during(.cancellable) { try prepared(journal) }
            var failure: (any Error)?
            do { try Interrupts.during(.cancellable) { try session.run() } } catch { failure = error }
            try Interrupts.during(.finishing) { try write(session, to: output) }
            switch failure {
            case nil: try report(session, journal: journal.path, output: output)
            case TrainingError.cancelled?:
                throw Failure(
                    "stopped; \(counted(session.labelledArticles.count, "answer")) in \(output) and in the journal",
                    code: Failure.Code.interrupted)
            case let error?: throw error
            }
        }
    }

    private var context: TrainingContext {
        TrainingContext(
            seed: seed, threadCount: threads.count, report: TrainingLog().report, isCancelled: { Interrupts.isPending })
    }

    private func prepared(_ journal: LabelJournal) throws -> LabelSession {
        let articles = try labelling.read(labelling.archive, input, readsLabels: false)
        guard !articles.isEmpty else { throw Failure("the archive holds no article", code: Failure.Code.badData) }
        let corpus =
            try labelling.seeds.isEmpty
            ? nil
            : LabelledArticles(labelling.seeds, options: input)
                .trainingCorpus(task: labelling.task ?? journal.task.map { $0 == .single ? .single : .multi } ?? .automatic)
        let labels = try labels(journal, seeds: corpus?.labels)
        let task = corpus?.targets.task ?? journal.task ?? (labelling.task == .single ? .single : .multi)
        guard labelling.task == nil || labelling.task?.rawValue == task.rawValue || labelling.task == .automatic else {
            throw Failure("the journal \(journal.path) was begun with --task \(task.rawValue)", code: Failure.Code.usage)
        }
        if journal.labels == nil { try journal.begin(labels: Array(labels), task: task) }

        let digests = articles.map(LabelJournal.digest)
        let positions = Dictionary(digests.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        // What was answered about articles that are not in this archive counts as much, and stays in the output.
        let elsewhere = journal.judgements.filter { positions[$0.digest] == nil }
        let seeds = (0..<(corpus?.count ?? 0)).map { seed in
            (article: corpus?.articles.article(seed) ?? Article(text: ""), labels: positives(corpus, seed, labels))
        }
        let first = articles.count + elsewhere.count
        var history: [(article: Int, labels: [Int]?)] = []
        var foreign = articles.count
        for judgement in journal.judgements {
            let position = positions[judgement.digest] ?? foreign
            if position == foreign { foreign += 1 }
            history.append((position, judgement.labels.map { $0.compactMap(labels.position(of:)).sorted() }))
        }
        let learner = try labelling.learner(
            articles, others: elsewhere.map(\.article) + seeds.map(\.article), task: task, labelCount: labels.count,
            context: context)
        return LabelSession(
            learner: learner, articles: articles + elsewhere.map(\.article), digests: digests + elsewhere.map(\.digest),
            labels: labels, known: seeds.indices.map { .init(article: first + $0, labels: seeds[$0].labels) }, history: history,
            batchSize: labelling.batch, journal: journal, isJSON: json)
    }

    private func positives(_ corpus: Corpus?, _ article: Int, _ labels: LabelSet) -> [Int] {
        guard let corpus else { return [] }
        return corpus.labels.indices.filter { corpus.targets[article, $0] == .positive }
            .compactMap { labels.position(of: corpus.labels[$0]) }.sorted()
    }

    private func labels(_ journal: LabelJournal, seeds: LabelSet?) throws -> LabelSet {
        let given = labelling.label.isEmpty ? seeds.map(Array.init) : labelling.label
        if let earlier = journal.labels {
            if let given, Set(given) != Set(earlier) {
                throw Failure(
                    "the journal \(journal.path) is about the labels \(earlier.joined(separator: ", ")), not "
                        + "\(given.joined(separator: ", ")): name another --journal, or the same labels", code: Failure.Code.usage
                )
            }
            return LabelSet(earlier)
        }
        guard let given else {
            throw Failure("name the labels with --label, or give --seeds that have them", code: Failure.Code.usage)
        }
        if let seeds, let unknown = seeds.first(where: { !given.contains($0) }) {
            throw Failure("the seeds have the label \"\(unknown)\", which --label does not name", code: Failure.Code.usage)
        }
        guard given.count <= LabelKeys.available.count, given.count > (labelling.task == .single ? 1 : 0) else {
            throw Failure(
                "labelling wants \(labelling.task == .single ? 2 : 1) to \(LabelKeys.available.count) labels, not \(given.count)",
                code: Failure.Code.usage)
        }
        return LabelSet(given)
    }

    private struct Line: Encodable {
        var id: String
        var title: String?
        var text: String
        var labels: [String]
        var date: String?
    }

    private func write(_ session: LabelSession, to output: String) throws {
        let lines = try session.labelledArticles.map { article in
            try JSONText.encoded(
                Line(
                    id: article.id, title: article.title.isEmpty ? nil : article.title, text: article.text,
                    labels: article.labels ?? [], date: article.date), isPretty: false) + "\n"
        }
        try AtomicFile.write(Array(lines.joined().utf8), to: output)
    }

    private struct Summary: Encodable {
        var event = "done"
        var answers: Int
        var unsure: Int
        var isSettled: Bool
        var output: String
        var journal: String
    }

    private func report(_ session: LabelSession, journal: String, output: String) throws {
        let count = session.labelledArticles.count
        if json {
            return try StandardOutput().print(
                JSONText.encoded(
                    Summary(
                        answers: count, unsure: session.unsureCount, isSettled: session.isSettled, output: output,
                        journal: journal), isPretty: false))
        }
        let unsure = session.unsureCount > 0 ? ", \(session.unsureCount) unsure" : ""
        let archive = labelling.archive.joined(separator: " ")
        let seeds = (labelling.seeds + [output]).joined(separator: " ")
        try StandardOutput().print(
            """

            \(counted(count, "answer"))\(unsure): \(output); journal \(journal)
            next: sectorkit train --seeds \(seeds) --archive \(archive) --output my.sectorkit
            """)
    }
}

extension ArticleBatch {
    /// An article as a value of its own, without an identifier.
    fileprivate func article(_ position: Int) -> Article {
        Article(
            title: String(decoding: bytes[titles[position]], as: UTF8.self),
            text: String(decoding: bytes[bodies[position]], as: UTF8.self))
    }
}
