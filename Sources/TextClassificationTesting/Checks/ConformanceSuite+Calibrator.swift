import LinearAlgebra
import TextClassification

extension ConformanceSuite {
    func run<C: Calibrator>(_ check: CalibratorCheck, _ calibrator: C) throws -> [String] {
        switch check {
        case .identity: identityReasons(calibrator)
        case .hyperparameters: hyperparameterReasons(calibrator)
        default:
            try ClassificationTask.allCases.flatMap { task in
                try reasons(check, calibrator, LabelledScores(task, seed: seed)).map { "\(task.rawValue)-label: \($0)" }
            }
        }
    }

    private func reasons<C: Calibrator>(_ check: CalibratorCheck, _ calibrator: C, _ sample: LabelledScores) throws -> [String] {
        func fitted(_ scores: [Double]?, threads: Int = 1) throws -> C.Model {
            try calibrator.fitted(toHeldOut: scores, targets: sample.targets, context: context(threads: threads))
        }
        let model = try fitted(sample.scores)
        let task = sample.targets.task
        switch check {
        case .heldOutScores:
            let without = try fitted(nil)
            var reasons = improperReasons(without.calibrated(sample.scores), task).map { "without held-out scores \($0)" }
            if !calibrator.needsHeldOutScores(for: task), try fileBytes(of: without) != fileBytes(of: model) {
                reasons.append("it says that it needs no held-out scores, and makes use of them")
            }
            return reasons
        case .missingLabels:
            let changed = try fitted(sample.changedWhereMissing(sample.scores))
            return try fileBytes(of: changed) == fileBytes(of: model) ? [] : ["scores of unjudged labels change the model"]
        case .repeatability: return try fileBytes(of: fitted(sample.scores)) == fileBytes(of: model) ? [] : ["two fits differ"]
        case .threadIndependence:
            return try [2, 3].compactMap { threads in
                try fileBytes(of: fitted(sample.scores, threads: threads)) == fileBytes(of: model)
                    ? nil : "\(threads) threads give another model than one"
            }
        case .degenerateCorpora:
            return LabelledScores.degenerate(task).compactMap { name, scores, targets in
                guard let model = try? calibrator.fitted(toHeldOut: scores, targets: targets, context: context()) else {
                    return nil
                }
                return improperReasons(model.calibrated(sample.scores), task).first.map { "of \(name), \($0)" }
            }
        default: return try modelReasons(check, model, sample)
        }
    }

    private func modelReasons<M: CalibratorModel>(_ check: CalibratorCheck, _ model: M, _ sample: LabelledScores) throws
        -> [String]
    {
        let task = sample.targets.task
        switch check {
        case .shape:
            return (model.labelCount == LabelledScores.labelCount ? [] : ["of 3 labels it claims \(model.labelCount)"])
                + (model.calibrated([]).isEmpty ? [] : ["no score gives probabilities"])
                + (model.calibrated(sample.scores).count == sample.scores.count ? [] : ["the number of probabilities is wrong"])
        case .probabilities: return improperReasons(model.calibrated(sample.scores), task)
        case .extremeScores:
            let values: [Double] = [0, 1e308, -1e308, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -0.0, 745, -745]
            let scores: [Double] = values.flatMap { first in values.flatMap { second -> [Double] in [first, second, 1] } }
            return improperReasons(model.calibrated(scores), task)
        case .monotonicity: return monotonicityReasons(model)
        case .rowIndependence:
            let all = model.calibrated(sample.scores)
            let k = LabelledScores.labelCount
            let other = stride(from: 0, to: all.count, by: k).first { start in
                let alone = model.calibrated(Array(sample.scores[start..<start + k]))
                return zip(alone, all[start..<start + k]).contains { $0.bitPattern != $1.bitPattern } || alone.count != k
            }
            return other == nil ? [] : ["article \((other ?? 0) / k) alone has other probabilities than among others"]
        case .roundTrip:
            let bytes = try fileBytes(of: model)
            let read = try M(reading: ModelFile(bytes: bytes).reader)
            return
                (read.calibrated(sample.scores) == model.calibrated(sample.scores)
                ? [] : ["read back it gives other probabilities"])
                + (read.labelCount == model.labelCount ? [] : ["read back it has \(read.labelCount) labels"])
                + (try fileBytes(of: read) == bytes ? [] : ["read back it writes another file"])
        default:
            return try usingDamaged(model) { (damaged: M) in
                // A pipeline refuses a model of another number of labels.
                guard damaged.labelCount == model.labelCount else { return nil }
                let count = damaged.calibrated(sample.scores).count
                return count == sample.scores.count
                    ? nil : "a damaged model gives \(count) probabilities for \(sample.scores.count) scores"
            }
        }
    }

    /// What is wrong with the probabilities of a task.
    private func improperReasons(_ probabilities: [Double], _ task: ClassificationTask) -> [String] {
        if let wrong = probabilities.first(where: { !(0...1 ~= $0) }) { return ["\(wrong) is no probability"] }
        guard task == .single else { return [] }
        for start in stride(from: 0, to: probabilities.count, by: LabelledScores.labelCount) {
            let sum = probabilities[start..<start + LabelledScores.labelCount].reduce(0, +)
            if abs(sum - 1) > 1e-9 { return ["the probabilities of an article sum to \(sum)"] }
        }
        return []
    }

    private func monotonicityReasons(_ model: some CalibratorModel) -> [String] {
        let k = LabelledScores.labelCount
        for label in 0..<k {
            var last = -1.0
            for step in -60...60 {
                var scores = [0.4, -0.3, 0.1]
                scores[label] = Double(step) / 8
                let probability = model.calibrated(scores)[label]
                if probability < last - 1e-12 {
                    return ["the probability of label \(label) falls where its score is \(scores[label])"]
                }
                last = probability
            }
        }
        return []
    }
}

extension CalibratorModel {
    func calibrated(_ scores: [Double]) -> [Double] {
        var scores = scores
        calibrate(&scores)
        return scores
    }
}
