import Foundation
import StandardPlugins
import Testing
import TextClassification

@testable import PluginLoading

/// Programs that do what they should.
@Suite(.timeLimit(.minutes(2))) struct ProcessClassifierTests {
    @Test(arguments: [false, true]) func `Learns, predicts and comes back from a file`(isSingle: Bool) throws {
        let plugin = try FaultyPlugin("none")
        let registry = try plugin.registry()
        let corpus = try FaultyPlugin.corpus(isSingle: isSingle, count: 600)
        let model = try FaultyPlugin.trained(registry, on: corpus)
        let predictions = try model.predictions(for: corpus.articles, threadCount: 2)
        let expected = isSingle ? [201, 201, 201].map { $0 / 603.0 } : [301, 151, 151].map { $0 / 603.0 }
        for article in [0, 300, 599] {
            for label in 0..<3 { #expect(abs(predictions.probabilities[article * 3 + label] - expected[label]) < 1e-9) }
        }
        let read = try PipelineModel(ModelFile(bytes: model.fileBytes()), registry: registry)
        #expect(try read.predictions(for: corpus.articles, threadCount: 1) == predictions)
        #expect(try read.fileBytes() == model.fileBytes())
        #expect(plugin.diagnostics.contains { $0.hasSuffix(": learning from 600 articles") })
    }

    @Test func `A slow reader loses nothing`() throws {
        let plugin = try FaultyPlugin("slow")
        let corpus = try FaultyPlugin.corpus(count: 100)
        let model = try FaultyPlugin.trained(try plugin.registry(), on: corpus)
        var long = ArticleBatch()
        for _ in 0..<60 { long.append(Article(text: String(repeating: "word ", count: 20_000))) }
        #expect(try model.predictions(for: long, threadCount: 1).count == 60)
    }

    @Test func `Two models of one program do not mix`() throws {
        let plugin = try FaultyPlugin("none")
        let registry = try plugin.registry()
        let single = try FaultyPlugin.corpus(isSingle: true)
        let multi = try FaultyPlugin.corpus()
        let (first, second) = (try FaultyPlugin.trained(registry, on: single), try FaultyPlugin.trained(registry, on: multi))
        let before = try first.predictions(for: single.articles, threadCount: 1)
        let between = try second.predictions(for: single.articles, threadCount: 1)
        #expect(before != between)
        #expect(try first.predictions(for: single.articles, threadCount: 1) == before)
        #expect(try second.predictions(for: single.articles, threadCount: 1) == between)
    }

    @Test func `Starts anew after a failure`() throws {
        let plugin = try FaultyPlugin("fit-exit")
        let registry = try plugin.registry()
        for _ in 0..<3 {
            #expect(throws: PluginError.self) { try FaultyPlugin.trained(registry, on: FaultyPlugin.corpus()) }
        }
        // It exits at the third article, so that two are learnt from.
        let model = try FaultyPlugin.trained(registry, on: FaultyPlugin.corpus(count: 2))
        #expect(try model.predictions(for: FaultyPlugin.corpus().articles, threadCount: 1).count == 12)
    }

    @Test func `Hyper-parameters have defaults, domains and settings`() throws {
        let registry = try FaultyPlugin("none").registry()
        let entry = try #require(registry.articleClassifiers["faulty"])
        #expect(entry.hyperparameters.map(\.name) == ["smoothing", "mode", "rounds", "quick"])
        #expect(
            entry.plugin
                == PluginRecord(
                    name: "faulty", kind: .process, version: "0.1", interfaceVersion: 1, components: ["faulty"]))
        var recipe = try registry.recipe(named: "faulty")
        for setting in ["smoothing=2.5", "faulty.mode=other", "rounds=9", "quick=true"] {
            try recipe.apply(setting: setting, registry: registry)
        }
        #expect(
            recipe.classifier.parameters == [
                "smoothing": .number(2.5), "mode": .text("other"), "rounds": .integer(9), "quick": .boolean(true),
            ])
        for setting in ["smoothing=11", "mode=none", "rounds=0", "rounds=1.5", "quick=perhaps", "colour=red"] {
            #expect(throws: ConfigurationError.self) { try recipe.apply(setting: setting, registry: registry) }
        }
        let corpus = try FaultyPlugin.corpus()
        let model = try Pipeline(recipe, registry: registry).fitted(to: corpus, context: TrainingContext())
        #expect(model.header.recipe.classifier.parameters["smoothing"] == .number(2.5))
    }

    @Test func `A task that it cannot do is refused`() throws {
        let registry = try FaultyPlugin("single-only").registry()
        #expect(throws: ConfigurationError.self) { try FaultyPlugin.trained(registry, on: FaultyPlugin.corpus()) }
        _ = try FaultyPlugin.trained(registry, on: FaultyPlugin.corpus(isSingle: true))
    }

    @Test func `A model says which plugin it needs`() throws {
        let bytes = try FaultyPlugin.trained(try FaultyPlugin("none").registry(), on: FaultyPlugin.corpus()).fileBytes()
        let file = try ModelFile(bytes: bytes)
        #expect(file.header.plugins?.map(\.name) == ["faulty"])
        do throws(ModelFileError) {
            _ = try PipelineModel(file, registry: .standard())
            Issue.record("it opened")
        } catch {
            #expect("\(error)".contains("the plugin \"faulty\" 0.1 (a program, protocol 1): name it with --plugin"))
        }
    }

    @Test func `Damaged descriptions are refused`() throws {
        let plugin = try FaultyPlugin("none")
        let registry = try plugin.registry()
        let bytes = try FaultyPlugin.trained(registry, on: FaultyPlugin.corpus()).fileBytes()
        let header = try ModelFile(bytes: bytes).header
        for section in [
            #"{"task":"multi","labels":[],"parameters":{}}"#, "7", #"{"task":"multi","labels":["a"],"parameters":{}}"#,
        ] {
            var writer = ModelWriter()
            writer.add("classifier/description", Array(section.utf8))
            writer.add("classifier/state", [UInt8](repeating: 0, count: 3))
            let damaged = try writer.fileBytes(header: header)
            #expect(throws: ModelFileError.self) { try PipelineModel(ModelFile(bytes: damaged), registry: registry) }
        }
    }

    /// More threads wait than Swift's cooperative pool has: the tasks that they wait for must not need it.
    @Test func `Waiting for it does not block what it waits for`() async throws {
        let plugin = try FaultyPlugin("none")
        let registry = try plugin.registry()
        let corpus = try FaultyPlugin.corpus()
        let model = try FaultyPlugin.trained(registry, on: corpus)
        try await withThrowingTaskGroup { group in
            for _ in 0..<16 {
                group.addTask { _ = try model.predictions(for: corpus.articles, threadCount: 1) }
            }
            try await group.waitForAll()
        }
    }
}
