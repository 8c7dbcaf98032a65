import LinearAlgebra
import TextClassification
import TextFeatures

/// An archive fitted once, on which training from any few labels can be repeated: what benchmarks of few labels need.
public struct FewLabelStudy: Sendable {
    /// What one way of training says of every article, those of the archive first.
    public struct Outcome: Sendable {
        /// `without`: from the labels alone. `vectors`, `mixture`: single arms. `gated`: what the comparison on held-out labels made of
        /// them. `kept`: the linear model that would be in the file.
        public let name: String
        /// Articles × labels.
        public let probabilities: [Double]
        /// The probabilities from which on labels are given; `nil` in a single-label task, where the most probable one is.
        public let thresholds: [Double]?
    }

    private let features: ArchiveFeatures
    private let parameters: SemiSupervisedParameters
    private let vectors: ArchiveVectorsModel
    private let extractor: TFIDFModel
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
        let archiveWords = model.terms.rows(of: archive, threadCount: threads)
        let testWords = model.terms.rows(of: test, threadCount: threads)
        let (extractor, rows) = try TFIDFVectorizer(terms).fittedExtracting(archive, context: context)
        self.vectors = model
        self.extractor = extractor
        words = SparseMatrix(stacking: [archiveWords, testWords], columnCount: archiveWords.columnCount)
        var pairs: SparseMatrix?
        if parameters.pairWeight > 0 {
            let (model, rows) = try TFIDFVectorizer(ArchiveFeatures.pairTerms(parameters))
                .fittedExtracting(archive, context: context)
            pairs = SparseMatrix(stacking: [rows, model.rows(of: test, threadCount: threads)], columnCount: rows.columnCount)
        }
        features = ArchiveFeatures(
            terms: SparseMatrix(
                stacking: [rows, extractor.rows(of: test, threadCount: threads)], columnCount: rows.columnCount), words: words,
            vectors: SparseMatrix(
                stacking: [vectors, model.articleVectors(of: testWords, threads: threads)], columnCount: model.rank),
            pairs: pairs, parameters: parameters, trainingCount: archive.count)
    }

    /// Trains from some of the archive's articles with one label each.
    ///
    /// - Parameters:
    ///   - labelled: their positions in the archive.
    ///   - keepsModel: whether the kept model is fitted, too.
    public func singleLabel(
        labelled: [Int], classes: [Int], classCount: Int, keepsModel: Bool, context: TrainingContext
    ) throws -> (outcomes: [Outcome], decision: GateDecision) {
        let arms = SingleLabelArms(
            parameters: parameters, features: features, classCount: classCount, labelled: labelled, classes: classes,
            context: context)
        let result = try arms.result(
            folds: LabelFolds.stratified(classes: classes, foldCount: parameters.gateFolds, seed: context.seed))
        var outcomes = [
            Outcome(name: "without", probabilities: result.arms.supervised, thresholds: nil),
            Outcome(name: "vectors", probabilities: result.arms.teacher, thresholds: nil),
            Outcome(name: "mixture", probabilities: result.arms.mixture, thresholds: nil),
            Outcome(name: "gated", probabilities: result.probabilities, thresholds: nil),
        ]
        if keepsModel {
            var labels = [Float](repeating: 0, count: labelled.count * classCount)
            for (index, c) in classes.enumerated() { labels[index * classCount + c] = 1 }
            outcomes.append(
                try kept(
                    labelled, labels, result.probabilities, nil, result.parts, isExclusive: true, labelCount: classCount,
                    context: context))
        }
        return (outcomes, result.decision)
    }

    /// Trains from some of the archive's articles with any number of labels.
    ///
    /// - Parameters:
    ///   - labelled: their positions in the archive.
    ///   - folds: the fold of each in the gate.
    ///   - cut: how scores become decisions.
    public func multiLabel(
        labelled: [Int], targets: Targets, inverseRegularization: Double, isBalanced: Bool, folds: [Int], cut: ScoreCut,
        keepsModel: Bool, context: TrainingContext
    ) throws -> [Outcome] {
        let result = try MultiLabelArms(
            parameters: parameters, features: features, labelled: labelled, targets: targets,
            inverseRegularization: inverseRegularization, isBalanced: isBalanced, context: context
        ).result(folds: folds, cut: cut)
        let halves = [Double](repeating: 0.5, count: targets.labelCount)
        var outcomes = [
            Outcome(name: "without", probabilities: result.supervised.map(sigmoid), thresholds: halves),
            Outcome(name: "gated", probabilities: result.scores.map(sigmoid), thresholds: result.thresholds),
        ]
        if keepsModel {
            outcomes.append(
                try kept(
                    labelled, targets.values.map { $0 < 0 ? .nan : Float($0) }, outcomes[1].probabilities, result.thresholds,
                    result.parts, isExclusive: false, labelCount: targets.labelCount, context: context))
        }
        return outcomes
    }

    private func kept(
        _ labelled: [Int], _ labels: [Float], _ probabilities: [Double], _ thresholds: [Double]?, _ parts: LinearParts,
        isExclusive: Bool,
        labelCount: Int, context: TrainingContext
    ) throws -> Outcome {
        let student = Student(
            inverseRegularization: parameters.studentInverseRegularization, labelWeight: parameters.studentLabelWeight,
            isExclusive: isExclusive, classCount: labelCount, context: context)
        let (model, _) = try student.fitted(
            features: features, labelled: labelled,
            parts: parts,
            folded: {
                Folding(
                    $0, vectors: vectors, features: extractor, words: words, countScale: features.counts.scale,
                    threads: context.threadCount)
            }, probabilities: probabilities, labels: labels,
            thresholds: thresholds ?? [Double](repeating: 0.5, count: labelCount))
        var scores: [Double] = []
        model.decisionFunction(features.terms, into: &scores)
        if isExclusive { ScoreTable.softmaxRows(&scores, classCount: labelCount) } else { scores = scores.map(sigmoid) }
        return Outcome(name: "kept", probabilities: scores, thresholds: thresholds)
    }
}
