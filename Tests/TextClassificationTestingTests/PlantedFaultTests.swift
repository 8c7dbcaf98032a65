import Testing
import TextClassification
import TextClassificationTesting

/// A check that no component fails is no check: each of these has one fault, and the check that is for it has to find it.
@Suite struct PlantedFaultTests {
    private func checks(_ failures: [ConformanceFailure]) -> Set<String> { Set(failures.map(\.check)) }

    private func found<Fault: PlantedFault>(_: Fault.Type) -> Set<String> {
        checks(ConformanceSuite().failures(of: FaultyClassifier<Fault>()))
    }

    @Test func `A classifier without a fault has no failure`() {
        #expect(ConformanceSuite().failures(of: FaultyClassifier<Nothing>()) == [])
        #expect(ConformanceSuite(seed: 5).failures(of: FaultyClassifier<Weighs>()) == [])
    }

    @Test func `Faults of classifiers are found by the checks for them`() {
        #expect(found(DependsOnNeighbours.self) == ["row-independence", "additivity"])
        #expect(found(DiffersByCall.self).isSuperset(of: ["row-independence", "concurrency", "round-trip"]))
        #expect(found(DiffersByFit.self).isSuperset(of: ["repeatability", "thread-independence"]))
        #expect(found(DiffersByThreads.self) == ["thread-independence"])
        #expect(found(MissingIsNegative.self) == ["missing-labels"])
        #expect(found(MissingIsPositive.self) == ["missing-labels"])
        #expect(found(IgnoresWeights.self) == ["sample-weights"])
        #expect(found(WeighsUndeclared.self) == ["sample-weights"])
        #expect(found(RoundsInFile.self) == ["round-trip"])
        #expect(found(CannotBeRead.self) == ["round-trip"])
        #expect(found(ReadsWithoutChecking.self) == ["damaged-files"])
        #expect(found(DividesByNorm.self).isSuperset(of: ["finite-scores"]))
        #expect(found(DividesByNothing.self) == ["degenerate-corpora"])
        #expect(found(KeepsOldScores.self).contains("shape"))
        #expect(found(ClaimsFeatures.self).contains("shape"))
        #expect(found(WrongWeights.self) == ["additivity"])
        #expect(found(LearnsNothing.self).isSuperset(of: ["learning", "wide-rows"]))
        #expect(found(CancelsBadly.self) == ["cancellation"])
        #expect(found(ForgetsParameter.self) == ["hyperparameters"])
        #expect(found(DefaultOutside.self) == ["hyperparameters"])
        #expect(found(BadIdentifier.self) == ["identity"])
        #expect(found(ShortOfMemory.self) == ["wide-rows"])
    }

    @Test func `Faults of feature extractors are found by the checks for them`() {
        func found(_ fault: LetterCounts.Fault) -> Set<String> {
            checks(ConformanceSuite().failures(of: LetterCounts(LetterCounts.Parameters(fault: fault))))
        }
        #expect(found(.nothing) == [])
        #expect(found(.remembersArticles).isSuperset(of: ["row-independence", "appending"]))
        #expect(found(.normalizesBatch).isSuperset(of: ["row-independence"]))
        #expect(found(.clearsRows).contains("appending"))
        #expect(found(.forgetsCoverage).contains("shape"))
        #expect(found(.misplacesOccurrences) == ["occurrences"])
        #expect(found(.leavesFeaturesUnnamed).contains("shape"))
        #expect(found(.dividesByLength).contains("odd-texts"))
        #expect(found(.countsNoRepairs).contains("odd-texts"))
        #expect(found(.fitsOtherRows) == ["fitted-rows"])
    }

    @Test func `Faults of calibrators are found by the checks for them`() {
        func found(_ fault: FaultyCalibrator.Fault) -> Set<String> {
            checks(ConformanceSuite().failures(of: FaultyCalibrator(FaultyCalibrator.Parameters(fault: fault))))
        }
        #expect(found(.nothing) == [])
        #expect(found(.leavesScores).isSuperset(of: ["probabilities"]))
        #expect(found(.normalizesBatch).isSuperset(of: ["row-independence", "probabilities"]))
        #expect(found(.overflows) == ["extreme-scores"])
        #expect(found(.turnsRound).contains("monotonicity"))
        #expect(found(.learnsFromUnjudged).contains("missing-labels"))
        #expect(found(.deniesItsNeed).contains("held-out-scores"))
    }

    @Test func `Faults of decision rules are found by the checks for them`() {
        func found(_ fault: FaultyRule.Fault) -> Set<String> {
            checks(ConformanceSuite().failures(of: FaultyRule(FaultyRule.Parameters(fault: fault))))
        }
        #expect(found(.nothing) == [])
        #expect(found(.givesSeveral) == ["single-label"])
        #expect(found(.ranksBatch).isSuperset(of: ["row-independence"]))
        #expect(found(.publishesOtherThresholds) == ["thresholds"])
        #expect(found(.givesNoNumber) == ["improper-probabilities"])
        #expect(found(.turnsRound).contains("monotonicity"))
        #expect(found(.claimsLabels).contains("shape"))
    }

    @Test func `A check can be left out`() {
        let others = ClassifierCheck.allCases.filter { $0 != .additivity }
        #expect(ConformanceSuite().failures(of: FaultyClassifier<WrongWeights>(), others) == [])
    }

    @Test func `A failure says where and what`() throws {
        let failure = try #require(ConformanceSuite().failures(of: FaultyClassifier<BadIdentifier>()).first)
        #expect(failure.description.hasPrefix("Nearest Centroid: identity: the identifier"))
    }

    @Test func `A registry is checked whole`() throws {
        var registry = Registry()
        registry.register(FaultyClassifier<WrongWeights>.self)
        registry.register(FaultyCalibrator.self)
        registry.register(FaultyRule.self)
        registry.register(LetterCounts.self)
        #expect(try checks(ConformanceSuite().failures(of: registry)) == ["additivity"])
    }
}
