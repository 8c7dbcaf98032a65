import Foundation
import Testing

/// Places that cannot be written to: exit code 73 for files, 74 for standard output, and what was there stays.
struct BadOutputTests {
    let workspace = Result { try Workspace() }

    private func seededWorkspace() throws -> Workspace {
        let workspace = try workspace.get()
        _ = try workspace.writeSeeds()
        return workspace
    }

    @Test func fullDevice() throws {
        let workspace = try seededWorkspace()
        let model = try SharedModel.multi.get().path
        for command in [
            "predict --model '\(model)' seeds.jsonl", "predict --format tsv --model '\(model)' seeds.jsonl",
            "explain --model '\(model)' seeds.jsonl",
            "evaluate --model '\(model)' --data seeds.jsonl", "inspect '\(model)'", "components", "--help", "predict --help",
            "--version",
        ] {
            expectFailure(
                try workspace.shell("sectorkit \(command) > /dev/full"), 74,
                "cannot write to standard output: No space left on device")
        }
        // The model was written before its summary.
        expectFailure(try workspace.shell("sectorkit train --seeds seeds.jsonl -o m > /dev/full"), 74)
        #expect(try workspace.run("inspect", "m").status == 0)
    }

    /// A reader that has seen enough is no failure.
    @Test func closedPipe() throws {
        let workspace = try seededWorkspace()
        try workspace.write("many.jsonl", Samples.jsonl(Samples.articles(2000)))
        let model = try SharedModel.multi.get().path
        for command in [
            "predict --model '\(model)' many.jsonl", "explain --model '\(model)' seeds.jsonl", "components", "train --help",
        ] {
            let run = try workspace.shell("{ sectorkit \(command); echo \"status $?\" >&2; } | head -n 1")
            #expect(run.errors == "status 0\n")
            #expect(run.lines.count == 1)
        }
    }

    /// Without standard output, the file that is opened next must not take its place.
    @Test func closedStreams() throws {
        let workspace = try seededWorkspace()
        let model = try SharedModel.multi.get().path
        expectFailure(try workspace.shell("sectorkit predict --model '\(model)' <&-"), 66, "cannot read standard input")
        expectFailure(
            try workspace.shell("sectorkit predict --model '\(model)' seeds.jsonl >&-"), 74, "cannot write to standard output")
        #expect(try workspace.run("train", "--seeds", "seeds.jsonl", "-o", "right").status == 0)
        try workspace.write("noisy.jsonl", Samples.jsonl(Samples.articles(24)) + "not an article\n")
        #expect(try workspace.shell("sectorkit train --seeds noisy.jsonl -o m <&- >&- 2>&-").status == 74)
        #expect(try workspace.bytes("m") == workspace.bytes("right"))
    }

    @Test func placesThatAreNoFiles() throws {
        let workspace = try seededWorkspace()
        try FileManager.default.createDirectory(atPath: workspace.path("folder"), withIntermediateDirectories: true)
        for (output, reason) in [
            ("/dev/null", "cannot write /dev/null: it is not a regular file"), ("/dev/full", "it is not a regular file"),
            ("folder", "it is a folder"),
            ("folder/", "it is a folder"), ("none/m", "the folder none: No such file or directory"),
            ("new/", "is not the name of a file"),
            ("", "is not the name of a file"), ("/proc/self/model", "cannot write /proc/self/model"),
        ] {
            expectFailure(try workspace.run("train", "--seeds", "seeds.jsonl", "--output", output), 73, reason)
        }
        // It is told before the data is read.
        expectFailure(try workspace.run("train", "--seeds", "none", "--output", "none/m"), 73)
        #expect(workspace.names == ["folder", "seeds.jsonl"])
    }

    /// The disk is full, or a limit is reached, in the middle of the model: the old one stays, and nothing else.
    @Test func noRoomForTheModel() throws {
        let workspace = try seededWorkspace()
        try workspace.write("m", "the old one")
        expectFailure(
            try workspace.shell("ulimit -f 8; sectorkit train --seeds seeds.jsonl -o m"), 73, "cannot write m: File too large")
        #expect(try workspace.bytes("m") == Data("the old one".utf8))
        #expect(workspace.names == ["m", "seeds.jsonl"])
    }

    /// Whoever may not read the old model may not read the new one.
    @Test func permissionsStay() throws {
        let workspace = try seededWorkspace()
        try workspace.write("m", "the old one")
        #expect(
            try workspace.shell("chmod 600 m && sectorkit train --seeds seeds.jsonl -o m && stat -c %a m >&2").errors == "600\n")
    }
}
