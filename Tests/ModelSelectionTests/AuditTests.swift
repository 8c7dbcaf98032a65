import LinearAlgebra
import Testing
import TextClassification

@testable import ModelSelection

/// Planted faults are found, and nothing else is.
@Suite struct AuditTests {
    static let words = ["alpha", "bravo", "delta", "echo", "golf", "hotel", "india", "kilo", "lima", "mike", "oscar", "papa"]

    /// Invented articles: 60 words each, of which some tell the label.
    static func articles(_ count: Int) -> [Article] {
        var generator = RandomGenerator(seed: 11)
        return (0..<count).map { number in
            let label = ["sport", "money"][number % 2]
            let topic = label == "sport" ? ["goal", "match", "coach"] : ["bank", "price", "bond"]
            let text = (0..<60).map { _ in
                generator.nextInt(below: 4) == 0 ? topic[generator.nextInt(below: 3)] : words[generator.nextInt(below: 12)]
            }
            return Article(id: "a\(number)", text: text.joined(separator: " "), labels: [label])
        }
    }

    func audit(_ articles: [Article], probabilities: [Double]? = nil, isTest: [Bool]? = nil) throws -> Audit {
        try Audit(of: Corpus(articles), probabilities: probabilities, isTest: isTest)
    }

    @Test func cleanArticlesGiveNoFindings() throws {
        #expect(try audit(Self.articles(80)).findings == [])
    }

    @Test func duplicatesAndTheirLabels() throws {
        var articles = Self.articles(60)
        articles.append(Article(id: "same", text: articles[4].text.uppercased(), labels: ["sport"]))
        articles.append(Article(id: "near", text: articles[7].text + " and so on", labels: ["sport"]))
        let findings = try audit(articles, isTest: (0..<62).map { $0 >= 60 }).findings
        func found(_ kind: Audit.Kind) -> [[Int]] { findings.filter { $0.kind == kind }.map(\.articles) }
        #expect(found(.exactDuplicate) == [[4, 60]])
        #expect(found(.nearDuplicate) == [[7, 61]])
        // Article 7 is about money, its double is said to be about sport.
        #expect(found(.contradictoryLabels).map { $0.sorted() } == [[7, 61], [7, 61]])
        #expect(found(.duplicateAcrossSplit) == [[60, 4], [61, 7]])
        #expect(findings.count == 6, "\(findings.map(\.reason))")
    }

    @Test func fewArticles() throws {
        var articles = Self.articles(40)
        articles[3].labels = ["arts"]
        let findings = try audit(articles).findings
        #expect(findings.map(\.kind) == [.fewArticles] && findings.map(\.label) == ["arts"], "\(findings.map(\.reason))")
        #expect(findings[0].reason == "1 article with the label, fewer than 10: it cannot be learnt and measured")
    }

    /// A byline that only one label has is told with its articles, once, and in its longest form.
    @Test(arguments: [EdgeTokens.Place.start, .end, .title])
    func bylines(_ place: EdgeTokens.Place) throws {
        var articles = Self.articles(80)
        for position in stride(from: 1, to: 30, by: 2) {
            switch place {
            case .start: articles[position].text = "By Joan Dough - " + articles[position].text
            case .end: articles[position].text += "\n(Reporting by Joan Dough)"
            case .title: articles[position].title = "Markets desk: news"
            }
        }
        // An agency that both labels have gives nothing away.
        for position in 40..<60 { articles[position].text = "LONDON (Agency) " + articles[position].text }
        let findings = try audit(articles).findings
        let phrase = [EdgeTokens.Place.start: "by joan dough", .end: "reporting by joan dough", .title: "markets desk news"][
            place]
        #expect(findings.map(\.kind) == [.leakingToken], "\(findings.map(\.reason))")
        #expect(findings.first?.label == "money" && findings.first?.articles == Array(stride(from: 1, to: 30, by: 2)))
        #expect(findings.first?.reason.contains("\"\(phrase ?? "")\" at the \(place.rawValue): 15 of 15") == true)
    }

    @Test func labelErrorsComeByTheirMargin() throws {
        let articles = Self.articles(40)
        // Labels in ascending order: money, sport.
        var probabilities = articles.flatMap { $0.labels == ["money"] ? [0.9, 0.1] : [0.1, 0.9] }
        (probabilities[8], probabilities[9]) = (0.92, 0.08)
        (probabilities[6], probabilities[7]) = (0.05, 0.95)
        let findings = try audit(articles, probabilities: probabilities).findings
        #expect(
            findings.map(\.kind) == [.labelError, .labelError] && findings.map(\.articles) == [[3], [4]],
            "\(findings.map(\.reason))")
        #expect(findings.first?.reason == "\"money\" has a probability of 0.050, \"sport\" one of 0.950")
    }

    @Test func binomialTail() {
        #expect(abs(EdgeTokens.upperTail(3, of: 5, probability: 0.5) - 0.5) < 1e-12)
        #expect(abs(EdgeTokens.upperTail(5, of: 5, probability: 0.2) - 0.00032) < 1e-15)
        #expect(EdgeTokens.upperTail(0, of: 5, probability: 0.2) == 1)
    }
}
