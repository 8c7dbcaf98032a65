import ArgumentParser
import Glibc
import LinearAlgebra
import TextClassification

struct TrainLogistic: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train-logistic",
        abstract: "Fit a logistic regression without an intercept of its own to svmlight rows; print time and objective.",
        discussion: "The objective is computed here from the scores and weights of the model, not taken from the solver.")

    @Argument(help: "Rows and classes.") var svmlight: String
    @Option(help: "The most threads.") var threads = 1
    @Option(name: .customLong("c"), help: "C, the weight of the losses.") var inverseRegularization = 10.0
    @Option(name: .customLong("set"), help: "A hyper-parameter as name=value.") var settings: [String] = []
    @Flag(help: "One problem a class instead of one for all.") var oneVersusRest = false

    func run() throws {
        guard let entry = SectorKitBenchmark.registry.classifiers["logistic-regression"] else {
            throw ValidationError("no logistic-regression")
        }
        let constant = ["fitsIntercept=false", "inverseRegularization=\(inverseRegularization)"]
        try run(try entry.make(hyperparameters(constant + settings)))
    }

    private func run(_ classifier: some Classifier) throws {
        let (rows, classes) = try SVMLight.read(svmlight)
        var targets = Targets(task: oneVersusRest ? .multi : .single, labelCount: (classes.max() ?? 0) + 1)
        for label in classes { targets.append(positive: [label]) }
        let fit = try timed {
            try classifier.fitted(to: rows, targets: targets, context: TrainingContext(threadCount: threads))
        }
        printJSON(["seconds": fit.seconds, "objective": objective(of: fit.result, rows, classes)])
    }

    /// ½‖W‖² + C Σ loss, the cross-entropy of the soft-max or, one-vs-rest, of every label's logistic function.
    private func objective(of model: some ClassifierModel, _ rows: SparseMatrix, _ classes: [Int]) -> Double {
        var scores: [Double] = []
        model.decisionFunction(rows, into: &scores)
        let labelCount = model.labelCount
        var squares = 0.0
        for feature in 0..<model.featureCount {
            for label in 0..<labelCount {
                let weight = model.featureWeight(feature, label: label) ?? .nan
                squares += weight * weight
            }
        }
        var loss = 0.0
        for (row, own) in classes.enumerated() {
            let z = scores[row * labelCount..<(row + 1) * labelCount]
            if oneVersusRest {
                for (label, score) in z.enumerated() {
                    let margin = label == own ? score : -score
                    loss += max(0, -margin) + log1p(exp(-abs(margin)))
                }
            } else {
                let largest = z.max() ?? 0
                loss += largest + log(z.reduce(0) { $0 + exp($1 - largest) }) - z[z.startIndex + own]
            }
        }
        return squares / 2 + inverseRegularization * loss
    }
}
