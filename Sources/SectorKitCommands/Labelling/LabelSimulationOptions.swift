import ArgumentParser
import LinearAlgebra
import SemiSupervised
import TextClassification

/// Labelling replayed with the labels that an archive has.
struct LabelSimulationOptions: ParsableArguments {
    @Flag(help: "Take the archive's own labels as answers, and measure.")
    var simulate = false

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Labelled articles to measure on. (default: a fifth of the archive)", valueName: "file|folder"),
        completion: .file())
    var test: [String] = []

    @Option(help: ArgumentHelp("After how many answers to measure, separated by commas.", valueName: "n,n…"))
    var answers = "50,100,200"

    @Option(help: ArgumentHelp("How many runs, each with another random half of the archive to ask about.", valueName: "n"))
    var runs = 10

    func validate() throws {
        guard let milestones else { throw ValidationError("--answers wants numbers in ascending order, separated by commas") }
        if milestones.isEmpty { throw ValidationError("--answers wants at least one number") }
        if !(1...1000 ~= runs) { throw ValidationError("--runs wants a number from 1 to 1000") }
        if !simulate, !test.isEmpty { throw ValidationError("--test is for --simulate") }
    }

    private var milestones: [Int]? {
        let numbers = answers.split(separator: ",").map { Int($0) ?? 0 }
        return numbers == numbers.sorted() && Set(numbers).count == numbers.count && !numbers.contains { $0 < 1 } ? numbers : nil
    }

    /// A figure after so many answers.
    private struct Row: Encodable {
        var order: String
        var answers: Int
        /// Accuracy, or micro-F1 in a multi-label task.
        var mean: Double
        /// Of the runs, with the population's denominator.
        var standardDeviation: Double
        /// Macro-F1.
        var macroMean: Double
        /// In how many runs the hint to stop had come by then.
        var settledRuns: Int
        var runs: Int
    }

    func run(_ labelling: LabellingOptions, _ input: InputOptions, context: TrainingContext, isJSON: Bool) throws {
        var articles = try labelling.read(labelling.archive, input, readsLabels: true).filter { $0.labels != nil }
        var tested = try labelling.read(test, input, readsLabels: true).filter { $0.labels != nil }
        if test.isEmpty {
            var generator = RandomGenerator(seed: context.seed)
            generator.shuffle(&articles)
            tested = Array(articles.prefix(articles.count / 5))
            articles.removeFirst(tested.count)
        }
        guard articles.count > 1, !tested.isEmpty else {
            throw Failure("--simulate wants labelled articles in the archive and to test on", code: Failure.Code.badData)
        }
        let labels = LabelSet(
            labelling.label.isEmpty ? Set(articles.flatMap { $0.labels ?? [] }).sorted() : labelling.label)
        // With labels that are named, the others count as none.
        func own(_ article: Article) -> [Int] { (article.labels ?? []).compactMap(labels.position(of:)).sorted() }
        let isSingle =
            labelling.task == .single || labelling.task != .multi && (articles + tested).allSatisfy { own($0).count == 1 }
        if isSingle, let bad = (articles + tested).first(where: { own($0).count != 1 }) {
            throw CorpusError.notOneLabel(article: bad.id, labels: bad.labels ?? [])
        }
        let learner = try labelling.learner(
            articles, others: tested, task: isSingle ? .single : .multi, labelCount: labels.count, context: context)
        let simulation = LabellingSimulation(learner: learner, labels: articles.map(own), batchSize: labelling.batch)
        let truth = tested.map(own)
        var figures: [String: [[(micro: Double, macro: Double, isSettled: Bool)]]] = [:]
        for run in 0..<runs {
            context.report(.phase("run \(run + 1) of \(runs)"))
            var generator = RandomGenerator(seed: context.seed &+ UInt64(run) &+ 1)
            let pool = Array(generator.permutation(articles.count).prefix((articles.count + 1) / 2))
            for order in LabellingSimulation.Order.allCases {
                var reached: [(Double, Double, Bool)] = []
                try simulation.run(
                    order, pool: pool, milestones: milestones ?? [], seed: context.seed &+ UInt64(run)
                ) { _, knowledge, progress in
                    let (micro, macro) = Self.f1(
                        truth, truth.indices.map { learner.labels(of: learner.archiveCount + $0, by: knowledge) },
                        labelCount: labels.count)
                    reached.append((micro, macro, progress.isSettled))
                }
                figures[order.rawValue, default: []].append(reached)
            }
        }
        Console.clearProgress()
        var rows: [Row] = []
        for (place, answers) in (milestones ?? []).enumerated() {
            for order in LabellingSimulation.Order.allCases {
                let reached = (figures[order.rawValue] ?? []).compactMap { $0.count > place ? $0[place] : nil }
                guard !reached.isEmpty else { continue }
                let count = Double(reached.count)
                let mean = reached.reduce(0) { $0 + $1.micro } / count
                let variance = reached.reduce(0) { $0 + ($1.micro - mean) * ($1.micro - mean) } / count
                rows.append(
                    Row(
                        order: order.rawValue, answers: answers, mean: mean, standardDeviation: variance.squareRoot(),
                        macroMean: reached.reduce(0) { $0 + $1.macro } / count, settledRuns: reached.count(where: \.isSettled),
                        runs: reached.count))
            }
        }
        try StandardOutput().print(isJSON ? JSONText.encoded(rows) : text(rows, isSingle: isSingle, articles.count, tested.count))
    }

    private func text(_ rows: [Row], isSingle: Bool, _ archiveCount: Int, _ testCount: Int) -> String {
        var table = TextTable(header: "answers", "order", isSingle ? "accuracy" : "micro-F1", "sd", "macro-F1", "settled")
        for row in rows {
            table.append(
                "\(row.answers)", row.order, row.mean.fixed(3), row.standardDeviation.fixed(3), row.macroMean.fixed(3),
                "\(row.settledRuns)")
        }
        return "\(archiveCount) articles, tested on \(testCount); means of \(counted(runs, "run"))\n" + table.text
    }

    /// Micro- and macro-averaged F1; with one label an article the former is the accuracy.
    private static func f1(_ truth: [[Int]], _ given: [[Int]], labelCount: Int) -> (micro: Double, macro: Double) {
        var (hits, all) = ([Double](repeating: 0, count: labelCount), [Double](repeating: 0, count: labelCount))
        for (right, labels) in zip(truth, given) {
            for label in right { all[label] += 1 }
            for label in labels {
                all[label] += 1
                if right.contains(label) { hits[label] += 2 }
            }
        }
        let macro = (0..<labelCount).reduce(0) { $0 + (all[$1] > 0 ? hits[$1] / all[$1] : 0) } / Double(labelCount)
        return (hits.reduce(0, +) / max(1, all.reduce(0, +)), macro)
    }
}
