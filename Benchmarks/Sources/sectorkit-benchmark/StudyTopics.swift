import ArgumentParser
import CorpusFormats
import LinearAlgebra
import LinearModels
import TextClassification
import TextFeatures
import TopicModels

struct StudyTopics: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "study-topics",
        abstract: "Accuracy with few labels of words, of topics of an archive, and of both.",
        discussion: """
            Vocabulary, document frequencies and topics come from the archive and the training articles; the classifier (logistic \
            regression) from so many labelled articles drawn at random, several times. Prints the mean accuracy, or micro-F1 \
            at 0.5 where articles have several labels.
            """)

    @Option(help: "Labelled articles.") var train: String
    @Option(help: "Articles to judge.") var test: String
    @Option(help: "Unlabelled articles.") var archive: String?
    @Option(help: "Numbers of labelled articles.") var sizes = "10,50,200"
    @Option(help: "The number of topics.") var topics = 40
    @Option(help: "How many draws.") var draws = 5
    @Option(name: .customLong("c"), help: "C, the weight of the losses.") var inverseRegularization = 10.0
    @Option(help: "The most threads.") var threads = 2

    func run() throws {
        let reader = ArticleReader(policy: .skip(maximumProblems: 0))
        let labelled = try Array(reader.read(.path(train)).articles)
        let judged = try Array(reader.read(.path(test)).articles)
        let unlabelled = try archive.map { try Array(reader.read(.path($0)).articles) } ?? []
        let corpus = try Corpus(labelled + judged)
        let context = TrainingContext(threadCount: threads)
        var values = TFIDFParameters()
        values.wordNgrams = LengthRange(1...1)
        values.minimumDocumentFrequency = 2
        values.stopWords = .english
        let background = ArticleBatch(unlabelled + labelled)
        let (extractor, rows) = try TFIDFVectorizer(values).fittedExtracting(background, context: context)
        var parameters = NMFParameters()
        parameters.topics = topics
        let model = try NMF(parameters).fitted(to: rows, targets: nil, context: context)
        let all = extractor.rows(of: corpus.articles, threadCount: threads)

        func transformed(_ model: NMFModel) -> SparseMatrix {
            var output = SparseMatrix(columnCount: model.featureCount)
            model.transform(all, into: &output)
            return output
        }
        let alone = transformed(model)
        for size in sizes.split(separator: ",").compactMap({ Int($0) }) {
            var sums: [String: Double] = [:]
            for draw in 0..<draws {
                var random = RandomGenerator(seed: UInt64(draw))
                var chosen = Array(random.permutation(labelled.count).prefix(size))
                // Every label at least once where the number allows.
                for label in 0..<corpus.labels.count where size >= 2 * corpus.labels.count {
                    let has = { (i: Int) in corpus.targets.values[i * corpus.labels.count + label] == 1 }
                    if !chosen.contains(where: has), let one = (0..<labelled.count).first(where: has) { chosen[label] = one }
                }
                // Topics guided by the drawn labels, the rest of the background unlabelled.
                var guided = parameters
                guided.initialization = .guided
                let offset = unlabelled.count
                let guides = (0..<corpus.labels.count).compactMap { label -> TopicGuide? in
                    let own = chosen.filter { corpus.targets.values[$0 * corpus.labels.count + label] == 1 }
                    let others = chosen.filter { corpus.targets.values[$0 * corpus.labels.count + label] == 0 }
                    return own.isEmpty
                        ? nil
                        : TopicGuide(
                            name: corpus.labels[label], articles: own.map { $0 + offset }, excluded: others.map { $0 + offset })
                }
                let ledModel = try NMF(guided).fitted(to: rows, guides: guides, context: context).model
                let led = transformed(ledModel)
                func both(_ topics: SparseMatrix, _ weight: Double) -> SparseMatrix {
                    var scaled = topics
                    scaled.mapValues { _, value in value * weight }
                    return all.appendingColumns(of: scaled)
                }
                let variants: [(String, SparseMatrix)] = [
                    ("words", all), ("topics", alone), ("words+topics", both(alone, 0.5)), ("guided", led),
                    ("words+guided", both(led, 0.5)),
                ]
                for (name, features) in variants {
                    sums[name, default: 0] += try score(features, corpus, chosen, labelled.count, context)
                }
            }
            for name in ["words", "topics", "words+topics", "guided", "words+guided"] {
                print("\(size) \(name) \((sums[name]! / Double(draws) * 10000).rounded() / 100)")
            }
        }
    }

    private func score(
        _ features: SparseMatrix, _ corpus: Corpus, _ chosen: [Int], _ labelledCount: Int, _ context: TrainingContext
    ) throws -> Double {
        var parameters = LogisticRegression.Parameters()
        parameters.inverseRegularization = inverseRegularization
        let model = try LogisticRegression(parameters).fitted(
            to: features.selectingRows(chosen), targets: corpus.targets.selecting(chosen), context: context)
        let tested = Array(labelledCount..<corpus.count)
        var scores: [Double] = []
        model.decisionFunction(features.selectingRows(tested), into: &scores)
        let k = corpus.labels.count
        var right = 0
        var given = 0
        var wanted = 0
        for (place, article) in tested.enumerated() {
            let own = scores[place * k..<(place + 1) * k]
            let truth = (0..<k).filter { corpus.targets.values[article * k + $0] == 1 }
            let best = own.indices.max { own[$0] < own[$1] }! - own.startIndex
            let tags = corpus.targets.task == .single ? [best] : (0..<k).filter { own[own.startIndex + $0] > 0 }
            right += tags.count { truth.contains($0) }
            given += tags.count
            wanted += truth.count
        }
        return given + wanted == 0 ? 0 : 2 * Double(right) / Double(given + wanted)
    }
}
