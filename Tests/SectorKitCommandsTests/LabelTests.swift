import Foundation
import Glibc
import Testing

/// `label`: questions, answers through a pipe, and the journal.
struct LabelTests {
    let workspace = Result { try Workspace() }

    /// Writes an archive of articles without labels, and returns the arguments of the command.
    private func arguments(_ extra: String..., isSingle: Bool = false) throws -> [String] {
        let articles = Samples.articles(120, isSingle: isSingle).map {
            var sample = $0
            sample.labels = nil
            return sample
        }
        try workspace.get().write("archive.jsonl", Samples.jsonl(articles))
        return [
            "label", "--archive", "archive.jsonl", "--output", "mine.jsonl", "--archive-set", "rank=10", "--label",
        ] + Samples.labels + extra
    }

    private func lines(_ name: String) throws -> [[String: Any]] {
        try String(decoding: workspace.get().bytes(name), as: UTF8.self).split(separator: "\n").map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test func answersThroughAPipe() throws {
        let workspace = try workspace.get()
        let run = try workspace.run(arguments(), input: "1\n0\n23\n?\nx11\n2\nu3\nq")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors == "")
        let own = try lines("mine.jsonl")
        #expect(own.map { $0["labels"] as? [String] } == [["harbour"], [], ["kitchen", "orchestra"], ["orchestra"]])
        #expect(own.allSatisfy { !($0["text"] as? String ?? "").isEmpty })
        #expect(
            try lines("mine.jsonl.journal").map { $0["action"] as? String }
                == ["begin", "answer", "answer", "answer", "unsure", "answer", "undo", "answer"])
        for part in [
            "[1] harbour  [2] kitchen  [3] orchestra  [0] none  [Enter] done  [?] unsure\n[u] undo  [q] quit",
            "> kitchen, orchestra", "\"x\" stands for nothing here", "4 answers, 1 unsure: mine.jsonl", "expected gain: ",
            "next: sectorkit train --seeds mine.jsonl --archive archive.jsonl",
        ] { #expect(run.output.contains(part), "\(part) in \(run.output)") }
        // What was written is what training reads.
        #expect(try workspace.run("train", "--seeds", "mine.jsonl", "--inner-folds", "2", "-o", "m").status == 0)
    }

