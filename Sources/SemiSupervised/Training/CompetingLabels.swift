import LinearAlgebra
import LinearModels
import TextClassification

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The labels of a multi-label task as if an article had one of them, or none: multinomial logistic regression on the kept features and
/// article vectors.
///
/// One classifier a label knows nothing of the others: from four articles each claims too much of the archive. Here they compete for an
/// article, so that their shares of the archive add up; an article with several labels stands in the fit once for each, in equal parts.
struct CompetingLabels: Sendable {
    /// The estimated shares of the archive.
    let shares: [Double]
    /// Log-odds of the labels at these shares, articles × labels.
    let scores: [Double]
    /// Log-odds of the labelled articles while they were held out, at equal shares, labelled articles × labels.
    let heldOut: [Double]

    /// Fits the classifier and estimates the shares.
    ///
    /// - Parameters:
    ///   - labelled: the rows of the labelled articles among the features.
    ///   - folds: the fold of each, for its temperature.
    /// - Complexity: that of one arm and its folds.
    init(
        features: ArchiveFeatures, labelled: [Int], targets: Targets, folds: [Int], inverseRegularization: Double,
        evidence: LabelEvidence?, context: TrainingContext
    ) throws {
        let k = targets.labelCount
        let joined = features.joined(labelled)
        // An article stands once for each of its labels.
        var (articles, classes, weights) = ([Int](), [Int](), [Double]())
        for article in labelled.indices {
            let positives = (0..<k).filter { targets[article, $0] == .positive }
            // Of one that was not judged for every label it is not known that it has none.
            guard !positives.isEmpty || (0..<k).allSatisfy({ targets[article, $0] == .negative }) else { continue }
            for c in positives.isEmpty ? [k] : positives {
                articles.append(article)
                classes.append(c)
                weights.append(1 / Double(max(1, positives.count)))
            }
        }
        // The last class is that of articles without a label, where there are such.
        let classCount = classes.contains(k) ? k + 1 : k
        func fit(_ chosen: [Int]) throws -> LinearSolution {
            var matrix = joined.selectingRows(chosen.map { articles[$0] })
            var (targets, costs) = (chosen.map { classes[$0] }, chosen.map { weights[$0] })
            if let evidence {
                let (added, addedWeights) = evidence.rows(
                    termCount: features.terms.columnCount, vectorWeight: features.vectorWeight)
                matrix = SparseMatrix(stacking: [matrix, added], columnCount: matrix.columnCount)
                targets += evidence.known
                costs += addedWeights
            }
            return try DualMultinomialSolver.solve(
                matrix: matrix, classes: targets, classCount: classCount, sampleWeights: costs,
                options: DualOptions(
                    inverseRegularization: inverseRegularization, tolerance: 1e-4, seed: context.seed,
                    threads: context.threadCount))
        }
        var heldOut = [Double](repeating: 0, count: labelled.count * classCount)
        for fold in Set(folds).sorted() {
            let inside = articles.indices.filter { folds[articles[$0]] != fold }
            guard !inside.isEmpty else { continue }
            let solution = try fit(inside)
            for article in labelled.indices where folds[article] == fold {
                let row = article * classCount..<(article + 1) * classCount
                heldOut.replaceSubrange(row, with: solution.scores(ofRow: article, in: joined))
            }
        }
        let temperature = SingleLabelArms.bestTemperature(
            articles.indices.map { i in
                (Array(heldOut[articles[i] * classCount..<(articles[i] + 1) * classCount]), classes[i], weights[i])
            })
        func calibrated(_ scores: [Double]) -> [Double] {
            var scores = scores.map { $0 / temperature }
            ScoreTable.logSoftmaxRows(&scores, classCount: classCount)
            return scores
        }
        let all = calibrated(features.scores(try fit(Array(articles.indices)), threads: context.threadCount))
        let equal = [Double](repeating: 1 / Double(classCount), count: classCount)
        let shares = LabelPrior.drawn(
            ScoreTable.columnMeans(
                LabelPrior.posteriors(all, equal), rowCount: features.trainingCount, classCount: classCount))
        func logOdds(_ scores: [Double], _ shares: [Double]) -> [Double] {
            let posteriors = LabelPrior.posteriors(scores, shares)
            return (0..<posteriors.count / classCount * k).map { position in
                let probability = min(max(posteriors[position / k * classCount + position % k], 1e-9), 1 - 1e-9)
                return log(probability / (1 - probability))
            }
        }
        self.shares = Array(shares.prefix(k))
        scores = logOdds(all, shares)
        self.heldOut = logOdds(calibrated(heldOut), equal)
    }

    /// Whether the mean of these log-odds and others is, on held-out labels, not worse than the others by more than a standard error:
    /// where articles have several labels each, labels do not compete.
    func holds(beside others: [Double], targets: Targets) -> Bool {
        let judged = targets.values.indices.filter { targets.values[$0] >= 0 }
        let differences = judged.map { position -> Double in
            let sign: Double = targets.values[position] == 1 ? -1 : 1
            return softplus(sign * (heldOut[position] + others[position]) / 2) - softplus(sign * others[position])
        }
        let difference = MeanDifference(differences)
        return difference.mean <= difference.standardError
    }
}
