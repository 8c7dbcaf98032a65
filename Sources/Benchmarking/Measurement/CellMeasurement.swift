import Evaluation
import TextClassification

/// Fits a pipeline to the training articles of each split, tags the test articles, and takes time and memory.
///
/// Memory is that of the process, so each cell wants one of its own.
public struct CellMeasurement: Sendable {
    /// Tagging is repeated for so many seconds, and the quickest time of each split counts; at most `maximumRepetitions`.
    public var repetitionSeconds = 0.5
    public var maximumRepetitions = 20

    public init() {}

    /// - Parameter splits: their test articles must not overlap.
    /// - Throws: what fitting throws.
    public func result(
        of pipeline: Pipeline, on corpus: Corpus, splits: [Split], context: TrainingContext
    ) throws -> CellResult {
        let labelCount = corpus.labels.count
        let tested = splits.flatMap(\.test).sorted()
        var place = [Int](repeating: -1, count: corpus.count)
        for (position, article) in tested.enumerated() { place[article] = position }
        var probabilities = [Double](repeating: 0, count: tested.count * labelCount)
        var decisions = [Bool](repeating: false, count: tested.count * labelCount)
        var trainingSeconds = 0.0
        var trainingProcessorSeconds = 0.0
        let whole = Stopwatch()
        var taggingSeconds = 0.0
        var modelBytes = 0
        for (number, split) in splits.enumerated() {
            try context.checkCancellation()
            if splits.count > 1 { context.report(.phase("fold \(number + 1) of \(splits.count)")) }
            let articles = corpus.selecting(split.training)
            let stopwatch = Stopwatch()
            let model = try pipeline.fitted(to: articles, context: splits.count > 1 ? context.onlyWarnings : context)
            trainingSeconds += stopwatch.wallSeconds
            trainingProcessorSeconds += stopwatch.processorSeconds
            modelBytes += try model.fileBytes().count
            let test = corpus.selecting(split.test).articles
            let (predictions, seconds) = try predictions(of: model, for: test, context, share: 1 / Double(splits.count))
            taggingSeconds += seconds
            for (row, article) in split.test.enumerated() {
                for label in 0..<labelCount {
                    probabilities[place[article] * labelCount + label] = predictions.probabilities[row * labelCount + label]
                    decisions[place[article] * labelCount + label] = predictions.decisions[row * labelCount + label]
                }
            }
        }
        let peakBytes = ProcessMemory.peakBytesWithChildren
        let otherProcessors = whole.otherProcessors
        let metrics = Metrics(
            targets: corpus.targets.selecting(tested), probabilities: probabilities, decisions: decisions)
        let fitCount = Double(max(1, splits.count))
        return CellResult(
            given: tested.indices.map { row in (0..<labelCount).filter { decisions[row * labelCount + $0] } },
            fitCount: splits.count, trainingSeconds: trainingSeconds / fitCount,
            trainingProcessorSeconds: trainingProcessorSeconds / fitCount,
            articlesPerSecond: taggingSeconds > 0 ? Double(tested.count) / taggingSeconds : 0, peakBytes: peakBytes,
            modelBytes: modelBytes / max(1, splits.count), otherProcessors: otherProcessors, logLoss: metrics.logLoss,
            expectedCalibrationError: metrics.expectedCalibrationError(),
            macroAveragePrecision: metrics.averagePrecision(.macro), warnings: [])
    }

    private func predictions(
        of model: PipelineModel, for articles: ArticleBatch, _ context: TrainingContext, share: Double
    ) throws(PredictionError) -> (Predictions, seconds: Double) {
        var best = Double.infinity
        var total = 0.0
        var repetitions = 0
        while true {
            let stopwatch = WallStopwatch()
            let predictions = try model.predictions(for: articles, threadCount: context.threadCount)
            let seconds = stopwatch.wallSeconds
            best = min(best, seconds)
            total += seconds
            repetitions += 1
            if total >= repetitionSeconds * share || repetitions >= maximumRepetitions { return (predictions, best) }
        }
    }
}

extension TrainingContext {
    /// The same context for one fit of many: phases and progress would only flicker.
    fileprivate var onlyWarnings: TrainingContext {
        var context = self
        let report = report
        context.report = { event in
            if case .warning = event { report(event) }
        }
        return context
    }
}
