import Foundation
import StandardPlugins
import Synchronization
import Testing
import TextClassification

@testable import PluginLoading

/// A plugin program that does one thing wrong, in a folder of its own.
final class FaultyPlugin: Sendable {
    private let folder: URL
    let path: String
    private let lines = Mutex<[String]>([])
    /// What it wrote to standard error, as it was passed on.
    var diagnostics: [String] { lines.withLock { $0 } }

    init(_ fault: String) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("sectorkit-plugin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appendingPathComponent("faulty-" + fault).path
        let source = try #require(Bundle.module.url(forResource: "faulty", withExtension: "py", subdirectory: "Programs"))
        try FileManager.default.copyItem(atPath: source.path, toPath: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Limits that a program which does what it should never comes near, other than where it hangs.
    func limits(answerTime: Duration = .seconds(60)) -> PluginLimits {
        var limits = PluginLimits { [self] line in lines.withLock { $0.append(line) } }
        limits.answerTime = answerTime
        limits.stateSize = 5_000_000
        return limits
    }

    /// A registry with the program and what a recipe needs beside it.
    func registry(answerTime: Duration = .seconds(60), greetingTime: Duration = .seconds(60)) throws -> Registry {
        var limits = limits(answerTime: answerTime)
        limits.greetingTime = greetingTime
        var registry = Registry.standard()
        try registry.loadPlugin(path, limits: limits)
        return registry
    }

    static func corpus(isSingle: Bool = false, count: Int = 12) throws -> Corpus {
        try Corpus(
            (0..<count).map { number in
                Article(
                    id: "n\(number)", title: "Title \"\(number)\"", text: "Line one\nline \(number) \u{1}\u{1F600}",
                    labels: isSingle ? [["a", "b", "c"][number % 3]] : [[], ["a"], ["a", "b"], ["c"]][number % 4])
            })
    }

    /// Trains with the plugin's own recipe, without thresholds, which would train six times.
    static func trained(_ registry: Registry, on corpus: Corpus, context: TrainingContext = TrainingContext()) throws
        -> PipelineModel
    {
        var recipe = try registry.recipe(named: "faulty")
        recipe.calibrator = ComponentConfiguration("link")
        recipe.decisionRule = ComponentConfiguration("fixed-threshold")
        return try Pipeline(recipe, registry: registry).fitted(to: corpus, context: context)
    }
}
