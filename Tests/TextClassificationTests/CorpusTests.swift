import Testing

@testable import TextClassification

@Suite struct CorpusTests {
    private func article(_ id: String, _ labels: [String]?, unjudged: [String] = []) -> Article {
        Article(id: id, text: "text of \(id)", labels: labels, unjudged: unjudged)
    }

    @Test func `Labels are found, in order, and the task with them`() throws {
        let corpus = try Corpus([article("1", ["b"]), article("2", ["a"]), article("3", nil)])
        #expect(Array(corpus.labels) == ["a", "b"])
        #expect(corpus.targets.task == .single)
        #expect(corpus.identifiers == ["1", "2"])
        #expect(corpus.targets.classIndex(of: 0) == 1)
        #expect(try Corpus([article("1", ["b"]), article("2", [])]).targets.task == .multi)
        #expect(try Corpus([article("1", ["b", "a"])]).targets.task == .multi)
        #expect(try Corpus([article("1", ["b", "b"])]).targets.task == .single)
        #expect(try Corpus([article("1", ["b"])], task: .multi).targets.task == .multi)
    }

    @Test func `What nobody judged is missing`() throws {
        let corpus = try Corpus([article("1", ["a"], unjudged: ["b"]), article("2", [], unjudged: ["c"])])
        #expect(Array(corpus.labels) == ["a", "b", "c"])
        #expect(corpus.targets[0, 0] == .positive && corpus.targets[0, 1] == .missing && corpus.targets[0, 2] == .negative)
        #expect(corpus.targets[1, 2] == .missing)
        #expect(corpus.targets.positiveCounts == [1, 0, 0])
        #expect(corpus.targets.isLabelled(1))
        // A label that is given although it is said to be unjudged was judged.
        #expect(try Corpus([article("1", ["a"], unjudged: ["a"])]).targets[0, 0] == .positive)
    }

    @Test func `Unknown labels are refused or ignored`() throws {
        let labels = LabelSet(["a", "b"])
        let error = #expect(throws: CorpusError.self) { try Corpus([article("x", ["c"])], labels: labels) }
        #expect("\(try #require(error))" == "article \"x\" has the label \"c\"; known are a, b")
        #expect(throws: CorpusError.self) { try Corpus([article("x", ["a"], unjudged: ["c"])], labels: labels) }
        let corpus = try Corpus(
            [article("x", ["c", "a"]), article("y", ["c"])], labels: labels, task: .multi, ignoringUnknownLabels: true)
        #expect(corpus.targets.values == [1, 0, 0, 0])
    }

    @Test func `A single-label task wants exactly one label`() throws {
        let labels = LabelSet(["a", "b"])
        for wrong in [["a", "b"], []] {
            for ignoring in [false, true] {
                let error = #expect(throws: CorpusError.self) {
                    try Corpus([article("x", wrong)], labels: labels, task: .single, ignoringUnknownLabels: ignoring)
                }
                #expect("\(try #require(error))".contains("\"x\" has \(wrong.count) labels"))
            }
        }
        // An article whose only label is unknown, and ignored, has none.
        let corpus = try Corpus([article("x", ["c"])], labels: labels, task: .single, ignoringUnknownLabels: true)
        #expect(corpus.targets.classIndex(of: 0) == nil)
    }

    @Test func `Nothing labelled, or no label at all, is an error`() throws {
        let nothing = #expect(throws: CorpusError.self) { try Corpus([article("1", nil), article("2", nil)]) }
        #expect("\(try #require(nothing))".contains("none of the 2 articles"))
        #expect(throws: CorpusError.nothingLabelled(articleCount: 0)) { try Corpus([]) }
        #expect(throws: CorpusError.noLabels(articleCount: 1)) { try Corpus([article("1", [])]) }
    }

    @Test func `A selection keeps everything in step`() throws {
        let corpus = try Corpus([article("1", ["a"]), article("2", ["b"]), article("3", ["a"])])
        let selected = corpus.selecting([2, 1, 2])
        #expect(selected.identifiers == ["3", "2", "3"])
        #expect(selected.targets.positiveCounts == [2, 1])
        let texts = (0..<3).map { String(decoding: selected.articles.bytes[selected.articles.bodies[$0]], as: UTF8.self) }
        #expect(texts == ["text of 3", "text of 2", "text of 3"])
        #expect(corpus.selecting([]).count == 0)
    }

    @Test func `The digest depends on everything`() throws {
        func digest(_ articles: [Article], _ task: Corpus.TaskChoice = .multi) throws -> UInt64 {
            try Corpus(articles, labels: LabelSet(["a", "b"]), task: task).digest
        }
        let base = try digest([article("1", ["a"]), article("2", ["b"])])
        #expect(try digest([article("1", ["a"]), article("2", ["b"])]) == base)
        #expect(try digest([article("2", ["b"]), article("1", ["a"])]) != base)
        #expect(try digest([article("1", ["b"]), article("2", ["b"])]) != base)
        #expect(try digest([Article(id: "1", title: "text", text: " of 1", labels: ["a"]), article("2", ["b"])]) != base)
    }
}

