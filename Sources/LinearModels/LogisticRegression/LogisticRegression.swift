import LinearAlgebra
import TextClassification

/// Logistic regression: multinomial for single-label tasks, one-vs-rest for multi-label ones.
///
/// Minimises C·Σ s·loss + l1Ratio‖W‖₁ + (1 − l1Ratio)·½‖W‖², the loss being the cross-entropy, the sum going over the articles on
/// which the label was judged, s the weight of the class, and the intercepts not penalised: scikit-learn's `LogisticRegression`
/// with the same C.
public struct LogisticRegression: SampleWeighingClassifier {
    public typealias Model = LinearModel
    public static let identifier = "logistic-regression"
    public static let summary = "logistic regression, multinomial or one-vs-rest, L2, L1 or elastic net"
    public let parameters: Parameters

    /// The hyper-parameters of `LogisticRegression`.
    public struct Parameters: Hyperparameters {
        /// How the optimum is found; see `automatic`.
        public enum Solver: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
            /// The dual solver where it is the faster one (an L2 penalty), L-BFGS otherwise and where the dual one does not
            /// converge.
            case automatic
            /// L-BFGS, or OWL-QN with an L1 penalty: exact to any tolerance.
            case lbfgs = "l-bfgs"
            /// Block coordinate ascent in the dual, in single precision, to a relative duality gap of `gap`.
            case dual
            /// Newton's method with Cholesky's factorisation, for few features: where one problem has more than
            /// `LogisticSolver.newtonParameterLimit` weights, or there is an L1 penalty, L-BFGS takes over.
            case newton
        }

        public var solver = Solver.automatic
        public var gap = 1e-4
        public var inverseRegularization = 1.0
        public var l1Ratio = 0.0
        public var classWeight = ClassWeight.none
        public var fitsIntercept = true
        public var tolerance = 1e-5
        public var maximumIterations = 1000

        public init() {}

        public static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter(
                "inverseRegularization", \.inverseRegularization, .number(1e-6...1e9, .logarithmic),
                search: .number(1...1000, .logarithmic),
                help: "C: the weight of the losses against the penalty; larger fits closer"),
            Hyperparameter(
                "solver", \.solver, .choice(Solver.allCases.map(\.rawValue)),
                help:
                    "automatic takes the dual solver with an L2 penalty, and l-bfgs otherwise or where that does not converge; newton is "
                    + "for few features"),
            Hyperparameter(
                "gap", \.gap, .number(1e-7...0.1, .logarithmic), help: "the relative duality gap at which the dual solver stops"),
            Hyperparameter("l1Ratio", \.l1Ratio, .number(0...1), help: "share of the penalty that is L1; 0 is ridge, 1 is lasso"),
            Hyperparameter(
                "classWeight", \.classWeight, .choice(ClassWeight.allCases.map(\.rawValue)),
                search: .choice(["none", "balanced"]),
                help: "balanced weighs a class by the inverse of its frequency"),
            Hyperparameter("fitsIntercept", \.fitsIntercept, .boolean, help: "whether there is an (unpenalised) intercept"),
            Hyperparameter(
                "tolerance", \.tolerance, .number(1e-14...0.1, .logarithmic),
                help: "stop when the gradient's norm falls below this share of that at zero"),
            Hyperparameter("maximumIterations", \.maximumIterations, .integer(1...1_000_000), help: "stop after so many"),
        ]
    }

    public init(_ parameters: Parameters = Parameters()) {
        self.parameters = parameters
    }

    public func fitted(
        _ rows: SparseMatrix, _ targets: Targets, sampleWeights: [Double]?, _ context: TrainingContext
    ) throws -> LinearModel {
        try LinearModel(
            fittedBy: Self.identifier, context,
            advice: { solution in
                "logistic regression (\(solution.solverName)) did not converge: \(solution.iterations) iterations were not "
                    + "enough; raise maximumIterations or lower inverseRegularization"
            }
        ) { () throws(LinearSolverError) in try solution(rows, targets, sampleWeights, context) }
    }

    private func solution(
        _ rows: SparseMatrix, _ targets: Targets, _ sampleWeights: [Double]?, _ context: TrainingContext
    ) throws(LinearSolverError) -> LinearSolution {
        let isCancelled = context.isCancelled
        let wantsDual = parameters.solver == .dual || (parameters.solver == .automatic && parameters.l1Ratio == 0)
        switch targets.task {
        case .single:
            // An article whose one label nobody judged teaches nothing.
            let known = (0..<targets.count).filter { targets.classIndex(of: $0) != nil }
            let classes = known.compactMap { targets.classIndex(of: $0) }
            let weights = parameters.classWeight.sampleWeights(
                classes, classCount: targets.labelCount, sampleWeights: sampleWeights.map { all in known.map { all[$0] } })
            let knownRows = known.count == rows.rowCount ? rows : rows.selectingRows(known)
            if wantsDual {
                let solution = try DualMultinomialSolver.solve(
                    matrix: knownRows, classes: classes, classCount: targets.labelCount, sampleWeights: weights,
                    options: dualOptions(context), shouldContinue: { !isCancelled() })
                if solution.converged || parameters.solver == .dual { return solution }
            }
            if parameters.solver == .newton, parameters.l1Ratio == 0,
                (rows.columnCount + 1) * targets.labelCount <= LogisticSolver.newtonParameterLimit
            {
                return try LogisticSolver.newtonMultinomial(
                    matrix: knownRows, classes: classes, classCount: targets.labelCount, sampleWeights: weights,
                    options: primalOptions(context), shouldContinue: { !isCancelled() })
            }
            return try LogisticSolver.multinomial(
                matrix: knownRows, classes: classes, classCount: targets.labelCount, sampleWeights: weights,
                options: primalOptions(context), shouldContinue: { !isCancelled() })
        case .multi:
            let weights = parameters.classWeight.labelWeights(targets, sampleWeights: sampleWeights)
            if wantsDual {
                let solution = try DualBinarySolver.solve(
                    matrix: rows, targets: targets.values, labelCount: targets.labelCount, sampleWeights: weights,
                    loss: .logistic, options: dualOptions(context), shouldContinue: { !isCancelled() })
                if solution.converged || parameters.solver == .dual { return solution }
            }
            if parameters.solver == .newton, parameters.l1Ratio == 0,
                rows.columnCount + 1 <= LogisticSolver.newtonParameterLimit
            {
                return try LogisticSolver.newtonOneVersusRest(
                    matrix: rows, targets: targets.values, labelCount: targets.labelCount, sampleWeights: weights,
                    options: primalOptions(context), shouldContinue: { !isCancelled() })
            }
            return try LogisticSolver.oneVersusRest(
                matrix: rows, targets: targets.values, labelCount: targets.labelCount, sampleWeights: weights,
                options: primalOptions(context), shouldContinue: { !isCancelled() })
        }
    }

    private func primalOptions(_ context: TrainingContext) -> LogisticOptions {
        LogisticOptions(
            inverseRegularization: parameters.inverseRegularization, l1Ratio: parameters.l1Ratio,
            tolerance: parameters.tolerance, maximumIterations: parameters.maximumIterations, threads: context.threadCount,
            fitsIntercept: parameters.fitsIntercept)
    }

    private func dualOptions(_ context: TrainingContext) -> DualOptions {
        DualOptions(
            inverseRegularization: parameters.inverseRegularization, tolerance: parameters.gap,
            maximumEpochs: parameters.maximumIterations, seed: context.seed, threads: context.threadCount,
            fitsIntercept: parameters.fitsIntercept)
    }
}
