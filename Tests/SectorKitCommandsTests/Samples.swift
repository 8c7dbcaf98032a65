import Foundation
import Synchronization

/// An invented article.
struct Sample: Codable {
    var id: String?
    var title: String?
    var text: String
    var labels: [String]?
    var unjudged: [String]?
    var source: String?

    /// The article as a line of JSON Lines.
    var line: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: (try? encoder.encode(self)) ?? Data(), as: UTF8.self)
    }
}

/// Articles made of a few words a label, in an order that is always the same.
enum Samples {
    static let labels = ["harbour", "kitchen", "orchestra"]
    private static let words = [
        "harbour": ["anchor", "mast", "quay", "tide", "sailors", "crane", "lighthouse", "cargo"],
        "kitchen": ["oven", "flour", "spoon", "recipe", "onions", "simmer", "pastry", "butter"],
        "orchestra": ["violin", "conductor", "rehearsal", "cello", "overture", "trumpet", "score", "encore"],
    ]
    private static let fillers = [
        "the", "town", "on", "Tuesday", "a", "visitor", "said", "that", "many", "people", "had", "come", "to", "see", "it",
        "again",
    ]

    /// Articles with no label, one or two of them (or exactly one), in turn.
    static func articles(_ count: Int, isSingle: Bool = false, from first: Int = 0) -> [Sample] {
        (first..<first + count).map { number in
            var state = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 | 1
            func next(_ bound: Int) -> Int {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return Int(state % UInt64(bound))
            }
            let labelCount = isSingle ? 1 : [1, 0, 1, 2][number % 4]
            let given = (0..<labelCount).map { labels[(number / 4 + number + $0) % labels.count] }.sorted()
            var text = (0..<12).map { _ in fillers[next(fillers.count)] }
            for label in given { for _ in 0..<6 { text.insert(words[label]![next(8)], at: next(text.count)) } }
            return Sample(
                id: "n\(number)", title: text.prefix(3).joined(separator: " "), text: text.joined(separator: " "), labels: given,
                source: "invented")
        }
    }

    static func jsonl(_ articles: [Sample]) -> String { articles.map { $0.line + "\n" }.joined() }

    /// A text that every model of these articles knows what to do with.
    static let kitchenText = "The pastry recipe wants butter, flour and onions; simmer it in the oven."
    static let harbourText = "Sailors saw the lighthouse from the mast, and the crane lifted cargo onto the quay."
}

/// Models that many tests use, trained once.
final class SharedModel: Sendable {
    private let workspace: Workspace
    /// The path of the model file.
    let path: String

    /// Any number of labels an article.
    static let multi = Result { try SharedModel(isSingle: false) }
    /// One label an article.
    static let single = Result { try SharedModel(isSingle: true) }

    /// What is to be removed when the tests are done: the objects above are never released.
    private static let folders = Mutex<[URL]>([])

    private init(isSingle: Bool) throws {
        let workspace = try Workspace()
        self.workspace = workspace
        Self.folders.withLock {
            if $0.isEmpty {
                atexit { SharedModel.folders.withLock { for folder in $0 { try? FileManager.default.removeItem(at: folder) } } }
            }
            $0.append(workspace.folder)
        }
        path = workspace.path("model.sectorkit")
        try workspace.write("seeds.jsonl", Samples.jsonl(Samples.articles(48, isSingle: isSingle)))
        let run = try workspace.run("train", "--seeds", "seeds.jsonl", "--output", path)
        guard run.status == 0 else { throw CocoaError(.featureUnsupported, userInfo: ["errors": run.errors]) }
    }
}

extension Workspace {
    /// Runs the tool with the model for any number of labels.
    func runWithModel(_ arguments: String..., input: String? = nil) throws -> Run {
        try run(arguments + ["--model", SharedModel.multi.get().path], input: input)
    }

    /// Writes training articles, and returns the name of the file.
    func writeSeeds(_ articles: [Sample] = Samples.articles(24)) throws -> String {
        try write("seeds.jsonl", Samples.jsonl(articles))
        return "seeds.jsonl"
    }
}
