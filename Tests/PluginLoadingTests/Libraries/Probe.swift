import LinearAlgebra
import TextClassification

/// A classifier that throws an error of the core: the host knows its type only if both have one and the same core.
struct Probe: Classifier {
    static let identifier = "probe"
    static let summary = "throws"
    let parameters: NoHyperparameters
    init(_ parameters: NoHyperparameters) { self.parameters = parameters }

    func fitted(to rows: SparseMatrix, targets: Targets, context: TrainingContext) throws -> NoModel {
        throw TrainingError.failed(component: "probe", reason: "thrown across the border")
    }
}

struct NoModel: ClassifierModel, Codable {
    var featureCount: Int { 0 }
    var labelCount: Int { 0 }
    func decisionFunction(_ rows: borrowing SparseMatrix, into scores: inout [Double]) { scores = [] }
}

struct ProbePlugin: Plugin {
    static let name = "probe"
    static let version: String? = "1.0"
    static func register(in registry: inout Registry) { registry.register(Probe.self) }
}

@_cdecl("sectorkit_plugin_register")
public func register(_ receiver: UnsafeMutableRawPointer) { unsafe PluginReceiver.receive(ProbePlugin.self, at: receiver) }
