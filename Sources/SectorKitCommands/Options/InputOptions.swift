import ArgumentParser
import CorpusFormats
import FoundationEssentials
import TextClassification

extension ArticleFormat: ExpressibleByArgument {}
extension TextEncoding: ExpressibleByArgument {}

/// How articles are read.
struct InputOptions: ParsableArguments {
    @Option(help: "The format of the input instead of the recognised one.")
    var inputFormat: ArticleFormat?

    @Option(help: "The field or column that holds the text.")
    var textField = "text"

    @Option(help: "The field or column that holds the title.")
    var titleField = "title"

    @Option(help: "The field or column that holds the labels (CSV: separated by ';').")
    var labelField = "labels"

    @Option(help: "The field or column that holds the identifier.")
    var idField = "id"

    @Option(help: "The encoding of the input: utf-8, latin1, windows-1252, utf-16le or utf-16be.")
    var encoding: TextEncoding = .utf8

    @Flag(help: "Remove HTML tags and resolve entities.")
    var stripHtml = false

    @Option(help: ArgumentHelp("The longest line that is read, such as 64MB.", valueName: "size"))
    var maximumLine = ByteSize(bytes: 64_000_000)

    @Flag(help: "Stop at the first bad record instead of reporting it and going on.")
    var strict = false

    var readingOptions: ReadingOptions {
        var options = ReadingOptions()
        options.format = inputFormat
        options.fieldNames.text = textField
        options.fieldNames.title = titleField
        options.fieldNames.labels = labelField
        options.fieldNames.id = idField
        options.encoding = encoding
        options.stripsHTML = stripHtml
        options.maximumLine = maximumLine.bytes
        return options
    }

    /// Reads all articles of the inputs, `-` being standard input. Bad records are reported; in strict mode the first is an error.
    /// - Returns: the articles, and whether any record was left out.
    func articles(from paths: [String]) throws -> (articles: [Article], isComplete: Bool) {
        var articles: [Article] = []
        var isComplete = true
        let reader = ArticleReader(options: readingOptions, policy: strict ? .strict : .skip(maximumProblems: 20))
        for path in paths {
            let read = try reader.read(ArticleInput(argument: path))
            for problem in read.problems { Console.print("warning: \(problem)") }
            if read.problemCount > 0 {
                Console.print("warning: \(read.problemCount) bad record(s) in \(path) left out")
                isComplete = false
            }
            if read.duplicateCount > 0 {
                Console.print("warning: \(read.duplicateCount) article(s) in \(path) have an identifier that an earlier one has")
            }
            articles += read.articles
        }
        return (articles, isComplete)
    }
}

/// A size in bytes as people write it: 500kB, 64MB, 2GB, in powers of ten.
struct ByteSize: ExpressibleByArgument, CustomStringConvertible {
    let bytes: Int

    init(bytes: Int) { self.bytes = bytes }

    init?(argument: String) {
        let digits = argument.prefix { $0.isNumber || $0 == "." }
        let factors = [
            "": 1, "b": 1, "kb": 1000, "k": 1000, "mb": 1_000_000, "m": 1_000_000, "gb": 1_000_000_000, "g": 1_000_000_000,
        ]
        guard let number = Double(digits), number.isFinite, number > 0,
            let factor = factors[argument.dropFirst(digits.count).lowercased()], number * Double(factor) < 1e18
        else { return nil }
        bytes = max(1, Int(number * Double(factor)))
    }

    var description: String { bytes % 1_000_000 == 0 ? "\(bytes / 1_000_000)MB" : "\(bytes)B" }
}
