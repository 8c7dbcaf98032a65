import LinearAlgebra
import TextClassification

/// Online linear classifiers that change only where they err: the averaged perceptron (Rosenblatt 1958; Freund & Schapire 1999) and
/// passive-aggressive updates (Crammer, Dekel, Keshet, Shalev-Shwartz & Singer 2006).
///
/// Rows are visited in a new random order every pass. Where the margin of a row x, with a constant feature of value 1, falls short of 1 by ℓ
/// (of 0 for the perceptron), its weights move by τ x towards the right side: τ = 1 (`perceptron`), ℓ / ‖x‖² (`pa`), min(C, ℓ / ‖x‖²)
/// (`pa-1`) or ℓ / (‖x‖² + 1 / 2C) (`pa-2`). In single-label tasks the margin is that over the best wrong label, both labels' weights move,
/// and ‖x‖² stands twice. The weights kept are the mean of those after every row, unless `averages` is off.
///
/// It expects TF-IDF rows of unit length. Scores are margins, no log-odds: take a calibrator that learns. An article of weight w is visited w times a
/// pass; the last visit of one whose weight is no whole number moves the weights by its fraction of a step.
public struct PassiveAggressive: SampleWeighingClassifier {
    public typealias Model = LinearModel
    public static let identifier = "passive-aggressive"
    public static let summary = "passive-aggressive classifier or averaged perceptron: learns row by row, only where it errs"
    public let parameters: Parameters

    /// The hyper-parameters of `PassiveAggressive`.
    public struct Parameters: Hyperparameters {
        /// By how much weights move.
        public enum Update: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
            case perceptron, pa
            case pa1 = "pa-1"
            case pa2 = "pa-2"
        }

        public var update = Update.pa1
        public var aggressiveness = 0.1
        public var passes = 10
        public var averages = true

        public init() {}

        public static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter(
                "update", \.update, .choice(Update.allCases.map(\.rawValue)), search: .choice(["perceptron", "pa-1", "pa-2"]),
                help: "by how much weights move"),
            Hyperparameter(
                "aggressiveness", \.aggressiveness, .number(1e-6...1e6, .logarithmic),
                search: .number(0.003...3, .logarithmic),
                help: "C of pa-1 and pa-2: the boldest step"),
            Hyperparameter("passes", \.passes, .integer(1...1000), help: "how often the rows are visited"),
            Hyperparameter("averages", \.averages, .boolean, help: "whether the weights are the mean over all steps"),
        ]
    }

    public init(_ parameters: Parameters = Parameters()) {
        self.parameters = parameters
    }

    /// - Throws: `TrainingError` where weights make it visit articles more than `mostVisits` times on average.
    public func fitted(
        _ rows: SparseMatrix, _ targets: Targets, sampleWeights: [Double]?, _ context: TrainingContext
    ) throws -> LinearModel {
        let labelCount = targets.labelCount
        let squares = rows.squaredRowNorms()
        guard squares.allSatisfy(\.isFinite) else {
            throw TrainingError.notFinite(component: Self.identifier, what: "the length of a row")
        }
        switch targets.task {
        case .single:
            var state = OnlineWeights(featureCount: rows.columnCount, labelCount: labelCount, parameters)
            let classes = (0..<targets.count).map { targets.classIndex(of: $0) }
            let visits = try visits(of: targets.learnable, sampleWeights)
            try make(visits, seed: context.seed, context) { row, part in
                if let own = classes[row] { state.learn(rows, row, square: squares[row], class: own, part: part) }
            }
            return state.model
        case .multi:
            // Labels are learnt apart, each in an order of its own, so that one that was not judged teaches the others the same.
            let states = try parallelMap(count: labelCount, threads: context.threadCount) { label in
                var state = OnlineWeights(featureCount: rows.columnCount, labelCount: 1, parameters)
                let judged = (0..<targets.count).filter { targets[$0, label] != .missing }
                let visits = try visits(of: judged, sampleWeights)
                try make(visits, seed: context.seed &+ UInt64(label), context) { row, part in
                    state.learn(rows, row, square: squares[row], isPositive: targets[row, label] == .positive, part: part)
                }
                return state
            }
            return OnlineWeights.joined(states)
        }
    }

    /// More visits of an article than this, on average, are taken for weights of another meaning.
    private static let mostVisits = 100

    /// The rows to visit in a pass, and the part of a step of each visit.
    private func visits(of rows: [Int], _ sampleWeights: [Double]?) throws(TrainingError) -> [(row: Int, part: Double)] {
        guard let sampleWeights else { return rows.map { ($0, 1) } }
        let total = rows.reduce(0) { $0 + sampleWeights[$1] }
        guard total <= Double(Self.mostVisits * rows.count) else {
            throw .failed(
                component: Self.identifier,
                reason:
                    "the weights of \(rows.count) articles sum to \(total), and an article of weight 1 is visited once a pass: divide them "
                    + "so that the mean is at most \(Self.mostVisits)")
        }
        var visits: [(row: Int, part: Double)] = []
        for row in rows {
            let whole = max(0, sampleWeights[row].rounded(.down))
            visits += repeatElement((row: row, part: 1), count: Int(whole))
            if sampleWeights[row] > whole { visits.append((row, sampleWeights[row] - whole)) }
        }
        return visits
    }

    private func make(
        _ visits: [(row: Int, part: Double)], seed: UInt64, _ context: TrainingContext, _ learn: (Int, Double) -> Void
    ) throws(TrainingError) {
        var generator = RandomGenerator(seed: seed)
        for _ in 0..<parameters.passes {
            try context.checkCancellation()
            for (number, position) in generator.permutation(visits.count).enumerated() {
                if number % 4096 == 4095 { try context.checkCancellation() }
                learn(visits[position].row, visits[position].part)
            }
        }
    }
}
