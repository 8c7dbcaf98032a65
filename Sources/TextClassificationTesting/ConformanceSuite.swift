import LinearAlgebra
import TextClassification

/// The checks that every component has to pass: what the protocols promise beyond what types can say.
///
/// It depends on no test framework: `failures(of:)` returns what is wrong, and an empty list when nothing is. So a test is one line,
///
///     #expect(ConformanceSuite().failures(of: NearestCentroid()) == [])
///
/// and a program can print the list as well. The data are small and made up from a seed; a run takes seconds. What each check asks is
/// told by `explanation` of `ClassifierCheck`, `FeatureExtractorCheck`, `FeatureTransformerCheck`, `CalibratorCheck` and
/// `DecisionRuleCheck`; a component that cannot pass one of them is called with the others.
///
/// A component that traps ends the process, and with it the run: that is a failure, too.
public struct ConformanceSuite: Sendable {
    /// The seed of the data and of the fits.
    public var seed: UInt64
    /// The components that components under test may be made of, as the members of a combination are.
    public var registry: Registry

    public init(seed: UInt64 = 0, registry: Registry = Registry()) {
        self.seed = seed
        self.registry = registry
    }

    /// What is wrong with a classifier.
    public func failures(
        of classifier: some Classifier, _ checks: [ClassifierCheck] = ClassifierCheck.allCases
    ) -> [ConformanceFailure] {
        checks.flatMap { check in found(classifier, check.rawValue) { try run(check, classifier) } }
    }

    /// What is wrong with a feature extractor.
    public func failures(
        of extractor: some FeatureExtractor, _ checks: [FeatureExtractorCheck] = FeatureExtractorCheck.allCases
    ) -> [ConformanceFailure] {
        checks.flatMap { check in found(extractor, check.rawValue) { try run(check, extractor) } }
    }

    /// What is wrong with a feature transformer.
    public func failures(
        of transformer: some FeatureTransformer, _ checks: [FeatureTransformerCheck] = FeatureTransformerCheck.allCases
    ) -> [ConformanceFailure] {
        checks.flatMap { check in found(transformer, check.rawValue) { try run(check, transformer) } }
    }

    /// What is wrong with a calibrator.
    public func failures(
        of calibrator: some Calibrator, _ checks: [CalibratorCheck] = CalibratorCheck.allCases
    ) -> [ConformanceFailure] {
        checks.flatMap { check in found(calibrator, check.rawValue) { try run(check, calibrator) } }
    }

    /// What is wrong with a decision rule.
    public func failures(
        of rule: some DecisionRule, _ checks: [DecisionRuleCheck] = DecisionRuleCheck.allCases
    ) -> [ConformanceFailure] {
        checks.flatMap { check in found(rule, check.rawValue) { try run(check, rule) } }
    }

    /// What is wrong with the components of a registry, each with its default hyper-parameters.
    public func failures(of registry: Registry) throws -> [ConformanceFailure] {
        var suite = self
        suite.registry = registry
        return try suite.failuresOfAll()
    }

    private func failuresOfAll() throws -> [ConformanceFailure] {
        var failures: [ConformanceFailure] = []
        for (_, entry) in registry.featureExtractors.sorted(by: { $0.key < $1.key }) {
            failures += self.failures(of: try entry.make([:]))
        }
        for (_, entry) in registry.featureTransformers.sorted(by: { $0.key < $1.key }) {
            failures += self.failures(of: try entry.make([:]))
        }
        for (_, entry) in registry.classifiers.sorted(by: { $0.key < $1.key }) {
            failures += self.failures(of: try entry.make([:]))
        }
        for (_, entry) in registry.calibrators.sorted(by: { $0.key < $1.key }) {
            failures += self.failures(of: try entry.make([:]))
        }
        for (_, entry) in registry.decisionRules.sorted(by: { $0.key < $1.key }) {
            failures += self.failures(of: try entry.make([:]))
        }
        return failures
    }

    /// Makes failures of the reasons that a check gives, or of the error that it ends with.
    private func found<Part: Component>(
        _: Part, _ check: String, _ body: () throws -> [String]
    ) -> [ConformanceFailure] {
        let reasons: [String]
        do {
            reasons = try body()
        } catch {
            reasons = ["it ended with an error: \(error)"]
        }
        // The first of many of one kind is enough.
        return reasons.prefix(3).map { ConformanceFailure(component: Part.identifier, check: check, reason: $0) }
    }

    func context(threads: Int = 1, isCancelled: Bool = false) -> TrainingContext {
        var context = TrainingContext(seed: seed, threadCount: threads, isCancelled: { isCancelled })
        context.registry = registry
        return context
    }
}

/// One thing that is wrong with a component.
public struct ConformanceFailure: Sendable, Equatable, CustomStringConvertible {
    /// The component's identifier.
    public let component: String
    /// The name of the check that found it, such as `row-independence`.
    public let check: String
    /// What was found.
    public let reason: String

    public init(component: String, check: String, reason: String) {
        self.component = component
        self.check = check
        self.reason = reason
    }

    public var description: String { "\(component): \(check): \(reason)" }
}
