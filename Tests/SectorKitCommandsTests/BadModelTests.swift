import Foundation
import Testing

/// Models that are not: nothing crashes, and the message says what is wrong.
struct BadModelTests {
    let workspace = Result { try Workspace() }

    private func model() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: SharedModel.multi.get().path)) }

    private func expectRefusal(_ bytes: Data, _ fragment: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let workspace = try workspace.get()
        try workspace.write("m", bytes)
        expectFailure(
            try workspace.run("predict", "--model", "m", input: "x"), 65, "m ", fragment, sourceLocation: sourceLocation)
    }

    @Test func truncated() throws {
        let model = try model()
        try expectRefusal(Data(), "is not a SectorKit model: it is empty")
        for length in [1, 8, 63, 64, 100, model.count / 2, model.count - 1] {
            try expectRefusal(model.prefix(length), "is incomplete: it should have")
        }
        try expectRefusal(model + [0], "it should have \(model.count) bytes and has \(model.count + 1)")
    }

    @Test func changed() throws {
        let model = try model()
        for position in stride(from: 9, to: model.count, by: model.count / 12) + [16, 24, 32, 64, model.count - 1] {
            var changed = model
            changed[position] ^= 0x40
            let workspace = try workspace.get()
            try workspace.write("m", changed)
            expectFailure(try workspace.run("inspect", "m"), 65, "m is ")
        }
        var changed = model
        changed[model.count - 1] ^= 1
        try expectRefusal(changed, "is damaged: the checksum of section decision/estimates does not fit")
        // Predictions wait for the checksums, and so does the end where there is none.
        let workspace = try workspace.get()
        for input in ["", "x", String(repeating: "{\"text\": \"x\"}\n", count: 100_000)] {
            let run = try workspace.run("predict", "--model", "m", input: input)
            expectFailure(run, 65, "m ", "the checksum of section decision/estimates does not fit")
            #expect(run.output.isEmpty)
        }
    }

    @Test func ofLaterVersion() throws {
        var later = try model()
        later[8] = 3
        try expectRefusal(later, "has model format 3; this program reads formats up to 2: use a newer one")
    }

    @Test func somethingElse() throws {
        try expectRefusal(Data("{\"text\": \"x\"}".utf8), "is not a SectorKit model: it does not begin as one")
        let workspace = try workspace.get()
        try FileManager.default.createDirectory(atPath: workspace.path("folder"), withIntermediateDirectories: true)
        for command in [["predict"], ["inspect"], ["explain"], ["evaluate", "--data", "x"]] {
            expectFailure(
                try workspace.run(command + ["--model", "folder"]), 66, "cannot open the model folder: it is not a regular file")
            expectFailure(
                try workspace.run(command + ["--model", "none"]), 66, "cannot open the model none: No such file or directory")
            expectFailure(try workspace.run(command + ["--model", "/dev/null"]), 66, "it is not a regular file")
        }
    }
}
