import LinearAlgebra
import LinearModels
import TextClassification

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Fits the arms of a multi-label task to some of the labelled articles. Scores are log-odds, articles × labels.
struct MultiLabelArms: Sendable {
    let parameters: SemiSupervisedParameters
    let features: ArchiveFeatures
    /// The labelled articles' rows among the features, and what is known of each.
    let labelled: [Int]
    let targets: Targets
    /// C of the classifiers on the kept features.
    let inverseRegularization: Double
    let isBalanced: Bool
    let context: TrainingContext
    /// What names and keywords of the labels say.
    var evidence: LabelEvidence?

    var labelCount: Int { targets.labelCount }

    /// The scores of all articles by arms that know the labels of the given ones among the labelled articles only, and what is linear of
    /// them, which only the model that is kept needs: it is worked out when it is asked for.
    func fitted(
        knowing known: [Int], includesMixture: Bool = true
    ) throws -> (scores: ArmScores, parts: () -> ArmParts) {
        let threads = context.threadCount
        let alone = try fit(features.terms.selectingRows(labelled), known)
        let joined = try fit(features.joined(labelled), known, evidence)
        let supervised = features.scores(alone, threads: threads)
        let teacher = features.scores(joined, threads: threads)
        try context.checkCancellation()
        let mixture = includesMixture ? try mixtureScores(teacher: teacher, knowing: known) : teacher
        return (
            ArmScores(supervised: supervised, teacher: teacher, mixture: mixture),
            {
                let parts = LinearParts(joined, features: features)
                // The mixture is not linear; it started from the teacher, which stands for it.
                return ArmParts(supervised: LinearParts(alone, features: features), teacher: parts, mixture: parts)
            }
        )
    }

    private func fit(_ rows: SparseMatrix, _ known: [Int], _ evidence: LabelEvidence? = nil) throws -> LinearSolution {
        let judged = targets.selecting(known)
        var matrix = rows.selectingRows(known)
        var values = judged.values
        var weights = isBalanced ? balancedWeights(judged) : nil
        if let evidence {
            let (added, addedWeights) = evidence.rows(
                termCount: features.terms.columnCount, vectorWeight: features.vectorWeight)
            matrix = SparseMatrix(stacking: [matrix, added], columnCount: matrix.columnCount)
            var all = weights ?? [Double](repeating: 1, count: values.count)
            for (label, weight) in zip(evidence.known, addedWeights) {
                // What a label's words say of the other labels is not known.
                values += (0..<labelCount).map { $0 == label ? 1 : -1 }
                all += [Double](repeating: weight, count: labelCount)
            }
            weights = all
        }
        return try DualBinarySolver.solve(
            matrix: matrix, targets: values, labelCount: labelCount, sampleWeights: weights, loss: .logistic,
            options: DualOptions(
                inverseRegularization: inverseRegularization, tolerance: 1e-4, seed: context.seed, threads: context.threadCount))
    }

    /// For every article and label n / (2 · count of its side).
    private func balancedWeights(_ targets: Targets) -> [Double] {
        var counts = [[Double]](repeating: [0, 0], count: labelCount)
        for (position, value) in targets.values.enumerated() where value >= 0 { counts[position % labelCount][Int(value)] += 1 }
        return targets.values.enumerated().map { position, value in
            let sides = counts[position % labelCount]
            guard value >= 0, sides[Int(value)] > 0 else { return 1 }
            return (sides[0] + sides[1]) / (2 * sides[Int(value)])
        }
    }

