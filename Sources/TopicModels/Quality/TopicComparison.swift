/// Measures of several topics, or of several fits, together.
public enum TopicComparison {
    /// The share of distinct terms among the likeliest terms of all topics (Dieng, Ruiz & Blei 2020): 1 where no two topics share a
    /// term. 1 for topics without terms.
    public static func diversity(_ topTerms: [[Int]]) -> Double {
        let all = topTerms.flatMap { $0 }
        return all.isEmpty ? 1 : Double(Set(all).count) / Double(all.count)
    }

    /// How alike two fits are: the mean over pairs of topics, paired to make it largest, of the Jaccard index of their likeliest
    /// terms (Greene, O'Callaghan & Cunningham 2014). From 0 to 1; topics left over count 0. 1 for two fits without topics.
    ///
    /// - Complexity: O(topics³) after O(topics² · terms).
    public static func agreement(_ a: [[Int]], _ b: [[Int]]) -> Double {
        let size = max(a.count, b.count)
        guard size > 0 else { return 1 }
        let (setsA, setsB) = (a.map { Set($0) }, b.map { Set($0) })
        var similarity = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
        for (i, left) in setsA.enumerated() {
            for (j, right) in setsB.enumerated() {
                let union = left.union(right).count
                similarity[i][j] = union == 0 ? 1 : Double(left.intersection(right).count) / Double(union)
            }
        }
        let pairs = assignment(maximizing: similarity)
        return pairs.enumerated().reduce(0) { $0 + similarity[$1.offset][$1.element] } / Double(size)
    }

    /// The mean agreement of all pairs of fits, restarts with other seeds: their stability. 1 for fewer than two.
    public static func stability(_ fits: [[[Int]]]) -> Double {
        var sum = 0.0
        var pairCount = 0
        for (i, fit) in fits.enumerated() {
            for other in fits[..<i] {
                sum += agreement(fit, other)
                pairCount += 1
            }
        }
        return pairCount == 0 ? 1 : sum / Double(pairCount)
    }

    /// For every row the column assigned to it, each column once, so that the sum is largest (Kuhn 1955, Munkres 1957, by shortest
    /// augmenting paths).
    ///
    /// - Parameter gains: as many rows as columns; finite.
    /// - Complexity: O(n³).
    static func assignment(maximizing gains: [[Double]]) -> [Int] {
        let n = gains.count
        // Potentials and the matching, from 1; column 0 stands for none.
        var rowPotential = [Double](repeating: 0, count: n + 1)
        var columnPotential = rowPotential
        var rowOf = [Int](repeating: 0, count: n + 1)
        for row in 1..<max(1, n + 1) {
            rowOf[0] = row
            var column = 0
            var least = [Double](repeating: .infinity, count: n + 1)
            var before = [Int](repeating: 0, count: n + 1)
            var used = [Bool](repeating: false, count: n + 1)
            repeat {
                used[column] = true
                var step = Double.infinity
                var next = 0
                for j in 1...n where !used[j] {
                    let cost = -gains[rowOf[column] - 1][j - 1] - rowPotential[rowOf[column]] - columnPotential[j]
                    if cost < least[j] {
                        least[j] = cost
                        before[j] = column
                    }
                    if least[j] < step {
                        step = least[j]
                        next = j
                    }
                }
                for j in 0...n {
                    if used[j] {
                        rowPotential[rowOf[j]] += step
                        columnPotential[j] -= step
                    } else {
                        least[j] -= step
                    }
                }
                column = next
            } while rowOf[column] != 0
            repeat {
                let previous = before[column]
                rowOf[column] = rowOf[previous]
                column = previous
            } while column != 0
        }
        var result = [Int](repeating: 0, count: n)
        for column in 1..<max(1, n + 1) { result[rowOf[column] - 1] = column - 1 }
        return result
    }
}

/// A number of topics with its measures, and the choice among several.
public struct TopicCountQuality: Sendable, Equatable, Codable {
    public let topicCount: Int
    /// The means over the topics; `nil` where no topic has the measure.
    public let npmi: Double?
    public let uMass: Double?
    public let cV: Double?
    public let diversity: Double
    /// Over restarts from random numbers; `nil` where there were none.
    public let stability: Double?
    /// ‖X − W·H‖ / ‖X‖, or with Kullback–Leibler the divergence for each unit of X.
    public let reconstructionError: Double

    public init(
        topicCount: Int, npmi: Double?, uMass: Double?, cV: Double?, diversity: Double, stability: Double?,
        reconstructionError: Double
    ) {
        self.topicCount = topicCount
        self.npmi = npmi
        self.uMass = uMass
        self.cV = cV
        self.diversity = diversity
        self.stability = stability
        self.reconstructionError = reconstructionError
    }

    /// The same with another coherence.
    func replacing(_ coherence: TopicCoherence) -> TopicCountQuality {
        TopicCountQuality(
            topicCount: topicCount, npmi: coherence.npmi, uMass: coherence.uMass, cV: coherence.cV, diversity: diversity,
            stability: stability, reconstructionError: reconstructionError)
    }

    /// Coherence times diversity (Dieng, Ruiz & Blei 2020), with NPMI moved to 0...1 as coherence.
    public var score: Double { ((npmi ?? -1) + 1) / 2 * diversity }

    /// The number of topics to take, and why: the largest score; among scores within 1 % of it the most stable, and then the
    /// smallest number. `nil` of none.
    public static func recommendation(among all: [TopicCountQuality]) -> (topicCount: Int, reasons: [String])? {
        guard let best = all.max(by: { ($0.score, $1.topicCount) < ($1.score, $0.topicCount) }) else { return nil }
        let near = all.filter { $0.score >= 0.99 * best.score }
        let chosen = near.max { ($0.stability ?? 0, $1.topicCount) < ($1.stability ?? 0, $0.topicCount) } ?? best
        func rounded(_ x: Double) -> String { "\((x * 1000).rounded() / 1000)" }
        var reasons = [
            "coherence times diversity is \(rounded(chosen.score))"
                + (near.count == 1 ? ", the largest" : ", within 1 % of the largest (\(rounded(best.score)))")
        ]
        if near.count > 1 {
            let others = near.map { "\($0.topicCount)" }.joined(separator: ", ")
            reasons.append(
                "of \(others), which are as good, it is the "
                    + (chosen.stability.map { "most stable over restarts (\(rounded($0)))" } ?? "smallest"))
        }
        for other in all where other.topicCount != chosen.topicCount && other.score < 0.99 * best.score {
            let isLessCoherent = (other.npmi ?? -1) < (chosen.npmi ?? -1)
            let isLessDiverse = other.diversity < chosen.diversity
            let causes = [
                isLessCoherent ? "less coherent (NPMI \(other.npmi.map(rounded) ?? "unknown"))" : nil,
                isLessDiverse ? "less diverse (\(rounded(other.diversity)))" : nil,
            ].compactMap { $0 }
            reasons.append("\(other.topicCount) topics are \(causes.joined(separator: " and "))")
        }
        return (chosen.topicCount, reasons)
    }
}
