import Foundation
import LinearAlgebra
import StandardPlugins
import Testing

@testable import TextClassification

@Suite struct ModelFileTests {
    let bytes: [UInt8]

    init() throws { bytes = try SmallModels.trained(["wordNgrams=1-1", "minimumDocumentFrequency=2"]).fileBytes() }

    private func message(_ bytes: [UInt8]) -> String? {
        do throws(ModelFileError) {
            _ = try PipelineModel(ModelFile(bytes: bytes, path: "m"), registry: SmallModels.registry)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `A file read and signed again is the same`() throws {
        #expect(message(bytes) == nil)
        let again = try SignedFile(bytes).bytes()
        #expect(message(again) == nil)
        let model = try PipelineModel(ModelFile(bytes: bytes), registry: SmallModels.registry)
        #expect(try model.fileBytes() == bytes)
        let folder = try TemporaryFolder()
        try model.write(to: folder.path("m"))
        #expect(try Data(contentsOf: URL(filePath: folder.path("m"))) == Data(bytes))
        SmallModels.exercise(model)
    }

    @Test func `A file cut at any length is refused`() {
        for length in 0..<bytes.count {
            let message = message(Array(bytes[..<length]))
            #expect(message != nil, "\(length) bytes")
            if length >= 64 { #expect(message == "m is incomplete: it should have \(bytes.count) bytes and has \(length)") }
        }
        #expect(message(bytes + [0]) != nil)
    }

    @Test func `A file with any byte changed is refused`() {
        var random = RandomGenerator(seed: 1)
        for position in bytes.indices {
            var changed = bytes
            changed[position] ^= UInt8(1 + random.nextInt(below: 255))
            #expect(message(changed) != nil, "byte \(position)")
        }
    }

    @Test func `What is no model is told from a damaged one`() throws {
        #expect(message(Array("{\"id\": 1}".utf8)) == "m is not a SectorKit model: it does not begin as one")
        #expect(message(Array("SECTRK".utf8)) == "m is incomplete: it should have 64 bytes and has 6")
        var file = try SignedFile(bytes)
        file.version = 3
        let newer = "m has model format 3; this program reads formats up to 2: use a newer one"
        #expect(try message(file.bytes()) == newer)
        // A newer format may sign its files in another way.
        var unsigned = bytes
        unsigned[8] = 3
        #expect(message(unsigned) == newer)
        file.version = 0
        #expect(try message(file.bytes())?.hasPrefix("m is damaged") == true)
        file.version = .max
        #expect(try message(file.bytes())?.hasPrefix("m is damaged") == true)
    }

    @Test func `A file that cannot be opened says why`() throws {
        let folder = try TemporaryFolder()
        #expect(throws: ModelFileError.cannotOpen(path: folder.path("no"), reason: "No such file or directory")) {
            try ModelFile(path: folder.path("no"))
        }
        #expect(throws: ModelFileError.cannotOpen(path: folder.path, reason: "it is not a regular file")) {
            try ModelFile(path: folder.path)
        }
        #expect(throws: ModelFileError.cannotOpen(path: "/dev/null", reason: "it is not a regular file")) {
            try ModelFile(path: "/dev/null")
        }
        try Data().write(to: URL(filePath: folder.path("empty")))
        #expect(throws: ModelFileError.notAModel(path: folder.path("empty"), reason: "it is empty")) {
            try ModelFile(path: folder.path("empty"))
        }
        // A pipe without a writer must not be waited for.
        #expect(folder.makePipe("pipe"))
        #expect(throws: ModelFileError.cannotOpen(path: folder.path("pipe"), reason: "it is not a regular file")) {
            try ModelFile(path: folder.path("pipe"))
        }
    }

    @Test func `A sparse file that claims an enormous header is refused at once`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("sparse")
        let length: UInt64 = 1 << 40
        var prelude = Array("SECTRKIT".utf8) + SignedFile.littleEndian(UInt64(1))
        prelude += SignedFile.littleEndian(length - 64) + SignedFile.littleEndian(length)
        SignedFile.pad(&prelude)
        try Data(prelude).write(to: URL(filePath: path))
        // Not every file system takes a file of a terabyte.
        guard folder.setLength("sparse", Int64(length)) else { return }
        let error = #expect(throws: ModelFileError.self) { try ModelFile(path: path) }
        #expect("\(try #require(error))".contains("its header claims"))
    }

    @Test(arguments: [
        (0, -64), (0, 1), (0, 63), (0, 1 << 40), (0, .max), (64, -1), (1 << 20, 0), (-64, 64), (.max, 64), (.max, .max), (32, 8),
        (.min, .max), (0, .max - 62),
    ])
    func `A table of sections that lies is refused`(offset: Int, length: Int) throws {
        for number in try SignedFile(bytes).sections.indices {
            var file = try SignedFile(bytes)
            file.sections[number].claimedOffset = offset
            file.sections[number].claimedLength = length
            let found = try message(file.bytes())
            #expect(found != nil, "section \(file.sections[number].name)")
        }
    }

    @Test func `Sections that lie over each other are refused`() throws {
        var file = try SignedFile(bytes)
        let largest = try #require(file.sections.map(\.bytes.count).max())
        for number in file.sections.indices {
            file.sections[number].claimedOffset = 0
            file.sections[number].claimedLength = largest
        }
        #expect(try message(file.bytes())?.contains("lies over another one") == true)
    }

    @Test func `A header that does not fit is refused`() throws {
        let original = try SignedFile(bytes)
        func refused(_ path: [String], _ key: String, _ value: Any?) throws -> Bool {
            var file = original
            file.changeHeader(path) { $0[key] = value }
            return try message(file.bytes()) != nil
        }
        #expect(try refused([], "labels", [String]()))
        #expect(try refused([], "labels", ["a", "a", "b"]))
        #expect(try refused([], "labels", ["a", "b"]))
        #expect(try refused([], "labels", ["a", "b", "c", "d"]))
        #expect(try refused([], "labels", 3))
        #expect(try refused([], "task", "both"))
        #expect(try refused([], "recipe", nil))
        #expect(try refused(["training"], "labelCounts", [1, 2]))
        #expect(try refused(["training"], "labelCounts", [Int]()))
        #expect(try refused(["recipe", "classifier"], "component", "other"))
        #expect(try refused(["recipe", "featureExtractor"], "component", "hashing"))
        #expect(try refused(["recipe"], "featureTransformers", [["component": "other"]]))
    }

    @Test func `A front that is no header is refused`() throws {
        var file = try SignedFile(bytes)
        for text in ["", "{", "null", "[]", "{}", #"{"header":{},"sections":[]}"#, String(repeating: "[", count: 100_000)] {
            file.front = Array(text.utf8)
            #expect(try message(file.bytes()) != nil)
        }
        file.front = [0xFF, 0xFE, 0x00]
        #expect(try message(file.bytes()) != nil)
        for length in [0, 1, 63, 64, 1 << 20, 1 << 40, .max] as [UInt64] {
            var file = try SignedFile(bytes)
            file.claimedFrontLength = length
            #expect(try message(file.bytes()) != nil)
            file.claimedFrontLength = nil
            file.claimedFileLength = length
            #expect(try message(file.bytes()) != nil)
        }
    }

    @Test func `A missing section is named`() throws {
        for number in try SignedFile(bytes).sections.indices {
            var file = try SignedFile(bytes)
            let name = file.sections.remove(at: number).name
            // What is to be expected of thresholds is told where it is known; models of before do not have it.
            let expected = name == "decision/estimates" ? nil : "m is damaged: section \(name) is missing"
            #expect(try message(file.bytes()) == expected)
        }
    }

    @Test func `A section of any other length is refused, or does no harm`() throws {
        let original = try SignedFile(bytes)
        for number in original.sections.indices {
            for length in Set([
                0, 1, 4, 7, 8, 64, max(0, original.sections[number].bytes.count - 1), original.sections[number].bytes.count + 8,
            ]) {
                var file = original
                var changed = Array(file.sections[number].bytes.prefix(length))
                changed += [UInt8](repeating: 0xFF, count: length - changed.count)
                file.sections[number].bytes = changed
                let signed = try file.bytes()
                guard let model = try? PipelineModel(ModelFile(bytes: signed), registry: SmallModels.registry) else { continue }
                SmallModels.exercise(model)
            }
        }
    }

    @Test func `Large files are verified when asked`() throws {
        var writer = ModelWriter()
        writer.add("large", [UInt64](repeating: 7, count: 3_000_000))
        let part = ComponentConfiguration("none")
        let header = ModelHeader(
            task: .single, labels: ["a"],
            recipe: Recipe(name: "", summary: "", featureExtractor: part, classifier: part, calibrator: part, decisionRule: part),
            training: .init(articleCount: 1, labelCounts: [1], seed: 0, dataDigest: ""))
        var bytes = try writer.fileBytes(header: header)
        #expect(bytes.count > ModelFile.verifiedAtOpenLimit)
        try ModelFile(bytes: bytes).verify()
        bytes[bytes.count - 1000] ^= 1
        let file = try ModelFile(bytes: bytes, path: "m")
        let damage = ModelFileError.checksumMismatch(path: "m", part: "section large")
        #expect(throws: damage) { try file.verify() }
        let check = ModelCheck(file)
        for _ in 0..<2 { #expect(throws: damage) { try check.require() } }
        // The same of a file, which is read in pieces.
        let folder = try TemporaryFolder()
        let path = folder.path("m")
        try Data(bytes).write(to: URL(filePath: path))
        #expect(throws: ModelFileError.checksumMismatch(path: path, part: "section large")) { try ModelFile(path: path).verify() }
        bytes[bytes.count - 1000] ^= 1
        try ModelCheck(ModelFile(bytes: bytes)).require()
        try Data(bytes).write(to: URL(filePath: path))
        try ModelCheck(ModelFile(path: path)).require()
    }

    @Test func `A file that is cut after it was opened is told of`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("m")
        try Data(bytes).write(to: URL(filePath: path))
        let file = try ModelFile(path: path, verifiesSections: false)
        #expect(folder.setLength("m", Int64(bytes.count - 64)))
        #expect(throws: ModelFileError.truncated(path: path, expected: bytes.count, found: bytes.count - 64)) {
            try ModelCheck(file).require()
        }
    }
}
