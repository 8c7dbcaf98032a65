import LinearAlgebra
import Testing
import TextClassification

@testable import Evaluation

@Suite struct DuplicateGroupsTests {
    func groups(_ texts: [String]) -> [Int] {
        DuplicateGroups(of: ArticleBatch(texts.map { Article(text: $0) })).groups
    }

    @Test func exactDuplicates() {
        #expect(
            groups([
                "One two three.", "Four", "ONE two\n\n  three", "one two three four", "“One” two – three…", "", " ", "four!",
            ]) == [0, 1, 0, 2, 0, 3, 4, 1])
    }

    @Test func scriptsWithoutSpaces() {
        let text = "中国和越南签署了新的贸易协定双方同意降低关税并扩大边境贸易规模"
        #expect(groups([text, text + "。", "他们说今天的天气非常好所以我们一起去公园散步吧"]) == [0, 0, 1])
        #expect(groups([text, text + "了", "รัฐบาลไทยประกาศ"]) == [0, 0, 1])
        #expect(groups(["Bộ Công Thương", "bộ công thương", "Bo Cong Thuong"]) == [0, 0, 1])
    }

    /// Texts are joined exactly if their shingles are similar enough, whatever the path there.
    @Test func nearDuplicatesAreVerified() {
        var generator = RandomGenerator(seed: 8)
        for _ in 0..<40 {
            let words = randomText(150, &generator)
            var changed = words
            for _ in 0..<generator.nextInt(below: 8) { changed[generator.nextInt(below: 150)] = "changed" }
            let texts = [words, changed].map { $0.joined(separator: " ") }
            let similarity = shingled(texts[0]).similarity(to: shingled(texts[1]))
            #expect(similarity == jaccard(words, changed))
            // Pairs near the limit are found with probability 0.9996 and more.
            #expect((groups(texts) == [0, 0]) == (similarity >= DuplicateGroups.similarityLimit))
        }
    }

    func shingled(_ text: String) -> ShingledText {
        let bytes = Array(text.utf8)
        return ShingledText(title: bytes.span.extracting(0..<0), body: bytes.span)
    }

    func jaccard(_ a: [String], _ b: [String]) -> Double {
        func shingles(_ words: [String]) -> Set<[String]> { Set((0...words.count - 5).map { Array(words[$0..<$0 + 5]) }) }
        let (x, y) = (shingles(a), shingles(b))
        return Double(x.intersection(y).count) / Double(x.union(y).count)
    }

    @Test func titlesCountOnlyWithShortBodies() {
        var generator = RandomGenerator(seed: 4)
        let body = randomText(60, &generator).joined(separator: " ")
        let articles = [
            Article(title: "Exports rise", text: body), Article(title: "Something else altogether", text: body),
            Article(title: "First", text: "Photo gallery"), Article(title: "Second", text: "Photo gallery"),
        ]
        #expect(DuplicateGroups(of: ArticleBatch(articles)).groups == [0, 0, 1, 2])
    }

    @Test func groupingIsTransitiveAndIndependentOfThreads() {
        var generator = RandomGenerator(seed: 1)
        var texts: [String] = []
        for _ in 0..<30 {
            var words = randomText(80, &generator)
            texts.append(words.joined(separator: " "))
            for step in 0..<generator.nextInt(below: 4) {
                words[step * 20] = "edit"
                texts.append(words.joined(separator: " "))
            }
        }
        let batch = ArticleBatch(texts.map { Article(text: $0) })
        let one = DuplicateGroups(of: batch, threadCount: 1)
        #expect(one == DuplicateGroups(of: batch, threadCount: 3))
        #expect(one.groupCount == 30)
        #expect(one.duplicates.allSatisfy { $0.count > 1 && $0 == $0.sorted() })
        #expect(one.duplicates.reduce(0) { $0 + $1.count - 1 } == texts.count - 30)
    }

    @Test func invalidBytesDoNotMatter() {
        var batch = ArticleBatch()
        for bytes: [UInt8] in [[0xFF, 0xE4], [0xF0], [0xE0, 0xB8], [0xC3], [0x00, 0x80], []] {
            batch.append(title: bytes, body: bytes)
        }
        #expect(DuplicateGroups(of: batch).groups.count == 6)
    }

    @Test func joiningByKey() {
        var groups = DuplicateGroups(of: ArticleBatch(["a b", "c d", "a b", "e f"].map { Article(text: $0) }))
        groups.join([nil, "outlet", nil, "outlet"])
        #expect(groups.groups == [0, 1, 0, 1])
        groups.join(["x", nil, nil, "x"])
        #expect(groups.groups == [0, 0, 0, 0])
    }

    @Test func joinedSetsAreNumberedInOrder() {
        var sets = DisjointSets(count: 6)
        sets.join(5, 1)
        sets.join(4, 0)
        sets.join(1, 4)
        #expect(sets.numbers() == [0, 0, 1, 2, 0, 0])
    }
}
