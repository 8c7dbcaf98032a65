import TextClassification

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How rows are scaled to unit length.
public enum RowNormalization: String, Sendable, Codable, CaseIterable, HyperparameterConvertible { case l2, l1, none }

/// The hyper-parameters of `TFIDFVectorizer` and `HashingVectorizer`.
public struct TFIDFParameters: Hyperparameters {
    public var wordNgrams: LengthRange? = LengthRange(1...2)
    public var characterNgrams: LengthRange?
    public var wordWeight = 1.0
    public var characterWeight = 1.0
    public var titleWeight = 1.0
    public var bodyWeight = 1.0
    public var minimumDocumentFrequency = 1
    public var maximumDocumentFrequency = 1.0
    public var maximumFeatures: Int?
    public var minimumWordLength = 1
    public var stopWords = StopWords.none
    public var accents = TokenizerOptions.Accents.keep
    public var compounds = TokenizerOptions.Compounds.parts
    public var sublinear = true
    public var useIDF = true
    public var smoothIDF = true
    public var normalization = RowNormalization.l2

    public init() {}

    public static var schema: [Hyperparameter<TFIDFParameters>] {
        [
            Hyperparameter(
                "wordNgrams", \.wordNgrams, .optional(.lengths(1...5)), search: .choice(["1-1", "1-2", "1-3"]),
                help: "lengths of n-grams of words"),
            Hyperparameter(
                "characterNgrams", \.characterNgrams, .optional(.lengths(2...6)),
                help: "lengths of n-grams of characters within words, their edges included"),
            Hyperparameter(
                "wordWeight", \.wordWeight, .number(0...1000), help: "factor on the block of word n-grams, after normalisation"),
            Hyperparameter(
                "characterWeight", \.characterWeight, .number(0...1000),
                help: "factor on the block of character n-grams, after normalisation"),
            Hyperparameter(
                "titleWeight", \.titleWeight, .number(0...1000), search: .number(0.5...4, .logarithmic),
                help: "what an occurrence in the title counts"),
            Hyperparameter("bodyWeight", \.bodyWeight, .number(0...1000), help: "what an occurrence in the body counts"),
            Hyperparameter(
                "minimumDocumentFrequency", \.minimumDocumentFrequency, .integer(1...1_000_000),
                search: .integer(1...4),
                help: "drop terms that occur in fewer training articles"),
            Hyperparameter(
                "maximumDocumentFrequency", \.maximumDocumentFrequency, .number(0...1),
                help: "drop terms that occur in a larger share of the training articles"),
            Hyperparameter(
                "maximumFeatures", \.maximumFeatures, .optional(.integer(1...100_000_000)),
                help: "keep only so many terms of a block, those with the largest counts"),
            Hyperparameter(
                "minimumWordLength", \.minimumWordLength, .integer(1...100), help: "drop words of fewer characters"),
            Hyperparameter(
                "stopWords", \.stopWords, .choice(StopWords.allCases.map(\.rawValue)),
                search: .choice(StopWords.allCases.map(\.rawValue)),
                help: "words to drop"),
            Hyperparameter(
                "accents", \.accents, .choice(TokenizerOptions.Accents.allCases.map(\.rawValue)),
                help: "keep accents, or fold Việt Nam and Viet Nam into one"),
            Hyperparameter(
                "compounds", \.compounds, .choice(TokenizerOptions.Compounds.allCases.map(\.rawValue)),
                search: .choice(["parts", "both"]),
                help: "e-commerce gives its parts, or its parts and the whole"),
            Hyperparameter(
                "sublinear", \.sublinear, .boolean, search: .boolean,
                help: "replace a count c by 1 + ln c"),
            Hyperparameter("useIDF", \.useIDF, .boolean, help: "weight terms by inverse document frequency"),
            Hyperparameter(
                "smoothIDF", \.smoothIDF, .boolean, help: "ln((1+n)/(1+df))+1 instead of ln(n/df)+1"),
            Hyperparameter(
                "normalization", \.normalization, .choice(RowNormalization.allCases.map(\.rawValue)),
                help: "what becomes 1 in every row and block: the sum of squares, the sum, or nothing"),
        ]
    }

    var tokenizer: TokenizerOptions { TokenizerOptions(accents: accents, compounds: compounds) }

    /// The blocks of features, with their weights.
    var blocks: [(kind: TermKind, weight: Double)] {
        var blocks: [(TermKind, Double)] = []
        if let wordNgrams { blocks.append((.words(wordNgrams.range), wordWeight)) }
        if let characterNgrams { blocks.append((.characters(characterNgrams.range), characterWeight)) }
        return blocks
    }

    var limits: VocabularyLimits {
        VocabularyLimits(
            minimumDocumentFrequency: minimumDocumentFrequency, maximumDocumentShare: maximumDocumentFrequency,
            maximumCount: maximumFeatures)
    }

    /// A count as it enters the product with the inverse document frequency. A weighted count below 1 stays as it is.
    @inline(__always)
    func termFrequency(_ count: Float) -> Double {
        let count = Double(count)
        return sublinear && count > 1 ? 1 + log(count) : count
    }

    /// The weight of a term that occurs in `documentFrequency` of `articleCount` articles, rounded once.
    func inverseDocumentFrequency(_ documentFrequency: Int32, articleCount: Int) -> Float {
        guard useIDF else { return 1 }
        let extra = smoothIDF ? 1.0 : 0.0
        return Float(log((Double(articleCount) + extra) / (Double(documentFrequency) + extra)) + 1)
    }
}
