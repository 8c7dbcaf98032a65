import LinearAlgebra
import TextClassification

/// A linear model, and what FTRL-Proximal goes on from.
public struct OnlineLogisticRegressionModel: ClassifierModel {
    /// What predicts.
    let linear: LinearModel
    private let state: SavedFTRLState?

    init(_ state: FTRLState, passCount: Int, keepsState: Bool) {
        self.init(state.model(), keepsState ? state.saved(passCount: passCount) : nil)
    }

    private init(_ linear: LinearModel, _ state: SavedFTRLState?) {
        self.linear = linear
        self.state = state
    }

    public var featureCount: Int { linear.featureCount }
    public var labelCount: Int { linear.labelCount }

    public func decisionFunction(_ rows: borrowing SparseMatrix, into scores: inout [Double]) {
        linear.decisionFunction(rows, into: &scores)
    }

    public func featureWeight(_ feature: Int, label: Int) -> Double? { linear.featureWeight(feature, label: label) }
    public func strongestFeatures(count: Int) -> [[Int]]? { linear.strongestFeatures(count: count) }
    public func intercept(label: Int) -> Double? { linear.intercept(label: label) }
    /// The model of some features, which cannot go on learning.
    public func selecting(_ features: [Int]) -> Self? { linear.selecting(features).map { Self($0, nil) } }
    /// The model in 8 bits, which cannot go on learning; in half precision only one that cannot anyway.
    public func quantized(to precision: WeightPrecision) -> Self? {
        if precision == .half, state != nil { return nil }
        return linear.quantized(to: precision).map { Self($0, nil) }
    }

    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try linear.write(to: &writer)
        try state?.write(to: &writer)
    }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        linear = try LinearModel(reading: reader)
        state = try SavedFTRLState.read(reader, labelCount: linear.labelCount)
    }
}

extension OnlineLogisticRegressionModel {
    /// Rows learnt between two questions whether to stop.
    private static let pieceLength = 4096

    public var updateObstacle: UpdateObstacle? { state == nil ? .stateLeftOut : nil }

    public func withoutUpdateState() -> Self { Self(linear, nil) }

    /// Goes on with z, n and the penalties of the last pass. The first pass visits the rows in their order, and the scores are those right
    /// before each row was learnt; further ones visit them in new random orders.
    ///
    /// - Complexity: O(passes · elements · labels + features · labels).
    public func updated(
        with rows: SparseMatrix, targets: Targets, passCount: Int?, context: TrainingContext
    ) throws -> UpdatedModel<Self> {
        precondition(rows.columnCount == featureCount && targets.labelCount == labelCount, "rows of another model")
        let component = OnlineLogisticRegression.identifier
        guard let saved = state else { throw UpdateError.impossible(component: component, .stateLeftOut) }
        guard targets.task == saved.settings.task else { throw UpdateError.otherTask(component: component) }
        guard var state = FTRLState(saved, featureCount: featureCount, labelCount: labelCount) else {
            throw UpdateError.damagedState(component: component, reason: "its features are out of order")
        }
        var packed = PackedRows()
        for row in 0..<rows.rowCount { packed.append(rows, row: row, targets: targets, article: row) }
        var labelled = LabelledRows(featureCount: featureCount, labelCount: labelCount)
        let isWhole = labelled.append(packed: packed.bytes, rowCount: packed.count)
        precondition(isWhole, "rows packed here cannot be unpacked")

        var generator = RandomGenerator(seed: context.seed)
        var scoresBefore: [Double]? = []
        var noScores: [Double]?
        let passCount = passCount ?? saved.settings.passCount
        for pass in 0..<max(1, passCount) {
            let order = pass == 0 ? Array(0..<labelled.count) : generator.permutation(labelled.count)
            for start in stride(from: 0, to: order.count, by: Self.pieceLength) {
                try context.checkCancellation()
                let piece = Array(order[start..<min(order.count, start + Self.pieceLength)])
                let loss =
                    pass == 0
                    ? state.learn(labelled, order: piece, scoresBefore: &scoresBefore)
                    : state.learn(labelled, order: piece, scoresBefore: &noScores)
                guard loss.isFinite else { throw TrainingError.notFinite(component: component, what: "the loss") }
                context.report(.progress(done: pass * order.count + start + piece.count, total: passCount * order.count))
            }
        }
        return UpdatedModel(
            model: Self(state.model(), state.saved(passCount: saved.settings.passCount)), scoresBefore: scoresBefore ?? [])
    }
}
