import LinearAlgebra
import TextClassification

/// Logistic regression that learns row by row, multinomial for single-label tasks and one-vs-rest for multi-label ones: what trains on
/// more text than memory holds.
///
/// FTRL-Proximal with a learning rate for every weight (McMahan et al., "Ad click prediction: a view from the trenches", 2013). Every
/// pass visits the blocks of rows in a new random order and shuffles the rows of sixteen blocks at a time. The penalty grows by the
/// same amount with every pass, so that C means what it does in `LogisticRegression`, whose optimum this comes near to but does not
/// reach. Rows are learnt as `PackedRows` rounds their values, whether they come from memory or from a file.
///
/// Its models hold z and n of every weight and go on where training ended: with one pass and without shuffling, learning some articles
/// and updating with others gives the bits that all of them at once give.
public struct OnlineLogisticRegression: StreamingClassifier {
    public static let identifier = "online-logistic-regression"
    public static let summary =
        "logistic regression learnt row by row (FTRL-Proximal), from more rows than fit into memory, and on with `update`"
    public let parameters: Parameters

    /// The hyper-parameters of `OnlineLogisticRegression`.
    public struct Parameters: Hyperparameters {
        public var inverseRegularization = 30.0
        public var l1 = 0.0
        public var passes = 5
        public var learningRate = 0.3
        public var smoothing = 0.03
        public var shuffles = true

        public init() {}

        public static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter(
                "inverseRegularization", \.inverseRegularization, .number(1e-6...1e9, .logarithmic),
                help: "C: the weight of the losses against the penalty; larger fits closer"),
            Hyperparameter("l1", \.l1, .number(0...1000), help: "an L1 penalty: weights with less evidence than this are zero"),
            Hyperparameter("passes", \.passes, .integer(1...1000), help: "how often the rows are read"),
            Hyperparameter(
                "learningRate", \.learningRate, .number(1e-4...100, .logarithmic), help: "alpha: the length of the first steps"),
            Hyperparameter(
                "smoothing", \.smoothing, .number(1e-6...1e6, .logarithmic), help: "beta: how slowly steps shorten at first"),
            Hyperparameter("shuffles", \.shuffles, .boolean, help: "whether every pass visits the rows in a new random order"),
        ]
    }

    public static var learnsUpdates: Bool { true }

    /// Blocks whose rows are shuffled together.
    private static let groupLength = 16

    public init(_ parameters: Parameters = Parameters()) {
        self.parameters = parameters
    }

    public func fitted(to rows: SparseMatrix, targets: Targets, context: TrainingContext) throws -> OnlineLogisticRegressionModel
    {
        try fitted(to: MemoryRows(rows, targets: targets), context: context)
    }

    public func workingMemory(featureCount: Int, labelCount: Int) -> Int {
        FTRLState.byteCount(featureCount: featureCount, labelCount: labelCount, keepsState: false)
    }

    public func updateStateMemory(featureCount: Int, labelCount: Int) -> Int {
        FTRLState.byteCount(featureCount: featureCount, labelCount: labelCount, keepsState: true)
            - workingMemory(featureCount: featureCount, labelCount: labelCount)
    }

    public func fitted(to source: any RowSource, context: TrainingContext) throws -> OnlineLogisticRegressionModel {
        var state = FTRLState(
            featureCount: source.featureCount, labelCount: source.labelCount, task: source.task,
            options: FTRLOptions(
                learningRate: Float(parameters.learningRate), smoothing: Float(parameters.smoothing), l1: 0, l2: 0))
        var generator = RandomGenerator(seed: context.seed)
        var rows = LabelledRows(featureCount: source.featureCount, labelCount: source.labelCount)
        var losses: [Double] = []
        var noScores: [Double]?
        var done = 0
        for pass in 1...parameters.passes {
            state.options.l1 = Float(Double(pass) * parameters.l1)
            state.options.l2 = Float(Double(pass) / parameters.inverseRegularization)
            var blocks = Array(0..<source.blockCount)
            if parameters.shuffles { generator.shuffle(&blocks) }
            var loss = 0.0
            for start in stride(from: 0, to: blocks.count, by: Self.groupLength) {
                try context.checkCancellation()
                rows.removeAll()
                for block in blocks[start..<min(blocks.count, start + Self.groupLength)] {
                    try source.read(block: block, into: &rows)
                }
                let order = parameters.shuffles ? generator.permutation(rows.count) : Array(0..<rows.count)
                loss += state.learn(rows, order: order, scoresBefore: &noScores)
                done += rows.count
                context.report(.progress(done: done, total: parameters.passes * source.rowCount))
            }
            guard loss.isFinite else { throw TrainingError.notFinite(component: Self.identifier, what: "the loss") }
            losses.append(loss / Double(max(1, source.rowCount)))
        }
        let texts = losses.map { String(Double(Int($0 * 10000 + 0.5)) / 10000) }
        context.report(.note("FTRL-Proximal: mean loss before learning, pass by pass, \(texts.joined(separator: ", "))"))
        return OnlineLogisticRegressionModel(
            state, passCount: parameters.passes, keepsState: context.keepsUpdateState)
    }
}
