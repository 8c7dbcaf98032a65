import Evaluation
import StandardPlugins
import Testing
import TextClassification

@testable import Benchmarking

@Suite struct MeasurementTests {
    private let corpus: Corpus
    private let pipeline: Pipeline
    private let context = TrainingContext(seed: 3, threadCount: 2, foldAssigner: StandardFolds())

    init() throws {
        let words = ["anchor mast quay tide crane", "oven flour spoon onions pastry", "violin cello overture score encore"]
        let articles = (0..<60).map { number in
            let own = words[number % 3].split(separator: " ")
            let text = (0..<4).map { own[(number / 3 + $0 * $0) % 5] } + ["the", "town", "number", "\(number)"]
            return Article(id: "\(number)", text: text.joined(separator: " "), labels: ["l\(number % 3)"])
        }
        corpus = try Corpus(articles)
        let registry = Registry.standard()
        pipeline = try Pipeline(try registry.recipe(named: "words"), registry: registry)
    }

    @Test func `A cell gives the decisions of the model that its training articles make`() throws {
        let split = Split(training: Array(0..<40), test: Array(40..<60))
        let result = try CellMeasurement().result(of: pipeline, on: corpus, splits: [split], context: context)
        let model = try pipeline.fitted(to: corpus.selecting(split.training), context: context)
        let test = corpus.selecting(split.test)
        let predictions = try model.predictions(for: test.articles, threadCount: 1)
        #expect(result.decisions(labelCount: 3) == predictions.decisions)
        let metrics = Metrics(
            targets: test.targets, probabilities: predictions.probabilities, decisions: predictions.decisions)
        #expect(result.logLoss == metrics.logLoss && result.macroAveragePrecision == metrics.averagePrecision(.macro))
        #expect(result.modelBytes == (try model.fileBytes().count) && result.fitCount == 1)
        #expect(result.trainingProcessorSeconds > 0 && (result.otherProcessors ?? 0) >= 0)
        #expect(result.trainingSeconds > 0 && result.articlesPerSecond > 0)
        #expect(try #require(result.peakBytes) > 1_000_000)
    }

    @Test func `Folds test every article once, by models that did not see it`() throws {
        let folds = try #require(StandardFolds().folds(of: corpus, foldCount: 4, seed: 1))
        let splits = Split.crossValidation(folds: folds)
        let result = try CellMeasurement().result(of: pipeline, on: corpus, splits: splits, context: context)
        #expect(result.given.count == 60 && result.fitCount == 4)
        for split in splits {
            let alone = try CellMeasurement().result(of: pipeline, on: corpus, splits: [split], context: context)
            #expect(split.test.map { result.given[$0] } == alone.given)
        }
    }

    @Test func `Cancelling ends a cell`() {
        var context = context
        context.isCancelled = { true }
        #expect(throws: TrainingError.cancelled) {
            _ = try CellMeasurement().result(
                of: pipeline, on: corpus, splits: [Split(training: Array(0..<40), test: Array(40..<60))], context: context)
        }
    }

    @Test func `Labels out of range are no decisions`() throws {
        let split = Split(training: Array(0..<40), test: Array(40..<60))
        let result = try CellMeasurement().result(of: pipeline, on: corpus, splits: [split], context: context)
        #expect(result.decisions(labelCount: 1) == nil)
    }

    @Test func `The system's line on peak memory is read`() {
        #expect(ProcessMemory.peakBytes(in: "Name:\tx\nVmHWM:\t   12345 kB\nVmRSS:\t 1 kB\n") == 12_345 * 1024)
        #expect(ProcessMemory.peakBytes(in: "Name:\tx\n") == nil && ProcessMemory.peakBytes(in: "VmHWM: many kB") == nil)
        #expect(ProcessTable.parent(in: "12 (a) b (c) S 7 12 12") == "7" && ProcessTable.parent(in: "12") == nil)
    }

    @Test func `Processor times are read from the fields that hold them`() {
        let stat = "12 (a) b (c) S 7 12 12 0 -1 4194560 900 0 0 0 150 50 30 20 20 0 2 0 100\n"
        #expect(ProcessorTime.ownTicks(in: stat) == 200 && ProcessorTime.waitedForTicks(in: stat) == 50)
        #expect(ProcessorTime.ownTicks(in: "12") == 0)
        let machine = "cpu  100 20 30 4000 500 1 2 3 7 0\ncpu0 1 2 3\n"
        #expect(ProcessorTime.busyTicks(in: machine) == 156 && ProcessorTime.busyTicks(in: "cpu 1 2") == nil)
    }

    @Test func `What this process does is not counted as another's`() {
        let stopwatch = Stopwatch()
        var sum = 0.0
        while stopwatch.wallSeconds < 0.3 { for step in 1...10_000 { sum += 1 / Double(step) } }
        #expect(sum > 0 && stopwatch.processorSeconds > 0)
        // The machine's clock counts in hundredths; whatever else runs here is not known.
        if let others = stopwatch.otherProcessors { #expect(others >= 0 && others.isFinite) }
    }
}
