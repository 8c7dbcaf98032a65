/// An open model file: its header, and its sections checked against its size.
///
/// No byte sequence makes it trap, allocate without bound or run code: header and table of sections are verified at every open,
/// the sections at open when the file is small, unless its opener does that later (`ModelCheck`), and by `verify()` otherwise; every
/// access stays inside of the file.
public struct ModelFile: Sendable {
    static let magic = Array("SECTRKIT".utf8)
    static let formatVersion = 2
    static let preludeLength = 64
    static let checksumOffset = 32
    /// Files up to this size (in bytes) are verified whole whenever they are opened.
    public static let verifiedAtOpenLimit = 16_000_000
    /// The most that the header, or a value kept as JSON, may take (in bytes): it is copied and decoded, and a file may be sparse.
    static let maximumJSONLength = 64_000_000

    /// A row of the table of sections; the offset counts from the first section.
    public struct SectionEntry: Sendable, Equatable, Codable {
        public let name: String
        public let offset: Int
        public let length: Int
        public let checksum: String

        var paddedLength: Int { (length + 63) / 64 * 64 }
    }

    struct Front: Codable, Equatable {
        let header: ModelHeader
        let sections: [SectionEntry]
    }

    public let path: String
    public let header: ModelHeader
    public let sections: [SectionEntry]
    /// The size of the file in bytes.
    public var byteCount: Int { map.count }
    let map: MemoryMap
    let sectionStart: Int

    /// Opens a file by mapping it into memory.
    /// - Parameter verifiesSections: whether the checksums of all sections are compared if the file is small. Who says no has a
    ///   `ModelCheck` tell, before anybody relies on what comes of the file, whether it is damaged.
    public init(path: String, verifiesSections: Bool = true) throws(ModelFileError) {
        try self.init(map: MemoryMap(path: path), path: path, verifiesSections: verifiesSections)
    }

    /// Reads a file that lies in memory.
    public init(bytes: [UInt8], path: String = "model") throws(ModelFileError) {
        try self.init(map: MemoryMap(copying: bytes), path: path, verifiesSections: true)
    }

    private init(map: MemoryMap, path: String, verifiesSections: Bool) throws(ModelFileError) {
        self.map = map
        self.path = path
        let (front, start) = try map.withBytes { bytes throws(ModelFileError) in
            try Self.front(of: bytes, path: path)
        }
        header = front.header
        sections = front.sections
        sectionStart = start
        try checkHeader()
        try checkTable()
        if verifiesSections, map.count <= Self.verifiedAtOpenLimit { try verify() }
    }

    private static func front(of bytes: RawSpan, path: String) throws(ModelFileError) -> (Front, Int) {
        let count = bytes.byteCount
        func word(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        let prefix = min(count, magic.count)
        for offset in 0..<prefix where unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self) != magic[offset] {
            throw .notAModel(path: path, reason: "it does not begin as one")
        }
        guard count >= preludeLength else { throw .truncated(path: path, expected: preludeLength, found: count) }
        // Components read what format 1 had in place of their sections of today.
        guard 1...UInt64(formatVersion) ~= word(8) else {
            guard word(8) > UInt64(formatVersion), word(8) < 1000 else {
                throw .checksumMismatch(path: path, part: "the header")
            }
            throw .newerFormat(path: path, version: Int(word(8)), newestKnown: formatVersion)
        }
        guard word(24) == UInt64(count) else {
            guard word(24) < 1 << 48 else { throw .checksumMismatch(path: path, part: "the header") }
            throw .truncated(path: path, expected: Int(word(24)), found: count)
        }
        guard word(16) <= UInt64(count - preludeLength) else { throw .checksumMismatch(path: path, part: "the header") }
        let headerLength = Int(word(16))
        guard headerLength <= maximumJSONLength else {
            throw .notAModel(path: path, reason: "its header claims \(headerLength) bytes")
        }
        let start = preludeLength + (headerLength + 63) / 64 * 64
        guard start <= count else { throw .checksumMismatch(path: path, part: "the header") }
        var front = copy(bytes, 0..<start)
        front.replaceSubrange(checksumOffset..<checksumOffset + 8, with: repeatElement(0, count: 8))
        guard XXH64.hash(front) == word(checksumOffset) else { throw .checksumMismatch(path: path, part: "the header") }
        do {
            let json = Array(front[preludeLength..<preludeLength + headerLength])
            return (try Front(reading: JSONTextDecoder(json)), start)
        } catch {
            throw .notAModel(path: path, reason: "its header cannot be understood (\(error))")
        }
    }

    private func checkHeader() throws(ModelFileError) {
        guard !header.labels.isEmpty, LabelSet(header.labels).count == header.labels.count else {
            throw .notAModel(path: path, reason: "its labels are empty or repeat")
        }
        guard header.training.labelCounts.count == header.labels.count else {
            throw .notAModel(path: path, reason: "it counts the articles of other labels than it has")
        }
    }

    private func checkTable() throws(ModelFileError) {
        let available = map.count - sectionStart
        for section in sections {
            guard section.offset >= 0, section.length >= 0, section.offset % 64 == 0, section.offset <= available,
                section.length <= available - section.offset, section.paddedLength <= available - section.offset
            else {
                throw .malformedSection(path: path, section: section.name, reason: "lies outside of the file")
            }
        }
        // So that verifying takes no longer than reading the file once.
        var end = 0
        for section in sections.sorted(by: { $0.offset < $1.offset }) where section.length > 0 {
            guard section.offset >= end else {
                throw .malformedSection(path: path, section: section.name, reason: "lies over another one")
            }
            end = section.offset + section.paddedLength
        }
    }

    /// Compares the checksum of every section. O(size of the file).
    public func verify() throws(ModelFileError) {
        for section in sections {
            let start = sectionStart + section.offset
            var hash = XXH64()
            try map.forEachPiece(of: start..<start + section.paddedLength, path: path) { hash.append(stripes: $0) }
            guard hexadecimal(hash.value) == section.checksum else {
                throw .checksumMismatch(path: path, part: "section \(section.name)")
            }
        }
    }

    static func copy(_ bytes: RawSpan, _ range: Range<Int>) -> [UInt8] {
        unsafe bytes.extracting(range).withUnsafeBytes { unsafe Array($0) }
    }

    /// A reader of all sections.
    public var reader: ModelReader { reader() }

    /// A reader of all sections, with the components that fitted components may hold.
    public func reader(_ registry: Registry = Registry()) -> ModelReader {
        ModelReader(file: self, prefix: "", registry: registry, depth: 0)
    }

    /// The entry of a component; an error that names the plugin it comes from where the registry lacks it.
    func entry<Estimator, Model>(
        _ component: String, of entries: [String: Registry.Entry<Estimator, Model>], stage: String
    ) throws(ModelFileError) -> Registry.Entry<Estimator, Model> {
        do {
            return try entries.entry(component, stage: stage)
        } catch {
            if let plugin = header.plugins?.first(where: { $0.components.contains(component) }) {
                throw .missingPlugin(path: path, plugin: plugin)
            }
            throw .unknownComponent(path: path, reason: "\(error)")
        }
    }
}
