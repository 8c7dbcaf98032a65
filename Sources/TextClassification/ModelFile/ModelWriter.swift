import FoundationEssentials
import LinearAlgebra

/// Collects the sections of a model file; components write theirs under their own names.
public struct ModelWriter {
    struct Section {
        let name: String
        let byteCount: Int
        /// Calls its argument with the bytes where they lie.
        let visit: (_ body: (RawSpan) -> Void) -> Void
    }
    private(set) var sections: [Section] = []
    private var prefix = ""

    public init() {}

    /// Calls `body` with the writer putting `scope/` before every name.
    public mutating func scoped<Failure: Error>(
        _ scope: String, _ body: (inout ModelWriter) throws(Failure) -> Void
    ) throws(Failure) {
        let outer = prefix
        prefix += scope + "/"
        defer { prefix = outer }
        try body(&self)
    }

    /// Adds a section of plain numbers, little-endian.
    public mutating func add<Element: BitwiseCopyable>(_ name: String, _ elements: [Element]) {
        add(name, byteCount: elements.count * MemoryLayout<Element>.stride) { body in body(unsafe elements.span.bytes) }
    }

    public mutating func add<Element: BitwiseCopyable & Sendable>(_ name: String, _ elements: ModelArray<Element>) {
        add(name, byteCount: elements.count * MemoryLayout<Element>.stride) { body in
            elements.withSpan { body(unsafe $0.bytes) }
        }
    }

    private mutating func add(_ name: String, byteCount: Int, visit: @escaping (_ body: (RawSpan) -> Void) -> Void) {
        sections.append(Section(name: prefix + name, byteCount: byteCount, visit: visit))
    }

    /// Adds a section that holds a value as JSON with sorted keys.
    public mutating func add(_ name: String, json value: some Encodable) throws(ModelFileError) {
        add(name, try Self.json(value, name: prefix + name))
    }

    private static func json(_ value: some Encodable, name: String) throws(ModelFileError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw .malformedSection(path: "the model", section: name, reason: "cannot be written as JSON: \(error)")
        }
    }

    /// The bytes of the whole file.
    ///
    /// Layout: a prelude of 64 bytes (magic, format version, length of the header, length of the file, checksum of prelude and
    /// header), the JSON header with the table of sections, then the sections; everything little-endian and padded with zeros to
    /// multiples of 64 bytes. Checksums (XXH64) cover the padding, so that no byte of the file is unprotected.
    public func fileBytes(header: ModelHeader) throws(ModelFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(sections.reduce(1 << 12) { $0 + $1.byteCount + 64 })
        forEachPart(front: try front(header: header)) { part in
            unsafe part.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// Writes the file whole or not at all, each section from where it lies in memory.
    public func write(header: ModelHeader, to path: String) throws(ModelFileError) {
        let front = try front(header: header)
        try AtomicFile.write(to: path) { forEachPart(front: front, $0) }
    }

    private func forEachPart(front: [UInt8], _ body: (RawSpan) -> Void) {
        body(unsafe front.span.bytes)
        for section in sections {
            section.visit(body)
            let zeros = [UInt8](repeating: 0, count: Self.padding(section.byteCount))
            body(unsafe zeros.span.bytes)
        }
    }

    /// What stands before the sections.
    private func front(header: ModelHeader) throws(ModelFileError) -> [UInt8] {
        var bodyLength = 0
        var table: [ModelFile.SectionEntry] = []
        for section in sections {
            var checksum: UInt64 = 0
            section.visit { checksum = XXH64.hash($0, zeroCount: Self.padding(section.byteCount)) }
            table.append(
                .init(
                    name: section.name, offset: bodyLength, length: section.byteCount, checksum: hexadecimal(checksum)))
            bodyLength += section.byteCount + Self.padding(section.byteCount)
        }
        var front = try Self.json(ModelFile.Front(header: header, sections: table), name: "header")
        let headerLength = front.count
        guard headerLength <= ModelFile.maximumJSONLength else {
            throw .malformedSection(path: "the model", section: "header", reason: "would take \(headerLength) bytes")
        }
        Self.pad(&front)
        var prelude = ModelFile.magic
        prelude += UInt64(ModelFile.formatVersion).littleEndianBytes
        prelude += UInt64(headerLength).littleEndianBytes
        prelude += UInt64(ModelFile.preludeLength + front.count + bodyLength).littleEndianBytes
        Self.pad(&prelude)
        let checksum = XXH64.hash(prelude + front)
        prelude.replaceSubrange(ModelFile.checksumOffset..<ModelFile.checksumOffset + 8, with: checksum.littleEndianBytes)
        return prelude + front
    }

    /// How many zeros make so many bytes a multiple of 64.
    private static func padding(_ byteCount: Int) -> Int { (64 - byteCount % 64) % 64 }

    private static func pad(_ bytes: inout [UInt8]) {
        bytes.append(contentsOf: repeatElement(0, count: padding(bytes.count)))
    }
}

extension UInt64 {
    /// The eight bytes, the lowest first.
    package var littleEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) } }
}

/// A 64-bit number as 16 hexadecimal digits.
public func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
