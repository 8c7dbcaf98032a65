import LinearAlgebra
import TextClassification

/// Whether further answers still change what the classifier says of the archive.
///
/// After each round its labels are compared with those of the round before, by Cohen's κ on articles that were drawn at the beginning
/// and that nobody answered. Once the mean κ of three rounds in a row is .99 or more, more answers bring little (stabilising predictions:
/// Bloodgood & Vijay-Shanker 2009). It cannot know whether the labels are right, only that they have settled.
public struct LabellingProgress: Sendable, Equatable {
    /// κ of each round with the one before.
    public private(set) var agreements: [Double] = []
    /// The share of the compared articles whose labels the last round changed.
    public private(set) var changedShare: Double?
    private let sample: [Int]
    private var earlier: [[Int]] = []

    private static let settledAgreement = 0.99
    private static let settledRounds = 3

    /// - Parameter archiveCount: the number of articles, of which up to 2,000 are compared.
    public init(archiveCount: Int, seed: UInt64) {
        var generator = RandomGenerator(seed: seed &+ 0x5EED)
        sample = Array(generator.permutation(archiveCount).prefix(2000)).sorted()
    }

    /// Whether more answers are expected to bring little.
    public var isSettled: Bool {
        agreements.count >= Self.settledRounds
            && agreements.suffix(Self.settledRounds).reduce(0, +) / Double(Self.settledRounds) >= Self.settledAgreement
    }

    /// Notes what a round has learnt.
    public mutating func add(_ knowledge: ActiveLearner.Knowledge, of learner: ActiveLearner) {
        guard knowledge.isTrained else { return }
        let now = sample.map { learner.labels(of: $0, by: knowledge) }
        defer { earlier = now }
        guard earlier.count == now.count, !now.isEmpty else { return }
        changedShare = Double(zip(earlier, now).count { $0 != $1 }) / Double(now.count)
        agreements.append(Self.agreement(earlier, now, labelCount: learner.labelCount))
    }

    /// Cohen's κ of decisions on single labels: every article and label is a case. 1 where both always decide the same.
    static func agreement(_ first: [[Int]], _ second: [[Int]], labelCount: Int) -> Double {
        let cases = Double(first.count * labelCount)
        var (same, firstGiven, secondGiven) = (0.0, 0.0, 0.0)
        for (a, b) in zip(first, second) {
            let both = Set(a).intersection(b).count
            firstGiven += Double(a.count)
            secondGiven += Double(b.count)
            same += Double(labelCount - a.count - b.count + 2 * both)
        }
        let observed = same / cases
        let (p, q) = (firstGiven / cases, secondGiven / cases)
        let chance = p * q + (1 - p) * (1 - q)
        return chance < 1 ? (observed - chance) / (1 - chance) : 1
    }
}
