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

    /// The scores of all articles by arms that know the labels of the given ones among the labelled articles only, and what is linear of them.
    func scores(knowing known: [Int]) throws -> (scores: ArmScores, parts: ArmParts) {
        let supervised = try calibratedScores(known, features.terms.selectingRows(labelled))
        let teacher = try calibratedScores(known, features.joined(labelled), evidence)
        try context.checkCancellation()
        let mixture = try mixtureScores(teacher: teacher.scores, knowing: known)
        return (
            ArmScores(supervised: supervised.scores, teacher: teacher.scores, mixture: mixture.scores),
            ArmParts(supervised: supervised.parts, teacher: teacher.parts, mixture: mixture.parts)
        )
    }

    /// Logarithms of calibrated probabilities of all articles, by logistic regression on the given features of the known ones.
    private func calibratedScores(
        _ known: [Int], _ rows: SparseMatrix, _ evidence: LabelEvidence? = nil
    ) throws -> (scores: [Double], parts: LinearParts) {
        let temperature = try bestTemperature(known, rows, evidence)
        let solution = try fit(rows, known, evidence)
        var scores = features.scores(solution, threads: context.threadCount)
        for i in scores.indices { scores[i] /= temperature }
        ScoreTable.logSoftmaxRows(&scores, classCount: classCount)
        let scales = [Double](repeating: 1 / temperature, count: classCount)
        return (scores, LinearParts(solution, features: features).scaled(by: scales))
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
        var scores: [(row: [Double], truth: Int)] = []
        for fold in Set(folds).sorted() {
            let inside = known.indices.filter { folds[$0] != fold }.map { known[$0] }
            let outside = known.indices.filter { folds[$0] == fold }.map { known[$0] }
            guard !inside.isEmpty else { continue }
            let solution = try fit(rows, inside, evidence)
            for article in outside {
                var row = solution.intercepts
                for element in rows.row(article) {
                    let base = Int(rows.columnIndices[element]) * classCount
                    for c in 0..<classCount { row[c] += rows.values[element] * solution.weights[base + c] }
                }
                scores.append((row, classes[article]))
            }
        }
        var best = (likelihood: -Double.infinity, temperature: 1.0)
        for temperature in Self.temperatures {
            let likelihood = scores.reduce(0) { sum, score in
                let row = score.row.map { $0 / temperature }
                return sum + row[score.truth] - ScoreTable.logSumExp(row, 0..<classCount)
            }
            if likelihood > best.likelihood { best = (likelihood, temperature) }
        }
        return best.temperature
    }

    /// Naive Bayes by expectation maximisation from the teacher's labels, and logistic regression on article vectors fitted to its
    /// result, in turns; the sum of both in the end.
    private func mixtureScores(
        teacher: [Double], knowing known: [Int]
    ) throws -> (scores: [Double], parts: LinearParts) {
        let (count, trainingCount) = (features.rowCount, features.trainingCount)
        let k = classCount
        let bayes = NaiveBayesMixture()
        var labelWeight = parameters.labelShare * Double(trainingCount) / Double(max(1, known.count))
        labelWeight = min(max(labelWeight, 1), parameters.maximumLabelWeight)
        var weights = [Double](repeating: 1, count: count)
        for article in trainingCount..<count { weights[article] = 0 }
        for index in known { weights[labelled[index]] = labelWeight }
        let prior = LabelPrior(parameters.prior, classes: known.map { classes[$0] }, classCount: k)
        var responsibilities = prior.posteriors(teacher, rowCount: trainingCount)
        func fixKnown(_ table: inout [Double]) {
            for index in known {
                for c in 0..<k { table[labelled[index] * k + c] = c == classes[index] ? 1 : 0 }
            }
        }
        fixKnown(&responsibilities)
        var likelihoods: [Double] = []
        var logs: [SIMD4<Float>] = []
        func step() {
            logs = bayes.logProbabilities(
                responsibilities, weights: weights, componentCount: k, features: features, threads: context.threadCount)
            likelihoods = bayes.logLikelihoods(logs, componentCount: k, features: features, threads: context.threadCount)
        }
        func iterate(_ limit: Int) throws {
            for _ in 0..<limit {
                try context.checkCancellation()
                step()
                let bias = ScoreTable.columnMeans(responsibilities, rowCount: trainingCount, classCount: k).map {
                    log(max($0, 1e-12))
                }
                var next = likelihoods
                for i in next.indices { next[i] += bias[i % k] }
                ScoreTable.softmaxRows(&next, classCount: k)
                fixKnown(&next)
                var change = 0.0
                for i in 0..<trainingCount * k { change += abs(next[i] - responsibilities[i]) }
                responsibilities = next
                if change / Double(trainingCount * k) < 1e-4 { break }
            }
        }
        try iterate(parameters.maximumIterations)
        var linear: [Double] = []
        var shares = [Double](repeating: 1 / Double(k), count: k)
        var start: [Double]?
        let labelCost = max(1, 0.1 * labelWeight)
        for _ in 0..<parameters.refits {
            var costs = [Float](repeating: Float(0.1 * parameters.refitInverseRegularization), count: count)
            for article in trainingCount..<count { costs[article] = 0 }
            for index in known { costs[labelled[index]] = Float(labelCost * parameters.refitInverseRegularization) }
            let objective = SoftTargetObjective(
                block: features.vectorBlock, targets: responsibilities.map { Float($0) }, classCount: k, loss: .softmax,
                costs: costs, threads: context.threadCount)
            let solution = objective.minimum(tolerance: 1e-2, maximumIterations: 25, start: start, context: context)
            start = solution
            shares = ScoreTable.columnMeans(responsibilities, rowCount: trainingCount, classCount: k)
            linear = objective.scores(solution)
            responsibilities = linear
            ScoreTable.softmaxRows(&responsibilities, classCount: k)
            fixKnown(&responsibilities)
            try iterate(3)
        }
        var scores = likelihoods
        ScoreTable.logSoftmaxRows(&scores, classCount: k)
        if !linear.isEmpty {
            for i in linear.indices { linear[i] -= log(max(shares[i % k] * Double(k), 1e-12)) }
            ScoreTable.logSoftmaxRows(&linear, classCount: k)
            for i in scores.indices { scores[i] += linear[i] }
        }
        var parts = LinearParts(intercepts: [Double](repeating: 0, count: k))
        parts.setWords(logs)
        if let start {
            parts.vectors = Array(start.dropLast(k))
            parts.intercepts = zip(start.suffix(k), shares).map { $0 - log(max($1 * Double(k), 1e-12)) }
        }
        return (scores, parts)
    }
}
