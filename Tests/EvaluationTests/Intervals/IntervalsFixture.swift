import Foundation
import TextClassification

@testable import Evaluation

/// Intervals and tests of SciPy, recorded by `scripts/fixtures/intervals.py`.
struct IntervalsFixture: Decodable {
    struct Resampling: Decodable {
        let figure: HeadlineFigure
        let confidence: Double
        let labelCount: Int
        let truth: [Int]
        let decisions: [Int]
        let replicates: [Double]
        let percentile: [Double]
        let bca: [Double]
    }
    struct Comparison: Decodable {
        struct Permutation: Decodable {
            let difference: Double
            let pValue: Double
        }
        struct McNemar: Decodable {
            let counts: [Int]
            let pValue: Double
        }
        let labelCount: Int
        let truth: [Int]
        let first: [Int]
        let second: [Int]
        let permutation: [String: Permutation]
        let mcNemar: McNemar
    }
    struct SignTest: Decodable {
        let smaller: Int
        let count: Int
        let pValue: Double
    }
    struct Normal: Decodable {
        let levels: [Double]
        let quantiles: [Double]
        let cumulative: [Double]
    }
    struct Student: Decodable {
        let t: Double
        let degreesOfFreedom: Double
        let twoSided: Double
    }
    struct StudentQuantile: Decodable {
        let probability: Double
        let degreesOfFreedom: Double
        let t: Double
    }
    struct Corrected: Decodable {
        let differences: [Double]
        let testShare: Double
        let interval: [Double]
        let pValue: Double
    }

    let bootstraps: [Resampling]
    let comparisons: [Comparison]
    let signTests: [SignTest]
    let normal: Normal
    let student: [Student]
    let studentQuantiles: [StudentQuantile]
    let corrected: Corrected

    static func load() throws -> IntervalsFixture {
        guard let url = Bundle.module.resourceURL?.appending(path: "Fixtures/intervals.json") else {
            throw CocoaError(.fileNoSuchFile)
        }
        return try JSONDecoder().decode(IntervalsFixture.self, from: Data(contentsOf: url))
    }
}

/// Metrics of indicator matrices; probabilities are those of the decisions.
func metrics(truth: [Int], decisions: [Int], labelCount: Int) -> Metrics {
    var targets = Targets(task: .multi, labelCount: labelCount)
    for start in stride(from: 0, to: truth.count, by: labelCount) {
        targets.append(positive: (0..<labelCount).filter { truth[start + $0] == 1 })
    }
    return Metrics(targets: targets, probabilities: decisions.map(Double.init), decisions: decisions.map { $0 == 1 })
}
