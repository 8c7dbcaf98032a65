import Foundation
import LinearAlgebra
import Testing
import TextClassification

@testable import Calibration

/// Curves and temperatures equal those recorded by `scripts/fixtures/calibration.py`.
@Suite struct CurveTests {
    struct Document: Decodable {
        let curves: [Curve]
        let singles: [Single]
    }

    struct Curve: Decodable {
        struct Platt: Decodable {
            let slope: Double
            let intercept: Double
        }
        let name: String
        let scores: [Double]
        let truth: [Int]
        let platt: Platt
        let temperature: Double
        let queries: [Double]
        let isotonic: [Double]

        var targets: Targets {
            var targets = Targets(task: .multi, labelCount: 1)
            for value in truth { targets.append(positive: value == 1 ? [0] : []) }
            return targets
        }
    }

    struct Single: Decodable {
        let labelCount: Int
        let scores: [Double]
        let truth: [Int]
        let temperature: Double
    }

    let document: Document

    init() throws {
        let url = try #require(Bundle.module.resourceURL).appending(path: "Fixtures/calibration.json")
        document = try JSONDecoder().decode(Document.self, from: Data(contentsOf: url))
    }

    @Test func platt() {
        for curve in document.curves {
            let model = PlattScaling().fitted(toHeldOut: curve.scores, targets: curve.targets, context: .init())
            #expect(abs(model.slopes[0] - curve.platt.slope) < 1e-6, "\(curve.name)")
            #expect(abs(model.intercepts[0] - curve.platt.intercept) < 1e-6, "\(curve.name)")
        }
    }

    @Test func isotonic() {
        for curve in document.curves {
            let model = IsotonicCalibration().fitted(toHeldOut: curve.scores, targets: curve.targets, context: .init())
            var values = curve.queries
            model.calibrate(&values)
            for (value, expected) in zip(values, curve.isotonic) {
                #expect(abs(value - expected) < 1e-12, "\(curve.name)")
            }
        }
    }

    @Test func temperature() {
        for curve in document.curves {
            let model = TemperatureScaling().fitted(toHeldOut: curve.scores, targets: curve.targets, context: .init())
            #expect(abs(model.temperature - curve.temperature) < 1e-9 * curve.temperature, "\(curve.name)")
        }
        for single in document.singles {
            var targets = Targets(task: .single, labelCount: single.labelCount)
            for label in single.truth { targets.append(positive: [label]) }
            let model = TemperatureScaling().fitted(toHeldOut: single.scores, targets: targets, context: .init())
            #expect(abs(model.temperature - single.temperature) < 1e-9 * single.temperature)
        }
    }
}
