import LinearAlgebra
import TextClassification
import TextFeatures

/// Counts keywords: one feature for each keyword of some labels, a phrase where it has several words.
///
/// Words are cut as everywhere in the toolkit, so that case does not matter and "e-commerce" is found in "e commerce"; a phrase counts
/// where its words follow each other. The value of a keyword that occurs c times, the title weighted, is 1 + ln c, and c itself below
/// 1. No article is needed to fit. Without keywords every word is one.
public struct KeywordVectorizer: FeatureExtractor {
    public static let identifier = "keywords"
    public static let summary = "counts of given words and phrases, from the keywords of a sectors.json (--keywords)"
    public let parameters: Parameters

    /// The hyper-parameters of `KeywordVectorizer`.
    public struct Parameters: Hyperparameters {
        /// Definitions of labels, in the form of a `sectors.json`.
        public var keywords = ""
        public var titleWeight = 2.0

        public init() {}

        public static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter(
                "keywords", \.keywords, .text, help: "the keywords of each label, as JSON; --keywords FILE sets it from a file"),
            Hyperparameter(
                "titleWeight", \.titleWeight, .number(0...1000), help: "what an occurrence in the title counts"),
        ]
    }

    public init(_ parameters: Parameters = Parameters()) {
        self.parameters = parameters
    }

    public func fitted(to articles: ArticleBatch, context: TrainingContext) throws -> TFIDFModel {
        guard let definitions = try KeywordList.definitions(parameters.keywords) else {
            return try TFIDFVectorizer(Self.counts(titleWeight: parameters.titleWeight, lengths: 1...1))
                .fitted(to: articles, context: context)
        }
        return try KeywordList(definitions, titleWeight: parameters.titleWeight, context: context).terms
    }

    /// Plain damped counts.
    static func counts(titleWeight: Double, lengths: ClosedRange<Int>) -> TFIDFParameters {
        var parameters = TFIDFParameters()
        parameters.wordNgrams = LengthRange(lengths)
        parameters.useIDF = false
        parameters.normalization = .none
        parameters.titleWeight = titleWeight
        return parameters
    }
}
