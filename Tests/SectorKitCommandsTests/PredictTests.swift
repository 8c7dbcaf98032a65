import Foundation
import Testing

/// `predict`: what goes in, what comes out.
struct PredictTests {
    let workspace = Result { try Workspace() }

    /// Plain text on standard input is one article: nothing invented stands before its labels.
    @Test func plainText() throws {
        let workspace = try workspace.get()
        let kitchen = try workspace.runWithModel("predict", input: Samples.kitchenText + "\nSecond line.\n")
        #expect(kitchen.lines.count == 1)
        #expect(kitchen.output.firstMatch(of: /^kitchen 0\.\d{1,4}\n$/) != nil, "\(kitchen.output)")
        let none = try workspace.runWithModel("predict", input: "the town on Tuesday")
        #expect(none.output == "none\n")
        let all = try workspace.runWithModel("predict", "--all-scores", input: Samples.kitchenText)
        #expect(
            all.output.firstMatch(of: /^kitchen 0\.\d+\*  \w+ 0\.\d+  \w+ 0\.\d+\n$/) != nil, "\(all.output)")
    }

    /// Unknown fields and labels given by people are kept as they are written, an earlier prediction is replaced, identifiers and
    /// order stay.
    @Test func jsonl() throws {
        let workspace = try workspace.get()
        let input = """
            {"id": "b", "text": "\(Samples.kitchenText)", "labels": ["harbour"], "n": 1.50, "deep": {"a": [1, {"b": null}]}}
            {"prediction": {"labels": ["old"]}, "text": "\(Samples.harbourText)"}

            {"id": 7, "title": "Encore", "text": "violin, cello, conductor, overture", "prediction": 5}

            """
        let run = try workspace.runWithModel("predict", "--format", "jsonl", input: input)
        #expect(run.status == 0 && run.errors == "")
        #expect(run.lines.count == 3)
        #expect(
            run.lines[0].hasPrefix(
                #"{"id": "b", "labels": ["harbour"], "n": 1.50, "deep": {"a": [1, {"b": null}]}, "prediction": {"labels": ["kitchen"], "#
            ))
        #expect(run.lines[1].hasPrefix(#"{"id": "2", "prediction": {"labels": ["harbour"], "probabilities": {"harbour": 0."#))
        #expect(run.lines[2].hasPrefix(#"{"id": 7, "title": "Encore", "prediction": {"labels": ["orchestra"], "#))
        let prediction = run.objects[0]["prediction"] as? [String: Any]
        let probabilities = prediction?["probabilities"] as? [String: Double]
        #expect(probabilities?.keys.sorted() == Samples.labels)
        #expect(probabilities?.values.allSatisfy { 0...1 ~= $0 } == true)
        #expect(
            try workspace.runWithModel("predict", "--format", "jsonl", "--keep-text", input: input).lines[1].contains("Sailors"))
        // What was tagged can be tagged again.
        let again = try workspace.runWithModel(
            "predict", "--format", "jsonl",
            input: try workspace.runWithModel("predict", "--format", "jsonl", "--keep-text", input: input).output)
        #expect(again.output == run.output)
    }

    @Test func tsv() throws {
        let workspace = try workspace.get()
        let input = Samples.jsonl(Samples.articles(40, from: 100))
        let run = try workspace.runWithModel("predict", "--format", "tsv", input: input)
        #expect(run.lines[0] == "id\tlabels\tharbour\tkitchen\torchestra")
        #expect(run.identifiers == (100..<140).map { "n\($0)" })
        #expect(run.lines.allSatisfy { $0.split(separator: "\t", omittingEmptySubsequences: false).count == 5 })
        #expect(run.lines.contains { $0.split(separator: "\t")[1].contains(";") })
    }

    /// They are those of the table.
    @Test func labelsAlone() throws {
        let workspace = try workspace.get()
        let input = Samples.jsonl(Samples.articles(40, from: 100))
        let table = try workspace.runWithModel("predict", "--format", "tsv", input: input)
        let labels = try workspace.runWithModel("predict", "--format", "labels", input: input)
        #expect(labels.status == 0 && labels.errors == table.errors)
        let expected = table.output.split(separator: "\n").dropFirst().map {
            $0.split(separator: "\t", omittingEmptySubsequences: false)[1] + "\n"
        }
        #expect(labels.output == expected.joined())
    }

    @Test func textOfManyArticles() throws {
        let run = try workspace.get().runWithModel("predict", input: Samples.jsonl(Samples.articles(3)))
        #expect(run.lines.count == 6)
        #expect(run.lines[0].hasPrefix("n0  ") && run.lines[2].hasPrefix("n1  "))
        #expect(run.lines[3] == "    none")
    }

    @Test func linesAndIdentifiers() throws {
        let run = try workspace.get().runWithModel(
            "predict", "--input-format", "lines", "--format", "tsv",
            input: "\(Samples.kitchenText)\r\n\(Samples.harbourText)\nthe town")
        #expect(run.columns(...1) == [["1", "kitchen"], ["2", "harbour"], ["3", ""]])
    }

    /// Several inputs: texts under their names, others under a heading; a missing one does not keep the others from being read.
    @Test func severalFiles() throws {
        let workspace = try workspace.get()
        try workspace.write("one.txt", Samples.kitchenText)
        try workspace.write("empty", "")
        try workspace.write("deeper/one.txt", Samples.harbourText)
        try workspace.write("a.jsonl", Samples.jsonl([Sample(id: "x", text: Samples.harbourText)]))
        #expect(try workspace.runWithModel("predict", "one.txt").lines[0] == "one.txt")
        #expect(try workspace.runWithModel("predict", "a.jsonl").lines[0] == "x")
        let run = try workspace.runWithModel(
            "predict", "one.txt", "missing.txt", "deeper/one.txt", "a.jsonl", "empty", "-", input: "the town")
        let shown = run.lines.map { $0.replacing(/\ 0\.\d+/, with: "") }
        #expect(
            shown == [
                "one.txt", "    kitchen", "deeper/one.txt", "    harbour", "==> a.jsonl <==", "x", "    harbour",
                "standard input",
                "    none",
            ])
        #expect(run.status == 66)
        #expect(run.errorLines == ["error: cannot open missing.txt: No such file or directory", "error: empty is empty"])
        let table = try workspace.runWithModel("predict", "missing.txt", "a.jsonl", "one.txt", "--format", "tsv")
        #expect(table.identifiers == ["x", "one.txt"])
        let strict = try workspace.runWithModel("predict", "--strict", "one.txt", "missing.txt", "a.jsonl")
        #expect(strict.lines.count == 2)
        expectFailure(strict, 66, "missing.txt")
    }

    @Test func foldersTablesAndGzip() throws {
        let workspace = try workspace.get()
        let articles = Samples.articles(6)
        for article in articles { try workspace.write("plain/\(article.id!).txt", article.text) }
        let folder = try workspace.runWithModel("predict", "plain", "--format", "tsv")
        #expect(folder.identifiers == articles.map { "\($0.id!).txt" })
        try workspace.write("a.csv", "key,body\n" + articles.map { "\($0.id!),\"\($0.text)\"\n" }.joined())
        let csv = try workspace.runWithModel("predict", "a.csv", "--id-field", "key", "--text-field", "body", "--format", "tsv")
        #expect(csv.identifiers == articles.map { $0.id! })
        #expect(csv.columns(1...) == folder.columns(1...))
        expectFailure(
            try workspace.runWithModel("predict", "a.csv"), 65, "a.csv:1: no column \"text\"", "\"key\", \"body\"", "--text-field"
        )
        try workspace.write("a.jsonl", Samples.jsonl(articles))
        let model = try SharedModel.multi.get().path
        let plain = try workspace.run("predict", "--model", model, "a.jsonl", "--format", "jsonl")
        #expect(
            try workspace.shell("gzip -c a.jsonl | sectorkit predict --model '\(model)' --format jsonl").output == plain.output)
    }

    @Test func thresholds() throws {
        let workspace = try workspace.get()
        func labels(_ arguments: String...) throws -> [String] {
            let run = try workspace.run(
                ["predict", "--model", try SharedModel.multi.get().path, "--format", "tsv"] + arguments,
                input: Samples.kitchenText)
            return run.lines[1].split(separator: "\t", omittingEmptySubsequences: false)[1].split(separator: ";").map(String.init)
        }
        #expect(try labels() == ["kitchen"])
        #expect(try labels("--threshold", "0") == Samples.labels)
        #expect(try labels("--threshold", "1") == [])
        #expect(try labels("--threshold", "0", "--threshold", "kitchen=1") == ["harbour", "orchestra"])
        #expect(try labels("--threshold", "harbour=0") == ["harbour", "kitchen"])
        #expect(try labels("--top", "1") == ["kitchen"])
        #expect(try labels("--top", "2").count == 2)
        #expect(try labels("--top", "99") == Samples.labels)
        for value in ["nan", "inf", "-0.1", "1.1", "kitchen=", "kitchen=nan"] {
            expectFailure(
                try workspace.runWithModel("predict", "--threshold=\(value)"), 64,
                "wanted a probability from 0 to 1, or label=probability")
        }
        expectFailure(
            try workspace.runWithModel("predict", "--threshold", "moon=0.5"), 64,
            "the model has no label \"moon\"; it has harbour, kitchen, orchestra")
        expectFailure(try workspace.runWithModel("predict", "--top", "0"), 64, "at least 1")
        expectFailure(try workspace.runWithModel("predict", "--top", "1", "--threshold", "0.5"), 64, "exclude each other")
    }

    /// In a single-label task a threshold makes "none of them" possible, and never a second label.
    @Test func singleLabelTask() throws {
        let workspace = try workspace.get()
        let model = try SharedModel.single.get().path
        func labels(_ arguments: String...) throws -> String {
            try workspace.run(["predict", "--model", model] + arguments, input: Samples.kitchenText).output.replacing(
                /\ 0\.\d+/, with: "")
        }
        #expect(try labels() == "kitchen\n")
        #expect(try labels("--threshold", "0") == "kitchen\n")
        #expect(try labels("--threshold", "1") == "none\n")
        #expect(try labels("--threshold", "harbour=1") == "kitchen\n")
        #expect(try labels("--threshold", "kitchen=1") == "none\n")
    }

    @Test func markupAndEncodings() throws {
        let workspace = try workspace.get()
        let plain = try workspace.runWithModel("predict", input: "butter & flour")
        #expect(
            try workspace.runWithModel("predict", "--strip-html", input: "<p>butter &amp; <b>flour</b></p>").output
                == plain.output)
        try workspace.write("latin.txt", Data("cr\u{E8}me butter flour".unicodeScalars.map { UInt8($0.value) }))
        try workspace.write("utf8.txt", "cr\u{E8}me butter flour")
        func tagged(_ arguments: String...) throws -> Run {
            try workspace.run(["predict", "--model", try SharedModel.multi.get().path] + arguments)
        }
        let right = try tagged("utf8.txt").lines[1]
        #expect(try tagged("latin.txt", "--encoding", "latin-1").lines[1] == right)
        let wrong = try tagged("latin.txt")
        #expect(
            wrong.errorLines.first == "warning: latin.txt:1: 1 malformed UTF-8 sequence replaced by U+FFFD, the first one here: "
                + "is the encoding another (--encoding)?")
        expectFailure(try tagged("latin.txt", "--encoding", "ebcdic"), 64, "'utf-8', 'latin1'")
    }

    @Test func unfamiliarTextIsToldOf() throws {
        let run = try workspace.get().runWithModel(
            "predict", input: "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich")
        #expect(run.status == 0)
        #expect(run.errors.hasPrefix("warning: the model knows hardly any word of 1 of 1 article"))
    }

    @Test func optionsThatDoNothingAreRefused() throws {
        let workspace = try workspace.get()
        expectFailure(try workspace.runWithModel("predict", "--keep-text"), 64, "--format jsonl")
        expectFailure(try workspace.runWithModel("predict", "--all-scores", "--format", "tsv"), 64, "--format text")
        expectFailure(try workspace.runWithModel("predict", "--format", "xml"), 64, "'text', 'labels', 'tsv' or 'jsonl'")
        expectFailure(try workspace.runWithModel("predict", "--threads", "0"), 64, "a number from 1 to 1024")
        expectFailure(try workspace.runWithModel("predict", "--text-field", "id"), 64, "different names")
        for size in ["0", "-1", "inf", "nan", "12parsecs", "1e400GB"] {
            expectFailure(try workspace.runWithModel("predict", "--maximum-line=\(size)"), 64, "--maximum-line")
        }
    }
}
