import Evaluation
import TextClassification

/// Plans as people write them. A key that nobody reads is a mistake and an error.
extension BenchmarkPlan: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case sets, recipes, baseline, timeLimit }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self, only: CodingKeys.allCases)
        self.init(
            sets: try container.decode([DataSet].self, forKey: .sets),
            recipes: try container.decode([Entry].self, forKey: .recipes),
            baseline: try container.decodeIfPresent(String.self, forKey: .baseline),
            timeLimit: try container.decodeIfPresent(Double.self, forKey: .timeLimit))
    }
}

extension BenchmarkPlan.DataSet: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case name, train, test, data, folds, task, figure }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self, only: CodingKeys.allCases)
        let train = try container.decodeIfPresent(Paths.self, forKey: .train)?.paths
        let test = try container.decodeIfPresent(Paths.self, forKey: .test)?.paths
        let data = try container.decodeIfPresent(Paths.self, forKey: .data)?.paths
        guard (train != nil) == (test != nil), (train != nil) != (data != nil) else {
            throw container.error("a data set wants \"train\" and \"test\", or \"data\" to cross-validate")
        }
        let folds = try container.decodeIfPresent(Int.self, forKey: .folds)
        if folds != nil, data == nil { throw container.error("\"folds\" go with \"data\" only") }
        self.init(
            name: try container.decode(String.self, forKey: .name), training: train ?? data ?? [], test: test ?? [],
            foldCount: folds ?? BenchmarkPlan.usualFoldCount,
            task: try container.choice(Corpus.TaskChoice.self, forKey: .task) ?? .automatic,
            figure: try container.choice(HeadlineFigure.self, forKey: .figure))
    }
}

extension BenchmarkPlan.Entry: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case name, recipe, set, sets, keywords, note }

    public init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            self.init(name: name, source: .named(name))
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self, only: CodingKeys.allCases)
        let name = try container.decodeIfPresent(String.self, forKey: .name)
        let source: Source
        if let named = try? container.decode(String.self, forKey: .recipe) {
            source = .named(named)
        } else if let recipe = try container.decodeIfPresent(Recipe.self, forKey: .recipe) {
            source = .written(recipe)
        } else {
            guard let name else { throw container.error("a recipe wants a \"name\" or a \"recipe\"") }
            source = .named(name)
        }
        let settings = try container.decodeIfPresent([String].self, forKey: .set) ?? []
        let usual: String =
            switch source {
            case .named(let named): ([named] + settings).joined(separator: " ")
            case .written(let recipe): recipe.name
            }
        self.init(
            name: name ?? usual, source: source, settings: settings,
            sets: try container.decodeIfPresent([String].self, forKey: .sets),
            keywords: try container.decodeIfPresent(String.self, forKey: .keywords),
            note: try container.decodeIfPresent(String.self, forKey: .note))
    }
}

/// One path or several.
private struct Paths: Decodable {
    let paths: [String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let path = try? container.decode(String.self) {
            paths = [path]
        } else {
            paths = try container.decode([String].self)
        }
    }
}

/// Any key, to find those that nobody reads.
private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Decoder {
    /// The container of an object that holds none but the given keys.
    fileprivate func container<Key: CodingKey>(
        keyedBy type: Key.Type, only keys: [Key]
    ) throws -> KeyedDecodingContainer<Key> {
        let known = keys.map(\.stringValue)
        for key in try container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: codingPath,
                    debugDescription: "no key is called \"\(key.stringValue)\"; known are \(known.joined(separator: ", "))"))
        }
        return try container(keyedBy: type)
    }
}

extension KeyedDecodingContainer {
    fileprivate func error(_ reason: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath, debugDescription: reason))
    }

    /// The value that a word stands for.
    fileprivate func choice<Value: RawRepresentable & CaseIterable>(_: Value.Type, forKey key: Key) throws -> Value?
    where Value.RawValue == String {
        guard let word = try decodeIfPresent(String.self, forKey: key) else { return nil }
        guard let value = Value(rawValue: word) else {
            let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "it is \"\(word)\"; allowed are \(known)")
        }
        return value
    }
}
