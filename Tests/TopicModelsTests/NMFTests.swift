import Foundation
import LinearAlgebra
import Testing
import TextClassification
import TextClassificationTesting
import TopicModels

@Suite struct NMFTests {
    private func parameters(_ topics: Int, _ change: (inout NMFParameters) -> Void = { _ in }) -> NMFParameters {
        var parameters = NMFParameters()
        parameters.topics = topics
        change(&parameters)
        return parameters
    }

    @Test(arguments: NMFParameters.Initialization.allCases, NMFParameters.Loss.allCases)
    func findsPlantedTopics(initialization: NMFParameters.Initialization, loss: NMFParameters.Loss) throws {
        // Multiplicative steps keep the zeros of plain NNDSVD.
        guard initialization != .nndsvd || loss == .frobenius else { return }
        let planted = PlantedTopics()
        let nmf = NMF(
            parameters(4) {
                $0.initialization = initialization
                $0.loss = loss
            })
        let model = try nmf.fitted(to: planted.rows, targets: nil, context: TrainingContext())
        // Each topic's ten likeliest terms are those planted together.
        let found = model.topTerms(count: 10).map { Set($0.map { $0 / PlantedTopics.ownTermCount }) }
        #expect(Set(found) == Set((0..<4).map { [$0] }))
        let shares = model.shares(of: planted.rows, threadCount: 2)
        let topicOf = found.map { $0.first! }
        let right = planted.topics.indices.count { topicOf[largest(shares.row($0))] == planted.topics[$0] }
        #expect(right > 225)
        for topic in 0..<4 {
            let total = (0..<model.inputCount).reduce(0) { $0 + model.termProbability($1, topic: topic) }
            #expect(abs(total - 1) < 1e-9)
        }
        // The column that no article has is in no topic.
        #expect((0..<4).allSatisfy { model.termProbability(model.inputCount - 1, topic: $0) < 1e-9 })
    }

    @Test func guidedTopicsFollowTheirLabels() throws {
        let planted = PlantedTopics()
        var targets = Targets(task: .multi, labelCount: 2)
        for (article, topic) in planted.topics.enumerated() {
            // Label 0 goes with topic 2, label 1 with topic 0; most articles are not labelled with either.
            let labels = topic == 2 ? [0] : topic == 0 ? [1] : []
            if article < 40 { targets.append(positive: labels) } else { targets.append(positive: [], missing: [0, 1]) }
        }
        let nmf = NMF(parameters(4) { $0.initialization = .guided })
        let model = try nmf.fitted(to: planted.rows, targets: targets, context: TrainingContext())
        let top = model.topTerms(count: 5).map { Set($0.map { $0 / PlantedTopics.ownTermCount }) }
        #expect(top[0] == [2] && top[1] == [0])

        let guides = [TopicGuide(name: "third", terms: [30, 31])]
        let keyworded = try nmf.fitted(to: planted.rows, guides: guides, context: TrainingContext()).model
        #expect(Set(keyworded.topTerms(of: 0, count: 5).map { $0 / PlantedTopics.ownTermCount }) == [3])
    }

    /// Two labels that always come together, and one of them alone as well: the topic of the first keeps off what is only in the other's
    /// articles, since these were judged not to have it.
    @Test func guidedTopicsKeepOffArticlesJudgedOtherwise() throws {
        let planted = PlantedTopics(articleCount: 400)
        var targets = Targets(task: .multi, labelCount: 2)
        for (article, topic) in planted.topics.enumerated() {
            // Label 1 is on articles of topics 0 and 1, label 0 only on those of topic 0.
            targets.append(
                positive: topic == 0 ? [0, 1] : topic == 1 ? [1] : [], missing: article % 3 == 0 && topic > 1 ? [0, 1] : [])
        }
        let guides = TopicGuide.guides(for: targets)
        #expect(guides[0].excluded.allSatisfy { planted.topics[$0] != 0 } && guides[0].excluded.count > 200)
        let nmf = NMF(parameters(5) { $0.initialization = .guided })
        let (model, factorization) = try nmf.fitted(to: planted.rows, guides: guides, context: TrainingContext())
        for (topic, guide) in guides.enumerated() {
            #expect(guide.excluded.allSatisfy { factorization.w[$0, topic] == 0 })
        }
        #expect(Set(model.topTerms(of: 0, count: 5).map { $0 / PlantedTopics.ownTermCount }) == [0])
        // Words that all articles share may be in any topic.
        let second = Set(model.topTerms(of: 1, count: 5).map { $0 / PlantedTopics.ownTermCount }).subtracting([4])
        #expect(second.isSubset(of: [0, 1]) && !second.isEmpty)
    }

