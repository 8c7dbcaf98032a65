import Evaluation
import TextClassification

extension EvaluationPage {
    /// What the template `evaluation` inserts, under the names by which it does.
    struct View: Encodable {
        struct Figure: Encodable {
            let name: String
            let value: String
            let interval: String?
        }
        struct Curve: Encodable {
            let name: String
            let path: String
        }
        struct LabelRow: Encodable {
            let name: String
            let support: Int
            let given: Int
            let precision: String
            let recall: String
            let f1: String
            let precisionWidth: String
            let recallWidth: String
            let f1Width: String
            let interval: String
            let averagePrecision: String
        }
        struct ReliabilityPoint: Encodable {
            let x: String
            let y: String
            let radius: String
            let probability: String
            let share: String
            let count: Int
            let text: String
        }
        struct MistakeView: Encodable {
            let identifier: String
            let title: [Segment]
            let text: [Segment]
            let wrong: [String]
            let missed: [String]
            let right: [String]
            let evidence: String?
        }

        let title: String
        let summary: String
        let figures: [Figure]
        let intervalNote: String?
        let sliderHelp: String
        let curves: [Curve]
        let pooledCurve: String
        let curveNote: String
        let labels: [LabelRow]
        let reliabilityPath: String
        let reliability: [ReliabilityPoint]
        let confusionTitle: String
        let confusions: [EvaluationPage.Confusion]
        let hasConfusions: Bool
        let matrix: EvaluationPage.MatrixView?
        let learningCurve: LearningCurveView?
        let mistakeNote: String
        let mistakes: [MistakeView]
        let json: String
    }

    /// The curves of more labels would be a blot.
    private static let curveLimit = 30
    /// Characters of an article that are shown.
    private static let textLimit = 2000
}

extension EvaluationPage.View {
    init(_ page: EvaluationPage) throws {
        let report = page.report
        let isSingle = report.task == .single
        title = page.title
        summary =
            "\(report.articleCount) articles, \(report.labels.count) labels (\(isSingle ? "single-label" : "multi-label")); SectorKit "
            + SectorKitVersion.current
        figures = report.headline.map { figure, value in
            Figure(
                name: figure.name(for: report.task), value: fixed(value),
                interval: report.intervals?[figure.rawValue].map { "\(fixed($0.lower)) to \(fixed($0.upper))" })
        }
        intervalNote = report.intervals?.values.first.map {
            "The ranges are \(fixed(100 * $0.confidence, 0)) % intervals: what other articles of the same kind might give with this model."
        }
        sliderHelp =
            isSingle
            ? "An article is given its most probable label if that reaches the threshold, and otherwise none."
            : "A label is given from the threshold on. The slider starts at "
                + (page.thresholds == nil ? "0.5." : "the threshold of each label, and at their mean for all together.")
        let rankings = page.labels.indices.map { page.metrics.ranking(of: $0) }
        curves =
            page.labels.count > EvaluationPage.curveLimit
            ? []
            : zip(page.labels, rankings).map { Curve(name: $0, path: UnitSquare.precisionRecallPath($1)) }.filter {
                $0.path != ""
            }
        pooledCurve = UnitSquare.precisionRecallPath(page.metrics.pooledRanking)
        curveNote =
            (page.labels.count > EvaluationPage.curveLimit
                ? "The thick line is what the slider is set to; "
                : "Thin lines: the labels. The thick line is what the slider is set to; ")
            + "the dot is its threshold. Average precision (micro) is \(fixed(report.averagePrecision.micro))."
        labels = report.labels.map { LabelRow($0) } + (report.noneOfThem.map { [LabelRow($0, name: "(none of them)")] } ?? [])
        reliability = report.reliability.map { bin in
            ReliabilityPoint(
                x: UnitSquare.x(bin.meanProbability), y: UnitSquare.y(bin.positiveShare), radius: "5",
                probability: fixed(bin.meanProbability), share: fixed(bin.positiveShare), count: bin.count,
                text:
                    "\(bin.count) predictions of \(fixed(bin.meanProbability)) on average: \(fixed(bin.positiveShare)) came true")
        }
        reliabilityPath = UnitSquare.path(report.reliability.map { ($0.meanProbability, $0.positiveShare) })
        let confusions = EvaluationPage.confusions(page.metrics, page.labels)
        self.confusions = confusions
        hasConfusions = !confusions.isEmpty
        confusionTitle = isSingle ? "Taken for another, most often" : "Wrong decisions, most often"
        matrix = EvaluationPage.MatrixView(report, page.labels)
        learningCurve = page.learningCurve.flatMap { LearningCurveView($0) }
        mistakeNote =
            page.mistakes.isEmpty
            ? (page.mistakeCount == 0 ? "There is none." : "\(page.mistakeCount) articles were tagged wrongly; none is shown.")
            : "\(page.mistakes.count) of the \(page.mistakeCount) articles that were tagged wrongly, the surest of them first. Blue with a line "
                + "below: speaks for the label; orange with a dashed line: against it."
        mistakes = page.mistakes.map { MistakeView($0, limit: EvaluationPage.textLimit) }
        json = try PageContent.json(ThresholdCounts(page.metrics, labels: page.labels, thresholds: page.thresholds))
    }
}

extension EvaluationPage.View.LabelRow {
    fileprivate init(_ scores: EvaluationReport.LabelScores, name: String? = nil) {
        self.init(
            name: name ?? scores.label, support: scores.support, given: scores.givenCount, precision: fixed(scores.precision),
            recall: fixed(scores.recall), f1: fixed(scores.f1), precisionWidth: fixed(100 * scores.precision, 1),
            recallWidth: fixed(100 * scores.recall, 1), f1Width: fixed(100 * scores.f1, 1),
            interval: scores.f1Interval.map { "\(fixed($0.lower)) to \(fixed($0.upper))" } ?? "–",
            averagePrecision: fixed(scores.averagePrecision))
    }
}

extension EvaluationPage.View.MistakeView {
    fileprivate init(_ mistake: Mistake, limit: Int) {
        identifier = mistake.id
        title =
            mistake.title.isEmpty
            ? [Segment(text: "(no title)")] : Segment.segments(of: mistake.title, mistake.titleEvidence)
        text = Segment.segments(of: mistake.text, mistake.textEvidence, limit: limit)
        wrong = mistake.wrong
        missed = mistake.missed
        right = mistake.right
        evidence = mistake.explained.map { "Highlighted: what speaks for and against \($0)." }
    }
}
