import Foundation
import Testing
import TextClassification

@testable import Evaluation

/// A problem with the values of scikit-learn's metrics, recorded by `scripts/fixtures/metrics.py`.
struct MetricsFixture: Decodable, CustomTestStringConvertible {
    let name: String
    let task: ClassificationTask
    let labelCount: Int
    let truth: [Int8]
    let probabilities: [Double]
    let decisions: [Int]

    let accuracy: Double
    let hammingLoss: Double
    let sampleJaccard: Double
    let precision: [String: Double]
    let recall: [String: Double]
    let f1: [String: Double]
    let fScores: [String: [String: Double]]
    let jaccard: [String: Double]
    let labelPrecision: [Double]
    let labelRecall: [Double]
    let labelF1: [Double]
    let labelSupport: [Int]
    let labelMatthews: [Double]
    let labelKappa: [Double?]
    let labelBalancedAccuracy: [Double]
    let labelJaccard: [Double]
    let balancedAccuracy: Double?
    let cohenKappa: Double?
    let matthews: Double?
    let labelROCAUC: [Double?]
    let labelAveragePrecision: [Double?]
    let rocAUC: [String: Double?]
    let averagePrecision: [String: Double?]
    let coverageError: Double
    let rankingLoss: Double
    let labelRankingAveragePrecision: Double
    let logLoss: Double
    let brierScore: Double
    let calibrationError: Double
    let confusionMatrix: [[Int]]?
    let coOccurrenceMatrix: [[Int]]?

    private struct Document: Decodable { let problems: [MetricsFixture] }

    static let all: [MetricsFixture] = {
        guard let url = Bundle.module.resourceURL?.appending(path: "Fixtures/metrics.json"),
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

    var metrics: Metrics {
        Metrics(targets: targets, probabilities: probabilities, decisions: decisions.map { $0 == 1 })
    }

    var testDescription: String { name }
}
