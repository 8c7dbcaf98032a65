import Foundation
import Testing

@testable import TextClassification

@Suite struct AppendOnlyFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func append(_ lines: String...) throws {
        let file = try AppendOnlyFile(path: folder.path("j"))
        for line in lines { try file.append(line.utf8) }
    }

    private var text: String { get throws { String(decoding: try folder.bytes("j"), as: UTF8.self) } }

    @Test func `Lines are added, behind those that were there`() throws {
        try append("a", "b")
        try append("c")
        #expect(try text == "a\nb\nc\n")
        let long = String(repeating: "x", count: 200_000)
        try append(long)
        #expect(try AppendOnlyFile(path: folder.path("j")).contents() == Array("a\nb\nc\n\(long)\n".utf8))
    }

    @Test func `What a killed writer left of a line stays apart, or is removed`() throws {
        try AtomicFile.write(Array("a\nb".utf8), to: folder.path("j"))
        try append("c")
        #expect(try text == "a\nb\nc\n")
        try AtomicFile.write(Array("a\nb".utf8), to: folder.path("j"))
        do {
            let file = try AppendOnlyFile(path: folder.path("j"))
            try file.removeCutLine()
            try file.removeCutLine()
            try file.append("c".utf8)
        }
        #expect(try text == "a\nc\n")
    }

    @Test func `One program at a time, and regular files only`() throws {
        let file = try AppendOnlyFile(path: folder.path("j"))
        #expect(throws: AppendOnlyFileError.cannotUse(path: folder.path("j"), reason: "another run is writing to it")) {
            try AppendOnlyFile(path: folder.path("j"), writer: "another run")
        }
        try file.append("a".utf8)
        #expect(throws: AppendOnlyFileError.cannotUse(path: "/dev/full", reason: "it is not a regular file")) {
            try AppendOnlyFile(path: "/dev/full")
        }
        #expect(throws: AppendOnlyFileError.cannotUse(path: folder.path, reason: "Is a directory")) {
            try AppendOnlyFile(path: folder.path)
        }
        #expect(try text == "a\n")
    }
}
