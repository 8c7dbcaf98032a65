import LinearAlgebra
import LinearModels
import TextClassification

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The classifiers that compete and are combined in a single-label task: scores (articles × classes), logarithms of probabilities
/// under equal priors.
struct ArmScores: Sendable {
    /// Trained from the labelled articles alone.
    var supervised: [Double]
    /// Trained from the labelled articles with the archive's vectors as further features.
    var teacher: [Double]
    /// Expectation maximisation over the archive.
    var mixture: [Double]
}

/// The arms as linear functions, where they are such.
struct ArmParts: Sendable {
    var supervised: LinearParts
    var teacher: LinearParts
    var mixture: LinearParts
}

/// Fits the arms of a single-label task to some of the labelled articles.
struct SingleLabelArms: Sendable {
    let parameters: SemiSupervisedParameters
    let features: ArchiveFeatures
    let classCount: Int
    /// The labelled articles' rows among the features, and their classes.
    let labelled: [Int]
    let classes: [Int]
    let context: TrainingContext
    /// What names and keywords of the labels say.
    var evidence: LabelEvidence?

    private static let temperatures = [1, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12, 0.08, 0.05]

    /// The scores of all articles by arms that know the labels of the given ones among the labelled articles only, and what is linear of
    /// them, which only the model that is kept needs: it is worked out when it is asked for.
    func fitted(knowing known: [Int]) throws -> (scores: ArmScores, parts: () -> ArmParts) {
        let supervised = try calibratedScores(known, features.terms.selectingRows(labelled))
        let teacher = try calibratedScores(known, features.joined(labelled), evidence)
        try context.checkCancellation()
        let mixture = try mixtureScores(teacher: teacher.scores, knowing: known)
        let scores = ArmScores(supervised: supervised.scores, teacher: teacher.scores, mixture: mixture.scores)
        return (
            scores,
            { ArmParts(supervised: supervised.parts(), teacher: teacher.parts(), mixture: mixture.parts()) }
        )
    }

    /// Logarithms of calibrated probabilities of all articles, by logistic regression on the given features of the known ones.
    private func calibratedScores(
        _ known: [Int], _ rows: SparseMatrix, _ evidence: LabelEvidence? = nil
    ) throws -> (scores: [Double], parts: () -> LinearParts) {
        let temperature = try bestTemperature(known, rows, evidence)
        let solution = try fit(rows, known, evidence)
        var scores = features.scores(solution, threads: context.threadCount)
        for i in scores.indices { scores[i] /= temperature }
        ScoreTable.logSoftmaxRows(&scores, classCount: classCount)
        let scales = [Double](repeating: 1 / temperature, count: classCount)
        return (scores, { LinearParts(solution, features: features).scaled(by: scales) })
    }

    private func fit(_ rows: SparseMatrix, _ known: [Int], _ evidence: LabelEvidence?) throws -> LinearSolution {
        var matrix = rows.selectingRows(known)
        var targets = known.map { classes[$0] }
        var weights: [Double]?
        if let evidence {
            let (added, addedWeights) = evidence.rows(
                termCount: features.terms.columnCount, vectorWeight: features.vectorWeight)
            matrix = SparseMatrix(stacking: [matrix, added], columnCount: matrix.columnCount)
            weights = [Double](repeating: 1, count: known.count) + addedWeights
            targets += evidence.known
        }
        return try DualMultinomialSolver.solve(
            matrix: matrix, classes: targets, classCount: classCount, sampleWeights: weights,
            options: DualOptions(
                inverseRegularization: parameters.teacherInverseRegularization, tolerance: 1e-3, seed: context.seed,
                threads: context.threadCount))
    }

    /// The temperature of the largest likelihood over five folds of the known articles.
    private func bestTemperature(_ known: [Int], _ rows: SparseMatrix, _ evidence: LabelEvidence?) throws -> Double {
        let folds = LabelFolds.stratified(classes: known.map { classes[$0] }, foldCount: 5, seed: context.seed &+ 1)
        var scores: [(row: [Double], truth: Int, weight: Double)] = []
        for fold in Set(folds).sorted() {
            let inside = known.indices.filter { folds[$0] != fold }.map { known[$0] }
            let outside = known.indices.filter { folds[$0] == fold }.map { known[$0] }
            guard !inside.isEmpty else { continue }
            let solution = try fit(rows, inside, evidence)
            for article in outside {
                scores.append((solution.scores(ofRow: article, in: rows), classes[article], 1))
            }
        }
        return Self.bestTemperature(scores)
    }

    /// The temperature of the largest likelihood of held-out scores.
    static func bestTemperature(_ scores: [(row: [Double], truth: Int, weight: Double)]) -> Double {
        var best = (likelihood: -Double.infinity, temperature: 1.0)
        for temperature in temperatures {
            let likelihood = scores.reduce(0) { sum, score in
                let row = score.row.map { $0 / temperature }
                return sum + score.weight * (row[score.truth] - ScoreTable.logSumExp(row, 0..<row.count))
            }
            if likelihood > best.likelihood { best = (likelihood, temperature) }
        }
        return best.temperature
    }
}
