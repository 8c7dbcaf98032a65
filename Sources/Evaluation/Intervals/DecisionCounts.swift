import TextClassification

/// Right and wrong decisions summed over articles, each of which may count several times or not at all.
struct DecisionCounts {
    let task: ClassificationTask
    var articleCount = 0
    var exactCount = 0
    var truePositives: [Int]
    var falsePositives: [Int]
    var falseNegatives: [Int]
    /// Articles on which each label was judged.
    var judged: [Int]

    init(task: ClassificationTask, labelCount: Int) {
        self.task = task
        truePositives = Array(repeating: 0, count: labelCount)
        falsePositives = truePositives
        falseNegatives = truePositives
        judged = truePositives
    }

    /// The counts of one label.
    func counts(of label: Int) -> ConfusionCounts {
        let (tp, fp, fn) = (truePositives[label], falsePositives[label], falseNegatives[label])
        return ConfusionCounts(
            truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: judged[label] - tp - fp - fn)
    }

    /// The value of a figure, 0/0 being 0 as in `Metrics`. O(labels).
    func value(of figure: HeadlineFigure) -> Double {
        switch figure {
        case .accuracy: quotient(exactCount, articleCount)
        case .hammingLoss:
            task == .single
                ? quotient(articleCount - exactCount, articleCount) : micro { quotient($0.errorCount, $0.judgedCount) }
        case .balancedAccuracy: balancedAccuracy
        case .microPrecision: micro(\.precision)
        case .microRecall: micro(\.recall)
        case .microF1: micro(\.f1)
        case .macroPrecision: macro(\.precision)
        case .macroRecall: macro(\.recall)
        case .macroF1: macro(\.f1)
        case .weightedF1: weighted(\.f1)
        case .cohenKappa: task == .single ? agreement.cohenKappa : macro(\.cohenKappa)
        case .matthewsCorrelation: task == .single ? agreement.matthewsCorrelation : macro(\.matthewsCorrelation)
        default: 0
        }
    }

    private func micro(_ figure: (ConfusionCounts) -> Double) -> Double {
        figure(truePositives.indices.reduce(into: ConfusionCounts()) { $0 += counts(of: $1) })
    }

    private func macro(_ figure: (ConfusionCounts) -> Double) -> Double {
        quotient(truePositives.indices.reduce(0) { $0 + figure(counts(of: $1)) }, Double(truePositives.count))
    }

    private func weighted(_ figure: (ConfusionCounts) -> Double) -> Double {
        var (sum, support) = (0.0, 0)
        for label in truePositives.indices {
            let counts = counts(of: label)
            sum += Double(counts.support) * figure(counts)
            support += counts.support
        }
        return quotient(sum, Double(support))
    }

    private var balancedAccuracy: Double {
        var (sum, count) = (0.0, 0)
        for label in truePositives.indices {
            let counts = counts(of: label)
            guard task == .single ? counts.support > 0 : counts.judgedCount > 0 else { continue }
            sum += task == .single ? counts.recall : counts.balancedAccuracy
            count += 1
        }
        return quotient(sum, Double(count))
    }

    /// Of a single-label task, in which an article is given one label or none.
    private var agreement: ClassAgreement {
        ClassAgreement(
            truth: truePositives.indices.map { Double(truePositives[$0] + falseNegatives[$0]) },
            given: truePositives.indices.map { Double(truePositives[$0] + falsePositives[$0]) },
            agreed: Double(truePositives.reduce(0, +)))
    }
}

/// How far true and given classes agree, from the sums of their table.
///
/// "None given" is a class of its own, which is never true.
struct ClassAgreement {
    private let total: Double
    private let agreed: Double
    /// Σ t_k g_k, Σ t_k² and Σ g_k² of the numbers of articles that have and that were given class k.
    private let expected: Double
    private let truthSquares: Double
    private let givenSquares: Double

    init(truth: [Double], given: [Double], agreed: Double) {
        total = truth.reduce(0, +)
        self.agreed = agreed
        expected = zip(truth, given).reduce(0) { $0 + $1.0 * $1.1 }
        truthSquares = truth.reduce(0) { $0 + $1 * $1 }
        let none = total - given.reduce(0, +)
        givenSquares = given.reduce(none * none) { $0 + $1 * $1 }
    }

    var cohenKappa: Double { quotient(total * agreed - expected, total * total - expected) }

    var matthewsCorrelation: Double {
        let spread = max(0, total * total - truthSquares).squareRoot() * max(0, total * total - givenSquares).squareRoot()
        return quotient(total * agreed - expected, spread)
    }
}
