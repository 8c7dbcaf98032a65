import Testing
import TextClassification
import TextClassificationTesting

/// A check that no component fails is no check: each of these has one fault, and the check that is for it has to find it.
@Suite struct PlantedFaultTests {
    private func checks(_ failures: [ConformanceFailure]) -> Set<String> { Set(failures.map(\.check)) }

    @Test func `A classifier without a fault has no failure`() {
        #expect(ConformanceSuite().failures(of: FaultyClassifier<Nothing>()) == [])
        #expect(ConformanceSuite(seed: 5).failures(of: FaultyClassifier<Weighs>()) == [])
    }

    /// A classifier with a fault, and the checks that have to find it; where they are `all`, no other may.
    struct Planted: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let checks: Set<String>
        let areAll: Bool
        let failures: @Sendable () -> [ConformanceFailure]

        init<Fault: PlantedFault>(_: Fault.Type, _ checks: Set<String>, areAll: Bool = true) {
            testDescription = "\(Fault.kind)"
            self.checks = checks
            self.areAll = areAll
            failures = { ConformanceSuite().failures(of: FaultyClassifier<Fault>()) }
        }
    }

    static let planted = [
        Planted(DependsOnNeighbours.self, ["row-independence", "additivity"]),
        Planted(DiffersByCall.self, ["row-independence", "concurrency", "round-trip"], areAll: false),
        Planted(DiffersByFit.self, ["repeatability", "thread-independence"], areAll: false),
        Planted(DiffersByThreads.self, ["thread-independence"]),
        Planted(MissingIsNegative.self, ["missing-labels"]),
        Planted(MissingIsPositive.self, ["missing-labels"]),
        Planted(IgnoresWeights.self, ["sample-weights"]),
        Planted(WeighsUndeclared.self, ["sample-weights"]),
        Planted(RoundsInFile.self, ["round-trip"]),
        Planted(CannotBeRead.self, ["round-trip"]),
        Planted(ReadsWithoutChecking.self, ["damaged-files"]),
        Planted(DividesByNorm.self, ["finite-scores"], areAll: false),
        Planted(DividesByNothing.self, ["degenerate-corpora"]),
        Planted(KeepsOldScores.self, ["shape"], areAll: false),
        Planted(ClaimsFeatures.self, ["shape"], areAll: false),
        Planted(WrongWeights.self, ["additivity"]),
        Planted(LearnsNothing.self, ["learning", "wide-rows"], areAll: false),
        Planted(CancelsBadly.self, ["cancellation"]),
        Planted(ForgetsParameter.self, ["hyperparameters"]),
        Planted(DefaultOutside.self, ["hyperparameters"]),
        Planted(BadIdentifier.self, ["identity"]),
        Planted(ShortOfMemory.self, ["wide-rows"]),
        Planted(AssumesLabelOrder.self, ["label-order"], areAll: false),
        Planted(RefusesEmptyRows.self, ["shape", "learning", "repeatability"], areAll: false),
        Planted(GivesNoNumbers.self, ["finite-scores"], areAll: false),
    ]

    @Test(arguments: planted) func `A fault of a classifier is found by the check for it`(planted: Planted) {
        let found = checks(planted.failures())
        #expect(planted.areAll ? found == planted.checks : found.isSuperset(of: planted.checks))
    }

    @Test func `Faults of going on learning are found by the check for it`() {
        func found(_ fault: FaultyUpdater.Fault) -> Set<String> {
            checks(ConformanceSuite().failures(of: FaultyUpdater(FaultyUpdater.Parameters(fault: fault)), [.updates]))
        }
        #expect(ConformanceSuite().failures(of: FaultyUpdater(), [.updates, .roundTrip, .missingLabels, .learning]) == [])
        for fault in FaultyUpdater.Fault.allCases where fault != .nothing { #expect(found(fault) == ["updates"], "\(fault)") }
    }

    @Test func `A classifier that traps ends the run, which is a failure, too`() async {
        await #expect(processExitsWith: .failure) {
            _ = ConformanceSuite().failures(of: FaultyClassifier<TrapsOnEmptyRows>())
        }
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
