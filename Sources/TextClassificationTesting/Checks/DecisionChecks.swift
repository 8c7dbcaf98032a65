/// What is asked of a calibrator.
public enum CalibratorCheck: String, Sendable, CaseIterable {
    case identity
    case hyperparameters
    case shape
    case probabilities
    case extremeScores = "extreme-scores"
    case monotonicity
    case rowIndependence = "row-independence"
    case heldOutScores = "held-out-scores"
    case missingLabels = "missing-labels"
    case repeatability
    case threadIndependence = "thread-independence"
    case roundTrip = "round-trip"
    case degenerateCorpora = "degenerate-corpora"
    case damagedFiles = "damaged-files"

    /// What the check asks.
    public var explanation: String {
        switch self {
        case .identity: "its identifier and its summary can stand in recipes and listings"
        case .hyperparameters: "every value of a domain can be set and is kept, every other is refused; defaults lie within"
        case .shape: "it keeps the number of labels and of scores, none at all included"
        case .probabilities: "probabilities lie in 0...1; in single-label tasks those of an article sum to 1"
        case .extremeScores: "scores that are enormous, infinite or no numbers give probabilities, too"
        case .monotonicity: "a higher score of a label, the others alike, gives no lower probability"
        case .rowIndependence: "the probabilities of an article do not depend on the others', to the last bit"
        case .heldOutScores: "it works without held-out scores, and where it says it needs none it makes no use of them"
        case .missingLabels: "scores of labels that nobody judged on an article teach nothing"
        case .repeatability: "fitting twice gives the same bytes"
        case .threadIndependence: "fitting with 1, 2 and 3 threads gives the same bytes"
        case .roundTrip: "the model read back from its file gives the same probabilities and writes the same file"
        case .degenerateCorpora: "labels without positives or negatives, one article, equal scores: an error, or probabilities"
        case .damagedFiles: "a model read from damaged sections is an error, or can be used without a trap"
        }
    }
}

/// What is asked of a decision rule.
public enum DecisionRuleCheck: String, Sendable, CaseIterable {
    case identity
    case hyperparameters
    case shape
    case thresholds
    case singleLabel = "single-label"
    case improperProbabilities = "improper-probabilities"
    case monotonicity
    case rowIndependence = "row-independence"
    case heldOutProbabilities = "held-out-probabilities"
    case missingLabels = "missing-labels"
    case repeatability
    case threadIndependence = "thread-independence"
    case roundTrip = "round-trip"
    case degenerateCorpora = "degenerate-corpora"
    case damagedFiles = "damaged-files"

    /// What the check asks.
    public var explanation: String {
        switch self {
        case .identity: "its identifier and its summary can stand in recipes and listings"
        case .hyperparameters: "every value of a domain can be set and is kept, every other is refused; defaults lie within"
        case .shape: "it keeps the number of labels, and decides on every probability, none at all included"
        case .thresholds:
            "thresholds, if it gives any, are one a label, within 0...1, and in multi-label tasks those it decides by"
        case .singleLabel: "in single-label tasks an article has one label at most"
        case .improperProbabilities:
            "what is no number, or lies outside of 0...1, does not trap, and no label is given for no number"
        case .monotonicity: "a label that is given stays so when its probability rises and the others stay"
        case .rowIndependence: "the labels of an article do not depend on the others'"
        case .heldOutProbabilities:
            "it works without held-out probabilities, and where it says it needs none it makes no use of them"
        case .missingLabels: "probabilities of labels that nobody judged on an article teach nothing"
        case .repeatability: "fitting twice gives the same bytes"
        case .threadIndependence: "fitting with 1, 2 and 3 threads gives the same bytes"
        case .roundTrip: "the model read back from its file gives the same labels and writes the same file"
        case .degenerateCorpora: "labels without positives or negatives, one article, equal probabilities: an error, or decisions"
        case .damagedFiles: "a model read from damaged sections is an error, or can be used without a trap"
        }
    }
}
