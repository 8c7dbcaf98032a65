import LinearAlgebra
import TextClassification

extension ConformanceSuite {
    func run<R: DecisionRule>(_ check: DecisionRuleCheck, _ rule: R) throws -> [String] {
        switch check {
        case .identity: identityReasons(rule)
        case .hyperparameters: hyperparameterReasons(rule)
        default:
            try ClassificationTask.allCases.flatMap { task in
                try reasons(check, rule, LabelledScores(task, seed: seed)).map { "\(task.rawValue)-label: \($0)" }
            }
        }
    }

    private func reasons<R: DecisionRule>(_ check: DecisionRuleCheck, _ rule: R, _ sample: LabelledScores) throws -> [String] {
        func fitted(_ probabilities: [Double]?, threads: Int = 1) throws -> R.Model {
            try rule.fitted(toHeldOut: probabilities, targets: sample.targets, context: context(threads: threads))
        }
        let probabilities = sample.probabilities
        let model = try fitted(probabilities)
        let task = sample.targets.task
        switch check {
        case .heldOutProbabilities:
            let without = try fitted(nil)
            var reasons: [String] = []
            if without.decisions(probabilities).count != probabilities.count {
                reasons.append("without held-out probabilities the number of decisions is wrong")
            }
            if !rule.needsHeldOutProbabilities(for: task), try fileBytes(of: without) != fileBytes(of: model) {
                reasons.append("it says that it needs no held-out probabilities, and makes use of them")
            }
            return reasons
        case .missingLabels:
            let changed = try fitted(sample.changedWhereMissing(probabilities))
            return try fileBytes(of: changed) == fileBytes(of: model) ? [] : ["probabilities of unjudged labels change the model"]
        case .repeatability: return try fileBytes(of: fitted(probabilities)) == fileBytes(of: model) ? [] : ["two fits differ"]
        case .threadIndependence:
            return try [2, 3].compactMap { threads in
                try fileBytes(of: fitted(probabilities, threads: threads)) == fileBytes(of: model)
                    ? nil : "\(threads) threads give another model than one"
            }
        case .degenerateCorpora:
            return LabelledScores.degenerate(task).compactMap { name, numbers, targets in
                guard let model = try? rule.fitted(toHeldOut: numbers, targets: targets, context: context()) else { return nil }
                let isProper = model.decisions(probabilities).count == probabilities.count && model.labelCount == 3
                return isProper ? nil : "of \(name), the number of decisions is wrong"
            }
        default: return try modelReasons(check, model, sample)
        }
    }

    private func modelReasons<M: DecisionRuleModel>(
        _ check: DecisionRuleCheck, _ model: M, _ sample: LabelledScores
    ) throws -> [String] {
        let probabilities = sample.probabilities
        let decisions = model.decisions(probabilities)
        let k = LabelledScores.labelCount
        guard check == .shape || decisions.count == probabilities.count else { return ["the number of decisions is wrong"] }
        switch check {
        case .shape:
            return (model.labelCount == k ? [] : ["of \(k) labels it claims \(model.labelCount)"])
                + (model.decisions([]).isEmpty ? [] : ["no probability gives decisions"])
                + (decisions.count == probabilities.count
                    ? [] : ["\(probabilities.count) probabilities give \(decisions.count) decisions"])
        case .thresholds: return thresholdReasons(model, sample)
        case .singleLabel:
            guard sample.targets.task == .single else { return [] }
            let several = stride(from: 0, to: decisions.count, by: k).first { start in
                decisions[start..<start + k].count { $0 } > 1
            }
            return several == nil ? [] : ["article \((several ?? 0) / k) gets several labels"]
        case .improperProbabilities:
            let values: [Double] = [0, 1, 0.5, .nan, .infinity, -.infinity, -1, 2]
            let improper: [Double] = values.flatMap { first in values.flatMap { second -> [Double] in [first, second, 0.5] } }
            let given = model.decisions(improper)
            guard given.count == improper.count else { return ["the number of decisions is wrong"] }
            // Where none is a number there may be a most probable label all the same.
            let isWrong = stride(from: 0, to: improper.count, by: k).contains { start in
                (start..<start + k).contains { given[$0] && improper[$0].isNaN }
            }
            return isWrong ? ["a label is given whose probability is no number"] : []
        case .monotonicity: return monotonicityReasons(model)
        case .rowIndependence:
            let other = stride(from: 0, to: decisions.count, by: k).first { start in
                model.decisions(Array(probabilities[start..<start + k])) != Array(decisions[start..<start + k])
            }
            return other == nil ? [] : ["article \((other ?? 0) / k) alone has other labels than among others"]
        case .roundTrip:
            let bytes = try fileBytes(of: model)
            let read = try M(reading: ModelFile(bytes: bytes).reader)
            return (read.decisions(probabilities) == decisions ? [] : ["read back it gives other labels"])
                + (read.labelCount == model.labelCount && read.thresholds == model.thresholds
                    ? [] : ["read back it has other thresholds or labels"])
                + (try fileBytes(of: read) == bytes ? [] : ["read back it writes another file"])
        default:
            return try usingDamaged(model) { (damaged: M) in
                // A pipeline refuses a model of another number of labels.
                guard damaged.labelCount == model.labelCount else { return nil }
                if let thresholds = damaged.thresholds, thresholds.count != damaged.labelCount {
                    return "a damaged model has \(thresholds.count) thresholds for \(damaged.labelCount) labels"
                }
                let count = damaged.decisions(probabilities).count
                return count == probabilities.count
                    ? nil : "a damaged model gives \(count) decisions for \(probabilities.count) probabilities"
            }
        }
    }

    private func thresholdReasons(_ model: some DecisionRuleModel, _ sample: LabelledScores) -> [String] {
        guard let thresholds = model.thresholds else { return [] }
        guard thresholds.count == LabelledScores.labelCount else { return ["it has \(thresholds.count) thresholds for 3 labels"] }
        guard thresholds.allSatisfy({ 0...1 ~= $0 }) else { return ["a threshold lies outside of 0...1"] }
        guard sample.targets.task == .multi else { return [] }
        let probabilities = sample.probabilities + thresholds
        let decisions = model.decisions(probabilities)
        let differs = probabilities.indices.first {
            decisions[$0] != (probabilities[$0] >= thresholds[$0 % LabelledScores.labelCount])
        }
        return differs.map { ["it does not decide by its thresholds on a probability of \(probabilities[$0])"] } ?? []
    }

    private func monotonicityReasons(_ model: some DecisionRuleModel) -> [String] {
        for label in 0..<LabelledScores.labelCount {
            var wasGiven = false
            for step in 0...200 {
                var probabilities = [0.3, 0.45, 0.2]
                probabilities[label] = Double(step) / 200
                let isGiven = model.decisions(probabilities)[label]
                if wasGiven, !isGiven { return ["label \(label) is taken back where its probability is \(probabilities[label])"] }
                wasGiven = isGiven
            }
        }
        return []
    }
}

extension DecisionRuleModel {
    func decisions(_ probabilities: [Double]) -> [Bool] {
        var decisions = [true, true]
        decide(probabilities, into: &decisions)
        return decisions
    }
}
