import Foundation
import LinearAlgebra
import Testing
import TextClassification

@testable import TextFeatures

/// Rows recorded from scikit-learn by `scripts/fixtures/tfidf.py`.
struct TFIDFFixture: Decodable {
    struct Row: Decodable {
        let columns: [Int]
        let values: [Double]
    }

    struct Case: Decodable, CustomTestStringConvertible {
        let name: String
        let parameters: [String: HyperparameterValue]
        let features: [String]
        let training: [Row]
        let test: [Row]
        var testDescription: String { name }
    }

    let training: [String]
    let test: [String]
    let cases: [Case]

    static let recorded = Result {
        let url = Bundle.module.resourceURL!.appending(path: "Fixtures/tfidf.json")
        return try JSONDecoder().decode(TFIDFFixture.self, from: Data(contentsOf: url))
    }
}

@Suite struct TFIDFFixtureTests {
    private func batch(_ texts: [String]) -> ArticleBatch { ArticleBatch(texts.map { Article(text: $0) }) }

    private func byName(_ rows: SparseMatrix, _ row: Int, _ name: (Int) -> String) -> [String: Double] {
        var values: [String: Double] = [:]
        for element in rows.row(row) {
            values[name(Int(rows.columnIndices[element])), default: 0] += Double(rows.values[element])
        }
        return values
    }

    private func expectSame(
        _ rows: SparseMatrix, _ expected: [TFIDFFixture.Row], _ item: TFIDFFixture.Case, _ name: (Int) -> String
    ) {
        #expect(rows.rowCount == expected.count)
        for row in expected.indices {
            let found = byName(rows, row, name)
            let wanted = Dictionary(
                uniqueKeysWithValues: zip(expected[row].columns.map { item.features[$0] }, expected[row].values))
            #expect(Set(found.keys) == Set(wanted.keys), "row \(row)")
            for (term, value) in wanted {
                let difference = abs((found[term] ?? 0) - value)
                // What rounding to single precision changes, at most: the inverse document frequency, by it the norm, and the value.
                #expect(difference <= 3 * 0x1p-24 * abs(value) + 1e-12, "\(term) of row \(row)")
            }
        }
    }

    @Test(arguments: try! TFIDFFixture.recorded.get().cases)
    func `Rows are those of scikit-learn`(item: TFIDFFixture.Case) throws {
        let fixture = try TFIDFFixture.recorded.get()
        let parameters = try TFIDFParameters(item.parameters, component: "tfidf")
        let (model, rows) = try TFIDFVectorizer(parameters).fittedExtracting(batch(fixture.training), context: TrainingContext())
        let names = (0..<model.featureCount).map { model.featureName($0) }
        #expect(Set(names) == Set(item.features))
        #expect(names.count == item.features.count)
        expectSame(rows, item.training, item) { names[$0] }
        expectSame(model.rows(of: batch(fixture.test), threadCount: 1), item.test, item) { names[$0] }
    }

    @Test(.serialized, arguments: try! TFIDFFixture.recorded.get().cases)
    func `Hashed rows are those of scikit-learn where no two terms share a bucket`(item: TFIDFFixture.Case) throws {
        guard item.parameters["maximumFeatures"] == nil else { return }
        let fixture = try TFIDFFixture.recorded.get()
        var parameters = HashingParameters()
        // So many that the terms do not collide.
        parameters.bits = 23
        parameters.text = try TFIDFParameters(item.parameters, component: "hashing")
        let model = try HashingVectorizer(parameters).fitted(to: batch(fixture.training), context: TrainingContext())
        func name(_ feature: Int) -> String {
            let name = String(model.featureName(feature).dropLast(2))
            return feature >= model.bucketCount || item.parameters["wordNgrams"] == .text("none") ? "\"\(name)\"" : name
        }
        expectSame(model.rows(of: batch(fixture.training), threadCount: 1), item.training, item, name)
        expectSame(model.rows(of: batch(fixture.test), threadCount: 1), item.test, item, name)
    }
}
