import LinearAlgebra
import TextClassification

/// The linear support vector machine, one-vs-rest: often the most accurate linear classifier of text.
///
/// Minimises for every label ½‖w‖² + C·Σ s·loss(t z), z = wᵀx + b, t = ±1, over the articles on which the label was judged, with the
/// loss max(0, 1 − tz)² (`squaredHinge`) or max(0, 1 − tz) (`hinge`), s being the weight of the class: scikit-learn's `LinearSVC` with
/// the same C and loss, but for the intercept, which LIBLINEAR penalises and which is free here, as in LIBSVM. By coordinate descent
/// in the dual, to a relative duality gap (Hsieh, Chang, Lin, Keerthi & Sundararajan 2008).
///
/// Scores are the distances z in units of the margin. They are no log-odds: for probabilities take a calibrator that learns, such as
/// `temperature` or `platt`. In single-label tasks the label of the largest score wins.
public struct LinearSVM: SampleWeighingClassifier {
    public typealias Model = LinearModel
    public static let identifier = "linear-svm"
    public static let summary = "linear support vector machine, one-vs-rest, hinge or squared hinge"
    public let parameters: Parameters

    /// The hyper-parameters of `LinearSVM`.
    public struct Parameters: Hyperparameters {
        /// What a wrong or too narrow decision costs.
        public enum Loss: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
            case squaredHinge = "squared-hinge"
            case hinge
        }

        public var inverseRegularization = 1.0
        public var loss = Loss.squaredHinge
        public var classWeight = ClassWeight.none
        public var fitsIntercept = true
        /// Where to stop: the duality gap relative to the objective. At 10⁻³ at most one article in 550 was decided otherwise than
        /// at 10⁻⁶ on five sets, in two thirds to nine tenths of the passes that 10⁻⁴ takes (`docs/performance.md`).
        public var gap = 1e-3
        public var maximumIterations = 1000

        public init() {}

        public static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter(
                "inverseRegularization", \.inverseRegularization, .number(1e-6...1e9, .logarithmic),
                search: .number(0.05...20, .logarithmic),
                help: "C: the weight of the losses against the penalty; larger fits closer"),
            Hyperparameter(
                "loss", \.loss, .choice(Loss.allCases.map(\.rawValue)),
                search: .choice(["squared-hinge", "hinge"]),
                help: "squared-hinge converges faster; hinge leaves more articles without influence"),
            Hyperparameter(
                "classWeight", \.classWeight, .choice(ClassWeight.allCases.map(\.rawValue)),
                search: .choice(["none", "balanced"]),
                help: "balanced weighs a class by the inverse of its frequency"),
            Hyperparameter("fitsIntercept", \.fitsIntercept, .boolean, help: "whether there is an (unpenalised) intercept"),
            Hyperparameter("gap", \.gap, .number(1e-7...0.1, .logarithmic), help: "the relative duality gap at which to stop"),
            Hyperparameter(
                "maximumIterations", \.maximumIterations, .integer(1...1_000_000), help: "stop after so many passes"),
        ]
    }

    public init(_ parameters: Parameters = Parameters()) {
        self.parameters = parameters
    }

    public func fitted(
        _ rows: SparseMatrix, _ targets: Targets, sampleWeights: [Double]?, _ context: TrainingContext
    ) throws -> LinearModel {
        let isCancelled = context.isCancelled
        return try LinearModel(
            fittedBy: Self.identifier, context,
            advice: { solution in
                "the support vector machine did not converge: \(solution.iterations) passes left a relative gap of "
                    + "\(solution.remaining); raise maximumIterations or lower inverseRegularization"
            }
        ) { () throws(LinearSolverError) in
            try DualBinarySolver.solve(
                matrix: rows, targets: targets.values, labelCount: targets.labelCount,
                sampleWeights: parameters.classWeight.labelWeights(targets, sampleWeights: sampleWeights),
                loss: parameters.loss == .hinge ? .hinge : .squaredHinge,
                options: DualOptions(
                    inverseRegularization: parameters.inverseRegularization, tolerance: parameters.gap,
                    maximumEpochs: parameters.maximumIterations, seed: context.seed, threads: context.threadCount,
                    fitsIntercept: parameters.fitsIntercept),
                shouldContinue: { !isCancelled() })
        }
    }
}
