import Foundation
import StandardPlugins
import Testing
import TextClassification

@testable import PluginLoading

/// Whatever a program does wrong is told in a sentence; it never hangs the host, nor lets it grow.
@Suite(.serialized, .timeLimit(.minutes(2))) struct FaultTests {
    /// The error that `body` ends with, as text.
    private func message(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "(no error)"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        ("greeting-garbage", "«Traceback"), ("greeting-binary", "its greeting is not one of protocol 1"),
        ("greeting-depth", "its greeting is not one of protocol 1"), ("greeting-exit", "it ended with exit code 3"),
        ("greeting-version", "it speaks version 2 of the plugin protocol; this program speaks 1"),
        ("greeting-name", "\"two words\""), ("greeting-default", "the default of smoothing, 11, is not a number, 0.0 to 10.0"),
        ("greeting-repeated", "a hyper-parameter is called \"smoothing\""),
        ("greeting-range", "the hyper-parameter smoothing has no sensible minimum"),
        ("greeting-output", "its greeting is not one of protocol 1"), ("greeting-error", "it says: the moon is not full"),
    ])
    func `A wrong greeting`(fault: String, sentence: String) throws {
        let plugin = try FaultyPlugin(fault)
        let message = message { _ = try plugin.registry() }
        #expect(message.contains(sentence) && message.contains(plugin.path), "\(message)")
    }

    @Test func `No greeting at all`() throws {
        let plugin = try FaultyPlugin("greeting-silence")
        let message = message { _ = try plugin.registry(greetingTime: .seconds(1)) }
        #expect(message.contains("it took more than 1.0 seconds"), "\(message)")
    }

    @Test func `A name that is taken`() throws {
        let plugin = try FaultyPlugin("none")
        let message = message {
            var registry = try plugin.registry()
            try registry.loadPlugin(plugin.path)
        }
        #expect(message.contains("there is something called \"faulty\" already"), "\(message)")
    }

    @Test(arguments: [
        ("fit-exit", "it ended with exit code 7"), ("fit-crash", "it was ended by signal"), ("fit-line", "a line of more than"),
        ("fit-states", "what it has learnt takes more than 5000000 bytes"), ("fit-base64", "not base64"),
        ("fit-error", "it says: too few articles for me"), ("fit-wrong", "where state or fitted was expected"),
        ("fit-unknown", "not a message of the plugin protocol: «{\"type\": \"hurrah\"}»"),
        ("fit-early", "it answered before it had everything"),
    ])
    func `A fault while it learns`(fault: String, sentence: String) throws {
        let plugin = try FaultyPlugin(fault)
        let registry = try plugin.registry()
        // More than fits into a pipe, so that it is written to while it fails.
        let corpus = try FaultyPlugin.corpus(count: 3000)
        let message = message { _ = try FaultyPlugin.trained(registry, on: corpus) }
        #expect(message.contains(sentence) && message.contains(plugin.path), "\(message)")
    }

    @Test(arguments: ["fit-hang", "fit-stopped", "fit-unread", "fit-flood", "fit-complaints", "fit-closed"])
    func `Learning that never ends`(fault: String) throws {
        let plugin = try FaultyPlugin(fault)
        let registry = try plugin.registry(answerTime: .seconds(2))
        let corpus = try FaultyPlugin.corpus(count: fault == "fit-unread" ? 3000 : 12)
        let message = message { _ = try FaultyPlugin.trained(registry, on: corpus) }
        #expect(message.contains("it took more than 2.0 seconds for"), "\(message)")
        // What it says on standard error is cut off.
        #expect(plugin.diagnostics.joined().utf8.count < 500_000)
    }

    @Test func `Training can be stopped`() throws {
        let plugin = try FaultyPlugin("fit-hang")
        let registry = try plugin.registry()
        let begin = ContinuousClock.now
        let context = TrainingContext(isCancelled: { ContinuousClock.now - begin > .milliseconds(300) })
        #expect(throws: TrainingError.cancelled) {
            try FaultyPlugin.trained(registry, on: FaultyPlugin.corpus(), context: context)
        }
    }

    @Test(arguments: ["fit-family", "fit-orphan"]) func `Its children end with it`(fault: String) throws {
        let plugin = try FaultyPlugin(fault)
        let file = plugin.path + "-child"
        let registry = try plugin.registry(answerTime: .seconds(2))
        #expect(throws: PluginError.self) { try FaultyPlugin.trained(registry, on: FaultyPlugin.corpus()) }
        let child = try #require(Int32(String(contentsOfFile: file, encoding: .utf8)))
        // Killed is not yet gone: whoever adopts it has to notice.
        var isGone = false
        for _ in 0..<100 where !isGone {
            let status = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)) ?? ") Z"
            isGone = status.contains(") Z")
            if !isGone { Thread.sleep(forTimeInterval: 0.05) }
        }
        #expect(isGone)
    }

    @Test(arguments: [
        ("nan", "a score is not a finite number"), ("infinite", "not a message"), ("huge", "not a message"),
        ("null", "a score is not a finite number"), ("text", "not a message"), ("range", "it gave 1.5 as a probability"),
        ("negative", "it gave -0.25 as a probability"), ("sum", "sum to 2.7"),
        ("short", "it gave 2 numbers for an article and 3 labels"), ("long", "it gave 4 numbers for an article and 3 labels"),
        ("few", "it gave scores for 11 of 12 articles"), ("many", "it gave scores for more than the 12 articles"),
        ("predict-exit", "it ended, where"), ("predict-middle", "it ended in the middle of a line"),
    ])
    func `A fault while it predicts`(fault: String, sentence: String) throws {
        let plugin = try FaultyPlugin(fault)
        let corpus = try FaultyPlugin.corpus(isSingle: true)
        let model = try FaultyPlugin.trained(try plugin.registry(), on: corpus)
        let message = message { _ = try model.predictions(for: corpus.articles, threadCount: 2) }
        #expect(message.contains(sentence) && message.contains(plugin.path), "\(message)")
    }

    @Test func `A prediction that never ends`() throws {
        let plugin = try FaultyPlugin("predict-hang")
        let corpus = try FaultyPlugin.corpus()
        let model = try FaultyPlugin.trained(try plugin.registry(answerTime: .seconds(2)), on: corpus)
        let message = message { _ = try model.predictions(for: corpus.articles, threadCount: 1) }
        #expect(message.contains("it took more than 2.0 seconds for an answer"), "\(message)")
    }

    @Test func `An answer that nobody asked for`() throws {
        let plugin = try FaultyPlugin("unasked")
        let corpus = try FaultyPlugin.corpus()
        let model = try FaultyPlugin.trained(try plugin.registry(), on: corpus)
        let message = message {
            for _ in 0..<50 {
                _ = try model.predictions(for: corpus.articles, threadCount: 1)
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
        #expect(message.contains("predicted"), "\(message)")
    }

    @Test func `Learnt bytes that it does not take back`() throws {
        let plugin = try FaultyPlugin("load")
        let registry = try plugin.registry()
        let corpus = try FaultyPlugin.corpus()
        let bytes = try FaultyPlugin.trained(registry, on: corpus).fileBytes()
        let model = try PipelineModel(ModelFile(bytes: bytes), registry: registry)
        let message = message { _ = try model.predictions(for: corpus.articles, threadCount: 1) }
        #expect(message.contains("it says: this is not what I have learnt"), "\(message)")
    }

    @Test func `What cannot be started`() throws {
        for path in ["/nonexistent", "/", "/etc/passwd"] {
            let message = message {
                var registry = Registry.standard()
                try registry.loadPlugin(path)
            }
            #expect(message.hasPrefix("plugin \(path): it cannot be started"), "\(message)")
        }
    }
}
