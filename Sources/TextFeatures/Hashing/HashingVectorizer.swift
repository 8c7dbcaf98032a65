import LinearAlgebra
import TextClassification

/// TF-IDF features in a space of fixed size: a term's feature is its hash (Weinberger et al. 2009), so that memory does not grow
/// with the vocabulary. Every feature keeps the name of the term that reached it first while fitting, and how many terms share it.
///
/// There are no signs: collisions add up, and a feature's weight stays readable. Features that no training article reaches have no
/// weight and are not looked at again, unless `keepsUnseen` is set: then they have the weight of a term that no article has, for classifiers
/// that go on learning.
public struct HashingVectorizer: FeatureExtractor {
    public static let identifier = "hashing"
    public static let summary = "TF-IDF of hashed n-grams in a bounded feature space that still names its features"
    public let parameters: HashingParameters

    public init(_ parameters: HashingParameters = HashingParameters()) {
        self.parameters = parameters
    }

    /// Counts in how many articles each bucket occurs. Memory: O(2^bits) and the names of the buckets in use.
    public func fitted(to articles: ArticleBatch, context: TrainingContext) throws -> HashingModel {
        var fitting = try makeFitting()
        try fitting.add(articles) { () throws(TrainingError) in try context.checkCancellation() }
        return fitting.finished()
    }
}

/// The hyper-parameters of `HashingVectorizer`: the size of the space, and those of `TFIDFVectorizer` that do not need a vocabulary.
public struct HashingParameters: Hyperparameters {
    public var bits = 18
    public var keepsUnseen = false
    public var text = TFIDFParameters()

    public init() {}

    /// Files written before `keepsUnseen` was there lack it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        bits = try container.decode(Int.self, forKey: .bits)
        keepsUnseen = try container.decodeIfPresent(Bool.self, forKey: .keepsUnseen) ?? false
        text = try container.decode(TFIDFParameters.self, forKey: .text)
    }

    public static var schema: [Hyperparameter<HashingParameters>] {
        [
            Hyperparameter("bits", \.bits, .integer(8...28), help: "2^bits features for words, and as many for characters"),
            Hyperparameter(
                "keepsUnseen", \.keepsUnseen, .boolean,
                help: "whether terms that no training article has are features, too, to be learnt by updates"),
        ] + TFIDFParameters.schema.filter { $0.name != "maximumFeatures" }.map { $0.lifted(\HashingParameters.text) }
    }
}
