import Foundation
import Testing

/// The commands on good input, as a user runs them.
@Suite struct EndToEndTests {
    @Test func plainTextFromStandardInputIsOneArticle() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        let fruit = try tool.run("predict", "--model", "model.sectorkit", input: "apple pear\nplum cherry\n")
        #expect(fruit.code == 0)
        #expect(fruit.lines.count == 1)
        #expect(fruit.output.contains("fruit 0."))
        let weather = try tool.run("predict", "--model", "model.sectorkit", input: "rain wind snow")
        #expect(weather.lines == ["none"])
    }

    @Test func jsonLinesKeepOrderFieldsAndGoldLabels() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        let input = """
            {"id": "x", "source": {"outlet": "A", "n": 1.50}, "text": "apple plum", "labels": ["gold"], "prediction": {"old": true}}
            {"text": "hammer saw", "date": "2020-01-02"}

            """
        let outcome = try tool.run("predict", "--model", "model.sectorkit", "--format", "jsonl", input: input)
        #expect(outcome.code == 0, "\(outcome.errors)")
        try #require(outcome.lines.count == 2)
        let first = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.lines[0].utf8)) as? [String: Any])
        #expect(first["id"] as? String == "x")
        #expect(first["labels"] as? [String] == ["gold"])
        #expect(first["text"] == nil)
        #expect(outcome.lines[0].contains(#""source": {"outlet": "A", "n": 1.50}"#))
        let prediction = try #require(first["prediction"] as? [String: Any])
        #expect(prediction["labels"] as? [String] == ["fruit"])
        let probabilities = try #require(prediction["probabilities"] as? [String: Double])
        #expect(Set(probabilities.keys) == ["fruit", "tools"])
        #expect(prediction["old"] == nil)
        let second = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.lines[1].utf8)) as? [String: Any])
        #expect(second["id"] as? String == "2")
        #expect(second["date"] as? String == "2020-01-02")
        let kept = try tool.run("predict", "--model", "model.sectorkit", "--format", "jsonl", "--keep-text", input: input)
        #expect(kept.lines[0].contains(#""text": "apple plum""#))
    }

    @Test func tableHasAHeaderAndAProbabilityALabel() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        let outcome = try tool.run(
            "predict", "--model", "model.sectorkit", "--format", "tsv", "--input-format", "lines",
            input: "apple plum\nrain snow\napple hammer saw plum\n")
        #expect(outcome.lines.first == "id\tlabels\tfruit\ttools")
        #expect(outcome.lines.count == 4)
        #expect(outcome.lines[1].hasPrefix("1\tfruit\t0."))
        #expect(outcome.lines[2].hasPrefix("2\t\t0."))
        #expect(outcome.lines[3].hasPrefix("3\tfruit;tools\t0."))
    }

    @Test func thresholdsAndTopReplaceTheRule() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        let text = "rain apple snow wind"
        let none = try tool.run("predict", "--model", "model.sectorkit", "--threshold", "1", input: text)
        #expect(none.lines == ["none"])
        let all = try tool.run("predict", "--model", "model.sectorkit", "--format", "tsv", "--threshold", "0", input: text)
        #expect(all.lines.last?.split(separator: "\t")[1] == "fruit;tools")
        let one = try tool.run(
            "predict", "--model", "model.sectorkit", "--format", "tsv", "--threshold", "1", "--threshold", "tools=0", input: text)
        #expect(one.lines.last?.split(separator: "\t")[1] == "tools")
        let top = try tool.run("predict", "--model", "model.sectorkit", "--format", "tsv", "--top", "1", input: "snow saw drill")
        #expect(top.lines.last?.split(separator: "\t")[1] == "tools")
        #expect(try tool.run("predict", "--model", "model.sectorkit", "--threshold", "nan", input: text).code == 64)
        #expect(try tool.run("predict", "--model", "model.sectorkit", "--threshold", "sport=0.5", input: text).code == 64)
    }

    @Test func threadsChangeNothing() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        var lines = ""
        for number in 0..<3000 { lines += "\(Sample.fruit[number % 5]) \(Sample.tools[number * 7 % 5]) word\(number)\n" }
        var outputs: Set<String> = []
        var models: Set<[UInt8]> = []
        for threads in ["1", "2", "8"] {
            let predicted = try tool.run(
                ["predict", "--model", "model.sectorkit", "--format", "tsv", "--input-format", "lines", "--threads", threads],
                input: Array(lines.utf8))
            #expect(predicted.code == 0)
            outputs.insert(predicted.output)
            #expect(try tool.run("train", "--seeds", "seeds.jsonl", "-o", "t.sectorkit", "--threads", threads).code == 0)
            models.insert(try tool.bytes(of: "t.sectorkit"))
        }
        #expect(outputs.count == 1)
        #expect(models.count == 1)
    }

    @Test func evaluationAndCrossValidationGiveFigures() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        for arguments in [
            ["evaluate", "--model", "model.sectorkit", "--data", "seeds.jsonl", "--json"],
            ["crossvalidate", "--seeds", "seeds.jsonl", "--folds", "3", "--json"],
        ] {
            let outcome = try tool.run(arguments)
            #expect(outcome.code == 0, "\(outcome.errors)")
            let report = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            let micro = try #require((report["micro"] as? [String: Any])?["f1"] as? Double)
            #expect(micro > 0.5 && micro <= 1)
        }
        let table = try tool.run("evaluate", "--model", "model.sectorkit", "--data", "seeds.jsonl")
        #expect(table.output.contains("micro-F1") && table.output.contains("fruit"))
    }

    @Test func contributionsAddUpToTheScore() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        let outcome = try tool.run(
            "explain", "--model", "model.sectorkit", "--json", "--terms", "1000", input: "An apple, a hammer; the plum.")
        let article = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let explanations = try #require(article["explanations"] as? [[String: Any]])
        #expect(explanations.count == 2)
        for explanation in explanations {
            let terms = try #require(explanation["terms"] as? [[String: Any]])
            #expect(!terms.isEmpty)
            let sum = terms.reduce(0.0) { $0 + ($1["contribution"] as? Double ?? .nan) }
            let score = try #require(explanation["score"] as? Double)
            let intercept = try #require(explanation["intercept"] as? Double)
            #expect(abs(sum + intercept - score) < 1e-9)
        }
        #expect(outcome.output.contains(#""start":3"#))
    }

    @Test func inspectAndComponentsTell() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        let inspected = try tool.run("inspect", "model.sectorkit", "--json")
        let model = try #require(try JSONSerialization.jsonObject(with: Data(inspected.output.utf8)) as? [String: Any])
        #expect((model["labels"] as? [[String: Any]])?.count == 2)
        #expect(model["task"] as? String == "multi")
        #expect(try tool.run("inspect", "model.sectorkit").output.contains("inverseRegularization"))
        let components = try tool.run("components", "--json")
        #expect(try JSONSerialization.jsonObject(with: Data(components.output.utf8)) is [String: Any])
        #expect(try tool.run("components").output.contains("logistic-regression"))
        #expect(try tool.run("components", "nonesuch").code == 64)
    }

    @Test func otherFormatsAndTasksTrain() throws {
        let tool = try Tool()
        defer { tool.remove() }
        try tool.write(Sample.single, to: "single.jsonl")
        let single = try tool.run("train", "--seeds", "single.jsonl", "-o", "single.sectorkit", "--json")
        #expect(single.output.contains(#""task" : "single""#), "\(single.errors)")
        let predicted = try tool.run("predict", "--model", "single.sectorkit", input: "snow rain")
        #expect(predicted.output.contains("weather 0."))
        var csv = "text,labels\r\n"
        for text in Sample.fruit { csv += "\"\(text), said \"\"he\"\"\",fruit\r\n" }
        for text in Sample.tools { csv += "\(text),tools;diy\r\n" }
        for text in Sample.other { csv += "\(text),\r\n" }
        try tool.write(csv, to: "seeds.csv")
        let table = try tool.run("train", "--seeds", "seeds.csv", "-o", "csv.sectorkit")
        #expect(table.code == 0, "\(table.errors)")
        #expect(table.output.contains("diy"))
        let again = try tool.run(
            "train", "--seeds", "single.jsonl", "--like", "csv.sectorkit", "--task", "multi", "-o", "like.sectorkit")
        #expect(again.code == 0, "\(again.errors)")
    }

    @Test func modelIsLookedForInItsPlaces() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        #expect(try tool.run("predict", input: "apple", variables: ["SECTORKIT_MODEL": "model.sectorkit"]).code == 0)
        try FileManager.default.createDirectory(at: tool.folder.appending(path: "models"), withIntermediateDirectories: true)
        try tool.write(try tool.bytes(of: "model.sectorkit"), to: "models/sectors.sectorkit")
        #expect(try tool.run("predict", input: "apple").code == 0)
    }

    @Test func helpVersionAndCompletions() throws {
        let tool = try Tool()
        defer { tool.remove() }
        let help = try tool.run("--help")
        #expect(help.code == 0 && help.errors.isEmpty)
        for command in ["train", "predict", "evaluate", "crossvalidate", "explain", "inspect", "components"] {
            #expect(help.output.contains(command))
            let own = try tool.run(command, "--help")
            #expect(own.code == 0 && own.output.contains("EXAMPLES"), "\(command)")
        }
        #expect(try tool.run("--version").lines.count == 1)
        for shell in ["bash", "zsh", "fish"] {
            #expect(try tool.run("--generate-completion-script", shell).output.contains("crossvalidate"))
        }
    }

    @Test func aSlowPipeIsServedLineByLine() throws {
        let tool = try Tool.trained()
        defer { tool.remove() }
        let process = tool.process(["predict", "--model", "model.sectorkit", "--format", "jsonl"])
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        for text in ["apple plum", "hammer saw"] {
            try input.fileHandleForWriting.write(contentsOf: Data("{\"text\": \"\(text)\"}\n".utf8))
            // Blocks for ever, and so fails, if the answer waits for the end of the input.
            let answer = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            #expect(answer.hasSuffix("\n") && answer.contains("prediction"))
        }
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
