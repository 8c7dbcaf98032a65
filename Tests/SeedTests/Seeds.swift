import Foundation
import Testing

/// A line of `seeds/articles.jsonl`.
struct SeedArticle: Decodable {
    let id: String
    let title: String
    let text: String
    let labels: [String]
    let topic: String
    let region: String
    let kind: String
    let decade: String

    /// The labels as one name: "none", "trade", "trade + cyber".
    var combination: String { labels.isEmpty ? "none" : labels.joined(separator: " + ") }
}

/// A line of `seeds/readings.jsonl`. The second reader saw neither the first labels nor who wrote the article.
struct Reading: Decodable {
    let id: String
    let first: [String]
    /// Missing for articles written after the second reading.
    let second: [String]?
    let settled: [String]
    let reason: String?
}

/// A line of `seeds/boilerplate.jsonl`: what `scripts/seeds-boilerplate` put into an article.
struct BoilerplatePiece: Decodable {
    let id: String
    let place: String
    let text: String
}

struct Sector: Decodable {
    let name: String
    let definition: String
    let keywords: [String]
}

enum Seeds {
    static let labels = ["trade", "security", "tech", "cyber"]

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let articles: [SeedArticle] = lines(of: "articles.jsonl")
    static let readings: [Reading] = lines(of: "readings.jsonl")
    static let boilerplate: [String: [BoilerplatePiece]] = Dictionary(grouping: lines(of: "boilerplate.jsonl"), by: \.id)

    static let sectors: [Sector] = {
        struct Sectors: Decodable { let labels: [Sector] }
        return decode(Sectors.self, from: contents(of: "sectors.json"), name: "sectors.json").labels
    }()

    static let readme = String(decoding: contents(of: "README.md"), as: UTF8.self)

    private static func lines<Line: Decodable>(of name: String) -> [Line] {
        contents(of: name).split(separator: UInt8(ascii: "\n")).map { decode(Line.self, from: $0, name: name) }
    }

    private static func contents(of name: String) -> Data {
        do {
            return try Data(contentsOf: root.appending(path: "seeds/\(name)"))
        } catch {
            fatalError("seeds/\(name): \(error)")
        }
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, from data: Data, name: String) -> Value {
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch {
            fatalError("seeds/\(name): \(error) in \(String(decoding: data.prefix(200), as: UTF8.self))")
        }
    }

    /// The text as it was before `scripts/seeds-boilerplate`.
    static func body(of article: SeedArticle) -> String {
        var text = article.text
        for piece in boilerplate[article.id] ?? [] {
            switch piece.place {
            case "start": text.removeFirst(piece.text.count)
            case "end": text.removeLast(piece.text.count)
            default: text = text.replacingOccurrences(of: "\n\(piece.text)\n", with: "\n")
            }
        }
        return text
    }

    /// Runs of characters other than white space.
    static func wordCount(_ text: String) -> Int {
        var count = 0
        var inWord = false
        for byte in text.utf8 {
            let isSpace = byte == 0x20 || byte == 0x0A
            if !isSpace && !inWord { count += 1 }
            inWord = !isSpace
        }
        return count
    }
}
