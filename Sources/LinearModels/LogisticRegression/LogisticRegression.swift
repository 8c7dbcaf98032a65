import LinearAlgebra
import TextClassification

/// Logistic regression: multinomial for single-label tasks, one-vs-rest for multi-label ones.
///
/// Minimises C·Σ s·loss + l1Ratio‖W‖₁ + (1 − l1Ratio)·½‖W‖², the loss being the cross-entropy, the sum going over the articles on
/// which the label was judged, s the weight of the class, and the intercepts not penalised: scikit-learn's `LogisticRegression`
/// with the same C.
public struct LogisticRegression: Classifier {
    public static let identifier = "logistic-regression"
    public static let summary = "logistic regression, multinomial or one-vs-rest, L2, L1 or elastic net"
    public let parameters: Parameters

    /// The hyper-parameters of `LogisticRegression`.
    public struct Parameters: Hyperparameters {
        public enum ClassWeight: String, Sendable, Codable, CaseIterable, HyperparameterConvertible { case none, balanced }

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
                help: "C: the weight of the losses against the penalty; larger fits closer"),
            Hyperparameter("l1Ratio", \.l1Ratio, .number(0...1), help: "share of the penalty that is L1; 0 is ridge, 1 is lasso"),
            Hyperparameter(
                "classWeight", \.classWeight, .choice(ClassWeight.allCases.map(\.rawValue)),
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

    public func fitted(to rows: SparseMatrix, targets: Targets, context: TrainingContext) throws -> LinearModel {
        let options = LogisticOptions(
            inverseRegularization: parameters.inverseRegularization, l1Ratio: parameters.l1Ratio,
            tolerance: parameters.tolerance, maximumIterations: parameters.maximumIterations, threads: context.threadCount,
            fitsIntercept: parameters.fitsIntercept)
        let report = context.report
        let isCancelled = context.isCancelled
        let solution: LinearSolution
        do {
            switch targets.task {
            case .single:
                // An article whose one label nobody judged teaches nothing.
                let known = (0..<targets.count).filter { targets.classIndex(of: $0) != nil }
                let classes = known.compactMap { targets.classIndex(of: $0) }
                solution = try LogisticSolver.multinomial(
                    matrix: known.count == rows.rowCount ? rows : rows.selectingRows(known), classes: classes,
                    classCount: targets.labelCount, sampleWeights: classWeights(classes, classCount: targets.labelCount),
                    options: options, shouldContinue: { !isCancelled() })
            case .multi:
                solution = try LogisticSolver.oneVersusRest(
                    matrix: rows, targets: targets.values, labelCount: targets.labelCount,
                    sampleWeights: labelWeights(targets), options: options, shouldContinue: { !isCancelled() })
            }
        } catch LinearSolverError.cancelled {
            throw TrainingError.cancelled
        } catch LinearSolverError.notFinite {
            throw TrainingError.notFinite(component: Self.identifier, what: "the objective")
        }
        report(.note(Self.note(solution)))
        if !solution.converged {
            report(
                .warning(
                    "logistic regression did not converge in \(parameters.maximumIterations) iterations (gradient at "
                        + "\(solution.relativeGradientNorm) of its start, wanted \(parameters.tolerance)): raise "
                        + "maximumIterations or lower inverseRegularization"))
        }
        return LinearModel(solution)
    }

    private static func note(_ solution: LinearSolution) -> String {
        "\(solution.solverName): \(solution.converged ? "converged" : "not converged") after \(solution.iterations) iterations"
    }

    /// Weights n / (K · count of the class), or `nil` for ones.
    private func classWeights(_ classes: [Int], classCount: Int) -> [Double]? {
        guard parameters.classWeight == .balanced else { return nil }
        var counts = [Double](repeating: 0, count: classCount)
        for label in classes { counts[label] += 1 }
        let present = Double(counts.count { $0 > 0 })
        return classes.map { Double(classes.count) / (present * counts[$0]) }
    }

    /// For every article and label the weight n / (2 · count of its side), or `nil` for ones.
    private func labelWeights(_ targets: Targets) -> [Double]? {
        guard parameters.classWeight == .balanced else { return nil }
        let labelCount = targets.labelCount
        var positive = [Double](repeating: 0, count: labelCount)
        var negative = [Double](repeating: 0, count: labelCount)
        for (position, value) in targets.values.enumerated() {
            if value == 1 { positive[position % labelCount] += 1 }
            if value == 0 { negative[position % labelCount] += 1 }
        }
        return targets.values.enumerated().map { position, value in
            let label = position % labelCount
            let count = value == 1 ? positive[label] : negative[label]
            return count > 0 ? (positive[label] + negative[label]) / (2 * count) : 1
        }
    }
}
