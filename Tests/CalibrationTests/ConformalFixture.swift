import Foundation
import Testing
import TextClassification

/// Prediction sets of crepes, recorded by `scripts/fixtures/conformal.py`.
struct ConformalFixture: Decodable, CustomTestStringConvertible {
    let task: ClassificationTask
    let name: String
    let coverage: Double
    let labelCount: Int
    let truth: [Int]
    let probabilities: [Double]
    let test: [Double]
    let possible: [Int]
    let absent: [Int]?

    private struct Document: Decodable { let problems: [ConformalFixture] }

    static let all: [ConformalFixture] = {
        guard let url = Bundle.module.resourceURL?.appending(path: "Fixtures/conformal.json"),
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

    var testDescription: String { name }
}
