import LinearAlgebra
import TextClassification

/// A tokeniser for which words that begin alike are one: their first five letters are the features.
struct WordStems: FeatureExtractor {
    static let identifier = "word-stems"
    static let summary = "the first five letters of each word"
    let parameters: NoHyperparameters
    init(_ parameters: NoHyperparameters) { self.parameters = parameters }

    func fitted(to articles: ArticleBatch, context: TrainingContext) throws -> WordStemsModel {
        try context.checkCancellation()
        return WordStemsModel(stems: Set((0..<articles.count).flatMap { stems(of: $0, in: articles) }).sorted())
    }
}

private func stems(of article: Int, in batch: borrowing ArticleBatch) -> Set<String> {
    let fields = [batch.titles[article], batch.bodies[article]].map { String(decoding: batch.bytes[$0], as: UTF8.self) }
    return Set(fields.joined(separator: " ").lowercased().split { !$0.isLetter }.map { String($0.prefix(5)) })
}

struct WordStemsModel: FeatureExtractorModel, Codable {
    let stems: [String]
    var featureCount: Int { stems.count }
    func featureName(_ feature: Int) -> String { stems[feature] }
    func makeExtraction() -> any FeatureExtraction { WordStemsExtraction(stems) }
}

final class WordStemsExtraction: FeatureExtraction {
    private let features: [String: Int32]
    init(_ names: [String]) { features = Dictionary(names.enumerated().map { ($1, Int32($0)) }) { first, _ in first } }

    func extract(_ batch: borrowing ArticleBatch, _ range: Range<Int>, into rows: inout FeatureRows) {
        for article in range {
            for feature in stems(of: article, in: batch).compactMap({ features[$0] }).sorted() { rows.matrix.append(column: feature, value: 1) }
            rows.matrix.endRow()
            rows.coverage.append(1)
            let fields = [batch.bytes[batch.titles[article]], batch.bytes[batch.bodies[article]]]
            rows.repairCount += fields.count { String(validating: $0, as: UTF8.self) == nil }
        }
    }
}
