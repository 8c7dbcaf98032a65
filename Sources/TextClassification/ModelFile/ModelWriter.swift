import FoundationEssentials
import LinearAlgebra

/// Collects the sections of a model file; components write theirs under their own names.
public struct ModelWriter {
    struct Section {
        let name: String
        let byteCount: Int
        /// Appends the bytes, which are not copied before.
        let append: (inout [UInt8]) -> Void
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
        add(name, byteCount: elements.count * MemoryLayout<Element>.stride) { bytes in
            unsafe elements.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        }
    }

    public mutating func add<Element: BitwiseCopyable & Sendable>(_ name: String, _ elements: ModelArray<Element>) {
        add(name, byteCount: elements.count * MemoryLayout<Element>.stride) { bytes in
            elements.withSpan { span in unsafe span.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) } }
        }
    }

    private mutating func add(_ name: String, byteCount: Int, append: @escaping (inout [UInt8]) -> Void) {
        sections.append(Section(name: prefix + name, byteCount: byteCount, append: append))
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
        let (front, body) = try fileParts(header: header)
        return front + body
    }

    /// The bytes of the whole file: those before the sections, and the sections, each of which is copied once.
    func fileParts(header: ModelHeader) throws(ModelFileError) -> (front: [UInt8], body: [UInt8]) {
        var body = [UInt8](largeCapacity: sections.reduce(0) { $0 + $1.byteCount + 64 })
        var table: [ModelFile.SectionEntry] = []
        for section in sections {
            let offset = body.count
            section.append(&body)
            Self.pad(&body)
            let checksum = XXH64.hash(unsafe body.span.bytes.extracting(offset...))
            table.append(
                .init(name: section.name, offset: offset, length: section.byteCount, checksum: hexadecimal(checksum)))
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
        prelude += UInt64(ModelFile.preludeLength + front.count + body.count).littleEndianBytes
        Self.pad(&prelude)
        let checksum = XXH64.hash(prelude + front)
        prelude.replaceSubrange(ModelFile.checksumOffset..<ModelFile.checksumOffset + 8, with: checksum.littleEndianBytes)
        return (prelude + front, body)
    }

    private static func pad(_ bytes: inout [UInt8]) {
        bytes.append(contentsOf: repeatElement(0, count: (64 - bytes.count % 64) % 64))
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
