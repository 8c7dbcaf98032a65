import ArgumentParser
import SemiSupervised
import TextClassification

struct VectorsNearestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nearest",
        abstract: "Show the words, or articles, nearest to words.",
        usage: "sectorkit vectors nearest <vectors> <words> ... [<options>]",
        discussion: """
            For each word by itself, or for all together with --together. Similarity is the cosine of the angle between two vectors: 1 the \
            same, 0 unrelated.

            EXAMPLES
              sectorkit vectors nearest archive.vectors tariff
              sectorkit vectors nearest archive.vectors chip export --together
              sectorkit vectors nearest archive.vectors ransomware --articles --count 5
            """)

    @Argument(help: "The file that `vectors fit` wrote.", completion: .file(extensions: ["vectors"]))
    var vectors: String

    @Argument(help: "Words.")
    var words: [String]

    @Option(help: ArgumentHelp("How many to show.", valueName: "n"))
    var count = 10

    @Flag(help: "What is near all the words together.")
    var together = false

    @Flag(help: "Show articles, not words.")
    var articles = false

    @Flag(help: "Print as JSON.")
    var json = false

    func validate() throws {
        if count < 1 { throw ValidationError("--count wants a whole number of at least 1") }
        if words.isEmpty { throw ValidationError("name a word at least") }
    }

    private struct Found: Encodable {
        let words: [String]
        var nearest: [ArchiveVectorsFile.SimilarWord]?
        var articles: [ArchiveVectorsFile.SimilarArticle]?
    }

    func run() throws {
        let file = try ArchiveVectorsFile(path: vectors)
        if articles, !file.hasArticles {
            throw Failure("\(vectors) was made without its articles (--without-articles)", code: Failure.Code.usage)
        }
        let unknown = file.unknown(words)
        let known = words.filter { !unknown.contains($0) }
        let found = (together ? known.isEmpty ? [] : [known] : known.map { [$0] }).map { words in
            articles
                ? Found(
                    words: words,
                    articles: file.nearestArticles(to: Article(text: words.joined(separator: "\n")), count: count))
                : Found(words: words, nearest: file.nearestWords(to: words, count: count))
        }
        if !found.isEmpty || json { try StandardOutput().print(json ? JSONText.encoded(found) : text(found)) }
        if !unknown.isEmpty {
            throw Failure(
                "no vector for \(unknown.map { "\"\($0)\"" }.joined(separator: ", ")): words have one that are in "
                    + "\(counted(file.parameters.minimumDocumentFrequency, "article")) of the archive at least and are no stop words",
                code: Failure.Code.badData)
        }
    }

    private func text(_ found: [Found]) -> String {
        found.map { entry in
            var table = TextTable()
            for word in entry.nearest ?? [] { table.append(word.similarity.fixed(3), word.word.onOneLine) }
            for article in entry.articles ?? [] {
                table.append(article.similarity.fixed(3), article.id.onOneLine, article.title.onOneLine)
            }
            return entry.words.map(\.onOneLine).joined(separator: ", ") + "\n" + table.text
        }.joined(separator: "\n\n")
    }
}

extension String {
    /// Without what would disturb a terminal.
    var onOneLine: String { withoutControlCharacters.replacing("\n", with: " ") }
}
