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
/// It expects TF-IDF rows of unit length. Scores are margins, no log-odds: take a calibrator that learns. An article cannot have a weight,
/// since two visits are not one of twice the length.
public struct PassiveAggressive: Classifier {
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

    public func fitted(to rows: SparseMatrix, targets: Targets, context: TrainingContext) throws -> LinearModel {
        let labelCount = targets.labelCount
        let squares = rows.squaredRowNorms()
        guard squares.allSatisfy(\.isFinite) else {
            throw TrainingError.notFinite(component: Self.identifier, what: "the length of a row")
        }
        switch targets.task {
        case .single:
            var state = OnlineWeights(featureCount: rows.columnCount, labelCount: labelCount, parameters)
            let classes = (0..<targets.count).map { targets.classIndex(of: $0) }
            try visit(targets.learnable, seed: context.seed, context) { row in
                if let own = classes[row] { state.learn(rows, row, square: squares[row], class: own) }
            }
            return state.model
        case .multi:
            // Labels are learnt apart, each in an order of its own, so that one that was not judged teaches the others the same.
            let states = try parallelMap(count: labelCount, threads: context.threadCount) { label in
                var state = OnlineWeights(featureCount: rows.columnCount, labelCount: 1, parameters)
                let judged = (0..<targets.count).filter { targets[$0, label] != .missing }
                try visit(judged, seed: context.seed &+ UInt64(label), context) { row in
                    state.learn(rows, row, square: squares[row], isPositive: targets[row, label] == .positive)
                }
                return state
            }
            return OnlineWeights.joined(states)
        }
    }

    private func visit(
        _ rows: [Int], seed: UInt64, _ context: TrainingContext, _ learn: (Int) -> Void
    ) throws(TrainingError) {
        var generator = RandomGenerator(seed: seed)
        for _ in 0..<parameters.passes {
            try context.checkCancellation()
            for (number, position) in generator.permutation(rows.count).enumerated() {
                if number % 4096 == 4095 { try context.checkCancellation() }
                learn(rows[position])
            }
        }
    }
}
