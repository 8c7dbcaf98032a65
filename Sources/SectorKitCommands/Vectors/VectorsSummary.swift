import SemiSupervised
import TextClassification

/// What a file of vectors is, as the commands print it.
struct VectorsSummary: Encodable {
    let path: String
    let bytes: Int
    let articles: Int
    let words: Int
    let dimensions: Int
    /// Of the articles' texts.
    let digest: String
    let seed: UInt64
    let holdsArticles: Bool
    let isUpdatable: Bool
    let parameters: [String: HyperparameterValue]

    init(_ file: ArchiveVectorsFile, path: String, byteCount: Int) {
        self.path = path
        bytes = byteCount
        articles = file.articleCount
        words = file.wordCount
        dimensions = file.vectors.rank
        digest = file.archiveDigest
        seed = file.header.training.seed
        holdsArticles = file.hasArticles
        isUpdatable = file.isUpdatable
        parameters = file.parameters.values
    }

    var text: String {
        var lines = [
            "\(path): \(words) words in \(dimensions) dimensions, from \(articles) articles (digest \(digest)), \(bytes) bytes"
        ]
        lines.append(holdsArticles ? "similar articles can be found" : "without articles: similar ones cannot be found")
        lines.append(isUpdatable ? "can be updated: holds the words of the archive" : "final: cannot be updated")
        return lines.joined(separator: "\n")
    }
}
