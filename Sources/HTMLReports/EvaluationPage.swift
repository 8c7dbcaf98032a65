import Evaluation
import TextClassification

/// An evaluation as one HTML page that needs nothing else: figures, curves, confusions, mistakes, and a threshold to try.
public struct EvaluationPage: Sendable {
    /// How a figure grows with the number of articles.
    public struct LearningCurve: Sendable {
        public var points: [(articleCount: Int, value: Double)]
        /// What the figure is, and how it was measured.
        public var note: String

        public init(points: [(articleCount: Int, value: Double)], note: String) {
            self.points = points
            self.note = note
        }
    }

    /// The name of what was measured, such as that of the model file.
    public var title: String
    public var report: EvaluationReport
    public var metrics: Metrics
    public var labels: LabelSet
    /// The model's thresholds, one a label; `nil` where it gives the most probable label.
    public var thresholds: [Double]?
    public var mistakes: [Mistake]
    /// How many mistakes there were.
    public var mistakeCount: Int
    public var learningCurve: LearningCurve?

    /// - Precondition: the report is of these metrics.
    public init(
        title: String, report: EvaluationReport, metrics: Metrics, labels: LabelSet, thresholds: [Double]?, mistakes: [Mistake],
        mistakeCount: Int, learningCurve: LearningCurve? = nil
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

    /// The page.
    public var html: String {
        get throws { try PageTemplates().rendered("evaluation", View(self)) }
    }
}