@Suite struct TargetsTests {
    @Test func `Judgements by article and label`() {
        var targets = Targets(task: .multi, labelCount: 3)
        targets.append(positive: [0, 2], missing: [1])
        targets.appendUnlabelled()
        targets.append(positive: [])
        #expect(targets.count == 3)
        #expect(targets.values == [1, -1, 1, -1, -1, -1, 0, 0, 0])
        #expect(targets.isLabelled(0) && !targets.isLabelled(1) && targets.isLabelled(2))
        #expect(targets.classIndex(of: 0) == 0 && targets.classIndex(of: 1) == nil)
        #expect(targets.positiveCounts == [1, 0, 1])
        #expect(targets.selecting([2, 0]).values == [0, 0, 0, 1, -1, 1])
        #expect(targets[1, 2] == .missing)
    }

    @Test func `No labels at all`() {
        var targets = Targets(task: .multi, labelCount: 0)
        targets.append(positive: [])
        #expect(targets.count == 0)
        #expect(targets.positiveCounts == [])
    }

    @Test func `A label set keeps its order and drops repetitions`() {
        let labels = LabelSet(["b", "a", "b", "", "a"])
        #expect(Array(labels) == ["b", "a", ""])
        #expect(labels.position(of: "a") == 1 && labels.position(of: "c") == nil)
        #expect(labels == LabelSet(["b", "a", ""]))
        #expect(LabelSet([String]()).isEmpty)
        // Canonically equivalent names are one.
        #expect(LabelSet(["é", "e\u{301}"]).count == 1)
    }
}

@Suite struct ArticleBatchTests {
    private struct Failure: Error {}

    @Test func `Articles lie one behind the other`() {
        var batch = ArticleBatch([Article(title: "T", text: "body"), Article(text: "")])
        batch.append(title: [1], body: [2, 3])
        #expect(batch.count == 3)
        #expect(batch.titles == [0..<1, 5..<5, 5..<6])
        #expect(batch.bodies == [1..<5, 5..<5, 6..<8])
        #expect(batch.bytes == Array("Tbody".utf8) + [1, 2, 3])
        batch.removeAll()
        #expect(batch.count == 0 && batch.bytes.isEmpty)
    }

    @Test func `What is written and not named is taken back`() throws {
        var batch = ArticleBatch([Article(text: "ab")])
        batch.append { bytes in
            bytes += [1, 2, 3]
            return nil
        }
        #expect(batch.count == 1 && batch.bytes.count == 2)
        #expect(throws: Failure.self) {
            try batch.append { bytes throws(Failure) in
                bytes += [1, 2, 3]
                throw Failure()
            }
        }
        #expect(batch.count == 1 && batch.bytes.count == 2)
        batch.append { bytes in
            bytes += [1, 2, 3]
            return (title: 4..<5, body: 2..<3)
        }
        #expect(batch.titles[1] == 4..<5 && batch.bodies[1] == 2..<3)
    }

    @Test func `Articles of another batch at any positions`() {
        let source = ArticleBatch([Article(title: "a", text: "1"), Article(title: "b", text: "2")])
        var batch = ArticleBatch()
        batch.append(source, at: [1, 1, 0])
        #expect(batch.bytes == Array("b2b2a1".utf8))
        let copy = batch
        batch.append(copy, at: [2])
        #expect(batch.bytes == Array("b2b2a1a1".utf8))
    }

    @Test func aListKeepsWhatItsArticlesHold() throws {
        let articles = [
            Article(id: "1", title: "T", text: "é", labels: ["a"], unjudged: ["b"], date: "2024-01-02", group: "x"),
            Article(id: "2", text: ""), Article(id: "3", text: "z", labels: []),
        ]
        var list = ArticleList(articles.prefix(1))
        list.append(contentsOf: ArticleList(articles.dropFirst()))
        #expect(Array(list) == articles)
        #expect(Array(list.selecting([2, 0])) == [articles[2], articles[0]])
        var batch = ArticleBatch()
        batch.append(title: "T".utf8, body: "b".utf8)
        list.append(identifiers: ["4"], texts: batch, labels: [], unjudged: [], dates: [], groups: [])
        list.setLabels(["c"], unjudged: [], of: 1)
        #expect(list[3] == Article(id: "4", title: "T", text: "b"))
        let corpus = try Corpus(list)
        #expect(corpus.identifiers == ["1", "2", "3"])
        #expect(Array(corpus.labels) == ["a", "b", "c"])
        #expect(try corpus.digest == Corpus([articles[0], Article(id: "2", text: "", labels: ["c"]), articles[2]]).digest)
    }
}
