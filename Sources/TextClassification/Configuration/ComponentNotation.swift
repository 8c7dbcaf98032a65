// Components with their hyper-parameters as a text that fits a command line:
//
//     logistic-regression(inverseRegularization=10), linear-svm
//
// Values are written as they are, in quotation marks where they would be read as something else, and lists of components in brackets.

extension ComponentConfiguration {
    /// How deep components may hold components: models are read back by recursion.
    public static let maximumDepth = 4
}

extension [ComponentConfiguration]: HyperparameterConvertible {
    public var hyperparameterValue: HyperparameterValue { .components(self) }

    /// The components of a list, or of the text that describes one.
    public init?(hyperparameterValue: HyperparameterValue) {
        switch hyperparameterValue {
        case .components(let components): self = components
        case .text(let text):
            var scanner = ComponentScanner(text)
            guard let components = scanner.components(depth: 0), scanner.isAtEnd else { return nil }
            self = components
        default: return nil
        }
    }

    /// The list as a text.
    var notation: String { map(\.notation).joined(separator: ", ") }
}

extension ComponentConfiguration {
    fileprivate var notation: String {
        guard !parameters.isEmpty else { return component }
        let settings = parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.notation)" }
        return "\(component)(\(settings.joined(separator: ", ")))"
    }
}

extension HyperparameterValue {
    fileprivate var notation: String {
        switch self {
        case .components(let components): "[\(components.notation)]"
        case .text(let text):
            !text.isEmpty && text.utf8.allSatisfy(ComponentScanner.isPlain) && ComponentScanner.value(ofPlain: text) == self
                ? text
                : "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        default: description
        }
    }
}

/// Reads the text form of a list of components; every part is `nil` where the text is none.
private struct ComponentScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }

    /// Whether a byte may stand in a name or in a value without quotation marks.
    static func isPlain(_ byte: UInt8) -> Bool { byte > UInt8(ascii: " ") && !"(),=[]\"\\".utf8.contains(byte) }

    /// What a value without quotation marks means.
    static func value(ofPlain text: String) -> HyperparameterValue {
        switch text {
        case "true": .boolean(true)
        case "false": .boolean(false)
        case "none": .none
        default: Int(text).map { .integer($0) } ?? Double(text).map { .number($0) } ?? .text(text)
        }
    }

    mutating func components(depth: Int) -> [ComponentConfiguration]? {
        guard depth < ComponentConfiguration.maximumDepth else { return nil }
        var found: [ComponentConfiguration] = []
        repeat {
            guard let name = plain() else { return nil }
            var component = ComponentConfiguration(name)
            if take("("), !take(")") {
                repeat {
                    guard let name = plain(), component.parameters[name] == nil, take("="), let value = value(depth: depth)
                    else { return nil }
                    component.parameters[name] = value
                } while take(",")
                guard take(")") else { return nil }
            }
            found.append(component)
        } while take(",")
        return found
    }

    private mutating func value(depth: Int) -> HyperparameterValue? {
        if take("[") {
            guard let components = components(depth: depth + 1), take("]") else { return nil }
            return .components(components)
        }
        if take("\"", skipsSpace: false) { return quoted().map { .text($0) } }
        return plain().map { Self.value(ofPlain: $0) }
    }

    private mutating func plain() -> String? {
        skipSpace()
        let start = position
        while position < bytes.count, Self.isPlain(bytes[position]) { position += 1 }
        defer { skipSpace() }
        return start == position ? nil : String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// What stands before the closing quotation mark.
    private mutating func quoted() -> String? {
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") {
                skipSpace()
                return String(decoding: text, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") {
                guard position < bytes.count else { return nil }
                text.append(bytes[position])
                position += 1
            } else {
                text.append(byte)
            }
        }
        return nil
    }

    private mutating func take(_ mark: Unicode.Scalar, skipsSpace: Bool = true) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: mark) else { return false }
        position += 1
        if skipsSpace { skipSpace() }
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count, bytes[position] <= UInt8(ascii: " ") { position += 1 }
    }
}

/// Numbers separated by commas, or none.
public struct NumberList: HyperparameterConvertible, Codable {
    public var numbers: [Double]

    public init(_ numbers: [Double] = []) { self.numbers = numbers }

    public var hyperparameterValue: HyperparameterValue {
        .text(numbers.map { $0 == $0.rounded() && abs($0) < 1e15 ? "\(Int($0))" : "\($0)" }.joined(separator: ","))
    }

    public init?(hyperparameterValue: HyperparameterValue) {
        switch hyperparameterValue {
        case .integer(let number): numbers = [Double(number)]
        case .number(let number): numbers = [number]
        case .text(let text):
            numbers = []
            guard text.contains(where: { $0 != " " }) else { return }
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let number = Double(part.filter { $0 != " " }) else { return nil }
                numbers.append(number)
            }
        default: return nil
        }
    }
}
