import LinearAlgebra
import Testing
import TextClassification
import TopicModels

@Suite struct OnlineNMFTests {
    /// From topics of the first articles, and a batch at a time, nearly the error of a fit to everything.
    @Test func comesNearTheFitToEverything() throws {
        let planted = PlantedTopics(articleCount: 1200, topicCount: 5, seed: 3)
        var parameters = NMFParameters()
        parameters.topics = 5
        let all = try NMF(parameters).fitted(to: planted.rows, guides: [], context: TrainingContext())
        func learnt(threads: Int) throws -> NMFModel {
            let context = TrainingContext(threadCount: threads)
            let start = try NMF(parameters).fitted(
                to: planted.rows.selectingRows(Array(0..<60)), targets: nil, context: context)
            var online = OnlineNMF(start)
            for first in stride(from: 0, to: 1200, by: 100) {
                try online.learn(planted.rows.selectingRows(Array(first..<first + 100)), threadCount: threads)
            }
            #expect(online.articleCount == 1200 && online.lastError > 0 && online.lastError < 1)
            return online.model
        }
        let model = try learnt(threads: 1)
        let w = model.weights(of: planted.rows, threadCount: 1)
        var h = DenseMatrix(rowCount: model.inputCount, columnCount: 5)
        for term in 0..<model.inputCount {
            for topic in 0..<5 { h[term, topic] = model.weight(ofTerm: term, topic: topic) }
        }
        let value = FactorizationObjective(planted.rows, options: FactorizationOptions()).value(w: w, h: h)
        #expect(value < 1.01 * all.factorization.objective)
        let other = try learnt(threads: 3)
        for term in 0..<model.inputCount {
            for topic in 0..<5 { #expect(model.weight(ofTerm: term, topic: topic) == other.weight(ofTerm: term, topic: topic)) }
        }
    }

    @Test func refusesWhatIsNegativeOrNotFinite() throws {
        let planted = PlantedTopics()
        var online = OnlineNMF(try NMF().fitted(to: planted.rows, targets: nil, context: TrainingContext()))
        for value: Float in [-1, .nan, .infinity] {
            var rows = SparseMatrix(columnCount: planted.rows.columnCount)
            rows.append(column: 0, value: value)
            rows.endRow()
            #expect(throws: TrainingError.self) { try online.learn(rows, threadCount: 1) }
        }
        try online.learn(SparseMatrix(columnCount: planted.rows.columnCount), threadCount: 1)
        #expect(online.articleCount == 0)
    }
}
