import Foundation
import Testing

/// Data that is not as it should be: one sentence with file and line, the documented exit code, and the rest goes on.
struct BadInputTests {
    let workspace = Result { try Workspace() }

    /// Lines of which the first and the last are good.
    private static let mixed: [(line: Data, message: String?)] = [
        (Data(Sample(id: "first", text: Samples.kitchenText, labels: ["kitchen"]).line.utf8), nil),
        (Data(#"{"id": "cut", "text": "cut o"#.utf8), "not valid JSON at byte 29: expected the closing quotation mark"),
        (Data(#"{"id": "x", "labels": []}"#.utf8), "no field \"text\"; the fields are \"id\", \"labels\""),
        (Data(#"{"text": 5}"#.utf8), "\"text\" must be a string; found a number"),
        (Data("[1]".utf8), "expected an object"),
        (Data("{\"text\": \"a\u{0}b\"}".utf8), "the control character 0x00"),
        (Data("{\"id\": \"invalid\", \"text\": \"".utf8) + [0xFF] + Data("oven\", \"labels\": [\"kitchen\"]}".utf8), nil),
        (Data(Sample(id: "last", text: Samples.harbourText, labels: []).line.utf8), nil),
    ]

    private func writeMixed(_ name: String) throws {
        try workspace.get().write(name, Data(Self.mixed.map(\.line).joined(separator: [0x0A])))
    }

    @Test(arguments: ["1", "2"])
    func stream(threads: String) throws {
        let workspace = try workspace.get()
        try writeMixed("mixed.jsonl")
        let run = try workspace.runWithModel("predict", "mixed.jsonl", "--format", "tsv", "--threads", threads)
        #expect(run.status == 65)
        #expect(run.identifiers == ["first", "invalid", "last"])
        let expected = Self.mixed.enumerated().compactMap { line, record in
            record.message.map { ("warning: mixed.jsonl:\(line + 1): ", $0) }
        }
        #expect(run.errorLines.count == expected.count + 2)
        for (line, (start, message)) in zip(run.errorLines, expected) {
            #expect(line.hasPrefix(start) && line.contains(message), "\(line)")
        }
        #expect(run.errorLines[expected.count].hasPrefix("warning: mixed.jsonl:7: 1 malformed UTF-8 sequence"))
        #expect(run.errorLines.last == "error: 5 bad records left out, 3 articles tagged")
    }

    @Test func strictStream() throws {
        try writeMixed("mixed.jsonl")
        let run = try workspace.get().runWithModel("predict", "mixed.jsonl", "--format", "tsv", "--strict")
        expectFailure(run, 65, "mixed.jsonl:2: not valid JSON")
        #expect(run.identifiers == ["first"])
    }

    /// What is left out of the training data is told, and the exit code says so, but there is a model.
    @Test func seeds() throws {
        let workspace = try workspace.get()
        try writeMixed("mixed.jsonl")
        let seeds = try workspace.writeSeeds()
        let run = try workspace.run("train", "--seeds", seeds, "mixed.jsonl", "-o", "m")
        #expect(run.status == 65)
        #expect(run.errorLines.last == "error: 5 bad records left out; the others were used")
        #expect(run.lines[1].hasPrefix("trained on 27 articles"))
        try FileManager.default.removeItem(atPath: workspace.path("m"))
        expectFailure(try workspace.run("train", "--seeds", seeds, "mixed.jsonl", "-o", "m", "--strict"), 65, "mixed.jsonl:2: ")
        #expect(workspace.names == ["mixed.jsonl", "seeds.jsonl"])
        let report = try workspace.runWithModel("evaluate", "--data", "mixed.jsonl")
        #expect(report.status == 65 && report.lines[0].hasPrefix("3 articles"))
        let explained = try workspace.runWithModel("explain", "mixed.jsonl", "--json")
        #expect(explained.status == 65 && explained.lines.count == 3)
    }

    @Test func emptyInput() throws {
        let workspace = try workspace.get()
        for name in ["empty", "empty.jsonl", "empty.csv", "empty.txt", "empty.ft"] {
            try workspace.write(name, "")
            expectFailure(try workspace.runWithModel("predict", name), 65, "\(name) is empty")
            expectFailure(try workspace.run("train", "--seeds", name, "-o", "m"), 65, "\(name) is empty")
        }
        expectFailure(try workspace.runWithModel("predict"), 65, "standard input is empty")
        expectFailure(try workspace.runWithModel("evaluate", "--data", "empty"), 65, "empty is empty")
        try workspace.write("blank.jsonl", "\n\n")
        expectFailure(try workspace.run("train", "--seeds", "blank.jsonl", "-o", "m"), 65, "blank.jsonl holds no articles")
    }

    @Test func missingInput() throws {
        let workspace = try workspace.get()
        expectFailure(try workspace.run("train", "--seeds", "none", "-o", "m"), 66, "cannot open none: No such file or directory")
        expectFailure(try workspace.run("crossvalidate", "--seeds", "none"), 66, "cannot open none")
        expectFailure(try workspace.runWithModel("evaluate", "--data", "none"), 66, "cannot open none")
        expectFailure(try workspace.runWithModel("explain", "none"), 66, "cannot open none")
        expectFailure(try workspace.run("train", "-o", "m"), 64, "--seeds <file|folder>")
        expectFailure(try workspace.run("train", "--seeds", "none"), 64, "--output <file>")
    }

    @Test func foldersOfNoKnownKind() throws {
        let workspace = try workspace.get()
        try workspace.write("plain/a.txt", "oven")
        try FileManager.default.createDirectory(atPath: workspace.path("bare"), withIntermediateDirectories: true)
        expectFailure(
            try workspace.run("train", "--seeds", "plain", "-o", "m"), 65, "it has text files, but no labels.csv; a folder needs")
        expectFailure(try workspace.run("train", "--seeds", "bare", "-o", "m"), 65, "bare: it has no articles")
        expectFailure(try workspace.runWithModel("predict", "bare"), 65, "bare: it has no articles")
        try workspace.write("plain/labels.csv", "file,labels\na.txt,kitchen\nb.txt,harbour\n")
        let run = try workspace.runWithModel("evaluate", "--data", "plain")
        #expect(run.status == 65)
        #expect(run.errorLines.first?.hasPrefix("warning: plain/labels.csv:3: cannot read the file \"plain/b.txt\"") == true)
    }

    @Test func labelsThatCannotBeLearnt() throws {
        let workspace = try workspace.get()
        let one = (0..<6).map { Sample(id: "\($0)", text: "quay \($0)", labels: ["harbour"]) }
        try workspace.write("one.jsonl", Samples.jsonl(one))
        expectFailure(
            try workspace.run("train", "--seeds", "one.jsonl", "-o", "m"), 65,
            "every training article has the same label, \"harbour\"")
        expectFailure(try workspace.run("crossvalidate", "--seeds", "one.jsonl"), 65, "\"harbour\"")
        try workspace.write("none.jsonl", Samples.jsonl(one.map { Sample(text: $0.text, labels: []) }))
        expectFailure(try workspace.run("train", "--seeds", "none.jsonl", "-o", "m"), 65, "hold no label at all")
        try workspace.write("unlabelled.jsonl", Samples.jsonl(one.map { Sample(text: $0.text) }))
        expectFailure(
            try workspace.run("train", "--seeds", "unlabelled.jsonl", "-o", "m"), 65, "none of the 6 articles is labelled")
        try workspace.write("all.jsonl", Samples.jsonl(one + [Sample(id: "y", text: "oven", labels: ["harbour", "kitchen"])]))
        let run = try workspace.run("train", "--seeds", "all.jsonl", "-o", "all")
        #expect(run.status == 0)
        #expect(run.errors.hasPrefix("warning: every article has the label \"harbour\": it cannot be learnt\n"))
        #expect(!workspace.names.contains("m"))
        let small = try workspace.run(
            "train", "--seeds", try workspace.writeSeeds(), "-o", "m", "--set", "minimumDocumentFrequency=1000")
        expectFailure(small, 65, "no term passes the limits on document frequency")
    }

    @Test func duplicateIdentifiers() throws {
        let workspace = try workspace.get()
        let articles = Samples.articles(24)
        try workspace.write("twice.jsonl", Samples.jsonl(articles + articles[3...4]))
        let run = try workspace.run("train", "--seeds", "twice.jsonl", "-o", "m")
        #expect(run.status == 0)
        #expect(
            run.errors
                == "warning: twice.jsonl:25: the identifier \"n3\" is already that of the article at twice.jsonl:4 (and 1 more)\n"
        )
        expectFailure(
            try workspace.run("train", "--seeds", "twice.jsonl", "-o", "m", "--strict"), 65, "twice.jsonl:25: the identifier")
    }

    /// A line far beyond the limit is left out without being kept, and one within it is read.
    @Test func longLines() throws {
        let workspace = try workspace.get()
        let model = try SharedModel.multi.get().path
        let good = Sample(id: "good", text: Samples.kitchenText).line
        let script = """
            { printf '%s\\n{"id": "long", "text": "' '\(good)'; head -c 100000000 /dev/zero | tr '\\0' ' '; printf '"}\\n%s\\n' '\(good)'; } \
            | sectorkit predict --model '\(model)' --format tsv
            """
        let run = try workspace.shell(script)
        #expect(run.status == 65)
        #expect(run.lines.count == 3)
        #expect(
            run.errors.contains("standard input:2: the record has 100000026 bytes; at most 64000000 are allowed (--maximum-line)")
        )
        let short = try workspace.runWithModel(
            "predict", "--maximum-line", "20B", "--format", "tsv", input: "{\"text\": \"oven\"}\n" + good)
        #expect(short.lines.count == 2 && short.status == 65)
    }

    @Test func damagedGzip() throws {
        let workspace = try workspace.get()
        try workspace.write("a.jsonl", Samples.jsonl(Samples.articles(400)))
        #expect(try workspace.shell("gzip -c a.jsonl | head -c 3000 > cut.jsonl.gz").status == 0)
        let run = try workspace.runWithModel("predict", "cut.jsonl.gz", "--format", "tsv")
        #expect(run.status == 65)
        #expect(run.lines.count > 1)
        #expect(run.errorLines.last?.contains("cut.jsonl.gz is not a whole gzip file") == true)
    }

    /// Names and texts cannot command the terminal.
    @Test func controlCharacters() throws {
        let workspace = try workspace.get()
        let article = Sample(id: "\u{1B}[2Jx", title: "\u{9B}31m\u{7}", text: "oven\u{1B}]0;title\u{7}")
        try workspace.write("\u{1B}[31m.jsonl", article.line + "\n{\u{1B}\n")
        for arguments in [["predict"], ["predict", "--format", "tsv"], ["explain"]] {
            let run = try workspace.run(
                arguments + ["--model", try SharedModel.multi.get().path, "\u{1B}[31m.jsonl", "\u{1B}[31m.jsonl"])
            #expect(run.status == 65)
            for text in [run.output, run.errors] {
                #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t" })
            }
        }
    }
}
