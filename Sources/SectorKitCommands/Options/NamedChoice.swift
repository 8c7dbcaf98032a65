import ArgumentParser

/// A choice among names on the command line.
///
/// The parser lists the names by itself, by way of key paths and generic sequences that are looked up while running; this list costs
/// nothing at the start of `predict`.
protocol NamedChoice: ExpressibleByArgument, CaseIterable, RawRepresentable<String> {}

extension NamedChoice {
    public static var allValueStrings: [String] {
        var names: [String] = []
        for choice in allCases { names.append(choice.rawValue) }
        return names
    }

    public static var allValueDescriptions: [String: String] { [:] }

    public var defaultValueDescription: String { rawValue }
}
