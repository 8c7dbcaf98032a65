import Foundation
import Testing

/// Every article was labelled twice; `seeds/README.md` states how well the readers agreed.
@Suite struct ReadingTests {
    @Test func everyArticleHasItsReadings() {
        #expect(Seeds.readings.map(\.id) == Seeds.articles.map(\.id))
        for (article, reading) in zip(Seeds.articles, Seeds.readings) {
            #expect(article.labels == reading.settled, "\(article.id)")
            guard let second = reading.second else {
                #expect(reading.settled == reading.first, "\(article.id)")
                continue
            }
            if reading.first == second {
                #expect(reading.settled == reading.first, "\(article.id)")
                #expect(reading.reason == nil, "\(article.id)")
            } else {
                #expect(reading.reason?.isEmpty == false, "\(article.id) was settled without a reason")
            }
        }
        #expect(Seeds.readings.count { $0.second == nil } <= 20)
    }

    /// Cohen's kappa of one label over the articles that both readers saw.
    static func kappa(_ label: String) -> Double {
        var both = 0.0
        var first = 0.0
        var second = 0.0
        var neither = 0.0
        for reading in Seeds.readings {
            guard let labels = reading.second else { continue }
            switch (reading.first.contains(label), labels.contains(label)) {
            case (true, true): both += 1
            case (true, false): first += 1
            case (false, true): second += 1
            case (false, false): neither += 1
            }
        }
        let total = both + first + second + neither
        let observed = (both + neither) / total
        let chance = ((both + first) * (both + second) + (neither + first) * (neither + second)) / (total * total)
        return (observed - chance) / (1 - chance)
    }

    @Test(arguments: Seeds.labels)
    func readmeStatesKappa(label: String) throws {
        // A row "| trade | 99.9 % | 0.998 | …".
        let row = try #require(Seeds.readme.split(separator: "\n").first { $0.hasPrefix("| \(label) |") && $0.contains("%") })
        let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(cells[2] == String(format: "%.3f", Self.kappa(label)))
    }

    @Test func readmeStatesTheDisagreements() {
        let disagreements = Seeds.readings.count { $0.second != nil && $0.second != $0.first }
        #expect(Seeds.readme.contains("| disagreements | \(disagreements) |"))
    }
}
