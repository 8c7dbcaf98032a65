import Foundation
import Testing
import TextClassification

@testable import Benchmarking

@Suite struct JournalTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "journal-\(UUID().uuidString)")

    /// The path of a journal in a folder of its own.
    private func path() throws -> String {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.appending(path: "j.jsonl").path(percentEncoded: false)
    }

    private func record(_ key: String, _ message: String = "it broke", timeLimit: Double? = nil) -> CellRecord {
        CellRecord(key: key, set: "s", recipe: "r", failure: .init(message: message, timeLimit: timeLimit))
    }

    private static let result = CellResult(
        given: [[0], [], [1, 2]], fitCount: 1, trainingSeconds: 0.25, trainingProcessorSeconds: 0.5, articlesPerSecond: 1e5,
        peakBytes: 12_345_678, modelBytes: 1000, otherProcessors: 0.5, logLoss: 0.125, expectedCalibrationError: 0.0625,
        macroAveragePrecision: nil, warnings: ["a line\nand \"another\" \u{2028}"])

    @Test func `Records come back, the last of each key`() throws {
        let path = try path()
        defer { try? FileManager.default.removeItem(at: folder) }
        let kept = CellRecord(key: "b", set: "set", recipe: "recipe", result: Self.result)
        do {
            var journal = try BenchmarkJournal(path: path)
            #expect(journal.records.isEmpty)
            try journal.append(record("a", "first"))
            try journal.append(kept)
            try journal.append(record("a", "second"))
        }
        let journal = try BenchmarkJournal(path: path)
        #expect(journal.records == ["a": record("a", "second"), "b": kept] && journal.skippedLineCount == 0)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 3)
    }

    @Test func `What a killed writer left of a line is skipped, and nothing is written behind it`() throws {
        let path = try path()
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            var journal = try BenchmarkJournal(path: path)
            try journal.append(record("a"))
            try journal.append(record("b"))
        }
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes.removeLast(9)
        try bytes.write(to: URL(filePath: path))
        do {
            var journal = try BenchmarkJournal(path: path)
            #expect(Array(journal.records.keys) == ["a"] && journal.skippedLineCount == 1)
            try journal.append(record("c"))
        }
        let journal = try BenchmarkJournal(path: path)
        #expect(Set(journal.records.keys) == ["a", "c"] && journal.skippedLineCount == 1)
    }

    @Test func `Two runs do not share a journal, and a device is none`() throws {
        let path = try path()
        defer { try? FileManager.default.removeItem(at: folder) }
        let journal = try BenchmarkJournal(path: path)
        #expect(throws: AppendOnlyFileError.cannotUse(path: path, reason: "another run is writing to it")) {
            _ = try BenchmarkJournal(path: path)
        }
        #expect(journal.records.isEmpty)
        #expect(throws: AppendOnlyFileError.self) { _ = try BenchmarkJournal(path: "/dev/full") }
        #expect(throws: AppendOnlyFileError.self) { _ = try BenchmarkJournal(path: path + "/inside") }
    }

    @Test func `Failures are tried again, unless they would run into the same limit`() {
        #expect(!record("a").isFinal(timeLimit: nil) && !record("a").isFinal(timeLimit: 10))
        let slow = record("a", timeLimit: 10)
        #expect(slow.isFinal(timeLimit: 10) && slow.isFinal(timeLimit: 5))
        #expect(!slow.isFinal(timeLimit: 11) && !slow.isFinal(timeLimit: nil))
        #expect(CellRecord(key: "a", set: "s", recipe: "r", result: Self.result).isFinal(timeLimit: nil))
    }

    @Test func `A key changes with everything that a result depends on`() throws {
        let recipe = Recipe.standardWords
        let inputs = CellInputs(
            program: "1", recipe: recipe, innerFoldCount: 5, corpus: "c", trainingCount: nil, foldCount: 5, seed: 0,
            threadCount: 2)
        var keys: Set<String> = [try inputs.key]
        #expect(try inputs.key == inputs.key && inputs.key.count == 16)
        let changes: [(inout CellInputs) -> Void] = [
            { $0.program = "2" }, { $0.recipe.classifier.parameters["C"] = .number(3) }, { $0.innerFoldCount = 4 },
            { $0.corpus = "d" }, { $0.trainingCount = 3 }, { $0.foldCount = 4 }, { $0.seed = 1 }, { $0.threadCount = 1 },
            { $0.plugins = ["p"] },
        ]
        for change in changes {
            var changed = inputs
            change(&changed)
            #expect(keys.insert(try changed.key).inserted)
        }
    }
}

extension Recipe {
    static let standardWords = Recipe(
        name: "words", summary: "", featureExtractor: .init("tfidf"), classifier: .init("logistic-regression"),
        calibrator: .init("link"), decisionRule: .init("most-probable"))
}
