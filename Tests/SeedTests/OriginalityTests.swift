import Foundation
import Testing

/// The articles are written for this project: none repeats another, and none repeats real text.
@Suite struct OriginalityTests {
    /// Names of offices, unions and laws that are five words or longer and cannot be worded otherwise. A run of eight words may
    /// occur in real text when at least five of them belong to one of these names.
    static let names = [
        // Government departments and agencies by their full official title.
        "Ministry of International Trade and Industry",
        "U.S. Department of Health and Human Services Office of the Secretary",
        "Centers for Disease Control and Prevention",
        "Bureau of Alcohol, Tobacco, Firearms and Explosives",
        "of the Bureau of Alcohol, Tobacco and Firearms",
        "the United Nations Food and Agriculture Organization",
        "Committee on Foreign Investment in the United States",
        "The White House Office of the Press Secretary",
        // A court.
        "U.S. Court of Appeals for the District of Columbia Circuit",
        // A union and an industry association.
        "American Federation of State, County and Municipal Employees",
        "National Association of Software and Service Companies",
        // A treaty, and the countries of an alliance, which nobody orders otherwise.
        "the EU-Việt Nam Free Trade Agreement (EVFTA)",
        "the United Kingdom, Canada, Australia and New Zealand",
    ]

    static let wordsOfArticles: [(title: [UInt64], text: [UInt64])] = Seeds.articles.map {
        (RollingWords.words(of: $0.title), RollingWords.words(of: $0.text))
    }

    @Test func noTwoArticlesShareMoreThanATwentiethOfTheirRunsOfFive() {
        // A run of five and its article in one number, so that sorting brings shared runs together.
        var keys: [UInt64] = []
        var sizes: [Int] = []
        for (index, words) in Self.wordsOfArticles.enumerated() {
            let runs = Set(RollingWords.runs(of: words.title, length: 5) + RollingWords.runs(of: words.text, length: 5))
            sizes.append(runs.count)
            for run in runs { keys.append((run & ~2047) | UInt64(index)) }
        }
        #expect(Seeds.articles.count <= 1 << 11)
        keys.sort()
        var shared: [Int: Int] = [:]
        var start = 0
        while start < keys.count {
            var end = start + 1
            while end < keys.count && keys[end] >> 11 == keys[start] >> 11 { end += 1 }
            if end - start > 1 {
                for first in start..<end {
                    for second in first + 1..<max(end, first + 1) {
                        shared[Int(keys[first] & 2047) << 11 | Int(keys[second] & 2047), default: 0] += 1
                    }
                }
            }
            start = end
        }
        for (pair, count) in shared {
            let (first, second) = (pair >> 11, pair & 2047)
            let share = Double(count) / Double(min(sizes[first], sizes[second]))
            #expect(
                share <= 0.05, "\(Seeds.articles[first].id) and \(Seeds.articles[second].id) share \(count) runs of five words")
        }
    }

    /// The search below must find what is there, however the JSON spells it.
    @Test(arguments: [
        #"{"id": "1", "text": "Said one:\n“The minister’s 12 aides met Ångström engineers in Hà Nội” today"}"#,
        #"{"id":"1","text":"THE MINISTER\u2019S 12 aides\u00a0met \u00c5ngstr\u00f6m engineers in H\u00e0 N\u1ed9i"}"#,
        #"{"text": "- the ministers \"12\" aides\tmet; Ångström (engineers) in Hà\r\nNội."}"#,
    ])
    func searchFindsARun(json: String) throws {
        var table = RunTable(capacity: 10)
        let words = RollingWords.words(of: "the minister's 12 aides met Ångström engineers in Hà Nội")
        for (place, run) in RollingWords.runs(of: words, length: 8).enumerated() { table.insert(run, value: place) }
        let found = unsafe Data(json.utf8).withUnsafeBytes { unsafe RollingWords.matches(in: $0, table: table) }
        #expect(found.map(\.value) == [0, 1, 2])
    }

    static let dataFolder = ProcessInfo.processInfo.environment["SECTORKIT_DATA"].map { URL(filePath: $0) }

    /// Compared are all files `.jsonl` below the folder, whole lines with whatever fields they have.
    @Test(.enabled(if: dataFolder != nil, "SECTORKIT_DATA names no folder of private evaluation data"))
    func noArticleSharesARunOfEightWithRealText() async throws {
        let folder = try #require(Self.dataFolder)
        let names = Self.names.map { RollingWords.words(of: $0) }
        var table = RunTable(capacity: 250_000)
        for (index, words) in Self.wordsOfArticles.enumerated() {
            for part in [words.title, words.text] {
                let named = Self.namedRuns(of: part, names: names)
                let runs = RollingWords.runs(of: part, length: RollingWords.length)
                for start in runs.indices where !named.contains(start) { table.insert(runs[start], value: index) }
            }
        }
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "jsonl" }
        try #require(!files.isEmpty, "\(folder.path()) holds no .jsonl files")
        let found = try await withThrowingTaskGroup(of: [String].self) { [table] group in
            for file in files {
                let data = try Data(contentsOf: file, options: .alwaysMapped)
                for part in Self.parts(of: data) { group.addTask { Self.matches(in: data, part, table: table, file: file) } }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(found.isEmpty, "\(found.sorted().joined(separator: "\n"))")
    }

    /// Where runs of eight begin that hold at least five words of a name.
    static func namedRuns(of words: [UInt64], names: [[UInt64]]) -> Set<Int> {
        var starts: Set<Int> = []
        for name in names where words.count >= name.count {
            for place in 0...words.count - name.count where words[place] == name[0] {
                guard words[place..<place + name.count].elementsEqual(name) else { continue }
                for start in max(0, place - 7)..<place + name.count
                where min(start + 8, place + name.count) - max(start, place) >= 5 {
                    starts.insert(start)
                }
            }
        }
        return starts
    }

    /// Byte ranges of about 8 MB that end at a line's end.
    static func parts(of data: Data) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = 0
        while start < data.count {
            var end = min(start + (8 << 20), data.count)
            if let newline = data[end...].firstIndex(of: UInt8(ascii: "\n")) { end = newline } else { end = data.count }
            parts.append(start..<end)
            start = end
        }
        return parts
    }

    static func matches(in data: Data, _ part: Range<Int>, table: RunTable, file: URL) -> [String] {
        unsafe data.withUnsafeBytes { bytes in
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: bytes[part])
            return unsafe RollingWords.matches(in: bytes, table: table).map { match in
                let context = unsafe String(decoding: bytes[max(0, match.end - 80)..<match.end], as: UTF8.self)
                return "\(Seeds.articles[match.value].id) and \(file.lastPathComponent): \(context)"
            }
        }
    }
}