    @Test func conformsAlsoWithOtherSettings() throws {
        let settings: [(inout NMFParameters) -> Void] = [
            { _ in }, { $0.output = .both }, { $0.initialization = .guided }, { $0.loss = .kullbackLeibler },
            {
                $0.precision = .single
                $0.initialization = .random
                $0.articlePenalty = 0.01
                $0.termPenalty = 0.01
                $0.l1Ratio = 0.5
            },
        ]
        for setting in settings {
            #expect(ConformanceSuite().failures(of: NMF(parameters(5, setting))) == [])
        }
    }

    @Test func foldsInTheSameAloneAndAmongOthers() throws {
        let planted = PlantedTopics(articleCount: 600)
        for loss in NMFParameters.Loss.allCases {
            let model = try NMF(parameters(6) { $0.loss = loss })
                .fitted(to: planted.rows, targets: nil, context: TrainingContext(threadCount: 2))
            let all = model.weights(of: planted.rows, threadCount: 3)
            for row in [0, 17, 300, 599] {
                let alone = model.weights(of: planted.rows.selectingRows([row]), threadCount: 1)
                #expect(alone.elements == Array(all.row(row)))
            }
        }
    }

    /// Folded in, the articles that were fitted get the weights of the fit, nearly.
    @Test func foldingInContinuesTheFit() throws {
        let planted = PlantedTopics()
        let fit = try NMF(parameters(4) { $0.tolerance = 1e-10 }).fitted(to: planted.rows, guides: [], context: TrainingContext())
        let folded = fit.model.weights(of: planted.rows, threadCount: 1)
        for (a, b) in zip(folded.elements, fit.factorization.w.elements) { #expect(abs(a - b) < 1e-3) }
    }

    @Test func bothKeepsTheFeatures() throws {
        let planted = PlantedTopics()
        let model = try NMF(
            parameters(4) {
                $0.output = .both
                $0.topicWeight = 0.5
            }
        ).fitted(to: planted.rows, targets: nil, context: TrainingContext())
        var output = SparseMatrix(columnCount: model.featureCount)
        model.transform(planted.rows, into: &output)
        #expect(model.featureCount == planted.rows.columnCount + 4)
        for i in [0, 100] {
            let kept = output.row(i).filter { Int(output.columnIndices[$0]) < planted.rows.columnCount }
            #expect(kept.map { output.values[$0] } == planted.rows.row(i).map { planted.rows.values[$0] })
            let topics = output.row(i).filter { Int(output.columnIndices[$0]) >= planted.rows.columnCount }
            let square = topics.reduce(0.0) { $0 + Double(output.values[$1]) * Double(output.values[$1]) }
            #expect(abs(square - 0.25) < 1e-7)
        }
        #expect(model.featureName(3) { "term\($0)" } == "term3")
        #expect(model.featureName(planted.rows.columnCount) { "term\($0)" }.hasPrefix("topic 1 (term"))
    }

    // MARK: Bad input

    @Test func saysWhatIsWrongWithTheMatrix() throws {
        let nmf = NMF(parameters(2))
        func matrix(_ rows: [[Double]]) -> SparseMatrix {
            var matrix = SparseMatrix(columnCount: 3)
            for row in rows {
                for (column, value) in row.enumerated() where value != 0 {
                    matrix.append(column: Int32(column), value: Float(value))
                }
                matrix.endRow()
            }
            return matrix
        }
        func fit(_ matrix: SparseMatrix) throws { _ = try nmf.fitted(to: matrix, targets: nil, context: TrainingContext()) }
        #expect(throws: TrainingError.emptyCorpus) { try fit(SparseMatrix(columnCount: 3)) }
        #expect(throws: TrainingError.noFeatures(reason: "all values are 0: there is nothing to find topics in")) {
            try fit(matrix([[0, 0, 0], [0, 0, 0]]))
        }
        #expect(throws: TrainingError.notFinite(component: "nmf", what: "a value of a feature")) {
            try fit(matrix([[1, .nan, 0]]))
        }
        #expect(throws: TrainingError.notFinite(component: "nmf", what: "a value of a feature")) {
            try fit(matrix([[1, .infinity, 0]]))
        }
        let negative = #expect(throws: TrainingError.self) { try fit(matrix([[1, -2, 0]])) }
        #expect("\(negative!)" == "nmf: a feature has the value -2.0: topics need values of 0 or more")
        var empty = SparseMatrix(columnCount: 0)
        empty.endRow()
        #expect(throws: TrainingError.noFeatures(reason: "there is no column to find topics in")) { try fit(empty) }
    }

    @Test(arguments: NMFParameters.Initialization.allCases, NMFParameters.Loss.allCases)
    func moreTopicsThanTheRankAreFitted(initialization: NMFParameters.Initialization, loss: NMFParameters.Loss) throws {
        var matrix = SparseMatrix(columnCount: 9)
        // Rank 2, an empty article, an empty term.
        for i in 0..<12 {
            for column in (i % 2 == 0 ? [0, 1, 2] : [3, 4]) where i != 5 { matrix.append(column: Int32(column), value: 1) }
            matrix.endRow()
        }
        let warnings = Warnings()
        let nmf = NMF(
            parameters(20) {
                $0.initialization = initialization
                $0.loss = loss
            })
        let model = try nmf.fitted(to: matrix, targets: nil, context: TrainingContext(report: warnings.report))
        #expect(model.topicCount == 9 && warnings.texts.contains { $0.hasPrefix("20 topics are more than") })
        let shares = model.shares(of: matrix, threadCount: 1)
        #expect(shares.elements.allSatisfy { $0.isFinite && $0 >= 0 })
        #expect(shares.row(5).allSatisfy { $0 == 0 })
        let one = try nmf.fitted(to: matrix.selectingRows([0]), targets: nil, context: TrainingContext())
        #expect(one.topicCount == 1 && Set(one.topTerms(of: 0, count: 9)) == [0, 1, 2])
    }

    /// With surplus topics as many come out as are wanted, the same for any number of threads, and guided ones keep their places.
    @Test(arguments: NMFParameters.Precision.allCases) func surplusTopicsAreLeftOut(precision: NMFParameters.Precision) throws {
        let planted = PlantedTopics(articleCount: 480, topicCount: 24)
        let guides = [23, 2].map { topic in
            TopicGuide(name: "\(topic)", articles: planted.topics.indices.filter { planted.topics[$0] == topic })
        }
        let nmf = NMF(
            parameters(22) {
                $0.precision = precision
                $0.initialization = .guided
            })
        let operation = SparseOperator(planted.rows)
        #expect(try nmf.initialFactors(of: operation, context: TrainingContext()).w.columnCount == 24)
        let fits = try [1, 3].map {
            try nmf.fitted(to: planted.rows, guides: guides, context: TrainingContext(threadCount: $0))
        }
        #expect(fits[0].model.topicCount == 22 && fits[0].factorization == fits[1].factorization)
        let top = (0..<2).map { Set(fits[0].model.topTerms(of: $0, count: 5).map { $0 / PlantedTopics.ownTermCount }) }
        #expect(top == [[23], [2]])
    }

    /// Parameters of before there was `surplus` are read as they were used.
    @Test func parametersOfEarlierModelsAreRead() throws {
        var parameters = NMFParameters()
        var object = try #require(JSONSerialization.jsonObject(with: JSONEncoder().encode(parameters)) as? [String: Any])
        #expect(try decoded(object) == parameters)
        object["surplus"] = nil
        parameters.surplus = 0
        #expect(try decoded(object) == parameters)
        object["topics"] = nil
        #expect(throws: DecodingError.self) { try decoded(object) }
    }

    private func decoded(_ object: [String: Any]) throws -> NMFParameters {
        try JSONDecoder().decode(NMFParameters.self, from: JSONSerialization.data(withJSONObject: object))
    }

    @Test func cancellationEndsTheFit() {
        let planted = PlantedTopics()
        #expect(throws: TrainingError.cancelled) {
            try NMF().fitted(to: planted.rows, targets: nil, context: TrainingContext(isCancelled: { true }))
        }
    }
}
