import ArgumentParser
import CorpusFormats
import Evaluation
import FoundationEssentials
import LinearAlgebra
import SemiSupervised
import TextClassification
import TextFeatures

/// Training from few labels, with and without an archive, over fixed draws; `Benchmarks/fewshot/run` calls it.
@main
struct FewShot: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Accuracy from few labels, with and without an archive, over fixed draws.",
        discussion: """
            The training part of a set is the archive; so many of its articles a label are drawn and keep their labels. The test part is \
            given probabilities and nothing else. With --development a part of the training part stands in for the test part, which is \
            how defaults are chosen.
            """)

    @Option(help: "The folder with the data sets.") var data: String
    @Option(help: "ag-news, bbc-news, reuters-r8, 20newsgroups, reuters-modapte or sectors.") var set: String
    @Option(help: "Labelled articles a label, separated by commas.") var shots = "4,8,16,32,64"
    @Option(help: "Draws.") var draws = 10
    @Option(help: "The folder with the seeds, for sectors.") var seeds = "seeds"
    @Option(help: "Threads.") var threads = 2
    @Option(name: .customLong("set-parameter"), help: "A hyper-parameter of training with an archive, as name=value.")
    var parameters: [String] = []
    @Flag(help: "Hold out a sixth of the training part, at random.") var development = false
    @Flag(help: "Hold out the last sixth of each label's articles of the training part, as a test part that lies later in time.")
    var lateDevelopment = false
    @Flag(help: "Fit the kept model, too.") var kept = false
    @Flag(help: "Print every draw.") var verbose = false
    @Option(help: "A journal of draws: those that stand in it are not repeated, others are appended.") var journal: String?
    @Option(help: "Begin no further draw after so many seconds; the journal says what is missing.") var seconds: Double?

    func run() throws {
        var values: [String: HyperparameterValue] = [:]
        for setting in parameters {
            let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw ValidationError("--set-parameter wants name=value") }
            values[parts[0]] = .text(parts[1])
        }
        let settings = try SemiSupervisedParameters(values, component: "archive")
        let counts = shots.split(separator: ",").compactMap { Int($0) }
        var journal = try DrawJournal(path: self.journal)
        let missing = counts.flatMap { shot in (0..<draws).map { (shot: shot, draw: $0) } }
            .filter { !journal.holds(set, $0.shot, $0.draw) }
        guard !missing.isEmpty else { return print("\(set): nothing is missing") }
        let task = try FewShotTask(
            set, folder: data, seeds: seeds, development: lateDevelopment ? .last : development ? .random : nil)
        let context = TrainingContext(threadCount: threads, foldAssigner: StandardFolds(threadCount: threads))
        let clock = ContinuousClock()
        let start = clock.now
        let study = try FewLabelStudy(
            archive: ArticleBatch(task.archive), test: ArticleBatch(task.test), parameters: settings, terms: task.terms,
            context: context)
        print(
            "\(set): archive \(task.archive.count), test \(task.test.count), \(task.labels.count) labels; "
                + "archive fitted in \(clock.now - start)")
        var scores: [Int: Scores] = [:]
        for (place, cell) in missing.enumerated() {
            if let seconds, clock.now - start > .seconds(seconds) {
                return print("\(set): \(missing.count - place) draws are missing")
            }
            let labelled = task.drawn(cell.shot, seed: UInt64(cell.draw))
            for outcome in try outcomes(of: study, task, labelled, context) {
                let figures = task.score(outcome, kept: labelled)
                scores[cell.shot, default: Scores()].add(outcome.name, figures)
                journal.add(set, cell.shot, cell.draw, outcome.name, figures)
            }
            try journal.write()
            if verbose { print("  \(cell.shot) draw \(cell.draw): \(scores[cell.shot]?.last ?? "")") }
        }
        for shot in counts { scores[shot]?.print(set, shot) }
        print("\(set): \(clock.now - start) in all")
    }

    private func outcomes(
        of study: FewLabelStudy, _ task: FewShotTask, _ labelled: [Int], _ context: TrainingContext
    ) throws -> [FewLabelStudy.Outcome] {
        if !task.isMultiLabel {
            return try study.singleLabel(
                labelled: labelled, classes: labelled.map { task.classes(of: task.archive[$0])[0] },
                classCount: task.labels.count,
                keepsModel: kept, context: context
            ).outcomes
        }
        let corpus = try Corpus(labelled.map { task.archive[$0] }, labels: task.labels, task: .multi, ignoringUnknownLabels: true)
        let folds =
            StandardFolds(threadCount: threads).folds(of: corpus, foldCount: 4, seed: 0) ?? labelled.indices.map { $0 % 4 }
        return try study.multiLabel(
            labelled: labelled, targets: corpus.targets, inverseRegularization: 5, isBalanced: task.keepsScores, folds: folds,
            cut: task.keepsScores ? .fixed([Double](repeating: 0.5, count: corpus.labels.count)) : .calibrated,
            keepsModel: kept, context: context)
    }
}

/// Figures of several draws by name.
struct Scores {
    private var values: [String: [[Double]]] = [:]
    private var names: [String] = []

    mutating func add(_ name: String, _ figures: [Double]) {
        if values[name] == nil { names.append(name) }
        values[name, default: []].append(figures)
    }

    var last: String {
        names.map { name in "\(name) \((values[name]?.last ?? []).map { String(rounded($0)) }.joined(separator: "/"))" }
            .joined(separator: "  ")
    }

    private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 10 }

    /// Means and population standard deviations, in per cent.
    func print(_ set: String, _ shot: Int) {
        for name in names {
            let draws = values[name] ?? []
            let count = Double(draws.count)
            let text = (draws.first ?? []).indices.map { figure in
                let mean = draws.reduce(0) { $0 + $1[figure] } / count
                let variance = draws.reduce(0) { $0 + ($1[figure] - mean) * ($1[figure] - mean) } / count
                return "\(rounded(mean)) ± \(rounded(variance.squareRoot()))"
            }
            Swift.print("\(set) \(shot) \(name): \(text.joined(separator: " / "))")
        }
    }
}
