import Glibc
import LinearAlgebra
import TextClassification

/// Scores a label by how much likelier each feature is with it than without it: naive Bayes, written as one sum.
struct LogOdds: Classifier {
    struct Parameters: Hyperparameters {
        var smoothing = 0.5
        static let schema = [Hyperparameter<Self>("smoothing", \.smoothing, .number(0.001...100), help: "added to every count")]
    }
    static let identifier = "log-odds"
    static let summary = "sums how much likelier each feature is with a label than without it"
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func fitted(to rows: SparseMatrix, targets: Targets, context: TrainingContext) throws -> LogOddsModel {
        try context.checkCancellation()
        let labelCount = targets.labelCount
        // Counts with and without each label; behind the features stand the articles themselves.
        var counts = [[Double]](
            repeating: Array(repeating: parameters.smoothing, count: (rows.columnCount + 1) * labelCount), count: 2)
        for article in 0..<rows.rowCount {
            let features = rows.row(article).map { Int(rows.columnIndices[$0]) } + [rows.columnCount]
            for label in 0..<labelCount where targets[article, label] != .missing {
                let side = targets[article, label] == .positive ? 0 : 1
                for feature in features { counts[side][feature * labelCount + label] += 1 }
            }
        }
        return LogOddsModel(weights: zip(counts[0], counts[1]).map { log($0 / $1) }, labelCount: labelCount)
    }
}

struct LogOddsModel: ClassifierModel, Codable {
    let weights: [Double]
    let labelCount: Int
    var featureCount: Int { weights.count / labelCount - 1 }

    func intercept(label: Int) -> Double? { weights[featureCount * labelCount + label] }
    /// Without the odds of the label itself, which every feature would count again.
    func featureWeight(_ feature: Int, label: Int) -> Double? {
        weights[feature * labelCount + label] - weights[featureCount * labelCount + label]
    }

    func decisionFunction(_ rows: borrowing SparseMatrix, into scores: inout [Double]) {
        scores = (0..<rows.rowCount * labelCount).map { intercept(label: $0 % labelCount) ?? 0 }
        for place in scores.indices {
            for element in rows.row(place / labelCount) {
                let weight = featureWeight(Int(rows.columnIndices[element]), label: place % labelCount) ?? 0
                scores[place] += Double(rows.values[element]) * weight
            }
        }
    }
}

extension LogOddsModel {
    init(reading reader: ModelReader) throws(ModelFileError) {
        self = try reader.value("model", of: Self.self)
        guard 1...100_000 ~= labelCount, !weights.isEmpty, weights.count % labelCount == 0 else {
            throw reader.malformed("model", "has \(weights.count) weights for \(labelCount) labels")
        }
    }
}
