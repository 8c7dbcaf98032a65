import Foundation
import Testing

@testable import TextClassification

@Suite(.serialized) struct AtomicFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `A file is written, and replaced`() throws {
        try AtomicFile.write([1, 2, 3], to: folder.path("m"))
        #expect(try folder.bytes("m") == [1, 2, 3])
        try AtomicFile.write([], to: folder.path("m"))
        #expect(try folder.bytes("m") == [])
        #expect(folder.contents == ["m"])
    }

    @Test func `A file that is mapped stays whole when it is replaced`() throws {
        try AtomicFile.write([1, 2, 3], to: folder.path("m"))
        let map = try MemoryMap(path: folder.path("m"))
        try AtomicFile.write([9], to: folder.path("m"))
        #expect(map.withBytes { ModelFile.copy($0, 0..<3) } == [1, 2, 3])
    }

    @Test func `A folder that does not exist, or is none, is an error`() throws {
        #expect(
            throws: ModelFileError.cannotWrite(
                path: folder.path("no/m"), reason: "the folder \(folder.path("no")): No such file or directory")
        ) {
            try AtomicFile.write([1], to: folder.path("no/m"))
        }
        try AtomicFile.write([1], to: folder.path("file"))
        #expect(throws: ModelFileError.cannotWrite(path: folder.path("file/m"), reason: "\(folder.path("file")) is no folder")) {
            try AtomicFile.write([1], to: folder.path("file/m"))
        }
        #expect(folder.contents == ["file"])
    }

    @Test func `A folder that may not be written to leaves the file as it was`() throws {
        guard geteuid() != 0 else { return }  // Nothing is forbidden to root.
        try AtomicFile.write([1], to: folder.path("m"))
        folder.makeWritable(false)
        defer { folder.makeWritable(true) }
        #expect(
            throws: ModelFileError.cannotWrite(path: folder.path("m"), reason: "the folder \(folder.path): Permission denied")
        ) {
            try AtomicFile.write([2], to: folder.path("m"))
        }
        #expect(try folder.bytes("m") == [1])
    }

    @Test func `Devices, pipes and folders are never replaced`() throws {
        #expect(folder.makePipe("pipe"))
        #expect(folder.makeLink("full", to: "/dev/full"))
        for (name, reason) in [
            ("pipe", "it is not a regular file"), ("full", "it is not a regular file"), ("", "it is a folder"),
        ] {
            #expect(throws: ModelFileError.cannotWrite(path: folder.path(name), reason: reason)) {
                try AtomicFile.write([1], to: folder.path(name))
            }
        }
        #expect(folder.contents == ["full", "pipe"])
    }

    @Test func `A link stays a link`() throws {
        try AtomicFile.write([1], to: folder.path("target"))
        #expect(folder.makeLink("link", to: "target"))
        try AtomicFile.write([2], to: folder.path("link"))
        #expect(try folder.bytes("target") == [2])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("link")) == "target")
    }

    @Test func `A temporary file left behind or planted is not written through`() throws {
        try AtomicFile.write([1], to: folder.path("victim"))
        for number in 0..<2000 {
            #expect(folder.makeLink("m.\(getpid())-\(number).tmp", to: folder.path("victim")))
        }
        try AtomicFile.write([2], to: folder.path("m"))
        #expect(try folder.bytes("victim") == [1] && folder.bytes("m") == [2])
    }

    /// A disk that fills up, played by the limit on the size of files: writing more fails with EFBIG once SIGXFSZ is ignored. The limit
    /// is the process's, so that it lies far above what other tests write.
    @Test func `A disk that fills up leaves the file as it was, and no other`() throws {
        try AtomicFile.write([1, 2, 3], to: folder.path("m"))
        limitingFiles(to: 64_000_000) {
            #expect(throws: ModelFileError.cannotWrite(path: folder.path("m"), reason: "File too large")) {
                try AtomicFile.write([UInt8](repeating: 7, count: 65_000_000), to: folder.path("m"))
            }
        }
        #expect(try folder.bytes("m") == [1, 2, 3])
        #expect(folder.contents == ["m"])
    }

    /// Here, since tests that limit the process's files must not run at the same time.
    @Test func `A line that does not fit on the disk is taken back`() throws {
        let file = try AppendOnlyFile(path: folder.path("j"))
        try file.append("a".utf8)
        limitingFiles(to: 64_000_000) {
            #expect(throws: AppendOnlyFileError.cannotWrite(path: folder.path("j"), reason: "File too large")) {
                try file.append([UInt8](repeating: 7, count: 65_000_000))
            }
        }
        try file.append("b".utf8)
        #expect(try folder.bytes("j") == Array("a\nb\n".utf8))
    }

    @Test func `Writers at the same time do not disturb each other`() async throws {
        let path = folder.path("m")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<16 {
                group.addTask { try AtomicFile.write([UInt8](repeating: UInt8(number), count: 100_000), to: path) }
            }
            try await group.waitForAll()
        }
        let written = try folder.bytes("m")
        #expect(written.count == 100_000 && Set(written).count == 1)
        #expect(folder.contents == ["m"])
    }
}
