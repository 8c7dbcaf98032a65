import TextClassification

/// How text is cut into words.
public struct TokenizerOptions: Sendable, Equatable {
    /// What becomes of accents: `keep` leaves them, `fold` removes them, so that Việt Nam and Viet Nam are the same words.
    public enum Accents: String, Sendable, Codable, CaseIterable, HyperparameterConvertible { case keep, fold }

    /// What becomes of words joined by one of - . ' & / (and their typographic forms) without a space, such as e-commerce, U.S.,
    /// COVID-19, CVE-2024-3094, don't: `parts` gives their parts, `both` gives the parts and in addition the whole.
    public enum Compounds: String, Sendable, Codable, CaseIterable, HyperparameterConvertible { case parts, both }

    public var accents: Accents
    public var compounds: Compounds

    public init(accents: Accents = .keep, compounds: Compounds = .parts) {
        self.accents = accents
        self.compounds = compounds
    }
}
