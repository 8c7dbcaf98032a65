/// What a label means to people: its name, a definition in words, and keywords that speak for it.
public struct LabelDefinition: Sendable, Equatable, Codable {
    public var name: String
    /// When the label applies, in words; may be empty.
    public var definition: String
    /// Words and phrases that speak for the label; empty where none are given.
    public var keywords: [String]

    public init(name: String, definition: String = "", keywords: [String] = []) {
        self.name = name
        self.definition = definition
        self.keywords = keywords
    }
}

/// The definitions of all labels of a label set, as a `sectors.json` holds them, in their order.
public struct LabelDefinitions: Sendable, Equatable, RandomAccessCollection {
    private let definitions: [LabelDefinition]

    /// - Throws: `LabelDefinitionError` for no label at all, a label without a name, two of the same name, and an empty keyword. A
    ///   keyword that a label lists twice is kept once.
    public init(_ definitions: some Sequence<LabelDefinition>) throws(LabelDefinitionError) {
        var checked: [LabelDefinition] = []
        var names: Set<String> = []
        for var definition in definitions {
            guard definition.name.contains(where: { !$0.isWhitespace }) else { throw .unnamed(position: checked.count + 1) }
            guard names.insert(definition.name).inserted else { throw .repeated(definition.name) }
            guard definition.keywords.allSatisfy({ $0.contains { !$0.isWhitespace } }) else {
                throw .emptyKeyword(label: definition.name)
            }
            definition.keywords = Array(LabelSet(definition.keywords))
            checked.append(definition)
        }
        guard !checked.isEmpty else { throw .noLabels }
        self.definitions = checked
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { definitions.count }
    public subscript(position: Int) -> LabelDefinition { definitions[position] }

    /// The names, in their order.
    public var labels: LabelSet { LabelSet(definitions.map(\.name)) }

    /// The definition of a label. O(labels).
    public func definition(of label: String) -> LabelDefinition? { definitions.first { $0.name == label } }
}

/// Why definitions of labels cannot be used.
public enum LabelDefinitionError: Error, Equatable, CustomStringConvertible {
    case noLabels
    /// A label without a name, counted from 1.
    case unnamed(position: Int)
    case repeated(String)
    case emptyKeyword(label: String)

    public var description: String {
        switch self {
        case .noLabels: "no label is defined; at least one is needed"
        case .unnamed(let position): "label \(position) has an empty name"
        case .repeated(let name): "the label \"\(name)\" is defined twice"
        case .emptyKeyword(let label): "a keyword of the label \"\(label)\" is empty"
        }
    }
}
