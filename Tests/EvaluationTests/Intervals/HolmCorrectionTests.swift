import Foundation
import Testing

@testable import Evaluation

@Suite struct HolmCorrectionTests {
    private struct Fixture: Decodable {
        struct Case: Decodable {
            let pValues: [Double]
            let adjusted: [Double]
        }
        let cases: [Case]
    }

    @Test func `Adjusted values are those of statsmodels`() throws {
        let file = Bundle.module.bundleURL.appendingPathComponent("Fixtures/holm.json")
        let fixture = try JSONDecoder().decode(Fixture.self, from: try Data(contentsOf: file))
        #expect(fixture.cases.count == 5)
        for known in fixture.cases {
            let adjusted = HolmCorrection.adjusted(known.pValues)
            #expect(zip(adjusted, known.adjusted).allSatisfy { abs($0 - $1) < 1e-12 } && adjusted.count == known.adjusted.count)
        }
        #expect(HolmCorrection.adjusted([]) == [])
    }
}
