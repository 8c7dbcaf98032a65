import LinearAlgebra
import TextClassification

// How models go on learning.
extension ConformanceSuite {
    func updateReasons<C: Classifier>(_ classifier: C, _ task: ClassificationTask) throws -> [String] {
        let sample = LabelledRows(task, seed: seed)
        let model = try classifier.fitted(to: sample.rows, targets: sample.targets, context: context())
        let further = LabelledRows(task, count: 60, seed: seed &+ 2)
        guard C.learnsUpdates else {
            let goesOn = (try? update(model, further.rows, further.targets)) != nil
            return model.updateObstacle == nil || goesOn
                ? ["\(task.rawValue)-label: its model goes on learning, and it does not say so (`learnsUpdates`)"] : []
        }
        guard model.updateObstacle == nil else { return ["\(task.rawValue)-label: its model cannot go on learning, as it says"] }
        let updated = try update(model, further.rows, further.targets)
        guard updated.model.featureCount == model.featureCount, updated.model.labelCount == model.labelCount,
            updated.scoresBefore.count == further.targets.values.count
        else { return ["\(task.rawValue)-label: updated it has other features or labels, or not a score for each row and label"] }
        let reasons =
            try continuationReasons(model, updated.model, further)
            + validationReasons(model, updated.scoresBefore, further)
            + knowledgeReasons(classifier, model, sample, further) + stateReasons(model, further)
        return reasons.map { "\(task.rawValue)-label: \($0)" }
    }

    private func update<M: ClassifierModel>(_ model: M, _ rows: SparseMatrix, _ targets: Targets) throws -> UpdatedModel<M> {
        try model.updated(with: rows, targets: targets, passCount: 1, context: context())
    }

    private func update<M: ClassifierModel>(_ model: M, _ sample: LabelledRows, _ range: Range<Int>) throws -> M {
        try update(model, sample.rows.selectingRows(Array(range)), sample.targets.selecting(range)).model
    }

    /// In parts, from a file, and with articles that nobody judged.
    private func continuationReasons<M: ClassifierModel>(_ model: M, _ updated: M, _ further: LabelledRows) throws -> [String] {
        var reasons: [String] = []
        let bytes = try fileBytes(of: updated)
        let count = further.rows.rowCount
        var parts = model
        for range in [0..<1, 1..<count / 2, count / 2..<count] { parts = try update(parts, further, range) }
        if try fileBytes(of: parts) != bytes { reasons.append("rows learnt in three updates give another model than in one") }
        let read = try M(reading: ModelFile(bytes: fileBytes(of: model)).reader)
        if read.updateObstacle != nil {
            reasons.append("read back from its file it cannot go on learning")
        } else if try fileBytes(of: update(read, further, 0..<count)) != bytes {
            reasons.append("read back from its file it goes on to another model")
        }
        var targets = further.targets
        for _ in 0..<further.rowsLikeLabel0.rowCount { targets.appendUnlabelled() }
        let rows = SparseMatrix(stacking: [further.rows, further.rowsLikeLabel0], columnCount: further.rows.columnCount)
        let scores = try update(model, rows, targets).model.scores(of: further.rows)
        if zip(scores, updated.scores(of: further.rows)).contains(where: { abs($0 - $1) > 0.01 * (1 + abs($1)) }) {
            reasons.append("articles on which no label was judged teach it something")
        }
        return reasons
    }

    /// The scores before learning must not know what is learnt.
    private func validationReasons<M: ClassifierModel>(
        _ model: M, _ scoresBefore: [Double], _ further: LabelledRows
    ) throws -> [String] {
        let k = further.targets.labelCount
        let first = model.scores(of: further.rows.selectingRows([0]))
        if zip(scoresBefore.prefix(k), first).contains(where: { abs($0 - $1) > 0.02 * (1 + abs($1)) }) {
            return ["the first row's score before it was learnt is not that of the model"]
        }
        for article in [0, 7, further.targets.count - 1] {
            var targets = Targets(task: further.targets.task, labelCount: k)
            for other in 0..<further.targets.count {
                let positive = (0..<k).filter { further.targets[other, $0] == .positive }
                targets.append(positive: other == article ? [((positive.first ?? 0) + 1) % k] : positive)
            }
            let changed = try update(model, further.rows, targets).scoresBefore
            let range = article * k..<(article + 1) * k
            if changed.count != scoresBefore.count || changed[range] != scoresBefore[range] {
                return ["the score of row \(article) before it was learnt depends on its own labels"]
            }
        }
        return []
    }

    /// What was learnt first is kept, and what comes later is learnt.
    private func knowledgeReasons<C: Classifier>(
        _ classifier: C, _ model: C.Model, _ sample: LabelledRows, _ further: LabelledRows
    ) throws -> [String] {
        var reasons: [String] = []
        let kept = sample.shareRankedRight(try update(model, further, 0..<1).scores(of: sample.rows))
        if kept < 0.9 {
            reasons.append("after an update with one article only \(kept) of the old ones have the right label first")
        }
        // Articles of the first labels alone.
        let few = (0..<sample.targets.count).filter { sample.targets[$0, 2] != .positive }
        let early = try classifier.fitted(
            to: sample.rows.selectingRows(few), targets: sample.targets.selecting(few), context: context())
        let late = try early.updated(with: further.rows, targets: further.targets, passCount: nil, context: context()).model
        let share = sample.shareRankedRight(late.scores(of: sample.rows))
        if share < 0.9 { reasons.append("a label that the update brought is not learnt: \(share) of articles are ranked right") }
        return reasons
    }

    /// Without its state, and with a damaged one.
    private func stateReasons<M: ClassifierModel>(_ model: M, _ further: LabelledRows) throws -> [String] {
        var reasons: [String] = []
        let without = model.withoutUpdateState()
        if without.scores(of: further.rows) != model.scores(of: further.rows) {
            reasons.append("without what updates go on from it gives other scores")
        }
        if without.updateObstacle != .stateLeftOut || (try? update(without, further, 0..<1)) != nil {
            reasons.append("without what updates go on from it goes on, or does not say why it cannot")
        }
        reasons += try usingDamaged(model) { (damaged: M) in
            guard damaged.featureCount == model.featureCount, damaged.labelCount == model.labelCount else { return nil }
            // An error is as it should be; what matters is that it does not trap.
            _ = try? update(damaged, further, 0..<further.rows.rowCount)
            return nil
        }
        return reasons
    }
}
