extension Metrics {
    /// The counts of true class (rows) and given class (columns) of a single-label task; the last column is "none given".
    ///
    /// Labels × (labels + 1). Articles without a true class are left out. An article with several given labels, which no rule for
    /// single-label tasks gives, counts in the first.
    public var confusionMatrix: [[Int]] {
        var matrix = [[Int]](repeating: [Int](repeating: 0, count: labelCount + 1), count: labelCount)
        for article in 0..<targets.count {
            guard let truth = targets.classIndex(of: article) else { continue }
            let given = (0..<labelCount).first { decisions[article * labelCount + $0] } ?? labelCount
            matrix[truth][given] += 1
        }
        return matrix
    }

    /// How many articles that have the label of the row were given the label of the column. Labels × labels.
    ///
    /// The diagonal holds the true positives; beside it stands what else such articles were given, rightly or wrongly. Pairs in
    /// which a label was not judged are left out.
    public var coOccurrenceMatrix: [[Int]] {
        var matrix = [[Int]](repeating: [Int](repeating: 0, count: labelCount), count: labelCount)
        for article in judgedArticles {
            let given = (0..<labelCount).filter {
                decisions[article * labelCount + $0] && targets[article, $0] != .missing
            }
            for truth in 0..<labelCount where targets[article, truth] == .positive {
                for label in given { matrix[truth][label] += 1 }
            }
        }
        return matrix
    }

    /// The mean recall: over the classes that occur (single), or of the labels' own balanced accuracies (multi).
    public var balancedAccuracy: Double {
        switch targets.task {
        case .single:
            let occurring = labelCounts.filter { $0.support > 0 }
            return quotient(occurring.reduce(0) { $0 + $1.recall }, Double(occurring.count))
        case .multi:
            let judged = labelCounts.filter { $0.judgedCount > 0 }
            return quotient(judged.reduce(0) { $0 + $1.balancedAccuracy }, Double(judged.count))
        }
    }

    /// Cohen's kappa (Cohen 1960): the agreement beyond that of independent answers with the same shares.
    ///
    /// Single-label: of the classes, "none given" being one of its own. Multi-label: the mean over the labels of their own kappas.
    /// 0 where chance alone would agree always, that is with one class on both sides (scikit-learn: NaN).
    public var cohenKappa: Double {
        targets.task == .single ? agreement.cohenKappa : average(.macro, of: \.cohenKappa)
    }

    /// Matthews' correlation: single-label in its multi-class form (Gorodkin 2004), multi-label the mean over the labels of their own.
    /// 0 where a side never varies.
    public var matthewsCorrelation: Double {
        targets.task == .single ? agreement.matthewsCorrelation : average(.macro, of: \.matthewsCorrelation)
    }

    private var agreement: ClassAgreement {
        let matrix = confusionMatrix
        return ClassAgreement(
            truth: matrix.map { Double($0.reduce(0, +)) },
            given: (0..<labelCount).map { column in Double(matrix.reduce(0) { $0 + $1[column] }) },
            agreed: matrix.indices.reduce(0) { $0 + Double(matrix[$1][$1]) })
    }
}
