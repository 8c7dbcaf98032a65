import LinearAlgebra
import TextClassification

/// Ridge classification: regularised least squares towards +1 for articles with a label and −1 for the others, one-vs-rest (Rifkin, Yeo &
/// Poggio 2003).
///
/// Minimises for every label Σ s (wᵀx + b − t)² + λ‖w‖², t = ±1, over the articles on which it was judged; scikit-learn's
/// `RidgeClassifier` with alpha = λ. The normal equations are solved by conjugate gradients to a relative residual: exactly, but for that.
/// The intercept is free of penalty.
///
/// It expects TF-IDF rows of unit length. Scores lie around −1 and 1 and are no log-odds: take a calibrator that learns.
public struct Ridge: SampleWeighingClassifier {
    public typealias Model = LinearModel
    public static let identifier = "ridge"
    public static let summary = "ridge classification (regularised least squares), one-vs-rest"
    public let parameters: Parameters

    /// The hyper-parameters of `Ridge`.
    public struct Parameters: Hyperparameters {
        public var regularization = 1.0
        public var classWeight = ClassWeight.none
        public var tolerance = 1e-6
        public var maximumIterations = 1000

        public init() {}

        public static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter(
                "regularization", \.regularization, .number(1e-6...1e6, .logarithmic), search: .number(0.05...20, .logarithmic),
                help: "lambda: the weight of the penalty"),
            Hyperparameter(
                "classWeight", \.classWeight, .choice(ClassWeight.allCases.map(\.rawValue)),
                search: .choice(["none", "balanced"]),
                help: "balanced weighs a class by the inverse of its frequency"),
            Hyperparameter(
                "tolerance", \.tolerance, .number(1e-12...0.1, .logarithmic), help: "the relative residual at which to stop"),
            Hyperparameter(
                "maximumIterations", \.maximumIterations, .integer(1...1_000_000), help: "stop after so many iterations"),
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
                "ridge did not converge: \(solution.iterations) iterations left a relative residual of \(solution.remaining); raise "
                    + "maximumIterations or regularization"
            }
        ) { () throws(LinearSolverError) in
            let used = targets.learnable
            let known = targets.selecting(used)
            return try RidgeSolver.solve(
                matrix: rows.selectingRows(used), targets: known.values, labelCount: targets.labelCount,
                sampleWeights: parameters.classWeight.labelWeights(
                    known, sampleWeights: sampleWeights.map { all in used.map { all[$0] } }),
                regularization: parameters.regularization, tolerance: parameters.tolerance,
                maximumIterations: parameters.maximumIterations, threads: context.threadCount,
                shouldContinue: { !isCancelled() })
        }
    }
}
