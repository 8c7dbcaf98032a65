import Calibration
import LinearAlgebra
import LinearModels
import TextClassification

/// The members of a combination before training, and the articles that they learn from.
struct Members {
    /// How many members a combination may have.
    static let counts = 1...16
    /// The members of a combination that names none.
    static let defaults = [
        ComponentConfiguration(LogisticRegression.identifier), ComponentConfiguration(ComplementNaiveBayes.identifier),
    ]

    let component: String
    let configurations: [ComponentConfiguration]
    let rows: SparseMatrix
    let targets: Targets
    let sampleWeights: [Double]?
    private let classifiers: [any Classifier]
    private let context: TrainingContext

    /// Makes the members from the registry of the context, and leaves out the articles that cannot teach them anything.
    ///
    /// - Parameter component: the combination, for messages.
    /// - Throws: `ConfigurationError` for members that the registry does not have, that do not do the task, or that cannot give
    ///   articles weights where there are some.
    init(
        of component: String, _ configurations: [ComponentConfiguration], rows: SparseMatrix, targets: Targets,
        sampleWeights: [Double]?, context: TrainingContext
    ) throws {
        self.component = component
        self.configurations = configurations
        self.context = context
        try context.checkCancellation()
        var classifiers: [any Classifier] = []
        for configuration in configurations {
            let classifier = try context.registry.classifier(configuration)
            guard type(of: classifier).tasks.contains(targets.task) else {
                throw ConfigurationError.unsupportedTask(
                    targets.task, component: configuration.component, allowed: type(of: classifier).tasks)
            }
            guard sampleWeights == nil || type(of: classifier).weighsSamples else {
                throw ConfigurationError.conflict(
                    "\(configuration.component), a member of \(component), cannot give articles different weights")
            }
            classifiers.append(classifier)
        }
        self.classifiers = classifiers
        let used = (0..<targets.count).filter { article in
            sampleWeights.map { $0[article] > 0 } ?? true
                && (targets.task == .single ? targets.classIndex(of: article) != nil : targets.isLabelled(article))
        }
        let isWhole = used.count == targets.count
        self.rows = isWhole ? rows : rows.selectingRows(used)
        self.targets = isWhole ? targets : targets.selecting(used)
        self.sampleWeights = isWhole ? sampleWeights : sampleWeights.map { weights in used.map { weights[$0] } }
    }

    /// Fits every member to all of the articles; what they report gets their names.
    func fitted() throws -> MemberModels {
        var models: [any ClassifierModel] = []
        for (configuration, classifier) in zip(configurations, classifiers) {
            try context.checkCancellation()
            var told = context
            told.report = { [report = context.report] event in
                switch event {
                case .note(let text): report(.note("\(configuration.component): \(text)"))
                case .warning(let text): report(.warning("\(configuration.component): \(text)"))
                case .phase, .progress: break
                }
            }
            models.append(try classifier.fittedErased(rows, targets, sampleWeights, told))
        }
        return MemberModels(components: configurations.map(\.component), models: models)
    }

    /// The scores of every article by members that were fitted without the article's fold; `nil` where there are fewer than two
    /// different articles.
    ///
    /// - Parameters:
    ///   - foldCount: how many stratified folds are made.
    ///   - given: the fold of each article, where none are to be made.
    /// - Complexity: a fit of every member a fold.
    func outOfFoldScores(foldCount: Int, given: [Int]? = nil) throws -> OutOfFoldScores? {
        guard let folds = given ?? OutOfFoldScores.folds(rows, targets, foldCount: foldCount, seed: context.seed) else {
            return nil
        }
        let usedFolds = (folds.max() ?? 0) + 1
        var found = OutOfFoldScores(memberCount: classifiers.count, targets: targets)
        for fold in 0..<usedFolds {
            let inside = folds.indices.filter { folds[$0] != fold }
            let outside = folds.indices.filter { folds[$0] == fold }
            guard !inside.isEmpty, !outside.isEmpty else { continue }
            let training = (rows: rows.selectingRows(inside), targets: targets.selecting(inside))
            let weights = sampleWeights.map { weights in inside.map { weights[$0] } }
            let held = rows.selectingRows(outside)
            for (number, classifier) in classifiers.enumerated() {
                try context.checkCancellation()
                context.report(.progress(done: fold * classifiers.count + number, total: usedFolds * classifiers.count))
                let model = try classifier.fittedErased(training.rows, training.targets, weights, context.quiet)
                var scores: [Double] = []
                model.decisionFunction(held, into: &scores)
                found.set(scores, of: outside, member: number)
            }
            found.removeJudgements(on: outside, labelsLearnable: training.targets.learnableLabels)
        }
        context.report(.progress(done: usedFolds * classifiers.count, total: usedFolds * classifiers.count))
        return found
    }
}

extension Classifier {
    fileprivate func fittedErased(
        _ rows: SparseMatrix, _ targets: Targets, _ sampleWeights: [Double]?, _ context: TrainingContext
    ) throws -> any ClassifierModel {
        guard let sampleWeights else { return try fitted(to: rows, targets: targets, context: context) }
        return try fitted(to: rows, targets: targets, sampleWeights: sampleWeights, context: context)
    }
}
