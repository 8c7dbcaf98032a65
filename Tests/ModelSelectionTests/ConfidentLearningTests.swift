import Foundation
import Testing
import TextClassification

@testable import ModelSelection

/// A table of labels and probabilities with the issues that cleanlab finds, recorded by `scripts/fixtures/confident_learning.py`.
struct ConfidentLearningFixture: Decodable {
    let task: ClassificationTask
    let labelCount: Int
    let truth: [Int]
    let probabilities: [Double]
    /// Positions of articles (single), or of pairs of article and label (multi).
    let issues: [Int]

    private struct Document: Decodable { let problems: [ConfidentLearningFixture] }

    static let all: [ConfidentLearningFixture] = {
        guard let url = Bundle.module.resourceURL?.appending(path: "Fixtures/confident-learning.json"),
            let document = try? JSONDecoder().decode(Document.self, from: Data(contentsOf: url))
        else { return [] }
        return document.problems
    }()

    var targets: Targets {
        var targets = Targets(task: task, labelCount: labelCount)
        for start in stride(from: 0, to: truth.count, by: labelCount) {
            targets.append(positive: (0..<labelCount).filter { truth[start + $0] == 1 })
        }
        return targets
    }
}

@Suite struct ConfidentLearningTests {
    @Test func issuesAreThoseOfCleanlab() {
        #expect(ConfidentLearningFixture.all.count == 3)
        for fixture in ConfidentLearningFixture.all {
            let issues = ConfidentLearning(targets: fixture.targets, probabilities: fixture.probabilities).issues
            let places = issues.map { fixture.task == .single ? $0.article : $0.article * fixture.labelCount + $0.label }
            #expect(places.sorted() == fixture.issues)
            // The strongest contradiction comes first.
            let margins = issues.map { $0.suggestedProbability - $0.givenProbability }
            #expect(margins == margins.sorted(by: >) && !margins.isEmpty)
        }
    }

    @Test func nothingToFind() {
        for task in ClassificationTask.allCases {
            var targets = Targets(task: task, labelCount: 2)
            #expect(ConfidentLearning(targets: targets, probabilities: []).issues.isEmpty)
            for _ in 0..<4 { targets.append(positive: [0]) }
            // With one class only nothing contradicts it; a probability that is no number is no contradiction.
            #expect(ConfidentLearning(targets: targets, probabilities: Array(repeating: 0.1, count: 8)).issues.isEmpty)
            #expect(ConfidentLearning(targets: targets, probabilities: Array(repeating: .nan, count: 8)).issues.isEmpty)
            targets.appendUnlabelled()
            #expect(ConfidentLearning(targets: targets, probabilities: Array(repeating: 0.9, count: 10)).issues.isEmpty)
        }
    }

    /// A label that nobody judged is no issue, whatever its probability.
    @Test func unjudgedLabelsAreLeftOut() {
        var targets = Targets(task: .multi, labelCount: 1)
        for article in 0..<20 { targets.append(positive: article < 10 ? [0] : []) }
        targets.append(positive: [], missing: [0])
        let probabilities = (0..<20).map { $0 < 10 ? 0.9 : 0.1 } + [0.99]
        #expect(ConfidentLearning(targets: targets, probabilities: probabilities).issues.isEmpty)
        targets.append(positive: [])
        let issues = ConfidentLearning(targets: targets, probabilities: probabilities + [0.95]).issues
        #expect(issues.map(\.article) == [21] && issues.map(\.isGiven) == [false])
    }
}
