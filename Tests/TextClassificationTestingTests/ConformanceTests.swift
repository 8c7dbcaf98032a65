import Foundation
import StandardPlugins
import Testing
import TextClassification
import TextClassificationTesting

@Suite struct ConformanceTests {
    static let registry = Registry.standard()

    @Test(arguments: registry.featureExtractors.keys.sorted()) func `Feature extractors conform`(name: String) throws {
        let extractor = try #require(Self.registry.featureExtractors[name]).make([:])
        #expect(ConformanceSuite().failures(of: extractor) == [])
    }

    @Test func `Feature extractors conform with other settings, too`() throws {
        let settings: [String: HyperparameterValue] = [
            "characterNgrams": .text("2-4"), "compounds": .text("both"), "accents": .text("fold"), "stopWords": .text("english"),
            "titleWeight": .number(2.3), "minimumDocumentFrequency": .integer(2),
        ]
        for name in ["tfidf", "hashing"] {
            let entry = try #require(Self.registry.featureExtractors[name])
            #expect(ConformanceSuite(seed: 3).failures(of: try entry.make(settings)) == [])
        }
    }

    @Test(arguments: registry.classifiers.keys.sorted()) func `Classifiers conform`(name: String) throws {
        let classifier = try #require(Self.registry.classifiers[name]).make([:])
        #expect(ConformanceSuite(registry: Self.registry).failures(of: classifier) == [])
    }

    @Test(
        arguments: [
            ["classWeight": .text("balanced"), "inverseRegularization": .number(10)],
            ["l1Ratio": .number(0.5), "inverseRegularization": .number(10), "tolerance": .number(1e-9)],
            ["fitsIntercept": .boolean(false)],
        ] as [[String: HyperparameterValue]])
    func `Logistic regression conforms with other settings, too`(settings: [String: HyperparameterValue]) throws {
        let classifier = try #require(Self.registry.classifiers["logistic-regression"]).make(settings)
        #expect(ConformanceSuite(seed: 1).failures(of: classifier) == [])
    }

    @Test(
        arguments: [
            ["loss": .text("hinge"), "classWeight": .text("balanced")], ["fitsIntercept": .boolean(false), "gap": .number(1e-6)],
        ] as [[String: HyperparameterValue]])
    func `The support vector machine conforms with other settings, too`(settings: [String: HyperparameterValue]) throws {
        let classifier = try #require(Self.registry.classifiers["linear-svm"]).make(settings)
        #expect(ConformanceSuite(seed: 1).failures(of: classifier) == [])
    }

    @Test(arguments: registry.calibrators.keys.sorted()) func `Calibrators conform`(name: String) throws {
        let calibrator = try #require(Self.registry.calibrators[name]).make([:])
        #expect(ConformanceSuite().failures(of: calibrator) == [])
    }

    @Test(arguments: registry.decisionRules.keys.sorted()) func `Decision rules conform`(name: String) throws {
        let rule = try #require(Self.registry.decisionRules[name]).make([:])
        #expect(ConformanceSuite().failures(of: rule) == [])
    }

    @Test(arguments: registry.featureTransformers.keys.sorted()) func `Feature transformers conform`(name: String) throws {
        let transformer = try #require(Self.registry.featureTransformers[name]).make([:])
        #expect(ConformanceSuite().failures(of: transformer) == [])
    }

    @Test func `Every check is explained`() throws {
        let explanations =
            ClassifierCheck.allCases.map(\.explanation) + FeatureExtractorCheck.allCases.map(\.explanation)
            + FeatureTransformerCheck.allCases.map(\.explanation) + CalibratorCheck.allCases.map(\.explanation)
            + DecisionRuleCheck.allCases.map(\.explanation)
        #expect(explanations.allSatisfy { !$0.isEmpty })
        // The list in the documentation is that of the code.
        let page = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
                .appending(path: "Sources/TextClassificationTesting/TextClassificationTesting.docc/TextClassificationTesting.md"),
            encoding: .utf8)
        for check in ClassifierCheck.allCases { #expect(page.contains("- `\(check.rawValue)`: \(check.explanation)\n")) }
        for check in FeatureExtractorCheck.allCases { #expect(page.contains("- `\(check.rawValue)`: \(check.explanation)\n")) }
        for check in FeatureTransformerCheck.allCases { #expect(page.contains("- `\(check.rawValue)`: \(check.explanation)\n")) }
        for check in CalibratorCheck.allCases { #expect(page.contains("- `\(check.rawValue)`: \(check.explanation)\n")) }
        for check in DecisionRuleCheck.allCases { #expect(page.contains("- `\(check.rawValue)`: \(check.explanation)\n")) }
    }
}
