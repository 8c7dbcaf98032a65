import LinearAlgebra
import TextClassification

extension ConformanceSuite {
    func run<C: Classifier>(_ check: ClassifierCheck, _ classifier: C) throws -> [String] {
        switch check {
        case .identity:
            return identityReasons(classifier)
                + (C.tasks.isEmpty ? ["it does no task"] : [])
                + (Set(C.tasks).count < C.tasks.count ? ["it names a task twice"] : [])
        case .hyperparameters: return hyperparameterReasons(classifier)
        case .sampleWeights: return try C.tasks.flatMap { try sampleWeightReasons(classifier, $0) }
        case .missingLabels: return try C.tasks.flatMap { try missingLabelReasons(classifier, $0) }
        case .degenerateCorpora: return try C.tasks.flatMap { try degenerateReasons(classifier, $0) }
        case .updates: return try C.tasks.flatMap { try updateReasons(classifier, $0) }
        case .cancellation: return C.tasks.flatMap { cancellationReasons(classifier, $0) }
        case .wideRows: return try C.tasks.flatMap { try wideRowReasons(classifier, $0) }
        case .repeatability, .threadIndependence, .learning, .labelOrder:
            return try C.tasks.flatMap { try fitReasons(check, classifier, $0) }
        case .shape, .finiteScores, .rowIndependence, .concurrency, .roundTrip, .additivity, .damagedFiles:
            return try C.tasks.flatMap { task in
                let sample = LabelledRows(task, seed: seed)
                let model = try classifier.fitted(to: sample.rows, targets: sample.targets, context: context())
                // Whatever else is asked would end in a trap.
                let hasShape = model.featureCount == sample.rows.columnCount && model.labelCount == LabelledRows.labelCount
                guard check == .shape || hasShape else { return ["\(task.rawValue)-label: see `shape`"] }
                return try modelReasons(check, model, sample).map { "\(task.rawValue)-label: \($0)" }
            }
        }
    }

    private func fitReasons<C: Classifier>(
        _ check: ClassifierCheck, _ classifier: C, _ task: ClassificationTask
    ) throws -> [String] {
        let sample = LabelledRows(task, seed: seed)
        let model = try classifier.fitted(to: sample.rows, targets: sample.targets, context: context())
        switch check {
        case .learning:
            let share = LabelledRows(task, seed: seed &+ 1).shareRankedRight(
                model.scores(of: LabelledRows(task, seed: seed &+ 1).rows))
            return share >= 0.9 ? [] : ["\(task.rawValue)-label: only \(share) of easy articles have the right label first"]
        case .labelOrder:
            let reversed = LabelledRows(task, seed: seed).withLabelsReversed
            let model = try classifier.fitted(to: reversed.rows, targets: reversed.targets, context: context())
            let other = LabelledRows(task, seed: seed &+ 1).withLabelsReversed
            let share = other.shareRankedRight(model.scores(of: other.rows))
            return share >= 0.9
                ? []
                : ["\(task.rawValue)-label: with its labels in reverse only \(share) of easy articles have the right label first"]
        case .threadIndependence:
            let bytes = try fileBytes(of: model)
            return try [2, 3].compactMap { threads in
                let other = try classifier.fitted(to: sample.rows, targets: sample.targets, context: context(threads: threads))
                return try fileBytes(of: other) == bytes
                    ? nil : "\(task.rawValue)-label: \(threads) threads give another model than one"
            }
        default:
            let again = try classifier.fitted(to: sample.rows, targets: sample.targets, context: context())
            return try fileBytes(of: again) == fileBytes(of: model) ? [] : ["\(task.rawValue)-label: two fits differ"]
        }
    }

    private func modelReasons<M: ClassifierModel>(_ check: ClassifierCheck, _ model: M, _ sample: LabelledRows) throws -> [String]
    {
        switch check {
        case .shape: shapeReasons(model, sample)
        case .finiteScores: finiteReasons(model, sample)
        case .rowIndependence: independenceReasons(model, sample)
        case .concurrency: concurrencyReasons(model, sample)
        case .roundTrip: try roundTripReasons(model, sample)
        case .additivity: additivityReasons(model, sample)
        default: try damageReasons(model, sample)
        }
    }

    private func shapeReasons(_ model: some ClassifierModel, _ sample: LabelledRows) -> [String] {
        var reasons: [String] = []
        if model.featureCount != sample.rows.columnCount {
            reasons.append("fitted to \(sample.rows.columnCount) features, it claims \(model.featureCount)")
        }
        if model.labelCount != sample.targets.labelCount {
            reasons.append("fitted to \(sample.targets.labelCount) labels, it claims \(model.labelCount)")
        }
        for count in [0, 1, sample.rows.rowCount] {
            var scores = [Double](repeating: 99, count: 7)
            model.decisionFunction(sample.rows.selectingRows(Array(0..<count)), into: &scores)
            if scores.count != count * sample.targets.labelCount {
                reasons.append("it writes \(scores.count) scores for \(count) rows of \(sample.targets.labelCount) labels")
            }
        }
        return reasons
    }

