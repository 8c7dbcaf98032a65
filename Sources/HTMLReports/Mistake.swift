/// An article that was tagged wrongly, with what spoke for it.
public struct Mistake: Sendable {
    /// A place in a text that spoke for or against a label.
    public struct Evidence: Sendable {
        /// UTF-8 offsets within the field.
        public let utf8Range: Range<Int>
        public let term: String
        /// What the term added to the label's score.
        public let contribution: Double

        public init(utf8Range: Range<Int>, term: String, contribution: Double) {
            self.utf8Range = utf8Range
            self.term = term
            self.contribution = contribution
        }
    }

    public let id: String
    public let title: String
    public let text: String
    /// Labels, with their probability, that were given and are not the article's; that it has and was not given; that were right.
    public let wrong: [String]
    public let missed: [String]
    public let right: [String]
    /// The label that the evidence is about; `nil` where the model cannot explain itself.
    public let explained: String?
    public let titleEvidence: [Evidence]
    public let textEvidence: [Evidence]

    public init(
        id: String, title: String, text: String, wrong: [String], missed: [String], right: [String], explained: String? = nil,
        titleEvidence: [Evidence] = [], textEvidence: [Evidence] = []
    ) {
        self.id = id
        self.title = title
        self.text = text
        self.wrong = wrong
        self.missed = missed
        self.right = right
        self.explained = explained
        self.titleEvidence = titleEvidence
        self.textEvidence = textEvidence
    }
}

/// A stretch of text that is highlighted or not.
struct Segment: Encodable {
    let text: String
    var isFor = false
    var isAgainst = false
    var isPlain = true
    var note = ""

    /// The text cut at its evidence. Where places overlap, the stronger one is shown.
    /// - Parameter limit: how many characters are shown, about; what is behind them is left out.
    static func segments(of text: String, _ evidence: [Mistake.Evidence], limit: Int = .max) -> [Segment] {
        let bytes = Array(text.utf8)
        var end = bytes.count
        if text.count > limit { end = text.prefix(limit).utf8.count }
        var chosen: [Mistake.Evidence] = []
        for place in evidence.sorted(by: { abs($0.contribution) > abs($1.contribution) }) {
            let range = place.utf8Range
            guard range.lowerBound >= 0, range.upperBound <= end, !range.isEmpty,
                !chosen.contains(where: { $0.utf8Range.overlaps(range) })
            else { continue }
            chosen.append(place)
        }
        var segments: [Segment] = []
        var position = 0
        func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        for place in chosen.sorted(by: { $0.utf8Range.lowerBound < $1.utf8Range.lowerBound }) {
            if position < place.utf8Range.lowerBound {
                segments.append(Segment(text: string(position..<place.utf8Range.lowerBound)))
            }
            let isFor = place.contribution > 0
            segments.append(
                Segment(
                    text: string(place.utf8Range), isFor: isFor, isAgainst: !isFor, isPlain: false,
                    note: "\(place.term): \(isFor ? "+" : "")\(fixed(place.contribution, 3))"))
            position = place.utf8Range.upperBound
        }
        if position < end { segments.append(Segment(text: string(position..<end) + (end < bytes.count ? " …" : ""))) }
        return segments
    }
}
