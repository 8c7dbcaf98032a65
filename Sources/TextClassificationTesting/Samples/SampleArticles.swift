import LinearAlgebra
import TextClassification

/// Made-up articles of words that repeat, with titles, in several scripts.
struct SampleArticles {
    let articles: [Article]
    let batch: ArticleBatch

    private static let words = """
        tariff export steel bank malware hacker border troops treaty union port chip 5G U.S. e-commerce COVID-19 the of and to in Việt \
        Straße İstanbul naïve 中国 日本 ไทย हिन्दी экспорт τιμή don't AT&T §301 co-operation data2 x
        """.split(separator: " ")

    init(count: Int = 60, seed: UInt64) {
        var random = RandomGenerator(seed: seed)
        func text(_ length: Int) -> String {
            (0..<length).map { _ in String(Self.words[random.nextInt(below: Self.words.count)]) }
                .joined(separator: [" ", " ", ", ", ". "][random.nextInt(below: 4)])
        }
        articles = (0..<count).map { number in
            Article(
                id: "\(number)", title: number % 3 == 0 ? "" : text(random.nextInt(below: 8)),
                text: number % 11 == 10 ? "" : text(1 + random.nextInt(below: 50)))
        }
        batch = ArticleBatch(articles)
    }

    /// Texts to which nothing may happen.
    static let oddTexts: [(name: String, title: [UInt8], body: [UInt8])] = [
        ("without text", [], []),
        ("of separators", Array(" \n\t".utf8), Array(".,;:!? — …".utf8)),
        ("of NULs", [0, 0], Array("tariff\0steel\0".utf8)),
        ("of one enormous word", [], [UInt8](repeating: UInt8(ascii: "a"), count: 200_000)),
        ("with a title alone", Array("Tariff".utf8), []),
        ("of unknown scripts", [], Array("ꦏꦫ 𐎠𐎡 👍🏽 ∑∏ \u{10FFFF}".utf8)),
        ("of marks", [], Array(String(repeating: "\u{301}", count: 5000).utf8)),
        ("of broken UTF-8", [0xFF], Array("tariff".utf8) + [0xE2, 0x82, 0x20, 0xC0, 0x80, 0xED, 0xA0, 0x80]),
        ("cut within a character", [], Array("steel 中".utf8.dropLast())),
    ]
}
