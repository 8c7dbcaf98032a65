import TopicModels

/// Topics as text for people.
struct TopicText {
    let report: TopicReport

    init(_ report: TopicReport) { self.report = report }

    private func number(_ value: Double?, _ digits: Int = 3) -> String { value?.fixed(digits) ?? "-" }

    /// What was tried and why one was taken; empty where only one number of topics was tried.
    var comparison: String {
        guard report.compared.count > 1 else { return "" }
        var table = TextTable(header: "topics", "NPMI", "UMass", "C_v", "diversity", "stability", "error", "score")
        for quality in report.compared {
            table.append(
                "\(quality.topicCount)", number(quality.npmi), number(quality.uMass), number(quality.cV),
                quality.diversity.fixed(3), number(quality.stability), quality.reconstructionError.fixed(3),
                quality.score.fixed(3))
        }
        return table.text + "\n\nrecommended: \(report.quality.topicCount) topics\n"
            + report.reasons.map { "  - \($0)\n" }.joined() + "\n"
    }

    /// One line on the fit, then the topics.
    /// - Parameter lambda: the weight of probability against lift in the order of terms.
    func topics(termCount: Int, lambda: Double = 0.6, articleCount: Int = 3) -> String {
        let quality = report.quality
        var text =
            "\(counted(report.topics.count, "topic")) of \(counted(report.streamedArticleCount ?? report.articleCount, "article"))"
        if report.streamedArticleCount != nil { text += " (measures and lists of a sample of \(report.articleCount))" }
        text += ", "
        text += "\(counted(report.termCount, "term")); \(report.loss), "
        text += (report.converged ? "converged" : "not converged") + " after \(counted(report.iterations, "iteration"))\n"
        text +=
            "coherence\(report.referenceArticleCount.map { " in \(counted($0, "other article"))" } ?? ""): NPMI \(number(quality.npmi)), UMass \(number(quality.uMass)), C_v \(number(quality.cV)); "
        text += "diversity \(quality.diversity.fixed(3)), reconstruction error \(quality.reconstructionError.fixed(3))"
        text += quality.stability.map { ", stability \($0.fixed(3))" } ?? ""
        if report.emptyArticleCount > 0 {
            text += "\n\(counted(report.emptyArticleCount, "article")) without any of the terms"
        }
        text += "\n"
        for topic in report.topics {
            text += "\n\(topic.number)" + (topic.guide.map { "  [\($0)]" } ?? "")
            text += "  \((topic.prevalence * 100).fixed(1)) %, NPMI \(number(topic.npmi)), C_v \(number(topic.cV)): "
            text += topic.topTerms(termCount, lambda: lambda).map(\.term).joined(separator: ", ") + "\n"
            for article in topic.articles.prefix(articleCount) {
                text += "     \(article.share.fixed(2))  \(article.title)\n"
            }
        }
        return text
    }
}
