/// What is asked of a classifier.
public enum ClassifierCheck: String, Sendable, CaseIterable {
    case identity
    case hyperparameters
    case shape
    case finiteScores = "finite-scores"
    case learning
    case labelOrder = "label-order"
    case rowIndependence = "row-independence"
    case repeatability
    case threadIndependence = "thread-independence"
    case concurrency
    case roundTrip = "round-trip"
    case additivity
    case missingLabels = "missing-labels"
    case sampleWeights = "sample-weights"
    case wideRows = "wide-rows"
    case degenerateCorpora = "degenerate-corpora"
    case cancellation
    case damagedFiles = "damaged-files"
    case updates

    /// What the check asks.
    public var explanation: String {
        switch self {
        case .identity: "its identifier and its summary can stand in recipes and listings, and it does at least one task"
        case .hyperparameters: "every value of a domain can be set and is kept, every other is refused; defaults lie within"
        case .shape: "it says how many features and labels it was fitted to, and writes as many scores, over old ones"
        case .finiteScores: "scores are finite numbers, of rows without features, with all of them, and of tiny and large values"
        case .learning: "it ranks the right labels first on articles like those it was trained on"
        case .labelOrder: "it learns as well when the labels come in another order"
        case .rowIndependence: "the scores of a row do not depend on the rows beside it, to the last bit"
        case .repeatability: "fitting twice gives the same bytes"
        case .threadIndependence: "fitting with 1, 2 and 3 threads gives the same bytes"
        case .concurrency: "several threads that use one model at the same time get the same scores"
        case .roundTrip: "the model read back from its file gives the same scores and writes the same file"
        case .additivity: "if it gives weights of features, they add up with the intercept to the score"
        case .missingLabels: "labels that nobody judged on an article teach nothing"
        case .sampleWeights:
            "if it weighs articles, one of weight 2 counts like two and one of weight 0 like none; if not, it says so"
        case .wideRows: "many more features than articles are no trouble"
        case .degenerateCorpora: "labels without articles, one class only, one article, no features: an error, or finite scores"
        case .cancellation: "a fit that is cancelled ends with `TrainingError.cancelled`, or with a model"
        case .damagedFiles: "a model read from damaged sections is an error, or can be used without a trap"
        case .updates:
            "if its models go on learning: in parts as at once, read back as before, from scores that do not know what comes, without forgetting; if not, it says so"
        }
    }
}
