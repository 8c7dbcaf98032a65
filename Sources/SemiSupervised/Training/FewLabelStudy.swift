import LinearAlgebra
import TextClassification
import TextFeatures

/// An archive fitted once, on which training from any few labels can be repeated: what benchmarks of few labels need.
public struct FewLabelStudy: Sendable {
    let features: ArchiveFeatures
    let parameters: SemiSupervisedParameters
    private let words: SparseMatrix

    /// Learns the vectors of the archive's words and the features of its articles.
    ///
    /// - Parameter test: articles that are only given probabilities; nothing is learnt from them.
    public init(
        archive: ArticleBatch, test: ArticleBatch, parameters: SemiSupervisedParameters, terms: TFIDFParameters,
        context: TrainingContext
    ) throws {
        self.parameters = parameters
        let threads = context.threadCount
        let (model, vectors) = try ArchiveVectors(parameters.vectors).fittedExtracting(archive, context: context)
        let words = model.terms.rows(of: archive, threadCount: threads)
        let testWords = model.terms.rows(of: test, threadCount: threads)
        let (extractor, rows) = try TFIDFVectorizer(terms).fittedExtracting(archive, context: context)
        let allWords = SparseMatrix(stacking: [words, testWords], columnCount: words.columnCount)
        self.words = allWords
        let testRows = extractor.rows(of: test, threadCount: threads)
        features = ArchiveFeatures(
            terms: SparseMatrix(stacking: [rows, testRows], columnCount: rows.columnCount),
            words: allWords,
            vectors: SparseMatrix(
                stacking: [vectors, model.articleVectors(of: testWords, threads: threads)], columnCount: model.rank),
            parameters: parameters, trainingCount: archive.count)
    }

    /// Probabilities (articles × classes) of every article of the archive by each arm on its own and by the gate.
    public func singleLabel(
        labelled: [Int], classes: [Int], classCount: Int, context: TrainingContext
    ) throws -> (outcomes: [(name: String, probabilities: [Double])], decision: GateDecision) {
        let arms = SingleLabelArms(
            parameters: parameters, features: features, classCount: classCount, labelled: labelled, classes: classes,
            context: context)
        let folds = LabelFolds.stratified(classes: classes, foldCount: parameters.gateFolds, seed: context.seed)
        let result = try arms.result(folds: folds)
        let all = try arms.scores(knowing: Array(labelled.indices))
        return (
            [
                ("supervised", all.supervised), ("vectors", all.teacher), ("mixture", all.mixture),
                ("gated", result.probabilities),
            ], result.decision
        )
    }

    /// Log-odds of the kept linear model for every article, when it is fitted to the given log-odds of the training articles.
    public func student(
        scores: [Double], labelled: [Int], targets: Targets, context: TrainingContext
    ) throws -> [Double] {
        let k = targets.labelCount
        var labels: [Float] = []
        for article in 0..<features.rowCount {
            for c in 0..<k { labels.append(Float(sigmoid(scores[article * k + c]))) }
        }
        var costs = [Float](repeating: Float(parameters.studentInverseRegularization), count: features.rowCount)
        for article in features.trainingCount..<features.rowCount { costs[article] = 0 }
        for (index, article) in labelled.enumerated() {
            costs[article] *= Float(parameters.studentLabelWeight)
            for c in 0..<k {
                let value = targets.values[index * k + c]
                labels[article * k + c] = value < 0 ? .nan : Float(value)
            }
        }
        let objective = SoftTargetObjective(
            block: FeatureBlock(features.terms), targets: labels, classCount: k, isExclusive: false, costs: costs,
            threads: context.threadCount)
        return objective.scores(objective.minimum(tolerance: 1e-3, maximumIterations: 150, context: context))
    }

    /// The same archive and features with other hyper-parameters of training; those of the vectors stay.
    public func with(_ parameters: SemiSupervisedParameters) -> FewLabelStudy {
        FewLabelStudy(
            features: ArchiveFeatures(
                terms: features.terms, words: words, vectors: features.vectors, parameters: parameters,
                trainingCount: features.trainingCount), words: words, parameters: parameters)
    }

    private init(features: ArchiveFeatures, words: SparseMatrix, parameters: SemiSupervisedParameters) {
        self.features = features
        self.words = words
        self.parameters = parameters
    }

    /// Log-odds (articles × labels) by each arm, and of the labelled articles while they were held out.
    public func multiLabel(
        labelled: [Int], targets: Targets, inverseRegularization: Double, isBalanced: Bool, folds: [Int], context: TrainingContext
    ) throws -> (all: [[Double]], heldOut: [[Double]]) {
        let arms = MultiLabelArms(
            parameters: parameters, features: features, labelled: labelled, targets: targets,
            inverseRegularization: inverseRegularization, isBalanced: isBalanced, context: context)
        let k = targets.labelCount
        var heldOut = [[Double]](repeating: [Double](repeating: 0, count: labelled.count * k), count: 3)
        for fold in Set(folds).sorted() {
            let scores = try arms.scores(knowing: labelled.indices.filter { folds[$0] != fold })
            for (arm, table) in [scores.supervised, scores.teacher, scores.mixture].enumerated() {
                for index in labelled.indices where folds[index] == fold {
                    for c in 0..<k { heldOut[arm][index * k + c] = table[labelled[index] * k + c] }
                }
            }
        }
        let scores = try arms.scores(knowing: Array(labelled.indices))
        return ([scores.supervised, scores.teacher, scores.mixture], heldOut)
    }
}
