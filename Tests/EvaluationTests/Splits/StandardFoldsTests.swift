import LinearAlgebra
import Testing
import TextClassification

@testable import Evaluation

@Suite struct StandardFoldsTests {
    /// Articles of which every fourth repeats the one before with another headline.
    func corpus(_ task: ClassificationTask, count: Int = 80) -> Corpus {
        var generator = RandomGenerator(seed: 12)
        var batch = ArticleBatch()
        var text = ""
        for article in 0..<count {
            if article % 4 != 3 { text = randomText(40, &generator).joined(separator: " ") }
            batch.append(Article(title: "headline \(article)", text: text))
        }
        return Corpus(
            identifiers: (0..<count).map { "article \($0)" }, articles: batch, labels: LabelSet(["a", "b", "c"]),
            targets: randomTargets(task, count: count, rates: [0.4, 0.3, 0.2], seed: 7))
    }

    @Test(arguments: ClassificationTask.allCases)
    func foldsKeepDuplicatesTogether(_ task: ClassificationTask) throws {
        let corpus = corpus(task)
        let folds = try #require(StandardFolds().folds(of: corpus, foldCount: 5, seed: 3))
        #expect(folds.count == 80 && Set(folds) == Set(0..<5))
        for article in stride(from: 3, to: 80, by: 4) { #expect(folds[article] == folds[article - 1]) }
        #expect(StandardFolds(threadCount: 4).folds(of: corpus, foldCount: 5, seed: 3) == folds)
        #expect(StandardFolds().folds(of: corpus, foldCount: 5, seed: 4) != folds)
        let apart = try #require(StandardFolds(joinsDuplicates: false).folds(of: corpus, foldCount: 5, seed: 3))
        #expect(stride(from: 3, to: 80, by: 4).contains { apart[$0] != apart[$0 - 1] })
    }

    @Test func outletsStayTogether() throws {
        let corpus = corpus(.multi)
        let outlets = Dictionary(uniqueKeysWithValues: (0..<60).map { ("article \($0)", "outlet \($0 % 9)") })
        let folds = try #require(StandardFolds(groups: outlets).folds(of: corpus, foldCount: 4, seed: 0))
        for a in 0..<60 { for b in 0..<a where a % 9 == b % 9 { #expect(folds[a] == folds[b]) } }
    }

    @Test func smallCorporaAreNotDivided() {
        func folds(_ labels: [[String]], texts: [String]? = nil) -> [Int]? {
            let articles = labels.enumerated().map { position, labels in
                Article(id: "\(position)", text: texts?[position] ?? "text number \(position)", labels: labels)
            }
            guard let corpus = try? Corpus(articles, labels: LabelSet(["a", "b"]), task: .multi) else { return nil }
            return StandardFolds().folds(of: corpus, foldCount: 5, seed: 0)
        }
        #expect(folds([["a"], ["b"]]) == nil)
        #expect(folds([["a"], ["a"]], texts: ["same text", "Same text."]) == nil)
        #expect(folds([["a"], ["b"], [], []]) == nil)
        #expect(folds([["a"], ["a"]]).map { Set($0) } == [0, 1])
        #expect(folds([["a"], ["a"], ["b"]]).map { Set($0) } == [0, 1, 2])
    }

    @Test func emptyCorpus() {
        let corpus = Corpus(
            identifiers: [], articles: ArticleBatch(), labels: LabelSet(["a"]), targets: Targets(task: .multi, labelCount: 1))
        #expect(StandardFolds().folds(of: corpus, foldCount: 5, seed: 0) == nil)
    }
}
