import LinearAlgebra
import Synchronization
import TextClassification

/// A nearest-centroid classifier with one fault planted in it.
///
/// Scores are a constant plus inner products with the mean row of the label's articles, less that of the others.
struct FaultyClassifier<Fault: PlantedFault>: Classifier {
    static var identifier: String { Fault.kind == .badIdentifier ? "Nearest Centroid" : "nearest-centroid" }
    static var summary: String { "a test" }
    static var weighsSamples: Bool { Fault.kind == .ignoresWeights || Fault.kind == .weighs }
    let parameters: Parameters

    struct Parameters: Hyperparameters {
        var scale = Fault.kind == .defaultOutside ? 1000.0 : 10.0 {
            didSet { if Fault.kind == .forgetsParameter { scale = min(scale, 50) } }
        }

        private enum CodingKeys: String, CodingKey { case scale }

        static var schema: [Hyperparameter<Parameters>] {
            [Hyperparameter("scale", \.scale, .number(0.1...100, .logarithmic), help: "factor on the scores")]
        }
    }

    init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    func fitted(to rows: SparseMatrix, targets: Targets, context: TrainingContext) throws -> FaultyModel<Fault> {
        try fit(rows, targets, [Double](repeating: 1, count: rows.rowCount), context)
    }

    func fitted(
        to rows: SparseMatrix, targets: Targets, sampleWeights: [Double], context: TrainingContext
    ) throws -> FaultyModel<Fault> {
        switch Fault.kind {
        case .weighs, .weighsUndeclared: try fit(rows, targets, sampleWeights, context)
        case .ignoresWeights: try fitted(to: rows, targets: targets, context: context)
        default: throw ConfigurationError.conflict("no weights")
        }
    }

    private func fit(
        _ rows: SparseMatrix, _ targets: Targets, _ sampleWeights: [Double], _ context: TrainingContext
    ) throws -> FaultyModel<Fault> {
        if context.isCancelled() { throw Fault.kind == .cancelsBadly ? TrainingError.emptyCorpus : TrainingError.cancelled }
        if Fault.kind == .refusesEmptyRows, (0..<rows.rowCount).contains(where: { rows.row($0).isEmpty }) {
            throw TrainingError.failed(component: Self.identifier, reason: "an article without features")
        }
        let k = targets.labelCount
        var weights = [Double](repeating: 0, count: rows.columnCount * k)
        for label in 0..<k {
            // Sums of positive and of negative articles.
            var sums = [[Double](repeating: 0, count: rows.columnCount), [Double](repeating: 0, count: rows.columnCount)]
            var counts = [0.0, 0.0]
            for article in 0..<rows.rowCount {
                var judgement = targets[article, label]
                if judgement == .missing, Fault.kind == .missingIsNegative { judgement = .negative }
                if Fault.kind == .missingIsPositive, judgement == .missing, targets.isLabelled(article) { judgement = .positive }
                guard judgement != .missing else { continue }
                let side = judgement == .positive ? 0 : 1
                counts[side] += sampleWeights[article]
                for element in rows.row(article) {
                    sums[side][Int(rows.columnIndices[element])] += sampleWeights[article] * Double(rows.values[element])
                }
            }
            if Fault.kind != .dividesByNothing { counts = counts.map { $0 > 0 ? $0 : 1 } }
            for column in 0..<rows.columnCount {
                weights[column * k + label] = parameters.scale * (sums[0][column] / counts[0] - sums[1][column] / counts[1])
            }
        }
        switch Fault.kind {
        case .differsByFit: weights = weights.map { $0 + Double(FaultCounter.next()) * 1e-6 }
        case .differsByThreads: weights = weights.map { $0 * (1 + Double(context.threadCount) * 1e-12) }
        case .assumesLabelOrder:
            // The features of the sample, in the order of its labels.
            for column in 0..<rows.columnCount {
                for label in 0..<k where column / 8 != label { weights[column * k + label] = 0 }
            }
        case .learnsNothing: weights = weights.map { _ in 0 }
        case .shortOfMemory where rows.columnCount > 50_000: throw TrainingError.noFeatures(reason: "too many")
        default: break
        }
        return FaultyModel(weights: weights, intercepts: [Double](repeating: 0.125, count: k))
    }
}

struct FaultyModel<Fault: PlantedFault>: ClassifierModel {
    let weights: [Double]
    let intercepts: [Double]

    var labelCount: Int { Fault.kind == .readsWithoutChecking ? 3 : intercepts.count }
    var featureCount: Int { Fault.kind == .claimsFeatures ? weights.count : weights.count / max(1, labelCount) }

    init(weights: [Double], intercepts: [Double]) {
        self.weights = weights
        self.intercepts = intercepts
    }

