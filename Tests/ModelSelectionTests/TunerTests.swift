import Evaluation
import LinearAlgebra
import StandardPlugins
import Synchronization
import Testing
import TextClassification

@testable import ModelSelection

@Suite struct TunerTests {
    private static let registry = Registry.standard()

    /// Articles of two labels with words of their own, and some noise.
    private func corpus(_ count: Int) throws -> Corpus {
        var random = RandomGenerator(seed: 3)
        let articles = (0..<count).map { number in
            let label = number % 2
            let words = (0..<8).map { _ in
                random.nextInt(below: 4) == 0 ? "own\(label)x\(random.nextInt(below: 9))" : "all\(random.nextInt(below: 400))"
            }
            return Article(id: "\(number)", text: words.joined(separator: " "), labels: ["label\(label)"])
        }
        return try Corpus(articles)
    }

    private func context(isCancelled: @escaping @Sendable () -> Bool = { false }) -> TrainingContext {
        TrainingContext(seed: 1, threadCount: 2, foldAssigner: StandardFolds(), isCancelled: isCancelled)
    }

    private func tuner(trials: Int?) throws -> Tuner {
        let recipes = try ["naive-bayes", "nearest-centroid"].map { try Self.registry.recipe(named: $0) }
        return Tuner(
            try SearchSpace(recipes, registry: Self.registry), figure: .accuracy, registry: Self.registry, trialLimit: trials)
    }

    private func withoutTimes(_ steps: [Tuner.Step]) -> [Tuner.Step] {
        steps.map {
            var step = $0
            step.seconds = 0
            return step
        }
    }

    @Test func `A search is fixed by seed and trials, and its best is no worse than the first recipe`() throws {
        let corpus = try corpus(900)
        let tuner = try tuner(trials: 7)
        let first = try tuner.outcome(on: corpus, context: context(), clock: { 0 })
        var recorded: [Tuner.Step] = []
        let again = try tuner.outcome(on: corpus, context: context(), clock: { 0 }, didStep: { recorded.append($0) })
        #expect(first.steps == again.steps)
        #expect(recorded == again.steps)
        #expect(first.steps[0].recipe.name == "naive-bayes")
        #expect(try #require(first.best.score) >= #require(first.first.score))
        // All trials on a third of the articles but the first, and the best third of them on all.
        #expect(first.steps.filter { $0.rung == 0 }.count == 6)
        #expect(first.steps.filter { $0.rung == 1 }.count >= 1 + 6 / 3)
        #expect(Set(first.steps.map(\.trial)).count == 7)
        #expect(first.steps.dropFirst(2).contains { $0.recipe.differences(from: first.steps[0].recipe) != [] })
    }

    @Test func `A search that was stopped goes on where it was`() throws {
        let corpus = try corpus(900)
        let whole = try tuner(trials: 6).outcome(on: corpus, context: context(), clock: { 0 })
        let calls = Mutex(0)
        let stopped = try tuner(trials: 6).outcome(
            on: corpus, context: context(isCancelled: { calls.withLock(\.self) >= 3 }), clock: { 0 },
            didStep: { _ in calls.withLock { $0 += 1 } })
        #expect(stopped.wasStopped)
        #expect(stopped.steps == Array(whole.steps.prefix(3)))
        var repeated = 0
        let rest = try tuner(trials: 6).outcome(
            on: corpus, context: context(), recorded: stopped.steps, clock: { 0 }, didStep: { _ in repeated += 1 })
        #expect(rest.steps == whole.steps)
        #expect(repeated == whole.steps.count - 3)
        #expect(!rest.wasStopped)
    }

