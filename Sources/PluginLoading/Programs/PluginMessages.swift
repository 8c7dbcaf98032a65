import CorpusFormats
import FoundationEssentials
import TextClassification

/// The version of the plugin protocol that this program speaks; `docs/plugin-protocol.md` describes it.
public let pluginProtocolVersion = 1

/// What the host says, a JSON object a line.
enum Request {
    struct Hello: Encodable {
        let type = "hello"
        let `protocol` = pluginProtocolVersion
        let host = "sectorkit \(SectorKitVersion.current)"
    }
    struct Fit: Encodable {
        let type = "fit"
        let task: ClassificationTask
        let labels: [String]
        let articles: Int
        let seed: UInt64
        let threads: Int
        let parameters: [String: HyperparameterValue]
    }
    struct Load: Encodable {
        let type = "load"
        let task: ClassificationTask
        let labels: [String]
        let parameters: [String: HyperparameterValue]
    }
    struct State: Encodable {
        let type = "state"
        let data: String
    }
    struct Predict: Encodable {
        let type = "predict"
        let articles: Int
    }
    struct End: Encodable {
        let type = "end"
    }

    /// A message as the line that is sent.
    static func line(_ message: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(message)) + [UInt8(ascii: "\n")]
    }
}

extension [UInt8] {
    /// Appends the message that holds an article; malformed UTF-8 is replaced by U+FFFD.
    mutating func append(
        articleMessage article: Int, of batch: borrowing ArticleBatch, identifier: String? = nil, targets: Targets? = nil
    ) {
        self += Array(#"{"type":"article""#.utf8)
        if let identifier { append(field: "id", identifier) }
        append(field: "title", String(decoding: batch.bytes[batch.titles[article]], as: UTF8.self))
        append(field: "text", String(decoding: batch.bytes[batch.bodies[article]], as: UTF8.self))
        if let targets {
            append(positions: "labels", targets, article, .positive)
            append(positions: "unjudged", targets, article, .missing)
        }
        self += Array("}\n".utf8)
    }

    private mutating func append(field name: String, _ text: String) {
        self += Array(",\"\(name)\":".utf8)
        let bytes = Array(text.utf8)
        append(jsonString: bytes.span)
    }

    private mutating func append(positions name: String, _ targets: Targets, _ article: Int, _ judgement: Targets.Judgement) {
        let positions = (0..<targets.labelCount).filter { targets[article, $0] == judgement }
        self += Array(",\"\(name)\":[\(positions.map(String.init).joined(separator: ","))]".utf8)
    }
}

/// What a plugin says, a JSON object a line; which members it has depends on its type.
struct Reply: Decodable {
    enum Kind: String, Decodable {
        case hello, state, fitted, loaded, scores, predicted, progress, note, warning, error
    }
    let type: Kind
    /// Of `state`: a piece of what was learnt, in base64.
    var data: String?
    /// Of `scores`: one number a label.
    var row: [Double]?
    /// Of `note`, `warning` and `error`.
    var message: String?
    /// Of `progress`.
    var done: Int?
    var total: Int?
}

/// How a plugin introduces itself.
struct Greeting: Decodable {
    enum Output: String, Decodable {
        /// Numbers, larger for likelier; calibrated by the host.
        case scores
        /// Probabilities of the labels.
        case probabilities
    }
    struct Parameter: Decodable {
        enum Kind: String, Decodable { case integer, number, boolean, choice, text }
        enum Scale: String, Decodable { case linear, logarithmic }
        let name: String
        let type: Kind
        let `default`: HyperparameterValue
        var minimum: Double?
        var maximum: Double?
        var scale: Scale?
        var choices: [String]?
        var help: String?
    }
    let `protocol`: Int
    let name: String
    var version: String?
    var summary: String?
    var tasks: [ClassificationTask]?
    let output: Output
    var parameters: [Parameter]?

    /// The hyper-parameters as the registry describes them.
    func hyperparameters() throws(Unusable) -> [HyperparameterDescription] {
        var descriptions: [HyperparameterDescription] = []
        for parameter in parameters ?? [] {
            guard Self.isName(parameter.name), !descriptions.contains(where: { $0.name == parameter.name }) else {
                throw Unusable("a hyper-parameter is called \"\(parameter.name)\", which is no name or not the first of it")
            }
            guard let domain = parameter.domain else {
                throw Unusable("the hyper-parameter \(parameter.name) has no sensible minimum, maximum or choices")
            }
            guard let value = domain.value(from: parameter.default) else {
                throw Unusable("the default of \(parameter.name), \(parameter.default), is not \(domain)")
            }
            descriptions.append(
                HyperparameterDescription(
                    name: parameter.name, domain: domain, defaultValue: value, help: parameter.help ?? ""))
        }
        return descriptions
    }

    struct Unusable: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    /// Letters, digits, `-`, `_` and `.`, so that it can stand in `--set name=value` and in file names.
    static func isName(_ name: String) -> Bool {
        1...64 ~= name.utf8.count && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    }
}

extension Greeting.Parameter {
    fileprivate var domain: HyperparameterDomain? {
        switch type {
        case .boolean: return .boolean
        case .text: return .text
        case .choice:
            guard let choices, !choices.isEmpty else { return nil }
            return .choice(choices)
        case .number:
            let (low, high) = (minimum ?? -1e300, maximum ?? 1e300)
            guard low <= high else { return nil }
            return .number(low...high, scale == .logarithmic && low > 0 ? .logarithmic : .linear)
        case .integer:
            let (low, high) = (minimum ?? -1e15, maximum ?? 1e15)
            guard low <= high, let low = Int(exactly: low), let high = Int(exactly: high) else { return nil }
            return .integer(low...high)
        }
    }
}
