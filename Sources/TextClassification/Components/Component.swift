/// A part of a pipeline before training: a name, hyper-parameters and (in the refining protocols) how it is fitted.
///
/// A component is a recipe, not a result: fitting gives a *model* of another type, so that nothing unfitted can predict.
public protocol Component: Sendable {
    associatedtype Parameters: Hyperparameters
    /// The name under which recipes and model files know it, such as `logistic-regression`.
    static var identifier: String { get }
    /// One line on what it does.
    static var summary: String { get }
    init(_ parameters: Parameters)
    var parameters: Parameters { get }
}

extension Component {
    /// The component's name and the values of all of its hyper-parameters.
    public var configuration: ComponentConfiguration {
        ComponentConfiguration(Self.identifier, parameters.values)
    }
}

/// A fitted component: a value that can be written into a model file and read back.
public protocol ComponentModel: Sendable {
    /// Reads what `write(to:)` wrote.
    /// - Throws: `ModelFileError` when a section is missing, too short or holds values out of range. It must never trap,
    ///   whatever the bytes are.
    init(reading reader: ModelReader) throws(ModelFileError)
    /// Writes every learnt value; equal models write equal bytes.
    func write(to writer: inout ModelWriter) throws(ModelFileError)
}

extension ComponentModel where Self: Codable {
    /// Reads a small model, kept as JSON. What has to fit together in it is checked by an initialiser of one's own.
    public init(reading reader: ModelReader) throws(ModelFileError) { self = try reader.value("model", of: Self.self) }
    /// Writes a small model as JSON.
    public func write(to writer: inout ModelWriter) throws(ModelFileError) { try writer.add("model", json: self) }
}

/// Fitting failed for a reason that lies in the data or in the numbers.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    case cancelled
    case emptyCorpus
    case oneClassOnly(String)
    case noFeatures(reason: String)
    case notFinite(component: String, what: String)
    case failed(component: String, reason: String)

    public var description: String {
        switch self {
        case .cancelled: "training was stopped before it was done; nothing was written"
        case .emptyCorpus: "there is no article to train on"
        case .oneClassOnly(let label):
            "every training article has the same label, \"\(label)\": a classifier needs articles of at least two kinds"
        case .noFeatures(let reason): "the training texts give no features: \(reason)"
        case .notFinite(let component, let what): "\(component): \(what) is not a finite number"
        case .failed(let component, let reason): "\(component): \(reason)"
        }
    }
}
