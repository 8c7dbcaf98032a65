import ArgumentParser
import CorpusFormats
import TextClassification

extension ArticleFormat: NamedChoice {}

extension TextEncoding: NamedChoice {
    public init?(argument: String) { self.init(name: argument) }
}

/// How articles are read.
struct InputOptions: ParsableArguments {
    @Option(help: "The format of the input; recognised by itself without.")
    var inputFormat: ArticleFormat?

    @Option(help: ArgumentHelp("The field or column that holds the text.", valueName: "name"))
    var textField = "text"

    @Option(help: ArgumentHelp("The field or column that holds the title.", valueName: "name"))
    var titleField = "title"

    @Option(help: ArgumentHelp("The field or column that holds the labels (in tables separated by ;).", valueName: "name"))
    var labelField = "labels"

    @Option(help: ArgumentHelp("The field or column that holds the identifier.", valueName: "name"))
    var idField = "id"

    @Option(help: "The encoding of the input, where no byte-order mark tells it.")
    var encoding: TextEncoding = .utf8

    @Flag(help: "Remove HTML tags and resolve entities.")
    var stripHtml = false

    @Option(help: ArgumentHelp("The longest line or article that is read, such as 500kB or 2GB.", valueName: "size"))
    var maximumLine = ByteSize(bytes: 64_000_000)

    @Flag(help: "Stop at the first bad record instead of reporting it and going on.")
    var strict = false

    /// - Parameter readsLabels: whether labels are wanted; where they are not, whatever stands in their field is passed on.
    func readingOptions(readsLabels: Bool) -> ReadingOptions {
        var options = ReadingOptions()
        options.format = inputFormat
        options.fieldNames.text = textField
        options.fieldNames.title = titleField
        options.fieldNames.labels = labelField
        options.fieldNames.id = idField
        options.encoding = encoding
        options.stripsHTML = stripHtml
        options.maximumLine = maximumLine.bytes
        options.readsLabels = readsLabels
        return options
    }

    func validate() throws {
        let names = [textField, titleField, labelField, idField]
        if names.contains("") { throw ValidationError("a field's name cannot be empty") }
        if Set(names).count < names.count {
            throw ValidationError("--text-field, --title-field, --label-field and --id-field want different names")
        }
    }
}

/// A size in bytes as people write it: 500kB, 64MB, 2GB, in powers of ten.
struct ByteSize: ExpressibleByArgument, CustomStringConvertible {
    let bytes: Int

    private static let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("B", 1)]

    init(bytes: Int) { self.bytes = bytes }

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        let unit = argument.dropFirst(digits.count).lowercased()
        let factor = Self.units.first { $0.0.lowercased() == unit || $0.0.lowercased() == unit + "b" }?.1 ?? 0
        guard let number = Double(digits), factor > 0, 1..<1e18 ~= number * Double(factor) else { return nil }
        bytes = Int(number * Double(factor))
    }

    var description: String {
        let (unit, factor) = Self.units.first { bytes % $0.1 == 0 } ?? ("B", 1)
        return "\(bytes / factor)\(unit)"
    }

    var defaultValueDescription: String { description }
}
