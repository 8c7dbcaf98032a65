import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Naive Bayes by expectation maximisation over an archive of which some articles have one known class each; a class may have several
/// components.
///
/// Articles of a known class belong to its components alone, in the parts that these take of it. Results do not depend on the number of
/// threads.
struct ClassMixture: Sendable {
    let features: ArchiveFeatures
    let components: ClassComponents
    /// Rows of the articles whose class is known, and their classes.
    let known: [Int]
    let knownClasses: [Int]
    /// What every article weighs; 0 for those that are not learnt from.
    let weights: [Double]
    let threads: Int
    /// Articles × components.
    private(set) var responsibilities: [Double]
    /// ln p(article | component), articles × components, of the last step.
    private(set) var likelihoods: [Double] = []
    /// The logarithms of the components' shares in the last step.
    private var logShares: [Double] = []

    private let bayes = NaiveBayesMixture()

    /// - Parameters:
    ///   - posteriors: probabilities of the classes to start from, articles × classes.
    ///   - groups: for every article its component among those of the class, where it has several; used modulo their number.
    init(
        features: ArchiveFeatures, components: ClassComponents, known: [Int], knownClasses: [Int], weights: [Double],
        posteriors: [Double], groups: (_ class: Int) -> [UInt16], threads: Int
    ) {
        self.features = features
        self.components = components
        self.known = known
        self.knownClasses = knownClasses
        self.weights = weights
        self.threads = threads
        let (k, m) = (components.classCount, components.count)
        if k == m {
            responsibilities = posteriors
        } else {
            responsibilities = [Double](repeating: 0, count: features.rowCount * m)
            for (c, range) in components.ranges.enumerated() {
                let members = range.count > 1 ? groups(c) : []
                for article in 0..<features.rowCount {
                    let component = range.count > 1 ? range.lowerBound + Int(members[article]) % range.count : range.lowerBound
                    responsibilities[article * m + component] = posteriors[article * k + c]
                }
            }
        }
        fixKnown()
    }

    /// Articles of a known class belong to its components alone.
    private mutating func fixKnown() {
        let m = components.count
        for (article, c) in zip(known, knownClasses) {
            let range = components.ranges[c]
            let total = range.reduce(0) { $0 + responsibilities[article * m + $1] }
            for component in 0..<m {
                let position = article * m + component
                responsibilities[position] =
                    !range.contains(component) ? 0 : total > 1e-300 ? responsibilities[position] / total : 1 / Double(range.count)
            }
        }
    }

    /// At most so many iterations, until the responsibilities hardly change. O(elements · components) each.
    mutating func iterate(_ limit: Int, checkCancellation: () throws -> Void) throws {
        let (m, trainingCount) = (components.count, features.trainingCount)
        for _ in 0..<limit {
            try checkCancellation()
            let logs = bayes.logProbabilities(
                responsibilities, weights: weights, componentCount: m, counts: features.counts, threads: threads)
            likelihoods = bayes.logLikelihoods(logs, componentCount: m, counts: features.counts, threads: threads)
            logShares = ScoreTable.columnMeans(responsibilities, rowCount: trainingCount, classCount: m).map {
                log(max($0, 1e-12))
            }
            let before = responsibilities
            responsibilities = likelihoods
            for i in responsibilities.indices { responsibilities[i] += logShares[i % m] }
            ScoreTable.softmaxRows(&responsibilities, classCount: m)
            fixKnown()
            var change = 0.0
            for i in 0..<trainingCount * m { change += abs(responsibilities[i] - before[i]) }
            if change / Double(trainingCount * m) < 1e-4 { break }
        }
    }

    /// Probabilities of the classes, articles × classes.
    var posteriors: [Double] { components.sums(responsibilities) }

    /// Other probabilities of the classes in place of those that were found; inside a class its components keep their parts.
    mutating func replace(posteriors: [Double]) {
        let (k, m) = (components.classCount, components.count)
        if k == m {
            responsibilities = posteriors
        } else {
            for article in 0..<features.rowCount {
                for (c, range) in components.ranges.enumerated() {
                    let total = range.reduce(0) { $0 + responsibilities[article * m + $1] }
                    for component in range {
                        let part = total > 1e-12 ? responsibilities[article * m + component] / total : 1 / Double(range.count)
                        responsibilities[article * m + component] = part * posteriors[article * k + c]
                    }
                }
            }
        }
        fixKnown()
    }

    /// Logarithms of the classes' probabilities under equal shares of the classes, of the last step, articles × classes.
    var scores: [Double] {
        var table = likelihoods
        let m = components.count
        if m > components.classCount {
            var inside = logShares
            for range in components.ranges {
                let total = ScoreTable.logSumExp(logShares, range)
                for component in range { inside[component] -= total }
            }
            for i in table.indices { table[i] += inside[i % m] }
            table = components.logSums(table)
        }
        ScoreTable.logSoftmaxRows(&table, classCount: components.classCount)
        return table
    }

    /// ln θ of the classes as a whole, features × classes in rows of vectors of four: what is linear of the scores, exact where every
    /// class has one component.
    func classLogProbabilities() -> [SIMD4<Float>] {
        bayes.logProbabilities(
            posteriors, weights: weights, componentCount: components.classCount, counts: features.counts, threads: threads)
    }
}
