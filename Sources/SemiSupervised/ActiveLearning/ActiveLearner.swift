import LinearAlgebra
import LinearModels
import TextClassification
import TextFeatures

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Learns from answers about single articles of an archive, and finds the articles whose answers help most.
///
/// The classifier is logistic regression on TF-IDF rows and article vectors side by side, the arm *vectors* of training with an archive:
/// it is fitted within a fraction of a second, and an answer about one article changes what it thinks of all that use similar words.
public struct ActiveLearner: Sendable {
    /// An article and the labels that somebody gave to it.
    public struct Answer: Sendable, Equatable {
        /// The article's position among all.
        public var article: Int
        /// The positions of its labels, ascending.
        public var labels: [Int]

        public init(article: Int, labels: [Int]) {
            self.article = article
            self.labels = labels
        }
    }

    /// What the classifier thinks of all articles.
    public struct Knowledge: Sendable {
        /// Articles × labels; empty as long as the answers do not allow a classifier.
        public var probabilities: [Double]
        /// How many answers it was fitted to.
        public var answerCount: Int

        /// Whether there is a classifier yet.
        public var isTrained: Bool { !probabilities.isEmpty }
    }

    public let task: ClassificationTask
    public let labelCount: Int
    /// The articles that can be asked about come first, so many.
    public let archiveCount: Int
    let features: ArchiveFeatures
    /// Article vectors as rows of `rank` numbers.
    let vectors: [Float]
    let rank: Int
    private let inverseRegularization: Double
    /// Its seed decides on everything random.
    public let context: TrainingContext

    /// Single words of two articles or more, without English stop words.
    public static var usualTerms: TFIDFParameters {
        var terms = TFIDFParameters()
        terms.wordNgrams = LengthRange(1...1)
        terms.minimumDocumentFrequency = 2
        terms.stopWords = .english
        return terms
    }

    /// Prepares the features of the articles.
    ///
    /// - Parameters:
    ///   - articles: those that can be asked about.
    ///   - others: articles whose labels are known, or that only are to be judged; their positions follow those of the former.
    ///   - model: the vectors of the archive's words.
    /// - Complexity: memory about 28 bytes a feature of an article and 20 · rank bytes an article.
    public init(
        articles: ArticleBatch, others: ArticleBatch = ArticleBatch(), vectors model: ArchiveVectorsModel,
        terms: TFIDFParameters = ActiveLearner.usualTerms,
        task: ClassificationTask, labelCount: Int, inverseRegularization: Double = 5, context: TrainingContext
    ) throws {
        self.task = task
        self.labelCount = labelCount
        archiveCount = articles.count
        self.inverseRegularization = inverseRegularization
        self.context = context
        let threads = context.threadCount
        context.report(.phase("features"))
        let (extractor, rows) = try TFIDFVectorizer(terms).fittedExtracting(articles, context: context)
        func together(_ own: SparseMatrix, _ others: SparseMatrix) -> SparseMatrix {
            others.rowCount == 0 ? own : SparseMatrix(stacking: [own, others], columnCount: own.columnCount)
        }
        let vectorRows = together(
            model.articleVectors(of: model.terms.rows(of: articles, threadCount: threads), threads: threads),
            model.articleVectors(of: model.terms.rows(of: others, threadCount: threads), threads: threads))
        let all = together(rows, extractor.rows(of: others, threadCount: threads))
        var none = SparseMatrix(columnCount: 1)
        for _ in 0..<all.rowCount { none.endRow() }
        features = ArchiveFeatures(
            terms: all, words: none, vectors: vectorRows, parameters: SemiSupervisedParameters(), trainingCount: all.rowCount)
        rank = model.rank
        var dense = [Float](repeating: 0, count: vectorRows.rowCount * rank)
        for row in 0..<vectorRows.rowCount {
            for element in vectorRows.row(row) {
                dense[row * rank + Int(vectorRows.columnIndices[element])] = vectorRows.values[element]
            }
        }
        vectors = dense
    }

    /// All articles.
    public var articleCount: Int { features.rowCount }

    /// Fits the classifier to the answers. Deterministic; the order of the answers does not matter.
    ///
    /// A label that no answer has, or every answer of a multi-label task, cannot be learnt yet: its probability is near 0, or near 1.
    public func knowledge(from answers: [Answer]) throws -> Knowledge {
        let answers = answers.sorted { $0.article < $1.article }
        let rows = features.joined(answers.map(\.article))
        switch task {
        case .single: return try singleLabel(answers, rows)
        case .multi: return try multiLabel(answers, rows)
        }
    }

    private func singleLabel(_ answers: [Answer], _ rows: SparseMatrix) throws -> Knowledge {
        let classes = answers.map { $0.labels.first ?? 0 }
        let used = Set(classes).sorted()
        guard used.count > 1 else { return Knowledge(probabilities: [], answerCount: answers.count) }
        let solution = try DualMultinomialSolver.solve(
            matrix: rows, classes: classes.map { used.firstIndex(of: $0) ?? 0 }, classCount: used.count, options: options)
        try context.checkCancellation()
        var scores = features.scores(solution, threads: context.threadCount)
        ScoreTable.softmaxRows(&scores, classCount: used.count)
        var probabilities = [Double](repeating: 0, count: articleCount * labelCount)
        for article in 0..<articleCount {
            for (place, label) in used.enumerated() {
                probabilities[article * labelCount + label] = scores[article * used.count + place]
            }
        }
        return Knowledge(probabilities: probabilities, answerCount: answers.count)
    }

    private func multiLabel(_ answers: [Answer], _ rows: SparseMatrix) throws -> Knowledge {
        var counts = [Int](repeating: 0, count: labelCount)
        for answer in answers { for label in answer.labels { counts[label] += 1 } }
        let used = (0..<labelCount).filter { 0 < counts[$0] && counts[$0] < answers.count }
        guard !used.isEmpty else { return Knowledge(probabilities: [], answerCount: answers.count) }
        var targets: [Int8] = []
        for answer in answers { for label in used { targets.append(answer.labels.contains(label) ? 1 : 0) } }
        let solution = try DualBinarySolver.solve(
            matrix: rows, targets: targets, labelCount: used.count, sampleWeights: nil, loss: .logistic, options: options)
        try context.checkCancellation()
        let scores = features.scores(solution, threads: context.threadCount)
        var probabilities = [Double](repeating: 0, count: articleCount * labelCount)
        for label in 0..<labelCount where counts[label] == answers.count {
            for article in 0..<articleCount { probabilities[article * labelCount + label] = 1 }
        }
        for article in 0..<articleCount {
            for (place, label) in used.enumerated() {
                probabilities[article * labelCount + label] = sigmoid(scores[article * used.count + place])
            }
        }
        return Knowledge(probabilities: probabilities, answerCount: answers.count)
    }

    private var options: DualOptions {
        DualOptions(
            inverseRegularization: inverseRegularization, tolerance: 1e-3, seed: context.seed, threads: context.threadCount)
    }

    /// The labels that an article gets: the most probable one, or all that are at least as probable as not.
    public func labels(of article: Int, by knowledge: Knowledge) -> [Int] {
        guard knowledge.isTrained else { return [] }
        let range = article * labelCount..<(article + 1) * labelCount
        switch task {
        case .single:
            return range.max { knowledge.probabilities[$0] < knowledge.probabilities[$1] }.map { [$0 - range.lowerBound] } ?? []
        case .multi: return range.filter { knowledge.probabilities[$0] >= 0.5 }.map { $0 - range.lowerBound }
        }
    }
}
