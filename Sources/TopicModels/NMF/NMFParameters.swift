import LinearAlgebra
import TextClassification

/// The hyper-parameters of `NMF`.
public struct NMFParameters: Hyperparameters {
    /// What is minimised between the matrix and the product of its factors.
    public enum Loss: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
        case frobenius
        case kullbackLeibler = "kullback-leibler"
    }

    /// The numbers that fitting computes with.
    public enum Precision: String, Sendable, Codable, CaseIterable, HyperparameterConvertible { case double, single }

    /// Where the iterations begin.
    public enum Initialization: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
        /// Non-negative double singular value decomposition (Boutsidis & Gallopoulos 2008); zeros stay zeros with Kullback–Leibler.
        case nndsvd
        /// The same with the mean of the matrix in place of zeros.
        case nndsvda
        /// Uniform numbers of the size of the matrix.
        case random
        /// A topic for every label, from its articles and keywords, then free ones as with `nndsvda`.
        case guided
    }

    /// What stands in the rows that the classifier sees.
    public enum Output: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
        /// The topics alone.
        case topics
        /// The features that came in, and the topics behind them.
        case both
    }

    public var topics = 40
    public var loss = Loss.frobenius
    public var precision = Precision.double
    public var initialization = Initialization.nndsvda
    public var articlePenalty = 0.0
    public var termPenalty = 0.0
    public var l1Ratio = 0.0
    public var surplus = 0.25
    public var guidance = 0.3
    public var tolerance = 1e-5
    public var maximumIterations = 200
    public var output = Output.topics
    public var topicWeight = 1.0

    public init() {}

    public static let schema: [Hyperparameter<NMFParameters>] = [
        Hyperparameter("topics", \.topics, .integer(1...10_000), help: "the number of topics"),
        Hyperparameter(
            "loss", \.loss, .choice(Loss.allCases.map(\.rawValue)),
            help: "frobenius for TF-IDF, kullback-leibler for counts; the second is slower"),
        Hyperparameter(
            "precision", \.precision, .choice(Precision.allCases.map(\.rawValue)), help: "of fitting; single is faster"),
        Hyperparameter(
            "initialization", \.initialization, .choice(Initialization.allCases.map(\.rawValue)),
            help: "guided gives every label a topic of its own"),
        Hyperparameter(
            "articlePenalty", \.articlePenalty, .number(0...1000), help: "on the weights of topics in articles (alpha_W)"),
        Hyperparameter("termPenalty", \.termPenalty, .number(0...1000), help: "on the weights of terms in topics (alpha_H)"),
        Hyperparameter(
            "surplus", \.surplus, .number(0...4),
            help: "share of topics that fitting starts with beyond those wanted, for a lower error (frobenius, from 20 topics on)"
        ),
        Hyperparameter("l1Ratio", \.l1Ratio, .number(0...1), help: "share of the penalties that is L1 and makes zeros"),
        Hyperparameter(
            "guidance", \.guidance, .number(0...100), help: "how firmly guided topics are tied to their labels while fitting"),
        Hyperparameter(
            "tolerance", \.tolerance, .number(0...0.1), help: "stop when the objective falls by less than this share, twice"),
        Hyperparameter("maximumIterations", \.maximumIterations, .integer(1...1_000_000), help: "stop after so many"),
        Hyperparameter(
            "output", \.output, .choice(Output.allCases.map(\.rawValue)),
            help: "the topics alone, or both the features that come in and the topics"),
        Hyperparameter("topicWeight", \.topicWeight, .number(0...1000), help: "the length of a row's topics, as features"),
    ]
}

extension NMFParameters {
    /// How many topics fitting starts with: `surplus` more, in whole rows of eight numbers, which cost as much as partly filled ones. Fewer
    /// than twenty topics start alone: a start by decomposition leads them to a good minimum without.
    var topicCountWithSurplus: Int {
        guard loss == .frobenius, surplus > 0, topics >= 20 else { return topics }
        return max(topics, Int((Double(topics) * (1 + surplus) / 8).rounded()) * 8)
    }

    /// The options of the solver for a matrix of this shape: penalties are counted as scikit-learn does.
    func options(rowCount: Int, columnCount: Int) -> FactorizationOptions {
        var options = FactorizationOptions()
        options.loss = loss == .frobenius ? .frobenius : .kullbackLeibler
        options.precision = precision == .double ? .double : .single
        let ofRows = articlePenalty * Double(columnCount)
        let ofColumns = termPenalty * Double(rowCount)
        options.l1 = (ofRows * l1Ratio, ofColumns * l1Ratio)
        options.l2 = (ofRows * (1 - l1Ratio), ofColumns * (1 - l1Ratio))
        options.tolerance = tolerance
        options.maximumIterations = maximumIterations
        return options
    }
}

extension NMFParameters {
    /// Reads what a model file holds; one of before there was `surplus` was fitted without.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        topics = try container.decode(Int.self, forKey: .topics)
        loss = try container.decode(Loss.self, forKey: .loss)
        precision = try container.decode(Precision.self, forKey: .precision)
        initialization = try container.decode(Initialization.self, forKey: .initialization)
        articlePenalty = try container.decode(Double.self, forKey: .articlePenalty)
        termPenalty = try container.decode(Double.self, forKey: .termPenalty)
        l1Ratio = try container.decode(Double.self, forKey: .l1Ratio)
        surplus = try container.decodeIfPresent(Double.self, forKey: .surplus) ?? 0
        guidance = try container.decode(Double.self, forKey: .guidance)
        tolerance = try container.decode(Double.self, forKey: .tolerance)
        maximumIterations = try container.decode(Int.self, forKey: .maximumIterations)
        output = try container.decode(Output.self, forKey: .output)
        topicWeight = try container.decode(Double.self, forKey: .topicWeight)
    }
}