    /// Naive Bayes by expectation maximisation with a component a label and several free ones for articles without: the log-odds of a
    /// label's component against the free ones and the other labels.
    private func mixtureScores(teacher: [Double], knowing known: [Int]) throws -> [Double] {
        let (count, trainingCount) = (features.rowCount, features.trainingCount)
        let k = labelCount
        let free = max(1, parameters.freeComponents)
        let components = k + free
        var labelWeight = parameters.labelShare * Double(trainingCount) / Double(max(1, known.count))
        labelWeight = min(max(labelWeight, 1), parameters.maximumLabelWeight)
        var weights = [Double](repeating: 1, count: count)
        for article in trainingCount..<count { weights[article] = 0 }
        for index in known { weights[labelled[index]] = labelWeight }

        var responsibilities = [Double](repeating: 0, count: count * components)
        var rests = [Double](repeating: 0, count: count)
        for article in 0..<count {
            var total = 0.0
            for c in 0..<k {
                let probability = sigmoid(teacher[article * k + c])
                responsibilities[article * components + c] = probability
                total += probability
            }
            if total > 1 { for c in 0..<k { responsibilities[article * components + c] /= total } }
            rests[article] = max(0, 1 - total)
        }
        let groups = FreeGroups.assigned(
            features: features, candidates: (0..<trainingCount).filter { rests[$0] > 0.5 }, count: free, seed: context.seed,
            threads: context.threadCount)
        for article in 0..<count { responsibilities[article * components + k + Int(groups[article])] = rests[article] }

        /// Labelled articles belong to their labels in equal parts; those without any to the free components as these have them.
        func fixKnown(_ table: inout [Double]) {
            for index in known {
                let base = labelled[index] * components
                let positives = (0..<k).filter { targets[index, $0] == .positive }
                if positives.isEmpty {
                    for c in 0..<k where targets[index, c] == .negative { table[base + c] = 0 }
                } else {
                    for c in 0..<components { table[base + c] = 0 }
                    for c in positives { table[base + c] = 1 }
                }
                let total = (0..<components).reduce(0) { $0 + table[base + $1] }
                for c in 0..<components {
                    table[base + c] = total > 1e-9 ? table[base + c] / total : c < k ? 0 : 1 / Double(free)
                }
            }
        }
        fixKnown(&responsibilities)
        let bayes = NaiveBayesMixture()
        var joint: [Double] = []
        for _ in 0..<parameters.maximumIterations {
            try context.checkCancellation()
            let logs = bayes.logProbabilities(
                responsibilities, weights: weights, componentCount: components, counts: features.counts,
                threads: context.threadCount)
            joint = bayes.logLikelihoods(logs, componentCount: components, counts: features.counts, threads: context.threadCount)
            let bias = ScoreTable.columnMeans(responsibilities, rowCount: trainingCount, classCount: components)
                .map { log(max($0, 1e-12)) }
            for i in joint.indices { joint[i] += bias[i % components] }
            var next = joint
            ScoreTable.softmaxRows(&next, classCount: components)
            fixKnown(&next)
            var change = 0.0
            for i in 0..<trainingCount * components { change += abs(next[i] - responsibilities[i]) }
            responsibilities = next
            if change / Double(trainingCount * components) < 1e-4 { break }
        }
        var scores = [Double](repeating: 0, count: count * k)
        for article in 0..<count {
            let range = article * components..<(article + 1) * components
            let rest = ScoreTable.logSumExp(joint, range.lowerBound + k..<range.upperBound)
            for c in 0..<k {
                // Other labels stand against this one as well, but less than the free components do: an article may have both.
                scores[article * k + c] = joint[range.lowerBound + c] - rest
            }
        }
        return scores
    }
}

/// Groups of articles by their vectors, from which free components start.
enum FreeGroups {
    /// The group of every article: spherical k-means (Dhillon & Modha 2001) of some candidates, ten rounds from articles far from each
    /// other, and then the nearest centre for all. O(articles · groups · rank) a round.
    static func assigned(
        features: ArchiveFeatures, candidates: [Int], count: Int, seed: UInt64, threads: Int
    ) -> [UInt16] {
        let rank = features.vectors.columnCount
        let width = FeatureBlock.width(count)
        guard !candidates.isEmpty, count > 1 else { return [UInt16](repeating: 0, count: features.rowCount) }
        var generator = RandomGenerator(seed: seed)
        // [dimension][group]
        var centres = [Double](repeating: 0, count: rank * count)
        func place(_ article: Int, _ group: Int) {
            for element in features.vectors.row(article) {
                let place = Int(features.vectors.columnIndices[element]) * count + group
                centres[place] = Double(features.vectors.values[element])
            }
        }
        func similarities() -> [Double] {
            ScoreTable.unpacked(
                features.vectorBlock.product(
                    SoftTargetObjective.packed(centres, rowCount: rank, classCount: count), width: width, threads: threads),
                classCount: count, adding: [Double](repeating: 0, count: count))
        }
        for group in 0..<count { place(candidates[generator.nextInt(below: candidates.count)], group) }
        var groups = [UInt16](repeating: 0, count: features.rowCount)
        for _ in 0..<10 {
            let near = similarities()
            for article in 0..<features.rowCount {
                var best = 0
                for group in 1..<count where near[article * count + group] > near[article * count + best] { best = group }
                groups[article] = UInt16(best)
            }
            centres = [Double](repeating: 0, count: rank * count)
            for article in candidates {
                let group = Int(groups[article])
                for element in features.vectors.row(article) {
                    let place = Int(features.vectors.columnIndices[element]) * count + group
                    centres[place] += Double(features.vectors.values[element])
                }
            }
            for group in 0..<count {
                let square = (0..<rank).reduce(0) { $0 + centres[$1 * count + group] * centres[$1 * count + group] }
                if square > 0 {
                    for d in 0..<rank { centres[d * count + group] /= square.squareRoot() }
                } else {
                    place(candidates[generator.nextInt(below: candidates.count)], group)
                }
            }
        }
        return groups
    }
}
