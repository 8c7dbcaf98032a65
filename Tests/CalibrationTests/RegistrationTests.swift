import Testing
import TextClassification

@testable import Calibration

@Suite struct RegistrationTests {
    var registry: Registry {
        var registry = Registry()
        registry.register(LinkFunction.self)
        registry.register(TemperatureScaling.self)
        registry.register(PlattScaling.self)
        registry.register(IsotonicCalibration.self)
        registry.register(MostProbableLabel.self)
        registry.register(FixedThreshold.self)
        registry.register(CrossValidatedThresholds.self)
        registry.register(ConformalSets.self)
        return registry
    }

    @Test func everyComponentCanBeNamed() throws {
        #expect(Set(registry.calibrators.keys) == ["link", "temperature", "platt", "isotonic"])
        #expect(
            Set(registry.decisionRules.keys) == ["argmax", "fixed-threshold", "cross-validated-thresholds", "conformal-sets"])
        for (name, entry) in registry.calibrators {
            #expect(try entry.make([:]).needsHeldOutScores(for: .multi) == (name != "link"))
        }
        for (name, entry) in registry.decisionRules {
            #expect(
                try entry.make([:]).needsHeldOutProbabilities(for: .multi)
                    == ["cross-validated-thresholds", "conformal-sets"].contains(name))
        }
    }

    /// The defaults lie within their own domains, and give themselves back from a recipe.
    @Test func defaultsAreAllowed() throws {
        for entry in registry.decisionRules.values {
            let values = Dictionary(uniqueKeysWithValues: entry.hyperparameters.map { ($0.name, $0.defaultValue) })
            #expect(try entry.make(values).configuration.parameters == values)
            #expect(entry.hyperparameters.allSatisfy { !$0.help.isEmpty })
        }
    }
}
