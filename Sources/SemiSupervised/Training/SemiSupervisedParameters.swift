import TextClassification

/// The hyper-parameters of training with an archive.
public struct SemiSupervisedParameters: Hyperparameters {
    /// How frequent the labels of a single-label task are taken to be in the archive.
    public enum Prior: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
        /// `archive` where the labelled articles rather were picked, so many of each label, than taken at random; `labels` otherwise.
        case automatic
        /// As frequent as a step of re-estimation on the archive finds them, starting from equal shares.
        case archive
        /// As frequent as among the labelled articles: right where these are a random sample.
        case labels
        /// All equally frequent.
        case uniform
    }

    /// Where the scores of several labels are cut when the recipe's decision rule is `fixed-threshold`.
    public enum Thresholds: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
        /// Where the rule says.
        case rule
        /// Where the F1 that the kept model's probabilities promise on the archive is the largest: half of that F1 (Lipton, Elkan &
        /// Naryanaswamy 2014). The other stages see the rule's thresholds.
        case promised
    }

    public var prior = Prior.automatic
    public var thresholds = Thresholds.rule
    public var teacherInverseRegularization = 5.0
    public var vectorWeight = 1.0
    public var documentLength = 10.0
    public var pairWeight = 0.5
    public var labelShare = 0.1
    public var maximumLabelWeight = 15.0
    public var maximumIterations = 15
    public var refits = 2
    public var refitInverseRegularization = 3.0
    public var gateFolds = 4
    public var freeComponents = 8
    public var studentInverseRegularization = 10.0
    public var studentLabelWeight = 1.0
    public var maximumArticles = 100_000
    public var vectors = ArchiveVectors.Parameters()

    public init() {}

    public static let schema: [Hyperparameter<SemiSupervisedParameters>] =
        [
            Hyperparameter(
                "prior", \.prior, .choice(Prior.allCases.map(\.rawValue)),
                help:
                    "how frequent labels are in the archive (single-label): estimated there, as among the labelled articles, or equal"
            ),
            Hyperparameter(
                "thresholds", \.thresholds, .choice(Thresholds.allCases.map(\.rawValue)),
                help:
                    "with the decision rule fixed-threshold (multi-label): its thresholds, or those of the best F1 that the archive promises"
            ),
            Hyperparameter(
                "teacherInverseRegularization", \.teacherInverseRegularization, .number(1e-3...1e6, .logarithmic),
                help: "C of the classifier on TF-IDF and article vectors"),
            Hyperparameter(
                "vectorWeight", \.vectorWeight, .number(0.01...100, .logarithmic),
                help: "factor on article vectors beside the kept features, whose blocks have unit length"),
            Hyperparameter(
                "documentLength", \.documentLength, .number(0.1...1000, .logarithmic),
                help: "the length to which articles are scaled for naive Bayes; shorter is more cautious"),
            Hyperparameter(
                "pairWeight", \.pairWeight, .number(0...10),
                help: "what pairs of words count beside single ones in naive Bayes (single-label); 0: they are not looked at"),
            Hyperparameter(
                "labelShare", \.labelShare, .number(0...10),
                help: "what all labelled articles weigh together in naive Bayes, as a share of the archive"),
            Hyperparameter(
                "maximumLabelWeight", \.maximumLabelWeight, .number(1...10_000),
                help: "the most that a labelled article weighs there"),
            Hyperparameter(
                "maximumIterations", \.maximumIterations, .integer(1...1000), help: "iterations of expectation maximisation"),
            Hyperparameter("refits", \.refits, .integer(0...20), help: "classifiers fitted to the archive's estimated labels"),
            Hyperparameter(
                "refitInverseRegularization", \.refitInverseRegularization, .number(1e-3...1e6, .logarithmic), help: "C of those"),
            Hyperparameter(
                "gateFolds", \.gateFolds, .integer(2...20), help: "folds in which training with and without the archive compete"),
            Hyperparameter(
                "freeComponents", \.freeComponents, .integer(0...1000),
                help: "components of articles without a label (multi-label)"),
            Hyperparameter(
                "studentInverseRegularization", \.studentInverseRegularization, .number(1e-3...1e6, .logarithmic),
                help: "C of the linear model that is kept"),
            Hyperparameter(
                "studentLabelWeight", \.studentLabelWeight, .number(0...10_000),
                help: "what a labelled article weighs when that model is fitted, an article of the archive being 1"),
            Hyperparameter(
                "maximumArticles", \.maximumArticles, .integer(2...1_000_000_000),
                help:
                    "so many articles of the archive are learnt from beside the vectors, which know all: of a larger one every second, fourth, …"
            ),
        ] + ArchiveVectors.Parameters.schema.filter { $0.name != "titleWeight" }.map { $0.lifted(\.vectors) }
}
