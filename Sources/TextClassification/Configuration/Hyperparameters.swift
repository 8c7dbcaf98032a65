/// The settings of a component: a `Codable` struct whose properties are its hyper-parameters, described once in `schema`.
///
/// That one description gives `--set name=value`, the check with the allowed values in its message, the listing of
/// `sectorkit components`, the record in the model file and the search space of tuning.
public protocol Hyperparameters: Codable, Sendable, Equatable {
    /// The defaults.
    init()
    /// The description of every property.
    static var schema: [Hyperparameter<Self>] { get }
    /// Finds values that exclude each other, although each lies in its domain. The default finds none.
    /// - Throws: `ConfigurationError`.
    func checkTogether(component: String) throws(ConfigurationError)
}

extension Hyperparameters {
    public func checkTogether(component: String) throws(ConfigurationError) {}
}

/// The values a hyper-parameter may take.
public enum HyperparameterDomain: Sendable, Equatable, CustomStringConvertible {
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>, Scale = .linear)
    case boolean
    case choice([String])
    /// A span of lengths such as `1-3`, within the limits.
    case lengths(ClosedRange<Int>)
    /// Any text.
    case text
    /// Classifiers with their hyper-parameters, so many of them.
    case classifiers(ClosedRange<Int>)
    /// A list of numbers, or an empty one.
    case numbers(ClosedRange<Double>)
    /// Values of the domain, or none.
    indirect case optional(HyperparameterDomain)

    /// How a search should step through numbers.
    public enum Scale: Sendable { case linear, logarithmic }

    /// The value in the type of the domain, or `nil` where it is of another kind or lies outside.
    public func value(from value: HyperparameterValue) -> HyperparameterValue? {
        let typed: HyperparameterValue? =
            switch self {
            case .integer: Int(hyperparameterValue: value)?.hyperparameterValue
            case .number: Double(hyperparameterValue: value)?.hyperparameterValue
            case .boolean: Bool(hyperparameterValue: value)?.hyperparameterValue
            case .choice, .text: String(hyperparameterValue: value)?.hyperparameterValue
            case .lengths: LengthRange(hyperparameterValue: value)?.hyperparameterValue
            case .classifiers: [ComponentConfiguration](hyperparameterValue: value)?.hyperparameterValue
            case .numbers: NumberList(hyperparameterValue: value)?.hyperparameterValue
            case .optional(let domain):
                value == .none || value == .text("none") ? HyperparameterValue.none : domain.value(from: value)
            }
        guard let typed, contains(typed) else { return nil }
        return typed
    }

    /// Whether a value as people write it, such as `10` or `none`, is allowed.
    public func allows(_ text: String) -> Bool { value(from: .text(text)) != nil }

    func contains(_ value: HyperparameterValue) -> Bool {
        switch (self, value) {
        case (.integer(let range), .integer(let value)): range.contains(value)
        case (.number(let range, _), .number(let value)): range.contains(value)
        case (.boolean, .boolean), (.text, .text): true
        case (.choice(let names), .text(let name)): names.contains(name)
        case (.lengths(let limits), let value):
            LengthRange(hyperparameterValue: value).map { limits.contains($0.shortest) && limits.contains($0.longest) } ?? false
        case (.classifiers(let counts), .components(let components)): counts.contains(components.count)
        case (.numbers(let range), .text):
            NumberList(hyperparameterValue: value)?.numbers.allSatisfy { range.contains($0) } ?? false
        case (.optional, .none): true
        case (.optional(let domain), let value): domain.contains(value)
        default: false
        }
    }

    public var description: String {
        switch self {
        case .integer(let range): "a whole number, \(range.lowerBound) to \(range.upperBound)"
        case .number(let range, _): "a number, \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .choice(let names): names.joined(separator: " | ")
        case .lengths(let limits): "a span of lengths such as 1-2, within \(limits.lowerBound)-\(limits.upperBound)"
        case .text: "any text"
        case .classifiers(let counts):
            "\(counts.lowerBound) to \(counts.upperBound) classifiers, such as ridge, logistic-regression(inverseRegularization=10)"
        case .numbers(let range): "numbers from \(range.lowerBound) to \(range.upperBound) with commas between, or nothing"
        case .optional(let domain): "\(domain), or none"
        }
    }
}

/// The description of one hyper-parameter of `Owner`: name, domain, help, and how to read and write it.
public struct Hyperparameter<Owner: Hyperparameters>: Sendable {
    public let name: String
    public let domain: HyperparameterDomain
    public let help: String
    /// Where a search looks: the part of the domain in which good values are likely; `nil` where none was named.
    public let search: HyperparameterDomain?
    let read: @Sendable (Owner) -> HyperparameterValue
    let write: @Sendable (inout Owner, HyperparameterValue) -> Bool

