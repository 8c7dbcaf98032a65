import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension SingleLabelArms {
    /// Naive Bayes by expectation maximisation from the teacher's labels, and logistic regression on article vectors fitted to its
    /// result, in turns; in the end the sum of both and of naive Bayes on pairs of words, fitted once to the same result.
    func mixtureScores(
        teacher: [Double], knowing known: [Int]
    ) throws -> (scores: [Double], parts: () -> LinearParts) {
        let (count, trainingCount) = (features.rowCount, features.trainingCount)
        let k = classCount
        var labelWeight = parameters.labelShare * Double(trainingCount) / Double(max(1, known.count))
        labelWeight = min(max(labelWeight, 1), parameters.maximumLabelWeight)
        var weights = [Double](repeating: 1, count: count)
        for article in trainingCount..<count { weights[article] = 0 }
        for index in known { weights[labelled[index]] = labelWeight }
        let prior = LabelPrior(parameters.prior, classes: known.map { classes[$0] }, classCount: k)
        let posteriors = prior.posteriors(teacher, rowCount: trainingCount)
        let components = ClassComponents(shares: prior.estimated(teacher, rowCount: trainingCount))
        var mixture = ClassMixture(
            features: features, components: components, known: known.map { labelled[$0] },
            knownClasses: known.map { classes[$0] }, weights: weights, posteriors: posteriors,
            groups: { c in
                let members = (0..<trainingCount).filter { article in
                    (0..<k).allSatisfy { posteriors[article * k + $0] <= posteriors[article * k + c] }
                }
                return FreeGroups.assigned(
                    features: features, candidates: members, count: components.ranges[c].count, seed: context.seed,
                    threads: context.threadCount)
            }, threads: context.threadCount)
        try mixture.iterate(parameters.maximumIterations, checkCancellation: context.checkCancellation)
        var linear: [Double] = []
        var shares = [Double](repeating: 1 / Double(k), count: k)
        var start: [Double]?
        let labelCost = max(1, 0.1 * labelWeight)
        var costs = [Float](repeating: Float(0.1 * parameters.refitInverseRegularization), count: count)
        for article in trainingCount..<count { costs[article] = 0 }
        for index in known { costs[labelled[index]] = Float(labelCost * parameters.refitInverseRegularization) }
        for _ in 0..<parameters.refits {
            let targets = mixture.posteriors
            let objective = SoftTargetObjective(
                block: features.vectorBlock, targets: targets.map { Float($0) }, classCount: k, loss: .softmax,
                costs: costs, threads: context.threadCount)
            let solution = objective.minimum(tolerance: 1e-2, maximumIterations: 25, start: start, context: context)
            start = solution
            shares = ScoreTable.columnMeans(targets, rowCount: trainingCount, classCount: k)
            linear = objective.scores(solution)
            var refitted = linear
            ScoreTable.softmaxRows(&refitted, classCount: k)
            mixture.replace(posteriors: refitted)
            try mixture.iterate(3, checkCancellation: context.checkCancellation)
        }
        var scores = mixture.scores
        if !linear.isEmpty {
            for i in linear.indices { linear[i] -= log(max(shares[i % k] * Double(k), 1e-12)) }
            ScoreTable.logSoftmaxRows(&linear, classCount: k)
            for i in scores.indices { scores[i] += linear[i] }
        }
        if let pairs = features.pairs {
            // Smoothed more than words are: most pairs are rare.
            let bayes = NaiveBayesMixture(smoothing: 1)
            let logs = bayes.logProbabilities(
                mixture.posteriors, weights: weights, componentCount: k, counts: pairs, threads: context.threadCount)
            var said = bayes.logLikelihoods(logs, componentCount: k, counts: pairs, threads: context.threadCount)
            ScoreTable.logSoftmaxRows(&said, classCount: k)
            for i in scores.indices { scores[i] += parameters.pairWeight * said[i] }
        }
        return (
            scores,
            { [mixture, start, shares] in
                var parts = LinearParts(intercepts: [Double](repeating: 0, count: k))
                parts.setWords(mixture.classLogProbabilities())
                if let start {
                    parts.vectors = Array(start.dropLast(k))
                    parts.intercepts = zip(start.suffix(k), shares).map { $0 - log(max($1 * Double(k), 1e-12)) }
                }
                return parts
            }
        )
    }
}
