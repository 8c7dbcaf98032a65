/// Where something stands in the input.
public struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
    /// The path of the file, or `standard input`.
    public var file: String
    /// The number of the line, from 1; `nil` where the whole file is meant.
    public var line: Int?

    public init(file: String, line: Int? = nil) {
        self.file = file
        self.line = line
    }

    public var description: String { line.map { "\(file):\($0)" } ?? file }
}

/// Why input cannot be read at all, or, when reading strictly, the first thing that is wrong with it.
public enum CorpusFormatError: Error, Equatable, CustomStringConvertible {
    /// There is no such file, or it may not be read.
    case cannotOpen(path: String, reason: String)
    /// The system failed while reading.
    case cannotRead(file: String, reason: String)
    /// The input is compressed and damaged or cut off.
    case damagedGzip(file: String, reason: String)
    /// There is nothing in the input.
    case empty(file: String, reason: String)
    /// The folder is of no known kind.
    case unrecognisedFolder(path: String, reason: String)
    /// A table has no column of a name that is needed.
    case missingColumn(String, purpose: String, option: String?, location: SourceLocation, present: [String])
    /// The file as a whole is not of its format, so that nothing after this place can be read.
    case malformedFile(SourceLocation, reason: String)
    /// One record is wrong, and reading is strict.
    case invalidRecord(Problem)

    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason): "cannot open \(path): \(reason)"
        case .cannotRead(let file, let reason): "cannot read \(file): \(reason)"
        case .damagedGzip(let file, let reason): "\(file) is not a whole gzip file: \(reason)"
        case .empty(let file, let reason): "\(file) \(reason)"
        case .unrecognisedFolder(let path, let reason):
            "cannot tell the articles of the folder \(path): \(reason); a folder needs a table labels.csv with the columns "
                + "file,labels, or one subfolder a label"
        case .missingColumn(let column, let purpose, let option, let location, let present):
            "\(location): no column \"\(column)\" for the \(purpose); the columns are "
                + present.map { "\"\($0)\"" }.joined(separator: ", ") + (option.map { " (name another with \($0))" } ?? "")
        case .malformedFile(let location, let reason): "\(location): \(reason)"
        case .invalidRecord(let problem): problem.description
        }
    }

    /// What is wrong, without the place.
    var reason: String {
        switch self {
        case .cannotOpen(_, let reason), .cannotRead(_, let reason), .damagedGzip(_, let reason), .empty(_, let reason),
            .unrecognisedFolder(_, let reason), .malformedFile(_, let reason):
            reason
        case .missingColumn: description
        case .invalidRecord(let problem): problem.kind.description
        }
    }

    /// The place in the input, as far as it is known.
    public var location: SourceLocation {
        switch self {
        case .cannotOpen(let file, _), .cannotRead(let file, _), .damagedGzip(let file, _), .empty(let file, _),
            .unrecognisedFolder(let file, _):
            SourceLocation(file: file)
        case .missingColumn(_, _, _, let location, _), .malformedFile(let location, _): location
        case .invalidRecord(let problem): problem.location
        }
    }
}
