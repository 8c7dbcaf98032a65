/// Learns how scores become probabilities, from scores of articles that were held out while the classifier was fitted.
public protocol Calibrator: Component {
    associatedtype Model: CalibratorModel
    /// Whether `fitted` makes use of held-out scores in such a task; they cost one more fit of the pipeline a fold.
    func needsHeldOutScores(for task: ClassificationTask) -> Bool
    /// Fits to held-out scores (articles × labels). `nil` when there are none, because none were needed or the corpus is too small.
    func fitted(toHeldOut scores: [Double]?, targets: Targets, context: TrainingContext) throws -> Model
}

/// A fitted calibrator.
public protocol CalibratorModel: ComponentModel {
    /// How many scores a row has.
    var labelCount: Int { get }
    /// Replaces scores (articles × labels) by probabilities in 0...1; in single-label tasks those of an article sum to 1.
    func calibrate(_ scores: inout [Double])
}
