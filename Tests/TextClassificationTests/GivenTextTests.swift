import StandardPlugins
import Synchronization
import Testing

@testable import TextClassification

/// Whether the texts that a pipeline is fitted to are still there while its classifier learns.
@Suite struct GivenTextTests {
    /// Knows the memory of texts without keeping it.
    private final class Watch: Sendable {
        private struct State {
            nonisolated(unsafe) weak var bytes: AnyObject?
            var wasThere: Bool?
        }
        private let state = Mutex(State())

        func look(at corpus: Corpus) {
            state.withLock { unsafe $0.bytes = unsafeBitCast(corpus.articles.bytes, to: AnyObject.self) }
        }

        func report(_ event: TrainingEvent) {
            if event == .phase("logistic-regression") { state.withLock { unsafe $0.wasThere = $0.bytes != nil } }
        }

        var wasThere: Bool? { state.withLock { $0.wasThere } }
    }

    private func watched(_ watch: Watch) throws -> Corpus {
        let corpus = try Corpus(SmallModels.articles.filter { $0.labels?.count == 1 })
        watch.look(at: corpus)
        return corpus
    }

    @Test func `Texts that are given away are gone when the classifier learns`() throws {
        let pipeline = try Pipeline(SmallModels.registry.recipe(named: "words"), registry: SmallModels.registry)
        let watch = Watch()
        _ = try pipeline.fitted(to: watched(watch), context: TrainingContext(report: watch.report))
        #expect(watch.wasThere == false)
    }

    @Test func `Texts that the caller keeps are kept`() throws {
        let pipeline = try Pipeline(SmallModels.registry.recipe(named: "words"), registry: SmallModels.registry)
        let watch = Watch()
        let corpus = try watched(watch)
        let model = try pipeline.fitted(to: corpus, context: TrainingContext(report: watch.report))
        #expect(watch.wasThere == true)
        #expect(try pipeline.fitted(to: corpus, context: TrainingContext()).fileBytes() == model.fileBytes())
    }
}
