/// The files of a folder of articles and what it tells about each.
struct FolderLayout {
    var format: ArticleFormat
    var entries: [FolderEntry] = []
    /// What is wrong with the rows of the label table.
    var problems: [Problem] = []

    static let tableName = "labels.csv"

    /// Looks at a folder.
    /// - Throws: `CorpusFormatError.unrecognisedFolder` when it is of neither kind, others when its table cannot be read.
    init(path: String, options: ReadingOptions) throws(CorpusFormatError) {
        let names = try FileSystem.names(in: path)
        func full(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }
        let folders = names.filter { FileSystem.kind(of: full($0)) == .directory }
        let texts = names.filter { Self.isText($0) && FileSystem.kind(of: full($0)) == .file }
        let hasTable = names.contains(Self.tableName)

        if let format = options.format {
            self.format = format
            guard format == .directoryPerLabel || hasTable else {
                throw .unrecognisedFolder(path: path, reason: "it has no \(Self.tableName)")
            }
            guard format == .directoryWithTable || !folders.isEmpty else {
                throw .unrecognisedFolder(path: path, reason: "it has no subfolders")
            }
        } else if hasTable {
            format = .directoryWithTable
        } else if !folders.isEmpty, texts.isEmpty {
            format = .directoryPerLabel
        } else if !options.readsLabels, folders.isEmpty, !texts.isEmpty {
            // Where no labels are wanted, a table of them is not missed.
            format = .directoryWithTable
        } else {
            let reason =
                folders.isEmpty
                ? texts.isEmpty ? "it has no articles" : "it has text files, but no \(Self.tableName)"
                : "it has both text files and subfolders, but no \(Self.tableName)"
            throw .unrecognisedFolder(path: path, reason: reason)
        }

        if format == .directoryWithTable {
            if hasTable { try readTable(path: path, full: full, options: options) }
            let listed = Set(entries.map(\.path))
            for name in texts where !listed.contains(full(name)) {
                entries.append(FolderEntry(path: full(name), identifier: name))
            }
        } else {
            for label in folders {
                for name in try FileSystem.names(in: full(label)) where FileSystem.kind(of: full("\(label)/\(name)")) == .file {
                    entries.append(FolderEntry(path: full("\(label)/\(name)"), identifier: "\(label)/\(name)", labels: [label]))
                }
            }
        }
    }

    private static func isText(_ name: String) -> Bool {
        name.hasSuffix(".txt") || name.hasSuffix(".txt.gz")
    }

    private mutating func readTable(
        path: String, full: (String) -> String, options: ReadingOptions
    ) throws(CorpusFormatError) {
        let table = full(Self.tableName)
        let separator = ASCII.comma
        var reader = RecordReader(
            try ByteSource(path: table, encoding: options.encoding), splitter: TableSplitter(separator: separator),
            blockSize: options.blockSize, maximumRecord: options.maximumLine)
        var names = options.fieldNames
        names.text = "file"
        var columns: TableColumns?
        var block = RecordBlock()
        while try reader.next(into: &block) {
            problems.append(contentsOf: block.problems)
            let bytes = block.bytes.span
            for (row, line) in zip(block.records, block.lines) where !row.isEmpty {
                let location = SourceLocation(file: table, line: line)
                if let columns {
                    addRow(bytes, row, columns, location: location, full: full)
                } else {
                    columns = try TableColumns(
                        header: bytes, row, separator: separator, names: names, required: [.text, .labels],
                        purposes: [.text: "names of the files"], location: location)
                }
            }
        }
        if columns == nil { throw .empty(file: table, reason: "is empty; it needs a header with the columns file,labels") }
    }

    private mutating func addRow(
        _ bytes: Span<UInt8>, _ row: Range<Int>, _ columns: TableColumns, location: SourceLocation, full: (String) -> String
    ) {
        var fields: [TableField] = []
        if let reason = TableRow.split(bytes, row, separator: columns.separator, into: &fields) {
            problems.append(Problem(location: location, kind: .malformedTable(reason: reason)))
            return
        }
        guard fields.count == columns.count else {
            let kind = Problem.Kind.wrongFieldCount(found: fields.count, expected: columns.count)
            problems.append(Problem(location: location, kind: kind))
            return
        }
        func cell(_ field: ArticleField) -> String? { columns[field].map { fields[$0].text(in: bytes) } }
        let name = cell(.text) ?? ""
        guard !name.isEmpty, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
            let kind = Problem.Kind.unreadableFile(name, reason: "the table may only name files within its folder")
            problems.append(Problem(location: location, kind: kind))
            return
        }
        let (identifier, date) = (cell(.id) ?? "", cell(.date) ?? "")
        entries.append(
            FolderEntry(
                path: full(name), identifier: identifier.isEmpty ? name : identifier, title: cell(.title) ?? "",
                labels: labels(inCell: cell(.labels) ?? ""), unjudged: labels(inCell: cell(.unjudged) ?? ""),
                date: date.isEmpty ? nil : date, group: cell(.group), location: location))
    }
}
