import LinearAlgebra

/// The corpus that coherence is measured in: that of the fit, or better one that topics have not seen.
public struct TopicReference: Sendable {
    /// The articles' features, in the columns of the topics.
    public let rows: SparseMatrix
    /// For every article its terms in their order, -1 for a word that is not in the vocabulary; empty leaves out C_v.
    public let sequences: [[Int32]]

    public init(rows: SparseMatrix, sequences: [[Int32]]) {
        self.rows = rows
        self.sequences = sequences
    }

    /// NPMI, UMass and C_v of lists of terms, the likeliest first: NPMI and UMass over articles, C_v over windows of 110 terms.
    public func coherence(of topTerms: [[Int]]) -> [TopicCoherence] {
        let terms = topTerms.flatMap { $0 }
        let articles = ReferenceCounts(articles: rows, terms: terms)
        let windows = sequences.isEmpty ? nil : ReferenceCounts(sequences: sequences, terms: terms, windowLength: 110)
        return topTerms.map { own in
            TopicCoherence(
                npmi: Coherence.npmi(own, articles), uMass: Coherence.uMass(own, articles),
                cV: windows.flatMap { Coherence.cV(own, $0) })
        }
    }
}

/// The coherence of one topic, or means of several; `nil` where a measure cannot be taken.
public struct TopicCoherence: Sendable, Equatable {
    public var npmi: Double?
    public var uMass: Double?
    public var cV: Double?

    public init(npmi: Double? = nil, uMass: Double? = nil, cV: Double? = nil) {
        self.npmi = npmi
        self.uMass = uMass
        self.cV = cV
    }

    /// The means over topics, those without a measure left out; `nil` where none has it.
    public static func mean(_ topics: [TopicCoherence]) -> TopicCoherence {
        func mean(_ values: [Double?]) -> Double? {
            let known = values.compactMap { $0 }
            return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
        }
        return TopicCoherence(npmi: mean(topics.map(\.npmi)), uMass: mean(topics.map(\.uMass)), cV: mean(topics.map(\.cV)))
    }
}

extension TopicReport {
    /// The same topics with their coherence measured in another corpus; what was compared stays as it was.
    public func measured(in reference: TopicReference, of model: NMFModel) -> TopicReport {
        let coherence = reference.coherence(of: model.topTerms(count: 10))
        var report = self
        for place in report.topics.indices {
            report.topics[place].npmi = coherence[place].npmi
            report.topics[place].uMass = coherence[place].uMass
            report.topics[place].cV = coherence[place].cV
        }
        report.quality = quality.replacing(.mean(coherence))
        report.referenceArticleCount = reference.rows.rowCount
        return report
    }
}
