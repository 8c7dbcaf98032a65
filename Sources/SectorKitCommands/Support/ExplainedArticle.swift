import SemiSupervised
import TextClassification

/// The explanation of an article as `explain` prints it.
struct ExplainedArticle: Encodable {
    struct Occurrence: Encodable {
        let field: FeatureOccurrence.Field
        /// UTF-8 offsets in the field.
        let start: Int
        let end: Int
    }
    struct Term: Encodable {
        let term: String
        let contribution: Double
        let occurrences: [Occurrence]
    }
    struct Label: Encodable {
        let label: String
        let isGiven: Bool
        let probability: Double
        let score: Double
        let intercept: Double
        let terms: [Term]
        /// What the terms that are not listed add.
        let otherTerms: Double
    }
    let id: String
    let labels: [String]
    let explanations: [Label]
    /// Articles of an archive near this one; `nil` where none was asked about.
    var similar: [ArchiveVectorsFile.SimilarArticle]?

    /// - Parameters:
    ///   - labels: the labels that the article is given.
    ///   - termCount: how many terms to list for each label.
    init(_ article: Article, labels: [String], explained: [Explanation.Label], termCount: Int) {
        id = article.id
        self.labels = labels
        explanations = explained.map { label in
            Label(
                label: label.name, isGiven: labels.contains(label.name), probability: label.probability, score: label.score,
                intercept: label.intercept,
                terms: label.terms.prefix(termCount).map { term in
                    Term(
                        term: term.name, contribution: term.contribution,
                        occurrences: term.occurrences.map {
                            Occurrence(field: $0.field, start: $0.utf8Range.lowerBound, end: $0.utf8Range.upperBound)
                        })
                },
                otherTerms: label.terms.dropFirst(termCount).reduce(0) { $0 + $1.contribution })
        }
    }

    /// For people: the labels, then a table a label.
    /// - Parameter name: what to call the article instead of by its identifier; nothing if it is empty.
    func text(name: String?, termCount: Int) -> String {
        let name = name ?? id
        let given = labels.isEmpty ? "none" : labels.joined(separator: ", ")
        var lines = [name.isEmpty ? given : "\(name): \(given)"]
        for label in explanations {
            lines.append("")
            lines.append(
                "\(label.label)\(label.isGiven ? "*" : "")  probability \(label.probability.fixed(3)), score \(label.score.fixed(3)) "
                    + "(intercept \(label.intercept.signed(3)), \(counted(label.terms.count, "term")))")
            var table = TextTable()
            for term in label.terms.prefix(termCount) {
                let places = term.occurrences.prefix(4).map { "\($0.field.rawValue):\($0.start)" }.joined(separator: " ")
                table.append(term.contribution.signed(3), term.term, places + (term.occurrences.count > 4 ? " …" : ""))
            }
            let rest = label.terms.dropFirst(termCount)
            if !rest.isEmpty {
                table.append(rest.reduce(0) { $0 + $1.contribution }.signed(3), "from \(counted(rest.count, "other term"))")
            }
            if !table.isEmpty { lines.append(table.text) }
        }
        if let similar {
            lines.append("")
            lines.append(similar.isEmpty ? "no word of it is known to the vectors" : "similar articles")
            var table = TextTable()
            for article in similar { table.append(article.similarity.fixed(3), article.id.onOneLine, article.title.onOneLine) }
            if !table.isEmpty { lines.append(table.text) }
        }
        return lines.joined(separator: "\n").withoutControlCharacters
    }
}
