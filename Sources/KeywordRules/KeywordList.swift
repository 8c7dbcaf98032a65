import CorpusFormats
import LinearAlgebra
import TextClassification
import TextFeatures

/// The keywords of labels as features: each distinct one, in the toolkit's own words, with the labels that it speaks for.
///
/// What `KeywordVectorizer` and `KeywordRules` have in common: made of the same text it is the same in both.
struct KeywordList {
    /// The words of the longest keyword allowed.
    static let maximumWordCount = 5

    let definitions: LabelDefinitions
    /// Finds the keywords in articles, one feature each.
    let terms: TFIDFModel
    /// The names of the labels of each feature.
    let labels: [[String]]

    /// Parses definitions as a `sectors.json` holds them; `nil` where there are none.
    static func definitions(_ text: String) throws(ConfigurationError) -> LabelDefinitions? {
        guard text.contains(where: { !$0.isWhitespace }) else { return nil }
        let definitions: LabelDefinitions
        do throws(CorpusFormatError) {
            definitions = try LabelDefinitionReader().read(Array(text.utf8), name: "keywords")
        } catch {
            throw .conflict("keywords wants definitions of labels, {\"labels\": [{\"name\": …, \"keywords\": […]}]}: \(error)")
        }
        guard definitions.contains(where: { !$0.keywords.isEmpty }) else {
            throw .conflict("no label has keywords: give at least one \"keywords\": […]")
        }
        return definitions
    }

    init(_ definitions: LabelDefinitions, titleWeight: Double = 1, context: TrainingContext) throws {
        self.definitions = definitions
        let tokenizer = TokenizerOptions()
        var words = Tokenizer(tokenizer)
        var keywords: [(term: String, label: String)] = []
        var longest = 1
        for definition in definitions {
            for keyword in definition.keywords {
                words.tokenize(Array(keyword.utf8).span)
                guard 1...Self.maximumWordCount ~= words.count else {
                    throw ConfigurationError.conflict(
                        "the keyword \"\(keyword)\" of \(definition.name) has \(words.count) words; 1 to \(Self.maximumWordCount) are "
                            + "allowed")
                }
                longest = max(longest, words.count)
                let term = (0..<words.count).map { String(decoding: words[$0], as: UTF8.self) }.joined(separator: " ")
                keywords.append((term, definition.name))
            }
        }
        var parameters = KeywordVectorizer.counts(titleWeight: titleWeight, lengths: 1...longest)
        parameters.accents = tokenizer.accents
        parameters.compounds = tokenizer.compounds
        let all = try TFIDFVectorizer(parameters).fitted(
            to: ArticleBatch(keywords.map { Article(text: $0.term) }), context: context.quiet)
        let wanted = Set(keywords.map(\.term))
        let kept = (0..<all.featureCount).filter { wanted.contains(all.featureName($0)) }
        guard let terms = all.selecting(kept), kept.count == wanted.count else {
            throw TrainingError.failed(
                component: KeywordVectorizer.identifier, reason: "\(wanted.count - kept.count) keywords cannot be found again")
        }
        self.terms = terms
        labels = (0..<terms.featureCount).map { feature in
            let name = terms.featureName(feature)
            return Array(LabelSet(keywords.filter { $0.term == name }.map(\.label)))
        }
    }
}
