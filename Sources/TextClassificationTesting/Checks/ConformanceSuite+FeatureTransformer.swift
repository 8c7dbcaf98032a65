import LinearAlgebra
import TextClassification

extension ConformanceSuite {
    func run<T: FeatureTransformer>(_ check: FeatureTransformerCheck, _ transformer: T) throws -> [String] {
        let sample = LabelledRows(.multi, seed: seed)
        func fitted(threads: Int = 1) throws -> T.Model {
            try transformer.fitted(to: sample.rows, targets: sample.targets, context: context(threads: threads))
        }
        switch check {
        case .identity: return identityReasons(transformer)
        case .hyperparameters: return hyperparameterReasons(transformer)
        case .repeatability: return try fileBytes(of: fitted()) == fileBytes(of: fitted()) ? [] : ["two fits differ"]
        case .threadIndependence:
            let bytes = try fileBytes(of: fitted())
            return try [2, 3].compactMap { threads in
                try fileBytes(of: fitted(threads: threads)) == bytes ? nil : "\(threads) threads give another model than one"
            }
        case .withoutTargets:
            guard let model = try? transformer.fitted(to: sample.rows, targets: nil, context: context()) else { return [] }
            return model.inputCount == sample.rows.columnCount ? [] : ["without targets it takes \(model.inputCount) features"]
        case .cancellation:
            do {
                _ = try transformer.fitted(to: sample.rows, targets: sample.targets, context: context(isCancelled: true))
            } catch TrainingError.cancelled {
            } catch {
                return ["cancelled, it ends with \(error)"]
            }
            return []
        default: return try modelReasons(check, fitted(), sample)
        }
    }

    private func modelReasons<M: FeatureTransformerModel>(
        _ check: FeatureTransformerCheck, _ model: M, _ sample: LabelledRows
    ) throws -> [String] {
        let rows = model.transformed(sample.rows)
        switch check {
        case .shape:
            var reasons: [String] = []
            if model.inputCount != sample.rows.columnCount { reasons.append("it claims to take \(model.inputCount) features") }
            if model.featureCount == 0 { reasons.append("it gives no feature") }
            if rows.rowCount != sample.rows.rowCount { reasons.append("\(sample.rows.rowCount) rows give \(rows.rowCount)") }
            if model.transformed(sample.rows.selectingRows([])).rowCount != 0 { reasons.append("no row gives rows") }
            if (0..<model.featureCount).contains(where: { feature in model.featureName(feature) { "f\($0)" }.isEmpty }) {
                reasons.append("a feature has no name")
            }
            return reasons
        case .finiteValues:
            let odd = sample.oddRows
            return zip(odd.names, 0...).compactMap { name, row in
                let values = model.transformed(odd.matrix.selectingRows([row])).values
                return values.allSatisfy { $0.isFinite } ? nil : "a row \(name) gives values that are no numbers"
            }
        case .rowIndependence:
            guard rows.rowCount == sample.rows.rowCount else { return ["the number of rows is wrong"] }
            let other = (0..<rows.rowCount).first {
                model.transformed(sample.rows.selectingRows([$0])) != rows.selectingRows([$0])
            }
            return other.map { ["row \($0) alone becomes another row than among others"] } ?? []
        case .appending:
            var twice = SparseMatrix(columnCount: model.featureCount)
            for _ in 0..<2 { model.transform(sample.rows, into: &twice) }
            let order = Array(0..<rows.rowCount) + Array(0..<rows.rowCount)
            guard twice.rowCount == order.count else { return ["twice \(rows.rowCount) rows give \(twice.rowCount)"] }
            return twice == rows.selectingRows(order) ? [] : ["rows that were there changed, or the new ones differ"]
        case .roundTrip:
            let bytes = try fileBytes(of: model)
            let read = try M(reading: ModelFile(bytes: bytes).reader)
            guard read.featureCount == model.featureCount, read.inputCount == model.inputCount else {
                return ["read back it takes or gives another number of features"]
            }
            return (read.transformed(sample.rows) == rows ? [] : ["read back it gives other rows"])
                + (try fileBytes(of: read) == bytes ? [] : ["read back it writes another file"])
        default:
            return try usingDamaged(model) { (damaged: M) in
                guard damaged.featureCount == model.featureCount, damaged.inputCount == model.inputCount else { return nil }
                for feature in 0..<damaged.featureCount { _ = damaged.featureName(feature) { "f\($0)" } }
                let count = damaged.transformed(sample.rows).rowCount
                return count == rows.rowCount ? nil : "a damaged model gives \(count) rows"
            }
        }
    }
}

extension FeatureTransformerModel {
    func transformed(_ rows: SparseMatrix) -> SparseMatrix {
        var output = SparseMatrix(columnCount: featureCount)
        transform(rows, into: &output)
        return output
    }
}
