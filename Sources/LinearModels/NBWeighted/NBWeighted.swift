import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Logistic regression or a support vector machine on features weighted by naive Bayes, one-vs-rest (Wang & Manning 2012, "Baselines
/// and bigrams"; known as NBSVM).
///
/// For every label r(f) = ln((p(f) / Σp) / (q(f) / Σq)), p and q being α plus the number of articles with and without the label that
/// have feature f. A linear model w, b is fitted to rows whose values are multiplied by r, and drawn towards naive Bayes: the weight of f is
/// r(f) · ((1 − β) w̄ + β w(f)), with w̄ = ‖w‖₁ / number of features. β = 1 is the linear model alone.
///
/// It expects the presence of words and pairs of words, or TF-IDF of them. The loss is the one of `LinearSVM` or of
/// `LogisticRegression`.
public struct NBWeighted: SampleWeighingClassifier {
    public typealias Model = LinearModel
    public static let identifier = "nb-weighted"
    public static let summary = "logistic regression or SVM on features weighted by naive Bayes (NBSVM), one-vs-rest"
    public let parameters: Parameters

    /// The hyper-parameters of `NBWeighted`.
    public struct Parameters: Hyperparameters {
        public var loss = DualBinaryLoss.logistic
        public var inverseRegularization = 1.0
        public var smoothing = 1.0
        public var interpolation = 0.25
        public var gap = 1e-4
        public var maximumIterations = 1000

        public init() {}

        public static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter(
                "loss", \.loss, .choice(DualBinaryLoss.allCases.map(\.rawValue)),
                search: .choice(["logistic", "squared-hinge"]),
                help: "logistic regression, or a support vector machine with the squared or the plain hinge"),
            Hyperparameter(
                "inverseRegularization", \.inverseRegularization, .number(1e-6...1e9, .logarithmic),
                search: .number(0.01...10, .logarithmic),
                help: "C: the weight of the losses against the penalty; larger fits closer"),
            Hyperparameter(
                "smoothing", \.smoothing, .number(1e-10...1000, .logarithmic), search: .number(0.05...5, .logarithmic),
                help: "alpha: what is added to every count"),
            Hyperparameter(
                "interpolation", \.interpolation, .number(0...1), search: .number(0.2...1),
                help: "beta: 0 is naive Bayes, 1 the linear model alone"),
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
        let sums = try LabelSums(rows, targets, sampleWeights: sampleWeights, context: context) { $0 > 0 ? 1 : 0 }
        let isCancelled = context.isCancelled
        return try LinearModel(
            fittedBy: Self.identifier, context,
            advice: { solution in
                "\(Self.identifier) did not converge: \(solution.iterations) passes left a relative gap of \(solution.remaining); raise "
                    + "maximumIterations or lower inverseRegularization"
            }
        ) { () throws(LinearSolverError) in
            let used = targets.learnable
            let known = rows.selectingRows(used)
            let weights = sampleWeights.map { all in used.map { all[$0] } }
            let solutions = try parallelMap(count: targets.labelCount, threads: context.threadCount) {
                label throws(LinearSolverError) in
                let ratios = ratios(sums, label)
                var weighted = known
                weighted.mapValues { column, value in value * ratios[Int(column)] }
                var solution = try DualBinarySolver.solve(
                    matrix: weighted, targets: used.map { targets.values[$0 * targets.labelCount + label] }, labelCount: 1,
                    sampleWeights: weights, loss: parameters.loss,
                    options: DualOptions(
                        inverseRegularization: parameters.inverseRegularization, tolerance: parameters.gap,
                        maximumEpochs: parameters.maximumIterations, seed: context.seed),
                    shouldContinue: { !isCancelled() })
                solution.weights = SolvedWeights(interpolated(solution.weights, ratios))
                return solution
            }
            return joined(solutions, featureCount: rows.columnCount)
        }
    }

    /// The log ratios of a label.
    private func ratios(_ sums: LabelSums, _ label: Int) -> [Double] {
        let features = 0..<sums.featureCount
        let positive = features.map { sums.positive[$0 * sums.labelCount + label] + parameters.smoothing }
        let negative = features.map { sums.negative($0, label) + parameters.smoothing }
        let shift = log(negative.reduce(0, +)) - log(positive.reduce(0, +))
        return features.map { log(positive[$0] / negative[$0]) + shift }
    }

    private func interpolated(_ weights: SolvedWeights, _ ratios: [Double]) -> [Double] {
        let beta = parameters.interpolation
        let mean = weights.reduce(0) { $0 + abs($1) } / Double(max(1, weights.count))
        return zip(weights, ratios).map { weight, ratio in ratio * ((1 - beta) * mean + beta * weight) }
    }

    /// One solution of all labels from one a label.
    private func joined(_ solutions: [LinearSolution], featureCount: Int) -> LinearSolution {
        var weights = [Double](repeating: 0, count: featureCount * solutions.count)
        for (label, solution) in solutions.enumerated() {
            for feature in 0..<featureCount { weights[feature * solutions.count + label] = solution.weights[feature] }
        }
        return LinearSolution(
            weights: SolvedWeights(weights), intercepts: solutions.map { $0.intercepts[0] },
            solverName: "NB-weighted " + (solutions.first?.solverName ?? ""), reports: solutions.flatMap(\.reports))
    }
}

extension DualBinaryLoss: HyperparameterConvertible {}
