import LinearAlgebra
import TextClassification

/// The calibrator that learns nothing: scores are logits, so the softmax of a single-label task and the logistic function of a
/// multi-label task turn them into the classifier's own probabilities.
public struct LinkFunction: Calibrator {
    public static let identifier = "link"
    public static let summary = "the classifier's own probabilities: softmax (single), logistic function (multi)"
    public let parameters: NoHyperparameters

    public init(_ parameters: NoHyperparameters = .init()) {
        self.parameters = parameters
    }

    public func needsHeldOutScores(for task: ClassificationTask) -> Bool { false }

    /// The link of the targets' task; scores are not looked at.
    public func fitted(toHeldOut scores: [Double]?, targets: Targets, context: TrainingContext) -> LinkFunctionModel {
        LinkFunctionModel(task: targets.task, labelCount: targets.labelCount)
    }
}

/// Softmax over the labels of an article (single), or the logistic function of each score (multi).
public struct LinkFunctionModel: CalibratorModel, Equatable {
    /// The task, which chooses the link.
    public let task: ClassificationTask
    /// The number of labels of a row.
    public let labelCount: Int

    public init(task: ClassificationTask, labelCount: Int) {
        precondition(labelCount > 0, "a calibrator for no labels")
        self.task = task
        self.labelCount = labelCount
    }

    /// Replaces scores (articles × labels) by probabilities, in time proportional to their number.
    ///
    /// A score that is not a number counts as the lowest there is, infinite ones as very large ones.
    /// - Precondition: whole rows.
    public func calibrate(_ scores: inout [Double]) {
        apply(to: &scores, scale: 1)
    }

    /// The link of `scale` times the scores.
    func apply(to scores: inout [Double], scale: Double) {
        switch task {
        case .multi: logisticFunction(&scores, scale: scale)
        case .single: softmax(&scores, labelCount: labelCount, scale: scale)
        }
    }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        let shape = try LabelShape(reading: reader)
        self.init(task: shape.task, labelCount: shape.labelCount)
    }

    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try LabelShape(task: task, labelCount: labelCount).write(to: &writer)
    }
}