    private func finiteReasons(_ model: some ClassifierModel, _ sample: LabelledRows) -> [String] {
        let rows = sample.oddRows
        return zip(rows.names, 0...).compactMap { name, row in
            let scores = model.scores(of: rows.matrix.selectingRows([row]))
            return scores.allSatisfy { $0.isFinite } ? nil : "a row \(name) has the scores \(scores)"
        }
    }

    private func independenceReasons(_ model: some ClassifierModel, _ sample: LabelledRows) -> [String] {
        let k = sample.targets.labelCount
        let all = model.scores(of: sample.rows)
        guard all.count == sample.rows.rowCount * k else { return ["the number of scores is wrong"] }
        func differs(_ order: [Int]) -> Int? {
            let scores = model.scores(of: sample.rows.selectingRows(order))
            guard scores.count == order.count * k else { return order[0] }
            return order.indices.first { place in
                (0..<k).contains { scores[place * k + $0].bitPattern != all[order[place] * k + $0].bitPattern }
            }.map { order[$0] }
        }
        var reasons: [String] = []
        for row in 0..<sample.rows.rowCount where differs([row]) != nil {
            reasons.append("row \(row) alone has other scores than among others")
            break
        }
        if let row = differs(Array((0..<sample.rows.rowCount).reversed())) {
            reasons.append("row \(row) has other scores when the rows come in reverse")
        }
        if let row = differs([3, 3, 3, 1, 3]) { reasons.append("row \(row) has other scores when rows repeat") }
        return reasons
    }

    private func concurrencyReasons(_ model: some ClassifierModel, _ sample: LabelledRows) -> [String] {
        let expected = model.scores(of: sample.rows)
        let same = parallelMap(count: 16, threads: 4) { _ in model.scores(of: sample.rows) == expected }
        return same.allSatisfy { $0 } ? [] : ["the scores of threads that run at the same time differ"]
    }

    private func roundTripReasons<M: ClassifierModel>(_ model: M, _ sample: LabelledRows) throws -> [String] {
        let bytes = try fileBytes(of: model)
        let read = try M(reading: ModelFile(bytes: bytes).reader(registry))
        var reasons: [String] = []
        if read.featureCount != model.featureCount || read.labelCount != model.labelCount {
            return ["read back it has \(read.featureCount) features and \(read.labelCount) labels"]
        }
        let scores = zip(read.scores(of: sample.rows), model.scores(of: sample.rows))
        if scores.contains(where: { $0.bitPattern != $1.bitPattern }) { reasons.append("read back it gives other scores") }
        if try fileBytes(of: read) != bytes { reasons.append("read back it writes another file") }
        if read.intercept(label: 0) != model.intercept(label: 0)
            || read.featureWeight(0, label: 0) != model.featureWeight(0, label: 0)
        {
            reasons.append("read back it gives other weights")
        }
        return reasons
    }

    private func additivityReasons(_ model: some ClassifierModel, _ sample: LabelledRows) -> [String] {
        let k = sample.targets.labelCount
        let scores = model.scores(of: sample.rows)
        for label in 0..<k {
            guard let intercept = model.intercept(label: label) else {
                let weight = model.featureWeight(0, label: label)
                return weight == nil ? [] : ["label \(label) has weights of features and no intercept"]
            }
            for row in 0..<sample.rows.rowCount {
                var sum = intercept
                var size = abs(intercept)
                for element in sample.rows.row(row) {
                    let column = Int(sample.rows.columnIndices[element])
                    guard let weight = model.featureWeight(column, label: label) else {
                        return ["label \(label) has an intercept and no weight of feature \(column)"]
                    }
                    let contribution = weight * Double(sample.rows.values[element])
                    sum += contribution
                    size += abs(contribution)
                }
                let score = scores[row * k + label]
                // Rows are in single precision, those that a classifier makes of scores for another one, too: some roundings.
                if abs(sum - score) > 1e-6 * max(1, size) {
                    return ["the contributions to label \(label) of row \(row) add up to \(sum), the score is \(score)"]
                }
            }
        }
        return []
    }

    private func damageReasons<M: ClassifierModel>(_ model: M, _ sample: LabelledRows) throws -> [String] {
        try usingDamaged(model) { (damaged: M) in
            // A pipeline refuses a model of other counts.
            guard damaged.featureCount == model.featureCount, damaged.labelCount == model.labelCount else { return nil }
            for label in 0..<damaged.labelCount {
                _ = damaged.intercept(label: label)
                for feature in 0..<damaged.featureCount { _ = damaged.featureWeight(feature, label: label) }
            }
            let count = damaged.scores(of: sample.rows).count
            return count == sample.rows.rowCount * model.labelCount
                ? nil : "a damaged model gives \(count) scores for \(sample.rows.rowCount) rows of \(model.labelCount) labels"
        }
    }
}

extension ClassifierModel {
    func scores(of rows: SparseMatrix) -> [Double] {
        var scores: [Double] = [.nan, 1, 2]
        decisionFunction(rows, into: &scores)
        return scores
    }
}
