import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the archive brought, measured on labelled articles while they were held out.
public struct ArchiveReport: Sendable, Equatable, Codable {
    /// A figure without and with the archive, and the 95 % interval of the difference.
    public struct Comparison: Sendable, Equatable, Codable {
        public var without: Double
        public var with: Double
        /// From the paired bootstrap over articles (percentiles of 1,000 resamples).
        public var lower: Double
        public var upper: Double
    }

    public struct Label: Sendable, Equatable, Codable {
        public var name: String
        public var articles: Int
        /// F1 of the label; `nil` where there was no labelled article to measure it on.
        public var f1: Comparison?
        /// Its estimated share of the archive.
        public var archiveShare: Double
    }

    public var archiveArticleCount = 0
    public var archiveDigest = ""
    /// Micro-averaged F1 (the accuracy, where every article has one label); `nil` without labelled articles.
    public var overall: Comparison?
    public var labels: [Label]
    /// What was decided on the arms, in words.
    public var decision: [String]
    /// How close the kept linear model comes to what it was fitted to.
    var fidelity: Student.Fidelity?

    /// The share of archive articles on which the kept model and what it was fitted to give the same labels.
    public var keptAgreement: Double? { fidelity?.agreement }

    /// What goes into the model file.
    var notes: [String] {
        var notes = decision
        if let fidelity {
            let agreement = (fidelity.agreement * 1000).rounded() / 10
            let difference = (fidelity.probabilityDifference * 1000).rounded() / 1000
            notes.append(
                "the kept linear model gives the same labels as what it was fitted to on \(agreement) % of \(fidelity.articleCount) "
                    + "archive articles left out of its fit; probabilities differ by \(difference) on average")
        }
        return notes
    }
}

extension ArchiveReport {
    init(_ result: SingleLabelResult, corpus: Corpus, classes: [Int], threads: Int) {
        let k = corpus.labels.count
        func decisions(_ scores: [Double]) -> [Bool] {
            var decisions = [Bool](repeating: false, count: scores.count)
            for article in classes.indices {
                let range = article * k..<(article + 1) * k
                if let best = range.max(by: { scores[$0] < scores[$1] }) { decisions[best] = true }
            }
            return decisions
        }
        self.init(
            without: decisions(result.heldOut.supervised), with: decisions(result.decision.combined(result.heldOut)),
            corpus: corpus,
            shares: result.shares, decision: [result.decision.words], threads: threads)
    }

    init(_ result: MultiLabelResult, corpus: Corpus, threads: Int) {
        self.init(
            without: result.heldOutSupervised.map { $0 >= 0 },
            with: result.heldOut.map { $0 >= 0 }, corpus: corpus, shares: result.shares,
            decision: LabelMix.words(result.mixes, labels: corpus.labels)
                + (result.labelsCompete ? ["half of every score has the labels compete for an article"] : []), threads: threads)
    }

    private init(
        without: [Bool], with: [Bool], corpus: Corpus, shares: [Double], decision: [String], threads: Int
    ) {
        let k = corpus.labels.count
        let targets = corpus.targets
        /// 2 TP, and 2 TP + FP + FN, of every article and label.
        @Sendable func counts(_ decisions: [Bool], _ position: Int) -> (Double, Double) {
            let value = targets.values[position]
            guard value >= 0 else { return (0, 0) }
            let isHit = decisions[position] && value == 1
            return (isHit ? 2 : 0, (decisions[position] ? 1 : 0) + (value == 1 ? 1 : 0))
        }
        @Sendable func f1(_ decisions: [Bool], _ articles: [Int], _ labels: Range<Int>) -> Double {
            var (hits, all) = (0.0, 0.0)
            for article in articles {
                for label in labels {
                    let (h, a) = counts(decisions, article * k + label)
                    hits += h
                    all += a
                }
            }
            return all > 0 ? hits / all : 0
        }
        func comparison(_ labels: Range<Int>) -> Comparison {
            let everything = Array(0..<corpus.count)
            let differences = parallelMap(count: 1000, threads: threads) { number in
                var generator = RandomGenerator(seed: UInt64(number) &* 0x9E37_79B9)
                let sample = (0..<corpus.count).map { _ in generator.nextInt(below: corpus.count) }
                return f1(with, sample, labels) - f1(without, sample, labels)
            }.sorted()
            return Comparison(
                without: f1(without, everything, labels), with: f1(with, everything, labels), lower: differences[24],
                upper: differences[975])
        }
        let positives = targets.positiveCounts
        self.init(
            overall: comparison(0..<k),
            labels: (0..<k).map { label in
                Label(
                    name: corpus.labels[label], articles: positives[label], f1: comparison(label..<label + 1),
                    archiveShare: shares[label])
            },
            decision: decision)
    }
}

extension GateDecision {
    /// What was decided, in a sentence.
    var words: String {
        let without = Int((supervisedWeight * 100).rounded())
        if without >= 95 {
            return "the archive is not used: on held-out labels, training without it is better"
        }
        var parts: [String] = []
        let suggested = Int((mixtureWeight * 100).rounded())
        switch suggested {
        case 0: parts.append("word vectors of the archive are used, the labels that it suggests are not")
        case 100: parts.append("word vectors of the archive and the labels that it suggests are used")
        default:
            parts.append("word vectors of the archive are used, and the labels that it suggests for \(suggested) % of the score")
        }
        if without >= 1 { parts.append("\(without) % of the score comes from training without the archive") }
        return parts.joined(separator: "; ") + ": so decided on held-out labels"
    }
}

extension LabelMix {
    private var words: String {
        if supervisedWeight == 1 { return "without the archive" }
        if supervisedWeight > 0 { return "half with the archive's word vectors, half without" }
        return mixtureWeight > 0
            ? "with the archive's word vectors, and the labels that it suggests for \(Int(mixtureWeight * 100)) % of the score"
            : "with the archive's word vectors"
    }

    /// What was decided for the labels, a sentence for each choice that was made.
    static func words(_ mixes: [LabelMix], labels: LabelSet) -> [String] {
        candidates.compactMap { candidate in
            let chosen = labels.indices.filter { mixes[$0] == candidate }.map { labels[$0] }
            guard !chosen.isEmpty else { return nil }
            return (chosen.count == labels.count ? "all labels" : chosen.joined(separator: ", ")) + ": " + candidate.words
                + ", as decided on held-out labels"
        }
    }
}
