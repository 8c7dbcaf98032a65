import Foundation
import Testing

/// `evaluate`, `crossvalidate` and `explain`.
struct MeasureTests {
    let workspace = Result { try Workspace() }

    @Test func evaluate() throws {
        let workspace = try workspace.get()
        try workspace.write("test.jsonl", Samples.jsonl(Samples.articles(40, from: 200)))
        let text = try workspace.runWithModel("evaluate", "--data", "test.jsonl")
        #expect(text.status == 0 && text.errors == "")
        #expect(text.lines[0] == "40 articles, 3 labels (multi-label)")
        #expect(text.output.contains("subset accuracy") && text.output.contains("(none of them)"))
        #expect(text.lines.last?.isEmpty == false)
        let object = try workspace.runWithModel("evaluate", "--data", "test.jsonl", "--json").object
        let micro = try #require((object["micro"] as? [String: Any])?["f1"] as? Double)
        #expect(micro > 0.8)
        #expect(
            Set(object.keys).isSuperset(of: ["accuracy", "hammingLoss", "macro", "labels", "averagePrecision", "logLoss", "task"])
        )
        // A rule given on the command line is the one that is measured.
        let strict = try workspace.runWithModel("evaluate", "--data", "test.jsonl", "--json", "--threshold", "1").object
        #expect((strict["micro"] as? [String: Any])?["recall"] as? Double == 0)
    }

    /// The figures are those of the predictions that `predict` writes.
    @Test func evaluateAgreesWithPredict() throws {
        let workspace = try workspace.get()
        let articles = Samples.articles(40, from: 300)
        try workspace.write("test.jsonl", Samples.jsonl(articles))
        let tagged = try workspace.runWithModel("predict", "test.jsonl", "--format", "jsonl").objects
        let exactCount = tagged.count {
            ($0["prediction"] as? [String: Any])?["labels"] as? [String] == $0["labels"] as? [String]
        }
        let accuracy = try workspace.runWithModel("evaluate", "--data", "test.jsonl", "--json").object["accuracy"] as? Double
        #expect(accuracy == Double(exactCount) / 40)
    }

    @Test func labelsThatTheModelDoesNotKnow() throws {
        let workspace = try workspace.get()
        var articles = Samples.articles(8, isSingle: true)
        articles[2].labels = ["moon"]
        articles[5].labels?.append("sun")
        try workspace.write("test.jsonl", Samples.jsonl(articles))
        expectFailure(
            try workspace.runWithModel("evaluate", "--data", "test.jsonl"), 65,
            "test.jsonl:3: article \"n2\" has the label \"moon\"; known are harbour, kitchen, orchestra")
        let multi = try workspace.runWithModel("evaluate", "--data", "test.jsonl", "--ignore-unknown-labels")
        #expect(multi.status == 0)
        #expect(multi.errors == "note: labels that the model does not know left out: moon, sun\n")
        #expect(multi.lines[0] == "8 articles, 3 labels (multi-label)")
        // In a single-label task no answer to an article with an unknown label only could be right.
        let single = try workspace.run(
            "evaluate", "--data", "test.jsonl", "--ignore-unknown-labels", "--model", SharedModel.single.get().path)
        #expect(single.errors.contains("; 1 article without another label left out"))
        #expect(single.lines[0] == "7 articles, 3 labels (single-label)")
        expectFailure(
            try workspace.run("evaluate", "--data", try workspace.writeSeeds(), "--model", SharedModel.single.get().path), 65,
            "seeds.jsonl:2: article \"n1\" has 0 labels")
    }

    @Test func nothingToMeasure() throws {
        let workspace = try workspace.get()
        try workspace.write("test.jsonl", Sample(text: "x", labels: [], unjudged: Samples.labels).line)
        expectFailure(try workspace.runWithModel("evaluate", "--data", "test.jsonl"), 65, "no label of the model was judged")
        try workspace.write("test.jsonl", Sample(text: "x").line)
        expectFailure(try workspace.runWithModel("evaluate", "--data", "test.jsonl"), 65, "none of the 1 articles is labelled")
    }

    @Test func crossValidate() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds(Samples.articles(36))
        let text = try workspace.run("crossvalidate", "--seeds", seeds, "--folds", "3")
        #expect(text.status == 0 && text.errors == "")
        #expect(text.lines[0] == "3-fold cross-validation of recipe words")
        #expect(text.lines[1] == "36 articles, 3 labels (multi-label)")
        let one = try workspace.run("crossvalidate", "--seeds", seeds, "--folds", "3", "--json", "--threads", "1")
        let two = try workspace.run("crossvalidate", "--seeds", seeds, "--folds", "3", "--json", "--threads", "2")
        #expect(one.outputBytes == two.outputBytes)
        #expect(one.object["articleCount"] as? Int == 36)
        expectFailure(try workspace.run("crossvalidate", "--seeds", seeds, "--folds", "1"), 64, "from 2 to 100")
    }

    /// The contributions of all terms and the intercept are the score, to the last digits; the probability is its logistic.
    @Test func contributionsAddUp() throws {
        let workspace = try workspace.get()
        let input = Samples.jsonl(Samples.articles(4, from: 400))
        let explained = try workspace.runWithModel("explain", "--json", input: input)
        let tagged = try workspace.runWithModel("predict", "--format", "jsonl", input: input).objects
        #expect(explained.lines.count == 4)
        for (article, tagged) in zip(explained.objects, tagged) {
            #expect(article["id"] as? String == tagged["id"] as? String)
            let prediction = try #require(tagged["prediction"] as? [String: Any])
            #expect(article["labels"] as? [String] == prediction["labels"] as? [String])
            let probabilities = try #require(prediction["probabilities"] as? [String: Double])
            for label in try #require(article["explanations"] as? [[String: Any]]) {
                let terms = try #require(label["terms"] as? [[String: Any]])
                let sum = terms.reduce(label["intercept"] as! Double) { $0 + ($1["contribution"] as! Double) }
                let score = try #require(label["score"] as? Double)
                #expect(abs(sum - score) < 1e-12)
                let probability = try #require(label["probability"] as? Double)
                #expect(abs(probability - 1 / (1 + exp(-score))) < 1e-12)
                #expect(abs(probability - probabilities[label["label"] as! String]!) < 1e-6)
            }
        }
    }

    /// Every occurrence is where the text has the term.
    @Test func occurrences() throws {
        let text = "Flour, flour; «crème» and an OVEN"
        let article = try workspace.get().runWithModel("explain", "--json", "--label", "kitchen", input: text).object
        let label = try #require((article["explanations"] as? [[String: Any]])?.first)
        let terms = try #require(label["terms"] as? [[String: Any]])
        var found: [String: [String]] = [:]
        for term in terms {
            for occurrence in term["occurrences"] as? [[String: Any]] ?? [] {
                #expect(occurrence["field"] as? String == "text")
                let bytes = Array(text.utf8)[(occurrence["start"] as! Int)..<(occurrence["end"] as! Int)]
                found[term["term"] as! String, default: []].append(String(decoding: bytes, as: UTF8.self))
            }
        }
        #expect(found["flour"] == ["Flour", "flour"])
        #expect(found["oven"] == ["OVEN"])
    }

    @Test func explanationForPeople() throws {
        let workspace = try workspace.get()
        let run = try workspace.runWithModel("explain", "--terms", "2", input: Samples.kitchenText)
        #expect(run.lines[0] == "kitchen")
        #expect(run.lines.contains { $0.hasPrefix("kitchen*  probability 0.") })
        #expect(run.lines.contains { $0.hasPrefix("harbour  probability 0.") })
        #expect(run.output.contains(" other terms"))
        let one = try workspace.runWithModel("explain", "--label", "kitchen", input: Samples.kitchenText)
        #expect(!one.output.contains("harbour"))
        try workspace.write("a.txt", Samples.kitchenText)
        #expect(try workspace.runWithModel("explain", "a.txt", "--top", "2").lines[0].hasPrefix("a.txt: "))
        expectFailure(
            try workspace.runWithModel("explain", "--label", "moon", "a.txt"), 64,
            "no label \"moon\"; it has harbour, kitchen, orchestra")
        expectFailure(try workspace.runWithModel("explain", "--terms", "0", "a.txt"), 64, "at least 1")
        // Whatever stands in the field of the labels is none of its business.
        #expect(try workspace.runWithModel("explain", input: #"{"text": "oven", "labels": 5}"#).status == 0)
    }
}
