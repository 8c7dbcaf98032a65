import ArgumentParser
import CorpusFormats
import TextClassification

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show why articles get their labels: the terms that speak for and against, and where they stand.",
        discussion: """
            A term's contribution is its weight times its value in the article; the contributions of all terms and the intercept add up \
            to the label's score (its logit). Positions are UTF-8 offsets in the title or the text.

            EXAMPLES
              sectorkit explain article.txt
              sectorkit explain --label trade --terms 5 --json < article.txt
            """)

    @Argument(help: "Files with articles; standard input without any.")
    var files: [String] = []

    @OptionGroup var model: ModelOptions
    @OptionGroup var input: InputOptions

    @Option(help: "Explain this label; may be repeated. (default: all)")
    var label: [String] = []

    @Option(help: "How many terms to show for each label.")
    var terms = 10

    @Flag(help: "Print as JSON: one object an article, with all terms unless --terms is given.")
    var json = false

    func validate() throws {
        if terms < 1 { throw ValidationError("--terms wants a whole number of at least 1") }
    }

    func run() throws {
        let model = try self.model.load()
        for name in label where model.labels.position(of: name) == nil {
            throw Failure(
                "the model has no label \"\(name)\"; it has \(model.labels.joined(separator: ", "))", code: Failure.Code.usage)
        }
        let (articles, isComplete) = try input.articles(from: files.isEmpty ? ["-"] : files)
        let output = StandardOutput()
        for article in articles {
            guard let explanation = model.explanation(of: article) else {
                throw Failure(
                    "\(model.header.recipe.classifier.component) is not additive: there is nothing to explain by terms",
                    code: Failure.Code.failed)
            }
            let labels = explanation.labels.filter { label.isEmpty || label.contains($0.name) }
            let decided = model.predicted(article).labels(of: 0).map { model.labels[$0] }
            if json {
                try output.print(
                    JSONText.encoded(ExplainedArticle(article, labels: labels, decided: decided, termCount: terms)))
            } else {
                try output.print(text(article, labels, decided))
            }
        }
        if !isComplete { throw Failure(nil, code: Failure.Code.badData) }
    }

    private func text(_ article: Article, _ labels: [Explanation.Label], _ decided: [String]) -> String {
        var lines = ["\(article.id): \(decided.isEmpty ? "none" : decided.joined(separator: ", "))"]
        for label in labels {
            lines.append("")
            lines.append(
                "\(label.name)  probability \(label.probability.fixed(3)), score \(label.score.fixed(3)) "
                    + "(intercept \(label.intercept.fixed(3)), \(label.terms.count) terms)")
            var table = TextTable()
            for term in label.terms.prefix(terms) {
                let sign = term.contribution > 0 ? "+" : ""
                table.append(
                    sign + term.contribution.fixed(3), term.name,
                    term.occurrences.prefix(4).map { "\($0.field.rawValue):\($0.utf8Range.lowerBound)" }.joined(separator: " ")
                        + (term.occurrences.count > 4 ? " …" : ""))
            }
            lines.append(table.text)
            let rest = label.terms.dropFirst(terms)
            if !rest.isEmpty {
                let sum = rest.reduce(0) { $0 + $1.contribution }
                lines.append("  \(sum >= 0 ? "+" : "")\(sum.fixed(3))  from \(rest.count) other terms")
            }
        }
        return lines.joined(separator: "\n")
    }
}

/// An explanation as JSON.
private struct ExplainedArticle: Encodable {
    struct Occurrence: Encodable {
        let field: FeatureOccurrence.Field
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

    init(_ article: Article, labels: [Explanation.Label], decided: [String], termCount: Int) {
        id = article.id
        self.labels = decided
        explanations = labels.map { label in
            Label(
                label: label.name, probability: label.probability, score: label.score, intercept: label.intercept,
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
}
