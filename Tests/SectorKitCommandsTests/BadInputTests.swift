import Foundation
import Testing

/// What the commands make of bad input: one clear sentence, the documented exit code, and nothing lost.
@Suite struct BadInputTests {
    @Test func badLinesAreReportedAndTheRestGoesOn() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        let input = "{\"text\": \"apple plum\"}\n{\"text\": \"hammer\n{\"text\": 7}\n{\"text\": \"saw drill\"}\n{\"text\": \"pe"
        let outcome = try tool.run("predict", "--model", "model.sectorkit", "--format", "jsonl", input: input)
        #expect(outcome.code == 65)
        #expect(outcome.lines.count == 2)
        for line in [2, 3, 5] { #expect(outcome.errors.contains("standard input:\(line):"), "\(outcome.errors)") }
        let strict = try tool.run("predict", "--model", "model.sectorkit", "--format", "jsonl", "--strict", input: input)
        #expect(strict.code == 65)
        #expect(strict.errors.contains(":2:") && !strict.errors.contains(":3:"))
    }

    @Test func malformedTextIsRepairedAndNulsAreHarmless() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        let outcome = try tool.run(
            ["predict", "--model", "model.sectorkit", "--input-format", "lines", "--format", "tsv"],
            input: Array("apple \u{0} plum".utf8) + [0xFF, 0xC3, 0x0A])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.lines.last?.contains("fruit") == true)
        #expect(outcome.errors.contains("UTF-8"))
    }

    @Test func longLinesAreSkipped() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        let long = "{\"text\": \"" + String(repeating: "apple ", count: 50_000) + "\"}\n"
        let outcome = try tool.run(
            ["predict", "--model", "model.sectorkit", "--format", "jsonl", "--maximum-line", "100kB"],
            input: Array((long + "{\"text\": \"plum pear\"}\n").utf8))
        #expect(outcome.code == 65)
        #expect(outcome.lines.count == 1)
        #expect(outcome.errors.contains("standard input:1:"), "\(outcome.errors)")
    }

    @Test func unusableSeedsAreRefused() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        try FileManager.default.createDirectory(at: tool.folder.appending(path: "folder"), withIntermediateDirectories: true)
        try tool.write("some text", to: "folder/a.md")
        try tool.write("", to: "empty.jsonl")
        try tool.write("{\"text\": \"a b\", \"labels\": [\"x\"]}\n{\"text\": \"c d\", \"labels\": [\"x\"]}\n", to: "one.jsonl")
        try tool.write("{\"text\": \"a b\"}\n", to: "unlabelled.jsonl")
        try tool.write("{\"text\": \"a b\", \"labels\": [\"x\"]}\n{\"text\": \"c", to: "cut.jsonl")
        let before = try tool.bytes(of: "model.sectorkit")
        for (seeds, code) in [
            ("empty.jsonl", 65), ("one.jsonl", 65), ("unlabelled.jsonl", 65), ("folder", 65), ("missing.jsonl", 66),
        ] {
            let outcome = try tool.run("train", "--seeds", seeds, "-o", "model.sectorkit")
            #expect(outcome.code == Int32(code), "\(seeds): \(outcome.errors)")
            #expect(outcome.errors.contains("error: "), "\(seeds)")
        }
        let cut = try tool.run("train", "--seeds", "cut.jsonl", "-o", "model.sectorkit", "--strict")
        #expect(cut.code == 65)
        #expect(cut.errors.contains("cut.jsonl:2:"), "\(cut.errors)")
        #expect(try tool.bytes(of: "model.sectorkit") == before)
    }

    @Test func duplicateIdentifiersAreTold() throws {
        let tool = try Tool()
        defer { tool.remove() }
        try tool.write(
            Sample.multi + "{\"id\": \"f0\", \"text\": \"apple again\", \"labels\": [\"fruit\"]}\n", to: "double.jsonl")
        let outcome = try tool.run("train", "--seeds", "double.jsonl", "-o", "m.sectorkit")
        #expect(outcome.errors.contains("f0"), "\(outcome.errors)")
        #expect(try tool.run("train", "--seeds", "double.jsonl", "-o", "m.sectorkit", "--strict").code == 65)
    }

    @Test func unknownLabelsOfATestSetAreNamed() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        try tool.write("{\"id\": \"q\", \"text\": \"apple\", \"labels\": [\"fruit\", \"sport\"]}\n", to: "test.jsonl")
        let outcome = try tool.run("evaluate", "--model", "model.sectorkit", "--data", "test.jsonl")
        #expect(outcome.code == 65)
        #expect(outcome.errors.contains("sport") && outcome.errors.contains("fruit"), "\(outcome.errors)")
        #expect(
            try tool.run("evaluate", "--model", "model.sectorkit", "--data", "test.jsonl", "--ignore-unknown-labels").code == 0)
    }

    @Test func damagedModelsAreRefused() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        let model = try tool.bytes(of: "model.sectorkit")
        for length in [0, 7, 63, 64, model.count / 2, model.count - 1] {
            try tool.write(Array(model[..<length]), to: "cut.sectorkit")
            let outcome = try tool.run("predict", "--model", "cut.sectorkit", input: "apple")
            #expect(outcome.code == 65, "\(length): \(outcome.errors)")
            #expect(outcome.errors.contains("cut.sectorkit"))
        }
        for position in stride(from: 0, to: model.count, by: max(1, model.count / 40)) {
            var changed = model
            changed[position] ^= 0x10
            try tool.write(changed, to: "changed.sectorkit")
            #expect(try tool.run("predict", "--model", "changed.sectorkit", input: "apple").code == 65, "\(position)")
        }
        #expect(try tool.run("predict", "--model", "absent.sectorkit", input: "apple").code == 66)
        #expect(try tool.run("predict", "--model", "seeds.jsonl", input: "apple").code == 65)
    }

    @Test func fullDisksAndClosedPipes() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.currentDirectoryURL = tool.folder
        let program = Tool.executable.path()
        // The exit codes of the program itself: of a device that is full, of a reader that leaves, of a file that may not grow.
        shell.arguments = [
            "-c",
            """
            echo apple | '\(program)' predict --model model.sectorkit > /dev/full 2> full.err; echo $? > full.code
            { yes '{"text": "apple"}' | head -200000 | { '\(program)' predict --model model.sectorkit --format jsonl; \
            echo $? > pipe.code; } 2> pipe.err; } | head -1 > pipe.out
            cp model.sectorkit old.sectorkit
            ( trap '' XFSZ; ulimit -f 1; '\(program)' train --seeds seeds.jsonl -o model.sectorkit > limit.out 2> limit.err; \
            echo $? > limit.code )
            """,
        ]
        try shell.run()
        shell.waitUntilExit()
        func content(_ name: String) throws -> String {
            String(decoding: try tool.bytes(of: name), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        #expect(try content("full.code") == "74")
        #expect(try content("full.err").contains("cannot write"))
        #expect(try content("pipe.code") == "0")
        #expect(try content("pipe.err").isEmpty)
        #expect(try content("pipe.out").contains("prediction"))
        let limit = try content("limit.code")
        #expect(["73", "74"].contains(limit))
        #expect(try tool.bytes(of: "model.sectorkit") == tool.bytes(of: "old.sectorkit"))
        let left = try FileManager.default.contentsOfDirectory(atPath: tool.folder.path()).filter { $0.hasSuffix(".tmp") }
        #expect(left.isEmpty)
    }

    @Test func wrongSettingsNameWhatIsAllowed() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        for (setting, hint) in [
            ("inverseRegularization=-1", "allowed"), ("nonesuch=1", "inverseRegularization"), ("l1Ratio=nan", "allowed"),
            ("x", "name=value"),
        ] {
            let outcome = try tool.run("train", "--seeds", "seeds.jsonl", "-o", "n.sectorkit", "--set", setting)
            #expect(outcome.code == 64, "\(setting): \(outcome.errors)")
            #expect(outcome.errors.contains(hint), "\(setting): \(outcome.errors)")
        }
        let recipe = try tool.run("train", "--seeds", "seeds.jsonl", "-o", "n.sectorkit", "--recipe", "nonesuch")
        #expect(recipe.code == 64 && recipe.errors.contains("words"))
        #expect(try tool.run("train", "--seeds", "seeds.jsonl", "-o", "no/such/folder/n.sectorkit").code == 73)
    }

    @Test func interruptedTrainingLeavesTheOldModel() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        var seeds = ""
        for number in 0..<4000 {
            let words = (0..<40).map { "w\((number * 31 + $0 * 17) % 5000)" }.joined(separator: " ")
            seeds +=
                "{\"id\": \"\(number)\", \"text\": \"\(words)\", \"labels\": [\"\(number % 2 == 0 ? "a" : "b")\", \"c\(number % 7)\"]}\n"
        }
        try tool.write(seeds, to: "large.jsonl")
        let before = try tool.bytes(of: "model.sectorkit")
        let process = tool.process(["train", "--seeds", "large.jsonl", "-o", "model.sectorkit", "--set", "solver=l-bfgs"])
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        Thread.sleep(forTimeInterval: 1)
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 130)
        #expect(try tool.bytes(of: "model.sectorkit") == before)
    }
}
