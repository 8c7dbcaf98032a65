import Evaluation
import TextClassification

extension EvaluationPage {
    /// One kind of wrong decision and how often it was made.
    struct Confusion: Encodable {
        let text: String
    }

    /// The most frequent wrong decisions: classes taken for others (single), labels missed and wrongly given (multi).
    static func confusions(_ metrics: Metrics, _ labels: LabelSet, limit: Int = 12) -> [Confusion] {
        var found: [(count: Int, text: String)] = []
        switch metrics.targets.task {
        case .single:
            for (truth, row) in metrics.confusionMatrix.enumerated() {
                for (given, count) in row.enumerated() where given != truth && count > 0 {
                    found.append((count, "\(labels[truth]) taken for \(given < labels.count ? labels[given] : "none")"))
                }
            }
        case .multi:
            for (label, counts) in metrics.labelCounts.enumerated() {
                if counts.falseNegatives > 0 { found.append((counts.falseNegatives, "\(labels[label]) missed")) }
                if counts.falsePositives > 0 { found.append((counts.falsePositives, "\(labels[label]) given wrongly")) }
            }
        }
        return found.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.prefix(limit)
            .map { Confusion(text: "\($0.element.count) × \($0.element.text)") }
    }

    /// A matrix as a table of shaded numbers.
    struct MatrixView: Encodable {
        struct Cell: Encodable {
            let count: Int
            /// Of its row, for the shade.
            let share: String
            let isDiagonal: Bool
        }
        struct Row: Encodable {
            let name: String
            let cells: [Cell]
        }
        let title: String
        let caption: String
        let columns: [String]
        let rows: [Row]

        /// A matrix of more labels cannot be taken in; the list of confusions stands for it.
        private static let labelLimit = 30

        init?(_ report: EvaluationReport, _ labels: LabelSet) {
            guard let matrix = report.confusionMatrix ?? report.coOccurrenceMatrix, labels.count <= Self.labelLimit else {
                return nil
            }
            let isSingle = report.confusionMatrix != nil
            let abstains = matrix.contains { $0.count > labels.count && ($0.last ?? 0) > 0 }
            title = isSingle ? "Confusion matrix" : "Co-occurrence matrix"
            caption =
                isSingle
                ? "Articles of the class of the row that were given the class of the column."
                : "Articles with the label of the row that were given the label of the column, rightly or wrongly."
            columns = Array(labels) + (abstains ? ["none"] : [])
            let columnCount = columns.count
            rows = matrix.enumerated().map { position, counts in
                let total = max(1, isSingle ? counts.reduce(0, +) : report.labels[position].support)
                return Row(
                    name: labels[position],
                    cells: counts.prefix(columnCount).enumerated().map { column, count in
                        Cell(
                            count: count, share: fixed(min(1, Double(count) / Double(total)), 3), isDiagonal: column == position)
                    })
            }
        }
    }
}
