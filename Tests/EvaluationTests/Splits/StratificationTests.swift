import LinearAlgebra
import Testing
import TextClassification

@testable import Evaluation

@Suite struct StratificationTests {
    static let rates = [0.45, 0.2, 0.1, 0.03]

    @Test(arguments: ClassificationTask.allCases, [2, 3, 5, 10])
    func labelSharesAreKept(_ task: ClassificationTask, _ foldCount: Int) {
        for seed in 0..<UInt64(5) {
            let targets = randomTargets(task, count: 137, rates: Self.rates, seed: seed)
            let folds = IterativeStratification(foldCount: foldCount).parts(of: targets, seed: seed)
            #expect(Set(folds) == Set(0..<foldCount))
            let sizes = (0..<foldCount).map { fold in folds.count { $0 == fold } }
            let expectedSize = 137 / Double(foldCount)
            for size in sizes { #expect(abs(Double(size) - expectedSize) < (task == .single ? 1 : 4)) }
            for label in Self.rates.indices {
                let counts = (0..<foldCount).map { fold in
                    folds.indices.count { folds[$0] == fold && targets[$0, label] == .positive }
                }
                let expected = Double(targets.positiveCounts[label]) / Double(foldCount)
                // One article at most in a single-label task; labels that occur together cannot all be dealt out evenly.
                for count in counts { #expect(abs(Double(count) - expected) < (task == .single ? 1 : 2.5)) }
            }
        }
    }

    @Test func sharesOfUnequalPartsAreKept() {
        let targets = randomTargets(.multi, count: 300, rates: Self.rates, seed: 1)
        let parts = IterativeStratification(shares: [7, 2, 1]).parts(of: targets, seed: 4)
        for (part, share) in [0.7, 0.2, 0.1].enumerated() {
            #expect(abs(Double(parts.count { $0 == part }) - share * 300) < 4)
            for label in Self.rates.indices {
                let count = parts.indices.count { parts[$0] == part && targets[$0, label] == .positive }
                #expect(abs(Double(count) - share * Double(targets.positiveCounts[label])) < 2.5)
            }
        }
    }

    @Test(arguments: ClassificationTask.allCases)
    func groupsStayTogether(_ task: ClassificationTask) {
        let targets = randomTargets(task, count: 200, rates: Self.rates, seed: 2)
        var generator = RandomGenerator(seed: 3)
        let raw = (0..<200).map { _ in generator.nextInt(below: 70) }
        let numbers = Dictionary(uniqueKeysWithValues: Set(raw).sorted().enumerated().map { ($1, $0) })
        let groups = raw.map { numbers[$0] ?? 0 }
        let folds = IterativeStratification(foldCount: 5).parts(of: targets, groups: groups, seed: 6)
        for (a, group) in groups.enumerated() {
            for b in 0..<a where groups[b] == group { #expect(folds[a] == folds[b]) }
        }
        for fold in 0..<5 { #expect(abs(folds.count { $0 == fold } - 40) <= 8) }
        for label in 0..<2 {
            let expected = Double(targets.positiveCounts[label]) / 5
            for fold in 0..<5 {
                let count = folds.indices.count { folds[$0] == fold && targets[$0, label] == .positive }
                #expect(abs(Double(count) - expected) <= 5)
            }
        }
    }

    @Test func seedDecides() {
        let targets = randomTargets(.multi, count: 60, rates: Self.rates, seed: 2)
        let stratification = IterativeStratification(foldCount: 3)
        #expect(stratification.parts(of: targets, seed: 1) == stratification.parts(of: targets, seed: 1))
        #expect(stratification.parts(of: targets, seed: 1) != stratification.parts(of: targets, seed: 2))
    }

    @Test func nothingToDivide() {
        let stratification = IterativeStratification(foldCount: 3)
        #expect(stratification.parts(of: Targets(task: .multi, labelCount: 2), seed: 0) == [])
        var unlabelled = Targets(task: .multi, labelCount: 2)
        for _ in 0..<7 { unlabelled.appendUnlabelled() }
        let parts = stratification.parts(of: unlabelled, seed: 0)
        #expect((0..<3).map { part in parts.count { $0 == part } }.sorted() == [2, 2, 3])
    }

    @Test func repeatedSplitsAreStratified() {
        let targets = randomTargets(.multi, count: 100, rates: Self.rates, seed: 9)
        let splits = Split.repeatedStratified(targets, testShare: 0.3, repetitions: 4, seed: 1)
        #expect(splits.count == 4 && splits[0] != splits[1])
        for split in splits {
            #expect((split.training + split.test).sorted() == Array(0..<100))
            #expect(abs(split.test.count - 30) <= 3)
            for label in Self.rates.indices {
                let share = Double(split.test.count { targets[$0, label] == .positive })
                #expect(abs(share - 0.3 * Double(targets.positiveCounts[label])) < 2.5)
            }
        }
        #expect(Split.repeatedStratified(targets, testShare: 0.3, repetitions: 2, seed: 1) == Array(splits.prefix(2)))
    }

    @Test func crossValidationTestsEveryArticleOnce() {
        let splits = Split.crossValidation(folds: [2, 0, 1, 0])
        #expect(splits.map(\.test) == [[1, 3], [2], [0]])
        for split in splits { #expect((split.training + split.test).sorted() == [0, 1, 2, 3]) }
    }

    @Test func timeOrderedSplits() throws {
        let dates: [String?] = ["2024-03-01", "2024-01-01", nil, "2024-02-01", "2024-03-01", "2024-01-15"]
        let split = try #require(Split.timeOrdered(dates: dates, testShare: 0.3))
        #expect(split == Split(training: [1, 3, 5], test: [0, 4]))
        #expect(
            Split.timeOrdered(dates: dates, testShare: 0.3, groups: [0, 1, 2, 0, 3, 4])
                == Split(training: [1, 3, 5], test: [4]))
        #expect(Split.timeOrdered(dates: ["2024", nil, "2024"]) == nil)
        let early = try #require(Split.timeOrdered(dates: ["1", "1", "1", "1", "2"], testShare: 0.9))
        #expect(early == Split(training: [0, 1, 2, 3], test: [4]))
        let late = try #require(Split.timeOrdered(dates: ["1", "2", "2", "2", "2"], testShare: 0.01))
        #expect(late == Split(training: [0], test: [1, 2, 3, 4]))
    }
}
