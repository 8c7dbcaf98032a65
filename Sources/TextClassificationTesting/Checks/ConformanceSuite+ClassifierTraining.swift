import LinearAlgebra
import TextClassification

// How classifiers are fitted to what is incomplete, weighted, wide or hardly there.
extension ConformanceSuite {
    /// The mean difference of two sequences of numbers.
    private func distance(_ first: [Double], _ second: [Double]) -> Double {
        guard first.count == second.count, !first.isEmpty else { return .infinity }
        return zip(first, second).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(first.count)
    }

    /// Adds articles that look like label 0 and on which it was not judged, and compares with a corpus without them, and with corpora
    /// in which it was judged: the scores must stay far nearer to the first.
    func missingLabelReasons<C: Classifier>(_ classifier: C, _ task: ClassificationTask) throws -> [String] {
        let sample = LabelledRows(task, seed: seed)
        let k = sample.targets.labelCount
        let extra = sample.rowsLikeLabel0
        let rows = SparseMatrix(stacking: [sample.rows, extra], columnCount: sample.rows.columnCount)
        func labelled(_ append: (inout Targets) -> Void) -> Targets {
            var targets = sample.targets
            for _ in 0..<extra.rowCount { append(&targets) }
            return targets
        }
        /// The scores of label 0.
        func scores(_ rows: SparseMatrix, _ targets: Targets) throws -> [Double] {
            let model = try classifier.fitted(to: rows, targets: targets, context: context())
            let scores = model.scores(of: sample.rows)
            return stride(from: 0, to: scores.count, by: k).map { scores[$0] }
        }
        let without = try scores(sample.rows, sample.targets)
        let judged = [
            try distance(without, scores(rows, labelled { $0.append(positive: [0]) })),
            try distance(without, scores(rows, labelled { $0.append(positive: task == .single ? [1] : []) })),
        ]
        // A classifier that learns nothing from them either way cannot be told from one that ignores them.
        guard let smallest = judged.filter({ $0 > 1e-6 }).min() else { return [] }
        var reasons: [String] = []
        let unlabelled = try distance(without, scores(rows, labelled { $0.appendUnlabelled() }))
        if unlabelled > 0.1 * smallest {
            reasons.append("\(task.rawValue)-label: articles on which no label was judged change the scores")
        }
        if task == .multi {
            let partly = try distance(without, scores(rows, labelled { $0.append(positive: [], missing: [0]) }))
            if partly > 0.3 * smallest {
                reasons.append("\(task.rawValue)-label: articles on which a label was not judged change its scores")
            }
        }
        return reasons
    }

    func sampleWeightReasons<C: Classifier>(_ classifier: C, _ task: ClassificationTask) throws -> [String] {
        let sample = LabelledRows(task, seed: seed)
        // Articles with label 0 count much, and some articles count nothing.
        let weights = (0..<sample.rows.rowCount).map { sample.targets[$0, 0] == .positive ? 4.0 : $0 % 5 == 0 ? 0.0 : 1.0 }
        guard C.weighsSamples else {
            do {
                _ = try classifier.fitted(to: sample.rows, targets: sample.targets, sampleWeights: weights, context: context())
                return ["it takes weights of articles and does not say so (`weighsSamples`)"]
            } catch {
                return []
            }
        }
        let repeated = (0..<sample.rows.rowCount).flatMap { [Int](repeating: $0, count: Int(weights[$0])) }
        let weighted = try classifier.fitted(
            to: sample.rows, targets: sample.targets, sampleWeights: weights, context: context())
        let counted = try classifier.fitted(
            to: sample.rows.selectingRows(repeated), targets: sample.targets.selecting(repeated), context: context())
        let plain = try classifier.fitted(to: sample.rows, targets: sample.targets, context: context())
        let expected = counted.scores(of: sample.rows)
        let difference = distance(weighted.scores(of: sample.rows), expected)
        let size = distance(plain.scores(of: sample.rows), expected)
        return difference <= 0.05 * size || difference < 1e-9
            ? [] : ["\(task.rawValue)-label: weights do not act like repeated articles (\(difference), without weights \(size))"]
    }

