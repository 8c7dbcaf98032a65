import Evaluation
import TextClassification

/// Makes the section of a data set out of the decisions of its cells.
public struct SectionComparison: Sendable {
    /// The articles that recipes were tested on.
    public struct TestSet: Sendable {
        public var name: String
        public var targets: Targets
        public var trainingCount: Int
        public var foldCount: Int?
        /// What rows are compared by; accuracy in single-label tasks and micro-F1 in multi-label tasks without.
        public var figure: HeadlineFigure?

        public init(
            name: String, targets: Targets, trainingCount: Int, foldCount: Int?, figure: HeadlineFigure? = nil
        ) {
            self.name = name
            self.targets = targets
            self.trainingCount = trainingCount
            self.foldCount = foldCount
            self.figure = figure
        }
    }

    /// What became of a recipe.
    public enum Outcome: Sendable {
        case result(CellResult)
        case failure(String)
        case notMeant
    }

    /// The figures that get intervals, beside that of the set: those that follow from decisions and that people ask for.
    static let figures: [HeadlineFigure] = [.accuracy, .balancedAccuracy, .microPrecision, .microRecall, .microF1, .macroF1]

    public var bootstrap: Bootstrap
    public var permutationCount: Int
    /// The recipe to compare with; the best one without, also where it failed.
    public var baseline: String?

    public init(bootstrap: Bootstrap, permutationCount: Int, baseline: String? = nil) {
        self.bootstrap = bootstrap
        self.permutationCount = permutationCount
        self.baseline = baseline
    }

    /// The section with intervals, and each row compared with the reference by a paired permutation test on the same articles.
    ///
    /// Where the reference is the best row, it was chosen by the same articles, so "worse" is said a little too often; the
    /// correction for the number of rows works against it.
    public func section(
        of set: TestSet, outcomes: [(recipe: String, outcome: Outcome)]
    ) -> BenchmarkReport.Section {
        let targets = set.targets
        let figure = set.figure ?? (targets.task == .single ? .accuracy : .microF1)
        let figures = Self.figures + (Self.figures.contains(figure) ? [] : [figure])
        let sign = figure.isLoss ? -1.0 : 1.0
        var measured: [(recipe: String, metrics: Metrics, intervals: [HeadlineFigure: ConfidenceInterval])] = []
        var failures: [String: String] = [:]
        for case (let recipe, .result(let result)) in outcomes {
            guard result.given.count == targets.count, let decisions = result.decisions(labelCount: targets.labelCount)
            else {
                failures[recipe] = "its decisions are not those of this set's articles"
                continue
            }
            let probabilities = decisions.map { $0 ? 1.0 : 0.0 }
            let metrics = Metrics(targets: targets, probabilities: probabilities, decisions: decisions)
            measured.append((recipe, metrics, bootstrap.intervals(of: metrics, figures: figures)))
        }
        let best = measured.indices.max { a, b in
            let values = (
                sign * (measured[a].intervals[figure]?.estimate ?? 0), sign * (measured[b].intervals[figure]?.estimate ?? 0)
            )
            return values.0 != values.1 ? values.0 < values.1 : a > b
        }
        let reference = measured.firstIndex { $0.recipe == baseline } ?? best
        let others = measured.indices.filter { $0 != reference }
        let comparisons = others.compactMap { position in
            reference.map { PairedComparison(measured[$0].metrics, measured[position].metrics) }
        }
        let pValues = comparisons.map {
            $0.permutationTest(
                figure, permutations: permutationCount, seed: bootstrap.seed, threadCount: bootstrap.threadCount)
        }
        let adjusted = HolmCorrection.adjusted(pValues)
        var compared: [String: BenchmarkReport.Comparison] = [:]
        if let reference {
            compared[measured[reference].recipe] = .init(
                verdict: .reference, difference: nil, pValue: nil, adjustedPValue: nil)
        }
        for (number, position) in others.enumerated() {
            let difference = comparisons[number].interval(figure, bootstrap: bootstrap)
            let isSignificant = adjusted[number] <= 1 - bootstrap.confidence
            compared[measured[position].recipe] = .init(
                verdict: !isSignificant ? .noDifferenceShown : sign * difference.estimate > 0 ? .better : .worse,
                difference: difference, pValue: pValues[number], adjustedPValue: adjusted[number])
        }
        let intervals = Dictionary(uniqueKeysWithValues: measured.map { ($0.recipe, $0.intervals) })
        let rows = outcomes.map { recipe, outcome in
            switch outcome {
            case .result(let result):
                let measurement = intervals[recipe].flatMap { intervals in
                    compared[recipe].map { BenchmarkReport.Measurement(result, intervals: intervals, comparison: $0) }
                }
                return BenchmarkReport.Row(recipe: recipe, measurement: measurement, failure: failures[recipe])
            case .failure(let message): return BenchmarkReport.Row(recipe: recipe, measurement: nil, failure: message)
            case .notMeant: return BenchmarkReport.Row(recipe: recipe, measurement: nil, failure: nil)
            }
        }
        return BenchmarkReport.Section(
            name: set.name, task: targets.task, labelCount: targets.labelCount, trainingCount: set.trainingCount,
            testCount: targets.count, foldCount: set.foldCount, figure: figure,
            reference: reference.map { measured[$0].recipe }, rows: rows)
    }

    /// The section of a set that could not be read.
    public static func failedSection(named name: String, recipes: [String], message: String) -> BenchmarkReport.Section {
        BenchmarkReport.Section(
            name: name, task: nil, labelCount: 0, trainingCount: 0, testCount: 0, foldCount: nil, figure: .accuracy,
            reference: nil, rows: recipes.map { .init(recipe: $0, measurement: nil, failure: message) })
    }
}

extension BenchmarkReport.Measurement {
    init(
        _ result: CellResult, intervals: [HeadlineFigure: ConfidenceInterval], comparison: BenchmarkReport.Comparison
    ) {
        self.init(
            figures: Dictionary(uniqueKeysWithValues: intervals.map { ($0.key.rawValue, $0.value) }),
            comparison: comparison, logLoss: result.logLoss, expectedCalibrationError: result.expectedCalibrationError,
            macroAveragePrecision: result.macroAveragePrecision, trainingSeconds: result.trainingSeconds,
            trainingProcessorSeconds: result.trainingProcessorSeconds, articlesPerSecond: result.articlesPerSecond,
            peakBytes: result.peakBytes, modelBytes: result.modelBytes, otherProcessors: result.otherProcessors,
            warnings: result.warnings)
    }
}
