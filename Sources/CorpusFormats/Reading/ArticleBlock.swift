import TextClassification

/// Some articles: as they stand in the input, as texts for feature extractors, and what is wrong with the others.
///
/// A block is filled in two steps, so that the second can run on another thread: `ArticleBlockReader.read(into:)` puts the bytes
/// of whole records into `records`, and `ArticleParser.parse(_:)` makes articles of them. It is used again and again and then
/// needs no allocation.
public struct ArticleBlock: Sendable {
    /// The records as they stand in the input.
    public internal(set) var records = RecordBlock()
    /// The titles and texts of the articles.
    public internal(set) var batch = ArticleBatch()
    /// What an article is made of.
    struct Place: Sendable {
        /// The position of its record in `records`.
        var record: Int
        /// Where its identifier lies in `identifierBytes`; empty where the input gives none.
        var identifier = 0..<0
        /// Whether the input gives the identifier; otherwise it is the number of the line.
        var hasIdentifier = false
        /// Where its members lie in `members`; empty for formats other than JSON.
        var members = 0..<0
    }
    /// For each article what it is made of.
    var places: [Place] = []
    /// The UTF-8 of all identifiers.
    var identifierBytes: [UInt8] = []
    /// The labels, if they are read; otherwise empty.
    public internal(set) var labels: [[String]?] = []
    public internal(set) var unjudged: [[String]] = []
    public internal(set) var dates: [String?] = []
    public internal(set) var groups: [String?] = []
    /// The field that is the group, where it is one that is read anyway.
    var sharedGroup: ArticleField?
    /// What is wrong with the records that are not among the articles, in the order of lines.
    public internal(set) var problems: [Problem] = []
    /// The members of all JSON objects.
    var members: [JSONMember] = []
    /// Whether records are JSON objects.
    var hasMembers = false
    /// Whether the bytes of the batch are those of the records.
    var sharesText = false

    /// The number of malformed UTF-8 sequences that were replaced.
    public internal(set) var repairCount = 0
    /// Where the first record with such a sequence begins.
    public internal(set) var firstRepair: SourceLocation?
    /// The file that the block is of.
    var file = ""
    /// Whether records may have line breaks in them.
    var isMultiline = false
    /// The fields of the row that is being read.
    var fields: [TableField] = []

    public init() {}

    /// The number of articles.
    public var count: Int { batch.count }

    /// The number of the line, from 1, on which an article begins.
    public func line(of article: Int) -> Int { records.lines[places[article].record] }

    /// Where an article begins.
    public func location(of article: Int) -> SourceLocation { location(ofRecord: places[article].record) }

    /// Whether the input gives an article's identifier, or its file's name is it; otherwise it is the number of the line.
    public func hasIdentifier(_ article: Int) -> Bool { places[article].hasIdentifier }

    func location(ofRecord record: Int) -> SourceLocation {
        records.entries.isEmpty
            ? SourceLocation(file: file, line: records.lines[record]) : SourceLocation(file: records.entries[record].path)
    }

    /// The identifier of an article; the number of the line or the name of the file where the input gives none.
    public func identifier(of article: Int) -> String {
        let place = places[article]
        return place.hasIdentifier ? String(identifierBytes.span, place.identifier) : String(line(of: article))
    }

    /// Appends the identifier of an article; `escaped` appends one that the input gives.
    func appendIdentifier(_ article: Int, to output: inout [UInt8], _ escaped: (inout [UInt8], Span<UInt8>) -> Void) {
        let place = places[article]
        if place.hasIdentifier {
            escaped(&output, identifierBytes.span.extracting(place.identifier))
        } else {
            output.append(decimal: line(of: article))
        }
    }

    /// An article as a value of its own; for prediction it is not needed.
    public func article(_ position: Int) -> Article {
        let bytes = batch.bytes.span
        var article = Article(
            id: identifier(of: position), title: String(bytes, batch.titles[position]),
            text: String(bytes, batch.bodies[position]), labels: labels.isEmpty ? nil : labels[position],
            unjudged: unjudged.isEmpty ? [] : unjudged[position], date: dates.isEmpty ? nil : dates[position],
            group: groups.isEmpty ? nil : groups[position])
        if let sharedGroup { article.group = Self.group(of: article, sharedGroup) }
        return article
    }

    private static func group(of article: Article, _ field: ArticleField) -> String? {
        switch field {
        case .id: article.id
        case .title: article.title
        case .text: article.text
        case .labels: article.labels?.joined(separator: ";")
        case .unjudged: article.unjudged.joined(separator: ";")
        case .date: article.date
        case .group, .prediction: article.group
        }
    }

    /// Appends the articles to a list; `identifiers` are theirs.
    func append(to list: inout ArticleList, identifiers: [String]) {
        let groups = sharedGroup == nil ? self.groups : (0..<count).map { article($0).group }
        list.append(identifiers: identifiers, texts: batch, labels: labels, unjudged: unjudged, dates: dates, groups: groups)
    }

    /// Empties the block but for its records; memory is kept unless a giant article made it grow far beyond the usual.
    mutating func removeArticles() {
        if sharesText {
            // The records keep it.
            var parts = batch.takeParts()
            parts.titles.removeAll(keepingCapacity: true)
            parts.bodies.removeAll(keepingCapacity: true)
            batch = ArticleBatch(bytes: [], titles: parts.titles, bodies: parts.bodies)
            sharesText = false
        }
        if batch.bytes.capacity > 8 * max(1 << 20, records.bytes.count) { batch = ArticleBatch() }
        batch.removeAll()
        places.removeAll(keepingCapacity: true)
        identifierBytes.removeAll(keepingCapacity: true)
        labels.removeAll(keepingCapacity: true)
        unjudged.removeAll(keepingCapacity: true)
        dates.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
        problems.removeAll(keepingCapacity: true)
        members.removeAll(keepingCapacity: true)
        repairCount = 0
        firstRepair = nil
    }
}