    func wideRowReasons<C: Classifier>(_ classifier: C, _ task: ClassificationTask) throws -> [String] {
        let sample = LabelledRows(task, seed: seed)
        let columnCount = 60_000
        // The features lie far apart, the first and the last among them.
        var rows = SparseMatrix(columnCount: columnCount)
        for row in 0..<sample.rows.rowCount {
            for element in sample.rows.row(row) {
                let column = Int(sample.rows.columnIndices[element]) * (columnCount - 1) / (sample.rows.columnCount - 1)
                rows.append(column: Int32(column), value: sample.rows.values[element])
            }
            rows.endRow()
        }
        let model = try classifier.fitted(to: rows, targets: sample.targets, context: context())
        guard model.featureCount == columnCount else { return ["of \(columnCount) features it claims \(model.featureCount)"] }
        let share = sample.shareRankedRight(model.scores(of: rows))
        var full = SparseMatrix(columnCount: columnCount)
        for column in 0..<columnCount { full.append(column: Int32(column), value: 1 / Float(columnCount).squareRoot()) }
        full.endRow()
        let scores = model.scores(of: full)
        return (share >= 0.9 ? [] : ["\(task.rawValue)-label: with \(columnCount) features only \(share) is ranked right"])
            + (scores.allSatisfy { $0.isFinite }
                ? [] : ["\(task.rawValue)-label: a row of \(columnCount) features has the scores \(scores)"])
    }

    func degenerateReasons<C: Classifier>(_ classifier: C, _ task: ClassificationTask) throws -> [String] {
        let sample = LabelledRows(task, seed: seed)
        let k = sample.targets.labelCount
        func targets(_ count: Int, _ positive: (Int) -> [Int]) -> Targets {
            var targets = Targets(task: task, labelCount: k)
            for article in 0..<count { targets.append(positive: positive(article)) }
            return targets
        }
        var unlabelled = Targets(task: task, labelCount: k)
        for _ in 0..<10 { unlabelled.appendUnlabelled() }
        let first = sample.rows.selectingRows(Array(0..<10))
        var empty = SparseMatrix(columnCount: sample.rows.columnCount)
        for _ in 0..<10 { empty.endRow() }
        let corpora: [(String, SparseMatrix, Targets)] = [
            ("a label without articles", first, targets(10) { [$0 % (k - 1)] }),
            ("one class only", first, targets(10) { _ in [0] }),
            ("one article", sample.rows.selectingRows([0]), targets(1) { _ in [0] }),
            ("no article", sample.rows.selectingRows([]), targets(0) { _ in [] }),
            ("articles without features", empty, targets(10) { [$0 % k] }),
            ("no judged article", first, unlabelled),
            ("no feature", SparseMatrix(stacking: [], columnCount: 0), targets(0) { _ in [] }),
        ]
        return corpora.compactMap { name, rows, targets in
            guard let model = try? classifier.fitted(to: rows, targets: targets, context: context()) else { return nil }
            guard model.featureCount == rows.columnCount, model.labelCount == k else {
                return "\(task.rawValue)-label: of a corpus with \(name) the model has other features or labels"
            }
            let probe = rows.columnCount == 0 ? rows : sample.rows
            let scores = model.scores(of: probe)
            return scores.count == probe.rowCount * k && scores.allSatisfy { $0.isFinite }
                ? nil : "\(task.rawValue)-label: a corpus with \(name) gives scores that are no numbers"
        }
    }

    func cancellationReasons<C: Classifier>(_ classifier: C, _ task: ClassificationTask) -> [String] {
        let sample = LabelledRows(task, seed: seed)
        do {
            _ = try classifier.fitted(to: sample.rows, targets: sample.targets, context: context(isCancelled: true))
        } catch TrainingError.cancelled {
        } catch {
            return ["\(task.rawValue)-label: cancelled, it ends with \(error)"]
        }
        return []
    }
}