    func decisionFunction(_ rows: borrowing SparseMatrix, into scores: inout [Double]) {
        if Fault.kind != .keepsOldScores { scores.removeAll() }
        for row in 0..<rows.rowCount {
            var norm = 0.0
            for element in rows.row(row) { norm += Double(rows.values[element]) * Double(rows.values[element]) }
            for label in 0..<intercepts.count {
                var score = intercepts[label]
                for element in rows.row(row) {
                    let place = Int(rows.columnIndices[element]) * labelCount + label
                    score += (place < weights.count ? weights[place] : 0) * Double(rows.values[element])
                }
                if Fault.kind == .givesNoNumbers, rows.row(row).isEmpty { score = .nan }
                if Fault.kind == .trapsOnEmptyRows { score /= Double(rows.columnIndices[rows.row(row).lowerBound] + 1) }
                if Fault.kind == .dividesByNorm { score /= norm.squareRoot() }
                if Fault.kind == .differsByCall { score += Double(FaultCounter.next()) }
                scores.append(score)
            }
        }
        if Fault.kind == .dependsOnNeighbours, rows.rowCount > 1 {
            let mean = scores.reduce(0, +) / Double(scores.count)
            for place in scores.indices { scores[place] -= mean }
        }
    }

    func featureWeight(_ feature: Int, label: Int) -> Double? {
        let place = feature * labelCount + label
        let weight = place < weights.count ? weights[place] : 0
        return Fault.kind == .wrongWeights ? 2 * weight : weight
    }

    func intercept(label: Int) -> Double? { label < intercepts.count ? intercepts[label] : 0 }

    func write(to writer: inout ModelWriter) {
        if Fault.kind == .roundsInFile {
            writer.add("weights", weights.map { Double(Float($0)) })
        } else {
            writer.add("weights", weights)
        }
        writer.add("intercepts", intercepts)
    }

    init(reading reader: ModelReader) throws(ModelFileError) {
        weights = try reader.array("weights", of: Double.self).elements
        intercepts = try reader.array("intercepts", of: Double.self).elements
        if Fault.kind == .cannotBeRead { throw reader.malformed("weights", "is beyond me") }
        guard Fault.kind == .readsWithoutChecking || (!intercepts.isEmpty && weights.count % intercepts.count == 0) else {
            throw reader.malformed("weights", "does not fit")
        }
    }
}

/// What is wrong with a component.
protocol PlantedFault: Sendable {
    static var kind: FaultKind { get }
}

enum FaultKind {
    case nothing, weighs
    case dependsOnNeighbours, differsByCall, differsByFit, differsByThreads, missingIsNegative, missingIsPositive
    case ignoresWeights, weighsUndeclared, roundsInFile, cannotBeRead, readsWithoutChecking, dividesByNorm, dividesByNothing
    case keepsOldScores, claimsFeatures, wrongWeights, learnsNothing, cancelsBadly, forgetsParameter, defaultOutside,
        badIdentifier
    case shortOfMemory, assumesLabelOrder, refusesEmptyRows, trapsOnEmptyRows, givesNoNumbers
}

enum FaultCounter {
    private static let count = Atomic<Int>(0)
    static func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
}

enum Nothing: PlantedFault { static let kind = FaultKind.nothing }
enum Weighs: PlantedFault { static let kind = FaultKind.weighs }
enum DependsOnNeighbours: PlantedFault { static let kind = FaultKind.dependsOnNeighbours }
enum DiffersByCall: PlantedFault { static let kind = FaultKind.differsByCall }
enum DiffersByFit: PlantedFault { static let kind = FaultKind.differsByFit }
enum DiffersByThreads: PlantedFault { static let kind = FaultKind.differsByThreads }
enum MissingIsNegative: PlantedFault { static let kind = FaultKind.missingIsNegative }
enum MissingIsPositive: PlantedFault { static let kind = FaultKind.missingIsPositive }
enum IgnoresWeights: PlantedFault { static let kind = FaultKind.ignoresWeights }
enum WeighsUndeclared: PlantedFault { static let kind = FaultKind.weighsUndeclared }
enum RoundsInFile: PlantedFault { static let kind = FaultKind.roundsInFile }
enum CannotBeRead: PlantedFault { static let kind = FaultKind.cannotBeRead }
enum ReadsWithoutChecking: PlantedFault { static let kind = FaultKind.readsWithoutChecking }
enum DividesByNorm: PlantedFault { static let kind = FaultKind.dividesByNorm }
enum DividesByNothing: PlantedFault { static let kind = FaultKind.dividesByNothing }
enum KeepsOldScores: PlantedFault { static let kind = FaultKind.keepsOldScores }
enum ClaimsFeatures: PlantedFault { static let kind = FaultKind.claimsFeatures }
enum WrongWeights: PlantedFault { static let kind = FaultKind.wrongWeights }
enum LearnsNothing: PlantedFault { static let kind = FaultKind.learnsNothing }
enum CancelsBadly: PlantedFault { static let kind = FaultKind.cancelsBadly }
enum ForgetsParameter: PlantedFault { static let kind = FaultKind.forgetsParameter }
enum DefaultOutside: PlantedFault { static let kind = FaultKind.defaultOutside }
enum BadIdentifier: PlantedFault { static let kind = FaultKind.badIdentifier }
enum ShortOfMemory: PlantedFault { static let kind = FaultKind.shortOfMemory }
enum AssumesLabelOrder: PlantedFault { static let kind = FaultKind.assumesLabelOrder }
enum RefusesEmptyRows: PlantedFault { static let kind = FaultKind.refusesEmptyRows }
enum TrapsOnEmptyRows: PlantedFault { static let kind = FaultKind.trapsOnEmptyRows }
enum GivesNoNumbers: PlantedFault { static let kind = FaultKind.givesNoNumbers }
