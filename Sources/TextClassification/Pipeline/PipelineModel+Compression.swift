/// In how few bits a model keeps its numbers.
public enum WeightPrecision: Sendable {
    /// 16 bits, half precision: what is rounded off is less than what solvers leave open.
    case half
    /// Whole numbers of 8 bits, in steps of a label's own: a quarter of the size, for a small loss.
    case eightBit
}

/// Why a model cannot be made as small as asked.
public enum CompressionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A component has no smaller form.
    case unsupported(component: String)
    /// Even with few features the model is larger.
    case tooLarge(smallest: Int, limit: Int)

    public var description: String {
        switch self {
        case .unsupported(let component):
            "the model cannot be made that small: \(component) cannot do without a part of its features"
        case .tooLarge(let smallest, let limit):
            "the model cannot be made as small as \(limit) bytes: with a single feature it still has \(smallest)"
        }
    }
}

extension PipelineModel {
    /// A smaller model that predicts nearly the same: weights in 8 bits, and, as far as a limit makes it necessary, without the
    /// features that matter least.
    ///
    /// A feature matters by its typical value times its largest weight, since that is what it changes scores by; of the weights of a
    /// single-label task their mean is taken off first, which changes no probability. Thresholds and calibration stay as they are.
    /// - Parameter maximumSize: the bytes of the model file; without it no feature is left out.
    /// - Throws: `CompressionError` where the limit cannot be reached, `ModelFileError` for a model that cannot be written.
    /// - Complexity: O(features · (labels + log features)), and writing about ten models.
    public func compressed(maximumSize: Int? = nil) throws -> PipelineModel {
        guard articleClassifier == nil else {
            throw CompressionError.unsupported(component: header.recipe.classifier.component)
        }
        var smaller = self
        if let quantized = classifier.quantized(to: .eightBit) {
            smaller = replacing(featureExtractor, quantized)
            smaller.header.training.notes.append("weights in 8 bits")
        }
        guard let maximumSize else { return smaller }
        let wholeSize = try smaller.fileBytes().count
        if wholeSize <= maximumSize { return smaller }
        guard featureTransformers.isEmpty else {
            throw CompressionError.unsupported(component: header.recipe.featureTransformers[0].component)
        }
        let ranking = featuresByImportance()
        var tooMany = ranking.count
        var (fitting, best): (Int, PipelineModel?) = (0, nil)
        var count = max(1, min(ranking.count - 1, ranking.count * maximumSize / wholeSize))
        // Sizes are nearly linear in the number of features, so that the guess is good and each further one much better.
        while true {
            let candidate = try smaller.selecting(ranking.prefix(count).sorted())
            let size = try candidate.fileBytes().count
            if size <= maximumSize { (fitting, best) = (count, candidate) } else { tooMany = count }
            if count == 1, best == nil { throw CompressionError.tooLarge(smallest: size, limit: maximumSize) }
            if tooMany - fitting <= 1 + fitting / 500 { break }
            count = min(max(count * maximumSize / size, fitting + 1), tooMany - 1)
            // Where the guess stays at a border, the middle gets on.
            if count == fitting + 1 || count == tooMany - 1 { count = (fitting + tooMany) / 2 }
        }
        return best ?? smaller
    }

    /// The same model with its weights in half precision, where its classifier has such a form: half the size, and a rounding of at most 2^-11 of each
    /// weight, less than what solvers leave open. Thresholds and calibration stay as they are.
    /// - Complexity: O(features · labels).
    public func withHalfPrecision() -> PipelineModel {
        guard articleClassifier == nil, let quantized = classifier.quantized(to: .half) else { return self }
        return replacing(featureExtractor, quantized)
    }

    func replacing(_ extractor: any FeatureExtractorModel, _ classifier: any ClassifierModel) -> PipelineModel {
        PipelineModel(
            header: header, featureExtractor: extractor, featureTransformers: featureTransformers, classifier: classifier,
            calibrator: calibrator, decisionRule: decisionRule)
    }

    private func selecting(_ features: [Int]) throws(CompressionError) -> PipelineModel {
        guard let extractor = featureExtractor.selecting(features) else {
            throw .unsupported(component: header.recipe.featureExtractor.component)
        }
        guard let classifier = classifier.selecting(features) else {
            throw .unsupported(component: header.recipe.classifier.component)
        }
        var model = replacing(extractor, classifier)
        model.header.training.notes.append("\(features.count) of \(self.classifier.featureCount) features kept")
        return model
    }

    /// The features, those that matter most first; equal ones in their order.
    private func featuresByImportance() -> [Int] {
        let labelCount = labels.count
        var importances: [Double] = []
        importances.reserveCapacity(classifier.featureCount)
        var weights = [Double](repeating: 0, count: labelCount)
        for feature in 0..<classifier.featureCount {
            for label in 0..<labelCount { weights[label] = classifier.featureWeight(feature, label: label) ?? 0 }
            let mean = task == .single ? weights.reduce(0, +) / Double(labelCount) : 0
            let largest = weights.reduce(0) { max($0, abs($1 - mean)) }
            importances.append(largest * featureExtractor.typicalValue(feature))
        }
        return importances.indices.sorted { (importances[$0], $1) > (importances[$1], $0) }
    }
}
