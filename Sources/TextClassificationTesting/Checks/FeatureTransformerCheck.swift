/// What is asked of a feature transformer.
public enum FeatureTransformerCheck: String, Sendable, CaseIterable {
    case identity
    case hyperparameters
    case shape
    case finiteValues = "finite-values"
    case rowIndependence = "row-independence"
    case appending
    case repeatability
    case threadIndependence = "thread-independence"
    case roundTrip = "round-trip"
    case withoutTargets = "without-targets"
    case cancellation
    case damagedFiles = "damaged-files"

    /// What the check asks.
    public var explanation: String {
        switch self {
        case .identity: "its identifier and its summary can stand in recipes and listings"
        case .hyperparameters: "every value of a domain can be set and is kept, every other is refused; defaults lie within"
        case .shape: "it says how many features it takes and gives; one row a row, columns within, a name for each feature"
        case .finiteValues: "values are finite numbers, of rows without features and with all of them, too"
        case .rowIndependence: "a row depends on its input row alone, to the last bit"
        case .appending: "it appends to the rows that are there and leaves them alone"
        case .repeatability: "fitting twice gives the same bytes"
        case .threadIndependence: "fitting with 1, 2 and 3 threads gives the same bytes"
        case .roundTrip: "the model read back from its file gives the same rows and writes the same file"
        case .withoutTargets: "without targets it is fitted, or ends with an error"
        case .cancellation: "a fit that is cancelled ends with `TrainingError.cancelled`, or with a model"
        case .damagedFiles: "a model read from damaged sections is an error, or can be used without a trap"
        }
    }
}
