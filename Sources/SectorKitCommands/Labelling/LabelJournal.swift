import FoundationEssentials
import TextClassification

/// The answers of labelling, in a file that is only ever appended to: a JSON object a line, written and made durable before the next article
/// is shown. Whatever ends the program, every answer that was given is there.
///
/// A line that was cut off by a kill or a full disk is passed over when the journal is read again.
final class LabelJournal {
    /// What a line says.
    enum Action: String, Codable {
        /// The first line: the labels and the task.
        case begin
        case answer
        case unsure
        /// The last answer about the article is taken back.
        case undo
    }

    struct Entry: Codable, Equatable {
        var action: Action
        var version: Int?
        var task: String?
        /// All labels in the first line, those of the article in an answer.
        var labels: [String]?
        var id: String?
        /// Of title and text, by which the article is found again.
        var digest: String?
        var title: String?
        var text: String?
        var date: String?
    }

    /// An answer that was not taken back; `labels` is `nil` where somebody was unsure.
    struct Judgement {
        var article: Article
        var digest: String
        var labels: [String]?
    }

    private let file: AppendOnlyFile
    /// The labels and the task of a journal that was there before.
    private(set) var labels: [String]?
    private(set) var task: ClassificationTask?
    /// What was answered before, in order.
    private(set) var judgements: [Judgement] = []
    /// Lines that could not be read.
    private(set) var brokenLineCount = 0

    private static let version = 1

    var path: String { file.path }

    /// Opens a journal, or begins one.
    init(path: String) throws {
        file = try AppendOnlyFile(path: path, writer: "another session")
        try replay()
    }

    static func digest(of article: Article) -> String {
        let bytes = Array(article.title.utf8) + [0] + Array(article.text.utf8)
        return hexadecimal(XXH64.hash(bytes))
    }

    private func replay() throws {
        let bytes = try file.contents()
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let entry = try? JSONDecoder().decode(Entry.self, from: Data(line)) else {
                if number == 0, bytes.contains(UInt8(ascii: "\n")) {
                    throw Failure("\(path) is no journal of `sectorkit label`: name another file", code: Failure.Code.badData)
                }
                brokenLineCount += 1
                continue
            }
            if let version = entry.version, version > Self.version {
                throw Failure(
                    "the journal \(path) has version \(version); this program knows \(Self.version)", code: Failure.Code.badData)
            }
            apply(entry)
        }
    }

    private func apply(_ entry: Entry) {
        switch entry.action {
        case .begin:
            labels = entry.labels
            task = entry.task.flatMap(ClassificationTask.init)
        case .undo:
            if let place = judgements.lastIndex(where: { $0.digest == entry.digest }) { judgements.remove(at: place) }
        case .answer, .unsure:
            guard let digest = entry.digest, let text = entry.text else { return brokenLineCount += 1 }
            judgements.removeAll { $0.digest == digest }
            let article = Article(id: entry.id ?? digest, title: entry.title ?? "", text: text, date: entry.date)
            judgements.append(
                Judgement(article: article, digest: digest, labels: entry.action == .answer ? entry.labels ?? [] : nil))
        }
    }

    /// Writes the first line.
    func begin(labels: [String], task: ClassificationTask) throws {
        try append(Entry(action: .begin, version: Self.version, task: task.rawValue, labels: labels))
    }

    /// Notes an answer, or that somebody was unsure where `labels` is `nil`.
    func add(_ article: Article, digest: String, labels: [String]?) throws {
        try append(
            Entry(
                action: labels == nil ? .unsure : .answer, labels: labels, id: article.id, digest: digest, title: article.title,
                text: article.text, date: article.date))
    }

    /// Takes back the last answer about an article.
    func undo(digest: String) throws {
        try append(Entry(action: .undo, digest: digest))
    }

    private func append(_ entry: Entry) throws {
        let line = try JSONText.encoded(entry, isPretty: false).utf8
        do {
            try file.append(line)
        } catch {
            throw Failure("\(error); earlier answers are in it", code: Failure.Code.cannotWrite)
        }
        apply(entry)
    }
}
