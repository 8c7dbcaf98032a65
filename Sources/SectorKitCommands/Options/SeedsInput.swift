import CorpusFormats
import FoundationEssentials
import TextClassification

/// Labelled articles to train on, from files and folders.
///
/// A folder with an `articles.jsonl` is read as that file, and its `sectors.json`, if there, gives the labels in their order; every
/// other folder is read as one with a table of labels, or one with a folder a label.
struct SeedsInput {
    let articles: [Article]
    let labels: LabelSet?
    let isComplete: Bool

    init(_ paths: [String], options: InputOptions) throws {
        var files: [String] = []
        var labels: LabelSet?
        for path in paths {
            let inside = path + "/articles.jsonl"
            guard Files.isDirectory(path), Files.exists(inside) else {
                files.append(path)
                continue
            }
            files.append(inside)
            if Files.exists(path + "/sectors.json") { labels = try Self.labels(path + "/sectors.json") }
        }
        let read = try options.articles(from: files)
        articles = read.articles
        isComplete = read.isComplete
        self.labels = labels
    }

    private struct Sectors: Decodable {
        struct Label: Decodable { let name: String }
        let labels: [Label]
    }

    private static func labels(_ path: String) throws -> LabelSet {
        do {
            return LabelSet(try JSONDecoder().decode(Sectors.self, from: try Files.contents(path)).labels.map(\.name))
        } catch let error as DecodingError {
            throw Failure(
                "\(path): wanted {\"labels\": [{\"name\": …, \"definition\": …, \"keywords\": […]}]}: \(error)",
                code: Failure.Code.badData)
        }
    }

    /// The corpus of the labelled articles.
    func corpus(task: Corpus.TaskChoice) throws -> Corpus {
        try Corpus(articles, labels: labels, task: task)
    }
}
