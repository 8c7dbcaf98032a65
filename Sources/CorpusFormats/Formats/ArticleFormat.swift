/// How articles are stored.
public enum ArticleFormat: String, Sendable, CaseIterable {
    /// One JSON object a line.
    case jsonl
    /// One JSON array of objects.
    case json
    /// A table with a header, fields separated by commas, as RFC 4180 has it.
    case csv
    /// A table with a header, fields separated by tabs.
    case tsv
    /// `__label__` words before the text, one article a line.
    case fasttext
    /// The whole input is one article.
    case text
    /// Every line is an article.
    case lines
    /// A folder of text files with a table `labels.csv`.
    case directoryWithTable = "directory-with-table"
    /// A folder with one subfolder of text files a label.
    case directoryPerLabel = "directory-per-label"
}
