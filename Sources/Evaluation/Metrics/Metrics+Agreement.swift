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

    /// Cohen's kappa of a single-label task (Cohen 1960): the agreement beyond that of independent answers with the same shares.
    ///
    /// "None given" is a class of its own. 0 where chance alone would agree always, that is with one class on both sides.
    public var cohenKappa: Double {
        let (total, agreed, expected, _, _) = marginals
        return quotient(total * agreed - expected, total * total - expected)
    }

    /// Matthews' correlation of a single-label task in its multi-class form (Gorodkin 2004); 0 where a side never varies.
    public var matthewsCorrelation: Double {
        let (total, agreed, expected, truthSquares, givenSquares) = marginals
        let spread = (total * total - truthSquares).squareRoot() * (total * total - givenSquares).squareRoot()
        return quotient(total * agreed - expected, spread)
    }

    /// Of the confusion matrix C with row sums t and column sums g: Σ C, Σ C_kk, Σ t_k g_k, Σ t_k², Σ g_k².
    private var marginals: (total: Double, agreed: Double, expected: Double, truthSquares: Double, givenSquares: Double) {
        let matrix = confusionMatrix
        let truth = matrix.map { Double($0.reduce(0, +)) } + [0]
        let given = (0...labelCount).map { column in Double(matrix.reduce(0) { $0 + $1[column] }) }
        return (
            truth.reduce(0, +),
            matrix.indices.reduce(0) { $0 + Double(matrix[$1][$1]) },
            zip(truth, given).reduce(0) { $0 + $1.0 * $1.1 },
            truth.reduce(0) { $0 + $1 * $1 },
            given.reduce(0) { $0 + $1 * $1 }
        )
    }
}
