import Evaluation
import TextClassification

/// An evaluation as one HTML page that needs nothing else: figures, curves, confusions, mistakes, and a threshold to try.
public struct EvaluationPage: Sendable {
    /// The name of what was measured, such as that of the model file.
    public var title: String
    public var report: EvaluationReport
    public var metrics: Metrics
    public var labels: LabelSet
    /// The model's thresholds, one a label, or the means of several models'; `nil` where the most probable label is given.
    public var thresholds: [Double]?
    public var mistakes: [Mistake]
    /// How many mistakes there were.
    public var mistakeCount: Int
    public var learningCurve: LearningCurveFigures?

    /// - Precondition: the report is of these metrics.
    public init(
        title: String, report: EvaluationReport, metrics: Metrics, labels: LabelSet, thresholds: [Double]?, mistakes: [Mistake],
        mistakeCount: Int, learningCurve: LearningCurveFigures? = nil
    ) {
        precondition(labels.count == metrics.labelCount && report.labels.count == labels.count, "a report of other labels")
        self.title = title
        self.report = report
        self.metrics = metrics
        self.labels = labels
        self.thresholds = thresholds
        self.mistakes = mistakes
        self.mistakeCount = mistakeCount
        self.learningCurve = learningCurve
    }

    /// What the page shows.
    public var content: PageContent {
        get throws { try PageContent(template: "evaluation", View(self)) }
    }
}
