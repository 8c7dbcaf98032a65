import CorpusFormats
import ModelSelection
import TextClassification

/// What `audit` prints.
struct AuditSummary: Encodable {
    struct Place: Encodable {
        let id: String
        let file: String
        let line: Int?
        let labels: [String]

        var text: String { "\(file)\(line.map { ":\($0)" } ?? "")  \(id)  [\(labels.joined(separator: ", "))]" }
    }

    struct Finding: Encodable {
        let kind: Audit.Kind
        let label: String?
        let reason: String
        let score: Double?
        let articles: [Place]
    }

    let articleCount: Int
    let labels: [String: Int]
    /// The recipe whose models were asked about labels.
    let recipe: String?
    let counts: [String: Int]
    let findings: [Finding]

    init(_ audit: Audit, _ articles: LabelledArticles, recipe: String?) {
        let places = articles.labelled.map { article, location in
            Place(id: article.id, file: location.file, line: location.line, labels: article.labels ?? [])
        }
        articleCount = places.count
        labels = Dictionary(places.flatMap { place in place.labels.map { ($0, 1) } }) { $0 + $1 }
        self.recipe = recipe
        counts = Dictionary(audit.findings.map { ($0.kind.rawValue, 1) }) { $0 + $1 }
        findings = audit.findings.map { finding in
            Finding(
                kind: finding.kind, label: finding.label, reason: finding.reason, score: finding.score,
                articles: finding.articles.map { places[$0] })
        }
    }

    /// For people: a paragraph a kind, with the first findings and the first articles of each.
    func text(limit: Int) -> String {
        var lines = ["\(counted(articleCount, "article")), \(counted(labels.count, "label"))"]
        if findings.isEmpty { lines.append("nothing found") }
        for kind in Audit.Kind.reportingOrder {
            let own = findings.filter { $0.kind == kind }
            guard !own.isEmpty else { continue }
            lines += ["", "\(kind.title): \(own.count)"]
            for finding in own.prefix(limit) {
                let label = finding.label.map { kind == .labelError ? "" : "\($0): " } ?? ""
                if finding.articles.count == 1 {
                    lines.append("  \(finding.articles[0].text)")
                    lines.append("      \(label)\(finding.reason)")
                } else {
                    lines.append("  \(label)\(finding.reason)")
                    lines += finding.articles.prefix(Self.printedArticleLimit).map { "      \($0.text)" }
                    let more = finding.articles.count - Self.printedArticleLimit
                    if more > 0 { lines.append("      and \(more) more") }
                }
            }
            if own.count > limit { lines.append("  and \(own.count - limit) more (--limit, --json)") }
        }
        if recipe == nil { lines += ["", "likely label errors were not looked for"] }
        return lines.joined(separator: "\n").withoutControlCharacters
    }

    private static let printedArticleLimit = 4
}

extension Audit.Kind {
    /// What weighs most comes first.
    fileprivate static let reportingOrder: [Audit.Kind] = [
        .duplicateAcrossSplit, .contradictoryLabels, .labelError, .leakingToken, .fewArticles, .exactDuplicate, .nearDuplicate,
    ]

    fileprivate var title: String {
        switch self {
        case .exactDuplicate: "the same articles"
        case .nearDuplicate: "nearly the same articles"
        case .contradictoryLabels: "contradictory labels on articles that are (nearly) the same"
        case .labelError: "likely label errors, the likeliest first"
        case .fewArticles: "labels with few articles"
        case .leakingToken: "words that give a label away"
        case .duplicateAcrossSplit: "articles on both sides of the split"
        }
    }
}
