import Testing

/// How many articles there are of what, as `seeds/PLAN.md` and the issue ask. Words are runs of characters other than white space
/// in the text without its boilerplate; the title is not counted.
@Suite struct CoverageTests {
    static let regions: Set = [
        "united-states", "uk-ireland", "europe", "russia-ukraine-caucasus", "middle-east", "south-asia", "east-asia",
        "southeast-asia", "africa", "latin-america", "oceania-canada", "global",
    ]
    static let kinds: Set = [
        "wire", "release", "readout", "analysis", "interview", "opinion", "advisory", "court-police", "transcript", "briefs",
        "blog", "review", "feature", "letter",
    ]
    static let decades: Set = ["1985-1994", "1995-2004", "2005-2014", "2015-now"]

    static let combinations = count(Seeds.articles.map(\.combination))

    static func count(_ names: [String]) -> [String: Int] {
        names.reduce(into: [:]) { counts, name in counts[name, default: 0] += 1 }
    }

    @Test func thereAreEnoughArticlesOfTheRightLength() {
        #expect(Seeds.articles.count >= 900)
        var words = 0
        for article in Seeds.articles {
            let count = Seeds.wordCount(Seeds.body(of: article))
            words += count
            #expect((80...250).contains(count), "\(article.id) has \(count) words")
        }
        #expect(words >= 110_000)
    }

    @Test func aboutAThirdCarriesNoLabel() {
        let share = Double(Self.combinations["none"] ?? 0) / Double(Seeds.articles.count)
        #expect((0.25...0.40).contains(share))
    }

    @Test(arguments: Seeds.labels)
    func singleLabelsAreWellCovered(label: String) {
        #expect(Self.combinations[label] ?? 0 >= 90)
    }

    @Test(arguments: [
        "trade + security", "trade + tech", "trade + cyber", "security + tech", "security + cyber", "tech + cyber",
    ])
    func pairsAreCovered(pair: String) {
        #expect(Self.combinations[pair] ?? 0 >= 25)
    }

    @Test(arguments: [
        ("trade + security + tech", 12), ("trade + tech + cyber", 12), ("security + tech + cyber", 12),
        ("trade + security + cyber", 8), ("trade + security + tech + cyber", 26),
    ])
    func triplesAndAllFourAreCovered(combination: String, least: Int) {
        #expect(Self.combinations[combination] ?? 0 >= least)
    }

    @Test func officialVisitsAreCovered() {
        let visits = Seeds.articles.filter { $0.topic.hasPrefix("official visit") }
        #expect(visits.count >= 60)
        #expect(visits.contains { $0.labels.count == 4 })
        #expect(visits.contains { $0.labels.isEmpty })
    }

    @Test func headlinesAreAbsentInAboutAFifth() {
        let share = Double(Seeds.articles.count { $0.title.isEmpty }) / Double(Seeds.articles.count)
        #expect((0.15...0.25).contains(share))
    }

    @Test func fieldsHaveTheValuesOfThePlan() {
        #expect(Set(Seeds.articles.map(\.id)).count == Seeds.articles.count)
        for (index, article) in Seeds.articles.enumerated() {
            #expect(article.id == "s" + String(repeating: "0", count: 4 - String(index + 1).count) + String(index + 1))
            #expect(article.labels == Seeds.labels.filter(article.labels.contains), "\(article.id): \(article.labels)")
            #expect(!article.topic.isEmpty, "\(article.id)")
            #expect(Self.regions.contains(article.region), "\(article.id): \(article.region)")
            #expect(Self.kinds.contains(article.kind), "\(article.id): \(article.kind)")
            #expect(Self.decades.contains(article.decade), "\(article.id): \(article.decade)")
        }
    }

    /// A writer's mark-up that was left at the start of a few drafts.
    @Test func textsAreClean() {
        for article in Seeds.articles {
            for text in [article.title, article.text] {
                #expect(!["~", "^", "`"].contains(text.first), "\(article.id)")
                #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{FFFD}" }, "\(article.id)")
                #expect(text.first?.isWhitespace != true && text.last?.isWhitespace != true, "\(article.id)")
            }
        }
    }

    @Test(arguments: Seeds.labels)
    func noRegionOrKindMakesUpALabel(label: String) {
        let articles = Seeds.articles.filter { $0.labels.contains(label) }
        for (region, count) in Self.count(articles.map(\.region)) {
            #expect(Double(count) <= 0.40 * Double(articles.count), "\(region)")
        }
        // The plan says 30 % for a kind; agency reports reach 35 % (see seeds/README.md).
        for (kind, count) in Self.count(articles.map(\.kind)) {
            #expect(Double(count) <= 0.36 * Double(articles.count), "\(kind)")
        }
    }

    @Test func sectorsDescribeTheLabels() {
        #expect(Seeds.sectors.map(\.name) == Seeds.labels)
        let texts = Dictionary(
            uniqueKeysWithValues: Seeds.labels.map { label in
                let articles = Seeds.articles.filter { $0.labels.contains(label) }
                return (label, articles.map { "\($0.title)\n\($0.text)\n".lowercased() }.joined())
            })
        for sector in Seeds.sectors {
            #expect(sector.definition.count > 100)
            #expect((15...25).contains(sector.keywords.count))
            #expect(Set(sector.keywords).count == sector.keywords.count)
            for keyword in sector.keywords {
                #expect(texts[sector.name]?.contains(keyword.lowercased()) == true, "\(sector.name): \(keyword)")
            }
        }
    }
}