    /// Describes the property at `path`.
    public init<Value: HyperparameterConvertible>(
        _ name: String, _ path: any WritableKeyPath<Owner, Value> & Sendable, _ domain: HyperparameterDomain,
        search: HyperparameterDomain? = nil, help: String
    ) {
        self.name = name
        self.domain = domain
        self.search = search
        self.help = help
        read = { $0[keyPath: path].hyperparameterValue }
        write = { owner, value in
            guard let converted = Value(hyperparameterValue: value), domain.contains(converted.hyperparameterValue) else {
                return false
            }
            owner[keyPath: path] = converted
            return true
        }
    }
}

extension Hyperparameter {
    /// The same hyper-parameter as one of a larger set that holds `Owner` at `path`.
    public func lifted<Outer: Hyperparameters>(
        _ path: any WritableKeyPath<Outer, Owner> & Sendable
    ) -> Hyperparameter<Outer> {
        let read = self.read
        let write = self.write
        return Hyperparameter<Outer>(
            name: name, domain: domain, search: search, help: help, read: { read($0[keyPath: path]) },
            write: { outer, value in write(&outer[keyPath: path], value) })
    }

    fileprivate init(
        name: String, domain: HyperparameterDomain, search: HyperparameterDomain?, help: String,
        read: @escaping @Sendable (Owner) -> HyperparameterValue,
        write: @escaping @Sendable (inout Owner, HyperparameterValue) -> Bool
    ) {
        self.name = name
        self.domain = domain
        self.search = search
        self.help = help
        self.read = read
        self.write = write
    }
}

/// A hyper-parameter described without its owner's type: what listings and recipes use.
public struct HyperparameterDescription: Sendable, Equatable {
    public let name: String
    public let domain: HyperparameterDomain
    public let defaultValue: HyperparameterValue
    /// Where a search looks; `nil` where the component did not say.
    public let search: HyperparameterDomain?
    public let help: String

    public init(
        name: String, domain: HyperparameterDomain, defaultValue: HyperparameterValue, search: HyperparameterDomain? = nil,
        help: String
    ) {
        self.search = search
        self.name = name
        self.domain = domain
        self.defaultValue = defaultValue
        self.help = help
    }
}

extension [HyperparameterDescription] {
    /// The defaults with the given values written over them, each in the type of its domain: what components do whose
    /// hyper-parameters are known only while the program runs.
    /// - Throws: `ConfigurationError` naming what was allowed.
    public func completed(
        _ values: [String: HyperparameterValue], component: String
    ) throws(ConfigurationError) -> [String: HyperparameterValue] {
        var completed = Dictionary(uniqueKeysWithValues: map { ($0.name, $0.defaultValue) })
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let description = first(where: { $0.name == name }) else {
                throw .unknownHyperparameter(name, component: component, known: map(\.name))
            }
            guard let typed = description.domain.value(from: value) else {
                throw .invalidValue(value, hyperparameter: name, component: component, allowed: description.domain)
            }
            completed[name] = typed
        }
        return completed
    }
}

extension Hyperparameters {
    /// The values of all hyper-parameters by name.
    public var values: [String: HyperparameterValue] {
        Dictionary(uniqueKeysWithValues: Self.schema.map { ($0.name, $0.read(self)) })
    }

    /// The defaults with the given values written over them.
    /// - Throws: `ConfigurationError` naming what was allowed.
    public init(_ values: [String: HyperparameterValue], component: String) throws(ConfigurationError) {
        self.init()
        for name in values.keys.sorted() {
            guard let value = values[name] else { continue }
            guard let parameter = Self.schema.first(where: { $0.name == name }) else {
                throw .unknownHyperparameter(name, component: component, known: Self.schema.map(\.name))
            }
            guard parameter.write(&self, value) else {
                throw .invalidValue(value, hyperparameter: name, component: component, allowed: parameter.domain)
            }
        }
    }

    /// The first hyper-parameter whose value lies outside of its domain, as it may where the values come from a file.
    func firstInvalid() -> Hyperparameter<Self>? {
        for hyperparameter in Self.schema where !hyperparameter.domain.contains(hyperparameter.read(self)) {
            return hyperparameter
        }
        return nil
    }

    static var descriptions: [HyperparameterDescription] {
        let defaults = Self()
        return schema.map {
            HyperparameterDescription(
                name: $0.name, domain: $0.domain, defaultValue: $0.read(defaults), search: $0.search,
                help: $0.help)
        }
    }
}

/// The hyper-parameters of a component that has none.
public struct NoHyperparameters: Hyperparameters {
    public init() {}
    public static var schema: [Hyperparameter<NoHyperparameters>] { [] }
}
