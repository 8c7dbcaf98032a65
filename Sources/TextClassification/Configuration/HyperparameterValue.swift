/// A value of a hyper-parameter, as it stands in recipes and model files.
public enum HyperparameterValue: Sendable, Equatable, Codable, CustomStringConvertible {
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case text(String)
    /// Other components with hyper-parameters of theirs, such as the members of a combination.
    case components([ComponentConfiguration])
    /// No value, where a hyper-parameter is optional; JSON `null`.
    case none

    /// A whole number is equal to the same number written otherwise: JSON does not tell 10 and 10.0 apart.
    public static func == (a: HyperparameterValue, b: HyperparameterValue) -> Bool {
        switch (a, b) {
        case (.integer(let a), .integer(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.integer(let whole), .number(let number)), (.number(let number), .integer(let whole)): number == Double(whole)
        case (.boolean(let a), .boolean(let b)): a == b
        case (.text(let a), .text(let b)): a == b
        case (.components(let a), .components(let b)): a == b
        case (.none, .none): true
        default: false
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .none
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let components = try? container.decode([ComponentConfiguration].self) {
            self = .components(components)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .boolean(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .components(let value): try container.encode(value)
        case .none: try container.encodeNil()
        }
    }

    public var description: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .text(let value): value
        case .components(let value): value.notation
        case .none: "none"
        }
    }
}

/// A type that a hyper-parameter can have.
public protocol HyperparameterConvertible: Sendable, Equatable {
    var hyperparameterValue: HyperparameterValue { get }
    /// The value in this type, or `nil` where it is of another kind.
    init?(hyperparameterValue: HyperparameterValue)
}

extension Int: HyperparameterConvertible {
    public var hyperparameterValue: HyperparameterValue { .integer(self) }
    public init?(hyperparameterValue value: HyperparameterValue) {
        switch value {
        case .integer(let value): self = value
        case .number(let value):
            guard let exact = Int(exactly: value) else { return nil }
            self = exact
        case .text(let text):
            guard let parsed = Int(text) else { return nil }
            self = parsed
        default: return nil
        }
    }
}

extension Double: HyperparameterConvertible {
    public var hyperparameterValue: HyperparameterValue { .number(self) }
    public init?(hyperparameterValue value: HyperparameterValue) {
        switch value {
        case .integer(let value): self = Double(value)
        case .number(let value): self = value
        case .text(let text):
            guard let parsed = Double(text) else { return nil }
            self = parsed
        default: return nil
        }
    }
}

extension Bool: HyperparameterConvertible {
    public var hyperparameterValue: HyperparameterValue { .boolean(self) }
    public init?(hyperparameterValue value: HyperparameterValue) {
        switch value {
        case .boolean(let value): self = value
        case .text("true"), .text("yes"), .text("on"): self = true
        case .text("false"), .text("no"), .text("off"): self = false
        default: return nil
        }
    }
}

extension String: HyperparameterConvertible {
    public var hyperparameterValue: HyperparameterValue { .text(self) }
    public init?(hyperparameterValue value: HyperparameterValue) {
        guard value != .none else { return nil }
        self = value.description
    }
}

extension Optional: HyperparameterConvertible where Wrapped: HyperparameterConvertible {
    public var hyperparameterValue: HyperparameterValue { self?.hyperparameterValue ?? .none }
    public init?(hyperparameterValue value: HyperparameterValue) {
        if value == .none || value == .text("none") {
            self = Optional<Wrapped>.none
        } else if let wrapped = Wrapped(hyperparameterValue: value) {
            self = wrapped
        } else {
            return nil
        }
    }
}

extension HyperparameterConvertible where Self: RawRepresentable, RawValue == String {
    public var hyperparameterValue: HyperparameterValue { .text(rawValue) }
    public init?(hyperparameterValue value: HyperparameterValue) {
        self.init(rawValue: value.description)
    }
}

/// A span of n-gram lengths such as `1-2`.
public struct LengthRange: HyperparameterConvertible, Codable {
    public var shortest: Int
    public var longest: Int

    public init(_ range: ClosedRange<Int>) {
        shortest = range.lowerBound
        longest = range.upperBound
    }

    public init(from decoder: any Decoder) throws {
        let members = DecodedMembers(decoder)
        shortest = try members.value("shortest")
        longest = try members.value("longest")
    }

    public var range: ClosedRange<Int> { shortest...longest }
    public var hyperparameterValue: HyperparameterValue { .text("\(shortest)-\(longest)") }

    public init?(hyperparameterValue value: HyperparameterValue) {
        let parts = value.description.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = parts.first ?? nil, let last = parts.last ?? nil, parts.count <= 2, 1 <= first, first <= last else {
            return nil
        }
        self.init(first...last)
    }
}
