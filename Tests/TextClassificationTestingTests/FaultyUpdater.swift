import LinearAlgebra
import TextClassification

/// A nearest-centroid classifier whose models go on with the sums of their articles, with a fault if asked for.
struct FaultyUpdater: Classifier {
    enum Fault: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
        case nothing, forgets, scoresAfterwards, dividesByUpdates, losesState, roundsState, keepsState, learnsUnjudged
    }

    struct Parameters: Hyperparameters {
        var fault = Fault.nothing
        static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter("fault", \.fault, .choice(Fault.allCases.map(\.rawValue)), help: "what is wrong")
        ]
    }

    static let identifier = "faulty-updater"
    static let summary = "a test"
    static var learnsUpdates: Bool { true }
    let parameters: Parameters

    init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    func fitted(to rows: SparseMatrix, targets: Targets, context: TrainingContext) throws -> FaultyUpdaterModel {
        try context.checkCancellation()
        var model = FaultyUpdaterModel(featureCount: rows.columnCount, labelCount: targets.labelCount, fault: parameters.fault)
        for row in 0..<rows.rowCount where targets.isLabelled(row) { model.learn(rows, targets, row) }
        return model
    }
}

struct FaultyUpdaterModel: ClassifierModel {
    let featureCount: Int
    let labelCount: Int
    let fault: FaultyUpdater.Fault
    /// [side][label][feature], the articles with the label and those without.
    private var sums: [Double]
    /// [side][label].
    private var counts: [Double]
    private var hasState = true

    init(featureCount: Int, labelCount: Int, fault: FaultyUpdater.Fault) {
        self.featureCount = featureCount
        self.labelCount = labelCount
        self.fault = fault
        sums = Array(repeating: 0, count: 2 * labelCount * featureCount)
        counts = Array(repeating: 0, count: 2 * labelCount)
    }

    mutating func learn(_ rows: SparseMatrix, _ targets: Targets, _ row: Int) {
        for label in 0..<labelCount {
            if targets[row, label] == .missing, fault != .learnsUnjudged || label > 0 { continue }
            let place = (targets[row, label] == .negative ? labelCount : 0) + label
            counts[place] += 1
            for element in rows.row(row) {
                sums[place * featureCount + Int(rows.columnIndices[element])] += Double(rows.values[element])
            }
        }
    }

    func decisionFunction(_ rows: borrowing SparseMatrix, into scores: inout [Double]) {
        scores.removeAll()
        for row in 0..<rows.rowCount {
            for label in 0..<labelCount {
                var score = 0.0
                for element in rows.row(row) {
                    for (sign, place) in [(10.0, label), (-10, labelCount + label)] {
                        let mean = sums[place * featureCount + Int(rows.columnIndices[element])] / max(1, counts[place])
                        score += sign * Double(rows.values[element]) * mean
                    }
                }
                scores.append(score)
            }
        }
    }

    var updateObstacle: UpdateObstacle? { hasState ? nil : .stateLeftOut }

    func updated(
        with rows: SparseMatrix, targets: Targets, passCount: Int?, context: TrainingContext
    ) throws -> UpdatedModel<Self> {
        guard hasState else { throw UpdateError.impossible(component: FaultyUpdater.identifier, .stateLeftOut) }
        var model = fault == .forgets ? Self(featureCount: featureCount, labelCount: labelCount, fault: fault) : self
        var scoresBefore: [Double] = []
        var scores: [Double] = []
        for row in 0..<rows.rowCount {
            if fault == .scoresAfterwards { model.learn(rows, targets, row) }
            model.decisionFunction(rows.selectingRows([row]), into: &scores)
            scoresBefore += scores
            if fault != .scoresAfterwards { model.learn(rows, targets, row) }
        }
        if fault == .dividesByUpdates { model.counts = model.counts.map { $0 + 1 } }
        return UpdatedModel(model: model, scoresBefore: scoresBefore)
    }

    func withoutUpdateState() -> Self {
        var model = self
        if fault != .keepsState { model.hasState = false }
        return model
    }

    func write(to writer: inout ModelWriter) throws(ModelFileError) {
        writer.add("shape", [Int64(featureCount), Int64(labelCount)])
        writer.add("sums", fault == .roundsState && hasState ? sums.map { ($0 * 1e6).rounded() / 1e6 } : sums)
        writer.add("counts", counts)
        if hasState, fault != .losesState { writer.add("state", [1.0]) }
    }

    init(reading reader: ModelReader) throws(ModelFileError) {
        let shape = try reader.array("shape", of: Int64.self, count: 2).elements
        guard 1...100_000 ~= shape[0], 1...1000 ~= shape[1] else { throw reader.malformed("shape", "is out of range") }
        self.init(featureCount: Int(shape[0]), labelCount: Int(shape[1]), fault: .nothing)
        sums = try reader.array("sums", of: Double.self, count: sums.count).elements
        counts = try reader.array("counts", of: Double.self, count: counts.count).elements
        hasState = reader.has("state")
    }
}
