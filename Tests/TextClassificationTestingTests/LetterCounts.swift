import LinearAlgebra
import TextClassification

/// A feature extractor that counts the letters a to z, with a fault if asked for.
struct LetterCounts: FeatureExtractor {
    enum Fault: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
        case nothing, remembersArticles, normalizesBatch, clearsRows, forgetsCoverage, misplacesOccurrences, leavesFeaturesUnnamed
        case dividesByLength, countsNoRepairs, fitsOtherRows
    }

    struct Parameters: Hyperparameters {
        var fault = Fault.nothing
        static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter("fault", \.fault, .choice(Fault.allCases.map(\.rawValue)), help: "what is wrong")
        ]
    }

    static let identifier = "letter-counts"
    static let summary = "counts letters"
    let parameters: Parameters

    init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    func fitted(to articles: ArticleBatch, context: TrainingContext) throws -> LetterModel {
        try context.checkCancellation()
        return LetterModel(fault: parameters.fault)
    }

    func fittedExtracting(
        _ articles: ArticleBatch, context: TrainingContext
    ) throws -> (model: LetterModel, rows: SparseMatrix) {
        let model = try fitted(to: articles, context: context)
        var rows = model.rows(of: articles, threadCount: 1)
        if parameters.fault == .fitsOtherRows { rows.mapValues { $1 * 2 } }
        return (model, rows)
    }
}

struct LetterModel: FeatureExtractorModel {
    let fault: LetterCounts.Fault
    var featureCount: Int { 26 }

    init(fault: LetterCounts.Fault) { self.fault = fault }

    init(reading reader: ModelReader) throws(ModelFileError) {
        fault = try reader.value("fault", of: LetterCounts.Fault.self)
    }

    func write(to writer: inout ModelWriter) throws(ModelFileError) { try writer.add("fault", json: fault) }

    func makeExtraction() -> any FeatureExtraction { LetterExtraction(fault) }

    func featureName(_ feature: Int) -> String {
        fault == .leavesFeaturesUnnamed && feature == 25 ? "" : String(Unicode.Scalar(UInt8(97 + feature)))
    }

    func occurrences(in article: Article) -> [FeatureOccurrence] {
        [(FeatureOccurrence.Field.title, article.title), (.text, article.text)].flatMap { field, text in
            text.utf8.enumerated().compactMap { place, byte in
                guard UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte else { return nil }
                let start = fault == .misplacesOccurrences ? place + 1 : place
                return FeatureOccurrence(feature: Int(byte) - 97, field: field, utf8Range: start..<start + 1)
            }
        }
    }
}

final class LetterExtraction: FeatureExtraction {
    private let fault: LetterCounts.Fault
    private var counts = [Double](repeating: 0, count: 26)

    init(_ fault: LetterCounts.Fault) { self.fault = fault }

    func extract(_ batch: borrowing ArticleBatch, _ range: Range<Int>, into rows: inout FeatureRows) {
        if fault == .clearsRows { rows.removeAll() }
        for article in range {
            if fault != .remembersArticles { counts = [Double](repeating: 0, count: 26) }
            var length = 0
            for field in [batch.titles[article], batch.bodies[article]] {
                for byte in batch.bytes[field] where UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte { counts[Int(byte) - 97] += 1 }
                length += field.count
                if fault != .countsNoRepairs, String(validating: batch.bytes[field], as: UTF8.self) == nil {
                    rows.repairCount += 1
                }
            }
            if fault == .dividesByLength {
                rows.matrix.append(column: 0, value: Float(counts[0] / Double(length)))
            }
            for letter in 0..<26 where counts[letter] > 0 && (fault != .dividesByLength || letter > 0) {
                let scale = fault == .normalizesBatch ? Double(range.count) : 1
                rows.matrix.append(column: Int32(letter), value: Float(counts[letter] / scale))
            }
            rows.matrix.endRow()
            if fault != .forgetsCoverage || article % 2 == 0 { rows.coverage.append(1) }
        }
    }
}
