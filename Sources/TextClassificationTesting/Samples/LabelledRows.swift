import LinearAlgebra
import TextClassification

/// Made-up rows of features with three labels that are easy to learn: each label has features of its own, and there are common ones.
struct LabelledRows {
    let rows: SparseMatrix
    let targets: Targets

    static let labelCount = 3
    private static let ownCount = 8
    private static let commonCount = 12
    private static let columnCount = labelCount * ownCount + commonCount

    init(_ task: ClassificationTask, count: Int = 72, seed: UInt64) {
        var random = RandomGenerator(seed: seed)
        var rows = SparseMatrix(columnCount: Self.columnCount)
        var targets = Targets(task: task, labelCount: Self.labelCount)
        let combinations = task == .single ? [[0], [1], [2]] : [[0], [1], [2], [0, 1], [], [1, 2], [0], [2]]
        for article in 0..<count {
            let labels = combinations[article % combinations.count]
            // One article in thirty has no features, as one of unknown words has.
            if article % 30 != 29 { Self.append(labels, to: &rows, &random) }
            rows.endRow()
            targets.append(positive: labels)
        }
        self.rows = rows
        self.targets = targets
    }

    /// The same articles, the last label being the first.
    var withLabelsReversed: LabelledRows {
        var reversed = Targets(task: targets.task, labelCount: Self.labelCount)
        for article in 0..<targets.count {
            let positive = (0..<Self.labelCount).filter { targets[article, $0] == .positive }
            reversed.append(positive: positive.map { Self.labelCount - 1 - $0 })
        }
        return LabelledRows(rows: rows, targets: reversed)
    }

    private init(rows: SparseMatrix, targets: Targets) {
        self.rows = rows
        self.targets = targets
    }

    /// Appends features of an article with the given labels, of unit length in all.
    private static func append(_ labels: [Int], to rows: inout SparseMatrix, _ random: inout RandomGenerator) {
        var columns: [Int] = []
        for label in labels {
            for _ in 0..<3 { columns.append(label * ownCount + random.nextInt(below: ownCount)) }
        }
        for _ in 0..<3 { columns.append(labelCount * ownCount + random.nextInt(below: commonCount)) }
        let distinct = Set(columns).sorted()
        let values = distinct.map { _ in 0.5 + Double(random.nextInt(below: 1000)) / 1000 }
        let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for (column, value) in zip(distinct, values) { rows.append(column: Int32(column), value: Float(value / norm)) }
    }

    /// Articles that have the features of label 0.
    var rowsLikeLabel0: SparseMatrix {
        var random = RandomGenerator(seed: 77)
        var extra = SparseMatrix(columnCount: rows.columnCount)
        for _ in 0..<40 {
            Self.append([0], to: &extra, &random)
            extra.endRow()
        }
        return extra
    }

    /// Rows that no training article looks like.
    var oddRows: (names: [String], matrix: SparseMatrix) {
        var matrix = SparseMatrix(columnCount: rows.columnCount)
        matrix.endRow()
        for value: Float in [1, 1e-37, 1e12] {
            for column in 0..<rows.columnCount { matrix.append(column: Int32(column), value: value) }
            matrix.endRow()
        }
        for _ in 0..<3 { matrix.append(column: 0, value: 0.25) }
        matrix.endRow()
        matrix.append(column: Int32(rows.columnCount - 1), value: 0)
        matrix.endRow()
        return (
            ["without features", "of all features", "of tiny values", "of large values", "with one feature thrice", "of zeros"],
            matrix
        )
    }

    /// The share of articles with features whose positive labels all have higher scores than the negative ones.
    func shareRankedRight(_ scores: [Double]) -> Double {
        guard scores.count == targets.values.count else { return 0 }
        var right = 0
        var all = 0
        for article in 0..<targets.count where !rows.row(article).isEmpty {
            let positive = (0..<Self.labelCount).filter { targets[article, $0] == .positive }
            let negative = (0..<Self.labelCount).filter { targets[article, $0] == .negative }
            all += 1
            let isRight = positive.allSatisfy { label in
                negative.allSatisfy { scores[article * Self.labelCount + label] > scores[article * Self.labelCount + $0] }
            }
            if isRight { right += 1 }
        }
        return Double(right) / Double(max(1, all))
    }
}
