import Foundation
import Testing

/// What stands around a text on a web page or an agency's wire must not tell its label: the mutual information between the
/// presence of each such token and each label, in bits, stays below `bound`. (With 1200 articles chance alone gives about
/// 0.0006 bits; a token in thirty articles that were all of one label of the four would give 0.06.)
@Suite struct BoilerplateTests {
    static let bound = 0.01

    /// The labels and having none, each with the articles that carry it.
    static let golds: [(label: String, articles: [Bool])] =
        Seeds.labels.map { label in (label, Seeds.articles.map { $0.labels.contains(label) }) }
        + [("none", Seeds.articles.map(\.labels.isEmpty))]

    static func mutualInformation(_ first: [Bool], _ second: [Bool]) -> Double {
        var counts = [0.0, 0.0, 0.0, 0.0]
        for index in first.indices { counts[(first[index] ? 2 : 0) + (second[index] ? 1 : 0)] += 1 }
        let total = Double(first.count)
        let rows = [counts[0] + counts[1], counts[2] + counts[3]]
        let columns = [counts[0] + counts[2], counts[1] + counts[3]]
        var information = 0.0
        for index in 0..<4 where counts[index] > 0 {
            information += counts[index] / total * log2(counts[index] * total / (rows[index / 2] * columns[index % 2]))
        }
        return information
    }

    /// The strongest mutual information of a token with a label, or with having none, and which that is.
    static func strongest(_ token: [Bool]) -> (information: Double, label: String) {
        golds.map { (mutualInformation(token, $0.articles), $0.label) }.max { $0.0 < $1.0 } ?? (0, "")
    }

    static func check(_ name: String, _ token: [Bool]) {
        let (information, label) = strongest(token)
        #expect(information < bound, "\(name), in \(token.count { $0 }) articles, tells \(label): \(information) bits")
    }

    static let agencies = [
        "AP", "AFP", "Reuters", "Reuter", "Xinhua", "VNA", "VNS", "TASS", "PTI", "Kyodo", "Yonhap", "Bernama", "dpa", "AAP",
        "BNS",
        "EFE", "CTK", "PAP", "TT", "ANTARA", "Wire", "Agency",
    ]

    /// The first hundred characters of the text without boilerplate, where a dateline would be.
    static let openings = Seeds.articles.map { String(Seeds.body(of: $0).drop { $0 == "\n" }.prefix(100)) }

    /// The words in capitals before a dash, comma, colon, full stop or bracket: "HÀ NỘI — …", "NEW DELHI, July 20 - …".
    static let datelines: [String?] = openings.map { opening in
        let city = opening.prefix { $0.isUppercase || " .'’/".contains($0) }
        guard city.count >= 4, city.count < opening.count, opening.contains(where: { "-—:".contains($0) }) else { return nil }
        return city.trimmingCharacters(in: CharacterSet(charactersIn: " ."))
    }

    @Test func agencyTagsTellNothing() {
        let tags = Self.openings.map { opening -> Set<String> in
            guard let start = opening.firstIndex(of: "("), let end = opening[start...].firstIndex(of: ")") else { return [] }
            return Set(opening[start..<end].split { !$0.isLetter }.map(String.init))
        }
        for agency in Self.agencies { Self.check("(\(agency))", tags.map { $0.contains(agency) }) }
        Self.check("any agency", tags.map { !$0.isDisjoint(with: Self.agencies) })
    }

    @Test func datelinesTellNothing() {
        Self.check("dateline", Self.datelines.map { $0 != nil })
        let share = Double(Self.datelines.count { $0 != nil }) / Double(Seeds.articles.count)
        #expect((0.25...0.5).contains(share))
        for city in Set(Self.datelines.compactMap { $0 }) { Self.check("dateline \(city)", Self.datelines.map { $0 == city }) }
    }

    @Test func missingHeadlinesTellNothing() {
        Self.check("no headline", Seeds.articles.map(\.title.isEmpty))
    }

    @Test func typographyTellsNothing() {
        Self.check("curly apostrophe", Seeds.articles.map { $0.text.contains("’") })
        Self.check("curly quotation mark", Seeds.articles.map { $0.text.contains("“") })
        Self.check("straight quotation mark", Seeds.articles.map { $0.text.contains("\"") })
        Self.check("dash", Seeds.articles.map { $0.text.contains("—") })
        Self.check("single line breaks", Seeds.articles.map { $0.text.contains("\n") && !$0.text.contains("\n\n") })
        Self.check("double line breaks", Seeds.articles.map { $0.text.contains("\n\n") })
        Self.check("list marks", Seeds.articles.map { text in ["\n- ", "\n• ", "\n* "].contains { text.text.contains($0) } })
    }

    @Test func aboutATenthCarriesBoilerplate() {
        let share = Double(Seeds.boilerplate.count) / Double(Seeds.articles.count)
        #expect((0.07...0.14).contains(share))
        for article in Seeds.articles {
            for piece in Seeds.boilerplate[article.id] ?? [] { #expect(article.text.contains(piece.text), "\(article.id)") }
        }
    }

    /// Every word, every whole piece and every place of the boilerplate.
    @Test func boilerplateTellsNothing() {
        let pieces = Seeds.articles.map { Seeds.boilerplate[$0.id] ?? [] }
        Self.check("boilerplate", pieces.map { !$0.isEmpty })
        for place in ["start", "middle", "end"] {
            Self.check("at the \(place)", pieces.map { $0.contains { $0.place == place } })
        }
        for text in Set(pieces.joined().map(\.text)) { Self.check(text, pieces.map { $0.contains { $0.text == text } }) }
        let words = pieces.map { pieces in
            Set(pieces.flatMap { $0.text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init) })
        }
        for word in Set(words.joined()) { Self.check("“\(word)” in boilerplate", words.map { $0.contains(word) }) }
    }

    /// Phrases of web pages wherever they stand, whether the script put them there or the writer.
    @Test func phrasesOfWebPagesTellNothing() {
        let texts = Seeds.articles.map { $0.text.lowercased() }
        for phrase in [
            "read more", "read also", "continue reading", "story continues", "advertisement", "newsletter", "subscribe",
            "sign up",
            "share this", " views", "comments", "min read", "photo", "image:", "copyright", "©", "all rights reserved",
            "follow us",
            "related stories", "most read", "cookies", "by our", "by staff", "last updated", "published ", "filed under", "tags:",
            "back to top", "ends", "reporting by",
        ] {
            Self.check(phrase, texts.map { $0.contains(phrase) })
        }
        Self.check("byline", texts.map { $0.hasPrefix("by ") })
    }
}
