import Foundation

@testable import TextClassification

/// A model file taken apart, to be changed and signed again: what a file looks like that somebody made to do harm, or that a faulty
/// program wrote, with every checksum right.
struct SignedFile {
    struct Section {
        var name: String
        var bytes: [UInt8]
        /// Written instead of the true ones.
        var claimedOffset: Int?
        var claimedLength: Int?
    }

    var magic = Array("SECTRKIT".utf8)
    var version: UInt64 = 1
    /// The JSON object of the model's header.
    var header: Any
    var sections: [Section]
    /// Written instead of the front made of `header` and `sections`.
    var front: [UInt8]?
    var claimedFrontLength: UInt64?
    var claimedFileLength: UInt64?

    /// Takes a file apart.
    init(_ bytes: [UInt8]) throws {
        let file = try ModelFile(bytes: bytes)
        header = try JSONSerialization.jsonObject(with: JSONEncoder().encode(file.header))
        sections = try file.sections.map { section in
            Section(name: section.name, bytes: try file.reader.array(section.name, of: UInt8.self).elements)
        }
    }

    /// The place of a section.
    func position(_ name: String) -> Int { sections.firstIndex { $0.name == name }! }

    subscript(name: String) -> [UInt8] {
        get { sections[position(name)].bytes }
        set { sections[position(name)].bytes = newValue }
    }

    /// Changes an object within the header; `path` leads to it.
    mutating func changeHeader(_ path: [String] = [], _ change: (inout [String: Any]) -> Void) {
        func changed(_ object: Any, _ path: ArraySlice<String>) -> Any {
            var object = object as? [String: Any] ?? [:]
            if let first = path.first {
                object[first] = changed(object[first] ?? [:], path.dropFirst())
            } else {
                change(&object)
            }
            return object
        }
        header = changed(header, path[...])
    }

    /// The file, with every checksum right.
    func bytes() throws -> [UInt8] {
        var body: [UInt8] = []
        var table: [[String: Any]] = []
        for section in sections {
            let offset = body.count
            body += section.bytes
            Self.pad(&body)
            table.append([
                "name": section.name, "offset": section.claimedOffset ?? offset,
                "length": section.claimedLength ?? section.bytes.count,
                "checksum": hexadecimal(XXH64.hash(Array(body[offset...]))),
            ])
        }
        // A claimed place inside of the body gets the checksum of what lies there.
        for (number, section) in sections.enumerated() where section.claimedOffset != nil || section.claimedLength != nil {
            let offset = table[number]["offset"] as? Int ?? 0
            let length = table[number]["length"] as? Int ?? 0
            guard offset >= 0, length >= 0, offset <= body.count, length <= body.count - offset else { continue }
            let end = min(body.count, offset + (length + 63) / 64 * 64)
            table[number]["checksum"] = hexadecimal(XXH64.hash(Array(body[offset..<end])))
        }
        var front = try self.front ?? Array(JSONSerialization.data(withJSONObject: ["header": header, "sections": table]))
        let frontLength = claimedFrontLength ?? UInt64(front.count)
        Self.pad(&front)
        let length = claimedFileLength ?? UInt64(64 + front.count + body.count)
        var prelude = magic + Self.littleEndian(version) + Self.littleEndian(frontLength) + Self.littleEndian(length)
        Self.pad(&prelude)
        let signed = prelude + front
        let end = min(signed.count, 64 + Int(clamping: (frontLength &+ 63) / 64 * 64))
        prelude.replaceSubrange(32..<40, with: Self.littleEndian(XXH64.hash(Array(signed[..<max(64, end)]))))
        return prelude + front + body
    }

    static func pad(_ bytes: inout [UInt8]) {
        bytes.append(contentsOf: repeatElement(0, count: (64 - bytes.count % 64) % 64))
    }

    static func littleEndian<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
        (0..<MemoryLayout<Number>.size).map { UInt8(truncatingIfNeeded: value >> Number(8 * $0)) }
    }

    static func littleEndian(_ value: Double) -> [UInt8] { littleEndian(value.bitPattern) }
    static func littleEndian(_ value: Float) -> [UInt8] { littleEndian(value.bitPattern) }
}
