/// The labels a classifier can give, in a fixed order without repetition.
public struct LabelSet: Sendable, Equatable, RandomAccessCollection {
    private let names: [String]
    private let positions: [String: Int]

    /// The labels in the order given; repetitions are dropped.
    public init(_ names: some Sequence<String>) {
        var unique: [String] = []
        var positions: [String: Int] = [:]
        for name in names where positions[name] == nil {
            positions[name] = unique.count
            unique.append(name)
        }
        self.names = unique
        self.positions = positions
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { names.count }
    public subscript(position: Int) -> String { names[position] }

    /// The position of a label, or `nil` when the set does not hold it. O(1).
    public func position(of name: String) -> Int? { positions[name] }
}

/// Whether an article has exactly one label or any number of them.
public enum ClassificationTask: String, Sendable, Codable, CaseIterable {
    /// Exactly one label an article (multi-class).
    case single
    /// Any number of labels an article, none included (multi-label).
    case multi
}