    @Test func `A journal of another search is refused`() throws {
        let corpus = try corpus(60)
        var steps = try tuner(trials: 2).outcome(on: corpus, context: context(), clock: { 0 }).steps
        steps[1].recipe.classifier.parameters["scale"] = .number(3)
        #expect(throws: ConfigurationError.self) {
            try tuner(trials: 2).outcome(on: corpus, context: context(), recorded: steps, clock: { 0 })
        }
    }

    @Test func `A recipe that fails is a trial without a score`() throws {
        let corpus = try corpus(60)
        var recipe = try Self.registry.recipe(named: "naive-bayes")
        recipe.featureExtractor.parameters["minimumDocumentFrequency"] = .integer(1000)
        let space = try SearchSpace([try Self.registry.recipe(named: "nearest-centroid"), recipe], registry: Self.registry)
        let outcome = try Tuner(space, figure: .accuracy, registry: Self.registry, trialLimit: 2)
            .outcome(on: corpus, context: context(), clock: { 0 })
        #expect(outcome.steps[1].score == nil)
        #expect(outcome.steps[1].failure?.contains("give no features") ?? false)
        #expect(outcome.best.trial == 0)
    }

    @Test func `What varies is what components name, or what a person does`() throws {
        let recipe = try Self.registry.recipe(named: "words-svm")
        let usual = try SearchSpace([recipe], registry: Self.registry).dimensions[0]
        #expect(usual.contains { $0.component == "linear-svm" && $0.name == "inverseRegularization" })
        #expect(!usual.contains { $0.name == "maximumIterations" || $0.name == "gap" })
        let named = try SearchSpace(
            [recipe], settings: ["inverseRegularization=0.1..2", "tfidf.wordNgrams=1-1|1-2", "gap"], registry: Self.registry)
        #expect(
            named.dimensions[0] == [
                .init(component: "tfidf", name: "wordNgrams", domain: .choice(["1-1", "1-2"])),
                .init(component: "linear-svm", name: "inverseRegularization", domain: .number(0.1...2, .logarithmic)),
                .init(component: "linear-svm", name: "gap", domain: .number(1e-7...0.1, .logarithmic)),
            ])
        for setting in [
            "nothing", "inverseRegularization=-1..2", "loss=hinge|square", "minimumDocumentFrequency=1.5..3", "=3", "a=",
        ] {
            #expect(throws: ConfigurationError.self) {
                try SearchSpace([recipe], settings: [setting], registry: Self.registry)
            }
        }
    }

    @Test func `Values are drawn from their domains, numbers by order of magnitude`() {
        var random = RandomGenerator(seed: 9)
        let numbers = (0..<3000).map { _ in
            Double(hyperparameterValue: HyperparameterDomain.number(0.01...100, .logarithmic).drawn(&random)) ?? .nan
        }
        #expect(numbers.allSatisfy { 0.01...100 ~= $0 })
        // Half of them below the geometric mean.
        #expect(abs(numbers.count { $0 < 1 } - 1500) < 150)
        let integers = (0..<3000).compactMap { _ in Int(hyperparameterValue: HyperparameterDomain.integer(2...5).drawn(&random)) }
        #expect(Set(integers) == [2, 3, 4, 5])
        let wide = (0..<1000).compactMap { _ in Int(hyperparameterValue: HyperparameterDomain.integer(1...10_000).drawn(&random))
        }
        #expect(wide.allSatisfy { 1...10_000 ~= $0 } && abs(wide.count { $0 < 100 } - 500) < 120)
        let spans = (0..<50).map { _ in HyperparameterDomain.lengths(1...3).drawn(&random).description }
        #expect(Set(spans).isSubset(of: ["1-1", "1-2", "1-3", "2-2", "2-3", "3-3"]) && Set(spans).count > 3)
    }

    @Test func `What is there to begin with is judged whole before anything is drawn`() throws {
        // Of five recipes the third is the best on few articles, and fails on all.
        var schedule = HalvingSchedule(last: 2, isLoss: false, trialLimit: 8, openingCount: 5)
        var order: [String] = []
        let recipe = try Self.registry.recipe(named: "words")
        while let next = schedule.next {
            order.append("\(next.trial)@\(next.rung)")
            let score = next.trial == 3 ? (next.rung == 2 ? nil : 1) : Double(-next.trial)
            schedule.finish(.init(trial: next.trial, rung: next.rung, recipe: recipe, score: score, seconds: 0))
        }
        #expect(order.prefix(7) == ["0@2", "1@0", "2@0", "3@0", "4@0", "3@1", "3@2"])
        #expect(order.contains("7@0") && !order.contains("8@0"))
    }

    @Test func `A step that takes too long is given up, and the first is not`() throws {
        let corpus = try corpus(900)
        let seconds = Mutex(0.0)
        var tuner = try tuner(trials: 4)
        // Every look at the clock takes a second.
        tuner.stepLimit = 2
        let outcome = try tuner.outcome(
            on: corpus, context: context(),
            clock: {
                seconds.withLock {
                    $0 += 1; return $0
                }
            })
        #expect(outcome.best.trial == 0 && !outcome.wasStopped)
        #expect(outcome.steps.dropFirst().allSatisfy { $0.failure?.hasPrefix("given up after") ?? false })
        #expect(Set(outcome.steps.map(\.trial)).count == 4)
    }

    @Test func `Every second recipe is drawn near another one, and only promising families are drawn from`() throws {
        let recipes = try ["words", "words-svm", "naive-bayes"].map { try Self.registry.recipe(named: $0) }
        let space = try SearchSpace(recipes, registry: Self.registry)
        var random = RandomGenerator(seed: 4)
        var near = space.recipes[1]
        near.classifier.parameters["inverseRegularization"] = .number(0.5)
        for _ in 0..<40 {
            let drawn = space.drawn(&random, from: [0, 2], near: near)
            #expect(drawn.name == "words-svm" && drawn.differences(from: near).count <= 2)
            #expect(["words", "naive-bayes"].contains(space.drawn(&random, from: [0, 2]).name))
        }
    }

    @Test func `The schedule is that of asynchronous successive halving`() throws {
        var schedule = HalvingSchedule(last: 2, isLoss: false, trialLimit: 10)
        var order: [String] = []
        while let next = schedule.next {
            order.append("\(next.trial)@\(next.rung)")
            // Earlier trials are better: of each three one goes on, and of nine one twice.
            schedule.finish(
                .init(
                    trial: next.trial, rung: next.rung, recipe: try Self.registry.recipe(named: "words"),
                    score: Double(-next.trial),
                    seconds: 0))
        }
        #expect(
            order == [
                "0@2", "1@0", "2@0", "3@0", "1@1", "4@0", "5@0", "6@0", "2@1", "7@0", "8@0", "9@0", "3@1", "1@2",
            ])
    }
}
