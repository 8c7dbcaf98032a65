/// What is asked of a feature extractor.
public enum FeatureExtractorCheck: String, Sendable, CaseIterable {
    case identity
    case hyperparameters
    case shape
    case fittedRows = "fitted-rows"
    case rowIndependence = "row-independence"
    case appending
    case repeatability
    case threadIndependence = "thread-independence"
    case concurrency
    case roundTrip = "round-trip"
    case oddTexts = "odd-texts"
    case occurrences
    case smallCorpora = "small-corpora"
    case cancellation
    case damagedFiles = "damaged-files"

    /// What the check asks.
    public var explanation: String {
        switch self {
        case .identity: "its identifier and its summary can stand in recipes and listings"
        case .hyperparameters: "every value of a domain can be set and is kept, every other is refused; defaults lie within"
        case .shape:
            "one row and one coverage (0...1) an article, columns within the features, finite values, a name for each feature"
        case .fittedRows: "the rows that fitting gives are those that the model gives for the same articles, to the last bit"
        case .rowIndependence: "a row depends on its article alone, not on those beside or before it, to the last bit"
        case .appending: "extraction appends to the rows that are there and leaves them alone"
        case .repeatability: "fitting twice gives the same bytes"
        case .threadIndependence: "fitting and extracting with 1, 2 and 3 threads give the same bytes and rows"
        case .concurrency: "several extractions that run at the same time give the same rows"
        case .roundTrip: "the model read back from its file gives the same rows and names and writes the same file"
        case .oddTexts: "empty texts, NULs, one enormous word, malformed UTF-8 (which is counted) and unknown scripts are taken"
        case .occurrences: "occurrences lie within the article, in order, and are of features of its row"
        case .smallCorpora: "no article, and articles without words, give an error or a model that works"
        case .cancellation: "a fit that is cancelled ends with `TrainingError.cancelled`, or with a model"
        case .damagedFiles: "a model read from damaged sections is an error, or can be used without a trap"
        }
    }
}
