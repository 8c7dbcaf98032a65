import TextClassification

/// Lists of words that say little of what a text is about.
public enum StopWords: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
    case none
    /// Articles, pronouns, prepositions, conjunctions and auxiliary verbs of English.
    case english

    /// The words, as the tokeniser gives them.
    var words: WordSet {
        switch self {
        case .none: WordSet([])
        case .english: WordSet(Self.englishText.split(separator: " ").map { Array($0.utf8) })
        }
    }

    private static let englishText = """
        a about above after again all also although am among an and any are as at be because been before being below between \
        both but by can could did do does doing down during each either else ever every few for from further had has have \
        having he her here hers herself him himself his how however i if in into is it its itself just may me might more \
        most must my myself neither no nor not now of off on once only onto or other our ours ourselves out over own per \
        same shall she should since so some such than that the their theirs them themselves then there these they this \
        those though through thus to too under until up upon us very was we were what when where whether which while who \
        whom whose why will with within without would yet you your yours yourself yourselves s t d ll m re ve
        """
}
