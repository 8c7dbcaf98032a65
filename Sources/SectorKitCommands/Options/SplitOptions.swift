import ArgumentParser
import Evaluation
import TextClassification

/// How articles are divided into those to train with and those to judge by.
struct SplitOptions: ParsableArguments {
    /// A way of dividing.
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        /// Every article is judged once a repetition.
        case folds
        /// Independent splits.
        case random
        /// The latest articles are judged.
        case time
    }

    @Option(
        help: "Folds (every article is judged once), random splits, or by time (the latest articles are judged, by their date).")
    var split = Kind.folds

    @Option(help: ArgumentHelp("The number of folds.", valueName: "n"))
    var folds = 5

    @Option(help: ArgumentHelp("How often to divide into folds anew, or the number of random splits.", valueName: "n"))
    var repetitions = 1

    @Option(help: ArgumentHelp("The share of articles judged in a random split, or one by time.", valueName: "share"))
    var testShare = 0.2

    @Option(
        help: ArgumentHelp(
            """
            Keep articles together that have the same value in this field or column, such as outlet: the figures are then those for \
            outlets that training did not see.
            """, valueName: "field"))
    var groupBy: String?

    func validate() throws {
        if !(2...100 ~= folds) { throw ValidationError("--folds wants a number from 2 to 100") }
        if !(1...10_000 ~= repetitions) { throw ValidationError("--repetitions wants a number from 1 to 10000") }
        if !(0.01...0.99 ~= testShare) { throw ValidationError("--test-share wants a share from 0.01 to 0.99") }
        if groupBy == "" { throw ValidationError("--group-by wants the name of a field") }
        if split == .time, repetitions > 1 {
            throw ValidationError("there is one split by time: --repetitions is for the others")
        }
    }

    /// Splits of a corpus, repetition by repetition, and what they are.
    struct Plan {
        let repetitions: [[Split]]
        let testShare: Double
        /// What was done, such as `5-fold cross-validation`.
        let heading: String
        /// Whether the splits of a repetition test every article once.
        let isComplete: Bool
    }

    /// - Parameters:
    ///   - dates: of every article of the corpus.
    ///   - assigner: keeps duplicates, and groups, together.
    func plan(_ corpus: Corpus, dates: [String?], assigner: StandardFolds, seed: UInt64) throws -> Plan {
        switch split {
        case .folds:
            let repeated = try (0..<repetitions).map { repetition in
                guard let folds = assigner.folds(of: corpus, foldCount: folds, seed: seed &+ UInt64(repetition)) else {
                    throw TrainingError.failed(
                        component: "cross-validation",
                        reason: "\(corpus.count) articles cannot be divided into \(self.folds) folds")
                }
                return Split.crossValidation(folds: folds)
            }
            let count = repeated[0].count
            return Plan(
                repetitions: repeated, testShare: 1 / Double(count),
                heading: "\(count)-fold cross-validation" + (repetitions > 1 ? ", \(repetitions) times," : ""), isComplete: true)
        case .random:
            let groups = assigner.articleGroups(of: corpus).groups
            let splits = Split.repeatedStratified(
                corpus.targets, groups: groups, testShare: testShare, repetitions: repetitions, seed: seed)
            guard splits.allSatisfy({ !$0.training.isEmpty && !$0.test.isEmpty }) else {
                throw TrainingError.failed(
                    component: "random splits",
                    reason: "\(corpus.count) articles are too few, or too many of them belong together")
            }
            return Plan(
                repetitions: [splits], testShare: testShare,
                heading: "\(counted(repetitions, "random split")), \((100 * testShare).fixed(0)) % for the test,",
                isComplete: false)
        case .time:
            let groups = assigner.articleGroups(of: corpus).groups
            guard let split = Split.timeOrdered(dates: dates, testShare: testShare, groups: groups), !split.test.isEmpty else {
                throw Failure(
                    "the articles cannot be divided by time: two different dates are needed, and articles on both sides that are no "
                        + "duplicates of one another (the field is called date)", code: Failure.Code.badData)
            }
            let border = split.test.compactMap { dates[$0] }.min() ?? ""
            let undated = dates.count { $0 == nil }
            return Plan(
                repetitions: [[split]], testShare: testShare,
                heading:
                    "split by time: \(split.training.count) articles before \(border) for training, \(split.test.count) for the test"
                    + (undated > 0 ? ", \(undated) without a date left out" : "") + ";",
                isComplete: false)
        }
    }
}
