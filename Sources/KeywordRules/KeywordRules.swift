import LinearAlgebra
import LinearModels
import TextClassification

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Rules of keywords: what can be had without a single labelled article, and what every classifier has to beat.
///
/// The score of a label is `strength` · (Σ v − `evidence`), v being the values of its keywords in the article, and is taken for
/// log-odds: a label is given from `evidence` keywords on. Keywords are given by `keywords`, for features from `KeywordVectorizer` with
/// the same; the articles then teach nothing and may be missing.
///
/// Without keywords those of each label are found in the labelled articles: the features whose share among the label's articles is twice that
/// among the others and differs by the log-likelihood ratio G² ≥ 3.84, the 5 % point of χ² with one degree (Dunning 1993); at most
/// `maximumKeywords`, those of the largest G².
public struct KeywordRules: SampleWeighingClassifier {
    public typealias Model = LinearModel
    public static let identifier = "keyword-rules"
    public static let summary = "gives a label by its keywords, from a sectors.json (--keywords) or found in labelled articles"
    public let parameters: Parameters

    /// The hyper-parameters of `KeywordRules`.
    public struct Parameters: Hyperparameters {
        /// Definitions of labels, in the form of a `sectors.json`.
        public var keywords = ""
        public var evidence = 0.5
        public var strength = 4.0
        public var maximumKeywords = 50

        public init() {}

        public static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter(
                "keywords", \.keywords, .text, help: "the keywords of each label, as JSON; --keywords FILE sets it from a file"),
            Hyperparameter(
                "evidence", \.evidence, .number(0.01...1000, .logarithmic), help: "how many keywords make a label probable"),
            Hyperparameter(
                "strength", \.strength, .number(0.01...100, .logarithmic), help: "what a keyword adds to the log-odds"),
            Hyperparameter(
                "maximumKeywords", \.maximumKeywords, .integer(1...1_000_000), help: "the most keywords of a label that are found"
            ),
        ]
    }

    public init(_ parameters: Parameters = Parameters()) {
        self.parameters = parameters
    }

    public var needsLabels: Bool { parameters.keywords.allSatisfy(\.isWhitespace) }

    public func fitted(
        _ rows: SparseMatrix, _ targets: Targets, sampleWeights: [Double]?, _ context: TrainingContext
    ) throws -> LinearModel {
        try context.checkCancellation()
        let labelCount = targets.labelCount
        var weights = [Float](repeating: 0, count: rows.columnCount * labelCount)
        let assigned =
            try given(featureCount: rows.columnCount, labelCount: labelCount, context)
            ?? found(rows, targets, sampleWeights ?? [Double](repeating: 1, count: rows.rowCount))
        for (label, features) in assigned.enumerated() {
            for feature in features { weights[feature * labelCount + label] = Float(parameters.strength) }
        }
        context.report(.note("keywords a label: \(assigned.map { String($0.count) }.joined(separator: ", "))"))
        return LinearModel(
            weights: weights,
            intercepts: [Double](repeating: -parameters.strength * parameters.evidence, count: max(1, labelCount)))
    }

    /// The features of each label by the keywords given; `nil` where there are none.
    private func given(featureCount: Int, labelCount: Int, _ context: TrainingContext) throws -> [[Int]]? {
        guard let definitions = try KeywordList.definitions(parameters.keywords) else { return nil }
        let list = try KeywordList(definitions, context: context)
        guard list.terms.featureCount == featureCount else {
            throw ConfigurationError.conflict(
                "\(Self.identifier) has \(list.terms.featureCount) keywords, and the rows have \(featureCount) features: it wants the "
                    + "feature extractor \(KeywordVectorizer.identifier) with the same keywords")
        }
        let labels = context.labels ?? definitions.labels
        guard labels.count == labelCount else {
            throw ConfigurationError.conflict("\(Self.identifier) defines \(labels.count) labels, and there are \(labelCount)")
        }
        for label in labels where definitions.definition(of: label)?.keywords.isEmpty ?? true {
            context.report(.warning("the label \"\(label)\" has no keywords: it will not be given"))
        }
        return labels.map { label in list.labels.indices.filter { list.labels[$0].contains(label) } }
    }

    /// The features of each label that its articles have far more often than the others.
    private func found(_ rows: SparseMatrix, _ targets: Targets, _ sampleWeights: [Double]) -> [[Int]] {
        (0..<targets.labelCount).map { label in
            // Weights of the articles, and of those that have each feature; first on the label's side.
            var totals = (positive: 0.0, negative: 0.0)
            var positive = [Double](repeating: 0, count: rows.columnCount)
            var negative = positive
            for article in 0..<rows.rowCount {
                let weight = sampleWeights[article]
                switch targets[article, label] {
                case .missing: continue
                case .positive:
                    totals.positive += weight
                    for column in presentColumns(rows, article) { positive[column] += weight }
                case .negative:
                    totals.negative += weight
                    for column in presentColumns(rows, article) { negative[column] += weight }
                }
            }
            var ranked: [(feature: Int, ratio: Double)] = []
            for feature in 0..<rows.columnCount where positive[feature] > 0 {
                let inside = (positive[feature] + 0.5) / (totals.positive + 1)
                let outside = (negative[feature] + 0.5) / (totals.negative + 1)
                let ratio = Self.likelihoodRatio(
                    positive[feature], of: totals.positive, and: negative[feature], of: totals.negative)
                if inside >= 2 * outside, ratio >= 3.84 { ranked.append((feature, ratio)) }
            }
            ranked.sort { ($1.ratio, $0.feature) < ($0.ratio, $1.feature) }
            return ranked.prefix(parameters.maximumKeywords).map(\.feature).sorted()
        }
    }

    private func presentColumns(_ rows: SparseMatrix, _ article: Int) -> Set<Int> {
        Set(rows.row(article).lazy.filter { rows.values[$0] > 0 }.map { Int(rows.columnIndices[$0]) })
    }

    /// G² = 2 Σ n ln(n / expected) of the table of two shares.
    package static func likelihoodRatio(_ first: Double, of firstTotal: Double, and second: Double, of secondTotal: Double)
        -> Double
    {
        let total = firstTotal + secondTotal
        let having = first + second
        guard total > 0 else { return 0 }
        var sum = 0.0
        for (count, expected) in [
            (first, firstTotal * having / total), (second, secondTotal * having / total),
            (firstTotal - first, firstTotal * (total - having) / total),
            (secondTotal - second, secondTotal * (total - having) / total),
        ] where count > 0 && expected > 0 { sum += count * log(count / expected) }
        return 2 * sum
    }
}