    @Test func oneLabelAnArticle() throws {
        let run = try workspace.get().run(arguments("--task", "single", isSingle: true), input: "1230\n2")
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            try lines("mine.jsonl").map { $0["labels"] as? [String] } == [["harbour"], ["kitchen"], ["orchestra"], ["kitchen"]])
        #expect(run.output.contains("\"0\" stands for nothing here"))
    }

    /// The next session shows what comes next, whatever ended the last one; a line that was cut off costs nothing else.
    @Test func goingOn() throws {
        let workspace = try workspace.get()
        let arguments = try arguments("--json")
        let whole = try workspace.run(arguments, input: "1\n2\n0\n3\n1\n1\n2\n")
        #expect(whole.status == 0, "\(whole.errors)")
        let shown = whole.objects.filter { $0["event"] as? String == "article" }.map { $0["id"] as? String }
        #expect(shown.count == 8 && Set(shown).count == 8)
        #expect(whole.objects.last?["answers"] as? Int == 7)
        let journal = try workspace.bytes("mine.jsonl.journal")
        try workspace.write("mine.jsonl.journal", journal + Data("{\"action\":\"answer\",\"id\":".utf8))
        try FileManager.default.removeItem(atPath: workspace.path("mine.jsonl"))
        let again = try workspace.run(arguments, input: "2\nuuu")
        #expect(again.status == 0)
        #expect(again.errors == "warning: mine.jsonl.journal: 1 line cut off or broken, passed over\n")
        let first = again.objects.first { $0["event"] as? String == "article" }?["id"] as? String
        #expect(first.map { !shown.dropLast().contains($0) } == true)
        #expect(try lines("mine.jsonl").count == 5)
        // The labels come from the journal; others are refused.
        let without = Array(arguments.prefix { $0 != "--label" })
        #expect(try workspace.run(without, input: "").status == 0)
        #expect(try lines("mine.jsonl").count == 5)
        try workspace.write("mine.jsonl.journal", journal)
        expectFailure(try workspace.run(without + ["--label", "a", "b"], input: ""), 64, "is about the labels harbour, kitchen")
        expectFailure(try workspace.run(without + ["--task", "single"], input: ""), 64, "was begun with --task multi")
    }

    /// A kill in the middle of a session loses nothing that was answered.
    @Test func killed() throws {
        let workspace = try workspace.get()
        let arguments = try arguments()
        let process = workspace.process(arguments)
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        process.end(after: 60)
        input.fileHandleForWriting.write(Data("1\n2\n".utf8))
        var shown = ""
        while shown.components(separatedBy: "expected gain").count < 4 {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            shown += String(decoding: data, as: UTF8.self)
        }
        // Nobody else writes to the journal meanwhile.
        expectFailure(try workspace.run(arguments, input: ""), 73, "another session is writing to it")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(!workspace.names.contains("mine.jsonl"))
        #expect(try workspace.run(arguments, input: "").status == 0)
        #expect(try lines("mine.jsonl").map { $0["labels"] as? [String] } == [["harbour"], ["kitchen"]])
    }

    @Test func interrupted() throws {
        let workspace = try workspace.get()
        signal(SIGINT, SIG_DFL)
        let process = workspace.process(try arguments())
        let (input, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        process.end(after: 60)
        input.fileHandleForWriting.write(Data("1\n".utf8))
        var shown = ""
        while shown.components(separatedBy: "expected gain").count < 3 {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            shown += String(decoding: data, as: UTF8.self)
        }
        process.interrupt()
        process.waitUntilExit()
        #expect(process.status == 130)
        #expect(
            String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                .hasSuffix("error: stopped; 1 answer in mine.jsonl and in the journal\n"))
        #expect(try lines("mine.jsonl").count == 1)
    }

    /// With seeds their labels are those to choose from, and until nothing is left every article is asked about once.
    @Test func untilNothingIsLeft() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds(Samples.articles(24, from: 1000))
        let archive = Samples.articles(12).map { Sample(id: $0.id, text: $0.text + " \($0.id ?? "")") }
        try workspace.write("archive.jsonl", Samples.jsonl(archive))
        let run = try workspace.run(
            [
                "label", "--archive", "archive.jsonl", "--seeds", seeds, "--output", "mine.jsonl", "--archive-set", "rank=5",
                "--batch", "4",
            ], input: String(repeating: "1\n", count: 40))
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("there is nothing left to ask") && run.output.contains("with the seeds: harbour "))
        #expect(run.output.contains("% of the archive's labels changed"))
        #expect(Set(try lines("mine.jsonl").map { $0["id"] as? String }).count == 12)
    }

    @Test func simulation() throws {
        let workspace = try workspace.get()
        try workspace.write("labelled.jsonl", Samples.jsonl(Samples.articles(160)))
        let arguments = [
            "label", "--archive", "labelled.jsonl", "--simulate", "--answers", "10,20", "--runs", "2", "--archive-set", "rank=10",
        ]
        let run = try workspace.run(arguments)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.lines.count == 6 && run.lines[0] == "128 articles, tested on 32; means of 2 runs")
        let again = try workspace.run(arguments + ["--json", "--threads", "1"])
        let rows = try #require(try JSONSerialization.jsonObject(with: again.outputBytes) as? [[String: Any]])
        #expect(rows.map { $0["answers"] as? Int } == [10, 10, 20, 20])
        #expect(rows.map { $0["order"] as? String } == ["active", "random", "active", "random"])
        #expect(workspace.names == ["labelled.jsonl"])
    }

    @Test func mistakes() throws {
        let workspace = try workspace.get()
        let arguments = try arguments()
        expectFailure(try workspace.run("label", "--archive", "archive.jsonl"), 64, "--output wants the file")
        expectFailure(
            try workspace.run("label", "--archive", "archive.jsonl", "-o", "mine.jsonl"), 64, "name the labels with --label")
        expectFailure(try workspace.run("label", "--archive", "-", "-o", "m"), 64, "standard input is for answers")
        expectFailure(try workspace.run("label", "--archive", "gone.jsonl", "-o", "m", "--label", "a"), 66, "gone.jsonl")
        try workspace.write("mine.jsonl.journal", "no journal\nat all\n")
        expectFailure(try workspace.run(arguments), 65, "mine.jsonl.journal is no journal")
        expectFailure(
            try workspace.run(arguments + ["--journal", "/gone/j"]), 73, "cannot open the journal /gone/j: No such file")
        expectFailure(try workspace.run(arguments + ["--journal", "/dev/null"]), 73, "/dev/null: it is not a regular file")
    }

    /// Where nothing more can be written, the answers before are kept.
    @Test func fullDisk() throws {
        let workspace = try workspace.get()
        let words = try arguments().joined(separator: " ")
        let run = try workspace.shell("ulimit -f 1; printf '1\\n1\\n1\\n1\\n1\\n1\\n1\\n1\\n' | sectorkit \(words) > /dev/null")
        expectFailure(run, 74, "cannot write to the journal mine.jsonl.journal: File too large; earlier answers are in it")
        let count = try lines("mine.jsonl").count
        #expect(1..<8 ~= count)
        let again = try workspace.run(arguments(), input: "2\n")
        // What did not fit was taken back, and no line is broken.
        #expect(again.status == 0 && !again.errors.contains("cut off"))
        #expect(try lines("mine.jsonl").count == count + 1)
    }
}
