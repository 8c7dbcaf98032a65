import Evaluation
import LinearAlgebra
import TextClassification

/// The search for a better recipe by cross-validation inside of the training articles: random search with asynchronous successive
/// halving (Bergstra & Bengio 2012; Li et al. 2020, "ASHA", with one worker).
///
/// Trials are judged on a ninth of the articles, the best third of them on a third, and the best third of those on all: few articles tell bad
/// recipes from good ones cheaply. The first recipe is tried on all articles first, as what has to be beaten, and the best of the others to
/// begin with next. Of the recipes that are drawn, every second one is the best so far with one or two values drawn anew. The steps follow
/// from seed and scores alone, so that a search can be cut off anywhere and taken up again.
public struct Tuner: Sendable {
    /// One trial at one size.
    public struct Step: Sendable, Codable, Equatable {
        /// Counted from 0; a trial goes through several steps.
        public var trial: Int
        /// The share of the articles, by number: `shares[rung]`.
        public var rung: Int
        public var recipe: Recipe
        /// The figure of the held-out articles; `nil` where the recipe failed.
        public var score: Double?
        /// Why it failed.
        public var failure: String?
        public var seconds: Double
    }

    /// What a search found.
    public struct Outcome: Sendable {
        /// All steps in their order.
        public var steps: [Step]
        /// The best step on all articles.
        public var best: Step
        /// The first recipe's step on all articles.
        public var first: Step
        /// Whether it was stopped rather than at its end.
        public var wasStopped: Bool
    }

    /// A third goes on.
    static let reduction = 3
    /// No share of the articles is smaller.
    static let leastCount = 300

    public let space: SearchSpace
    public let figure: TuningFigure
    /// Folds of the cross-validation.
    public var foldCount: Int
    /// The most trials; without a limit until stopped.
    public var trialLimit: Int?
    /// A step that takes more seconds is given up, as a recipe that failed; the first one is not.
    public var stepLimit: Double?
    private let registry: Registry

    public init(_ space: SearchSpace, figure: TuningFigure, registry: Registry, foldCount: Int = 3, trialLimit: Int? = nil) {
        self.space = space
        self.figure = figure
        self.registry = registry
        self.foldCount = foldCount
        self.trialLimit = trialLimit
    }

    /// Searches until the limit of trials, or until the context is cancelled.
    ///
    /// - Parameters:
    ///   - corpus: training articles; nothing else is looked at.
    ///   - recorded: the steps of an earlier, interrupted search with the same arguments: they are not repeated.
    ///   - clock: gives seconds.
    ///   - willStep: told before every new step, with the best so far.
    ///   - didStep: told of every new step, to be recorded.
    /// - Throws: `TrainingError` when even the first recipe fails or it is cancelled before that, and what `didStep` throws.
    public func outcome(
        on corpus: Corpus, context: TrainingContext, recorded: [Step] = [], clock: @escaping @Sendable () -> Double,
        willStep: (_ trial: Int, _ rung: Int, _ best: Step?) -> Void = { _, _, _ in },
        didStep: (Step) throws -> Void = { _ in }
    ) throws -> Outcome {
        let stages = try rungs(of: corpus, context)
        let last = stages.count - 1
        var schedule = HalvingSchedule(
            last: last, isLoss: figure.isLoss, trialLimit: trialLimit, openingCount: space.recipes.count)
        var random = RandomGenerator(seed: context.seed)
        var recipes: [Recipe] = []
        var steps: [Step] = []
        var wasStopped = false
        var replayed = recorded[...]
        while let next = schedule.next {
            if next.trial == recipes.count {
                recipes.append(newRecipe(&random, known: recipes, steps: steps, best: best(steps, last)?.recipe))
            }
            let recipe = recipes[next.trial]
            if let known = replayed.popFirst() {
                guard known.trial == next.trial, known.rung == next.rung, known.recipe == recipe else {
                    throw ConfigurationError.conflict(
                        "the journal is that of another search: its step \(steps.count + 1) is of another recipe")
                }
                steps.append(known)
            } else {
                if context.isCancelled() {
                    wasStopped = true
                    break
                }
                willStep(next.trial, next.rung, best(steps, last))
                let start = clock()
                var step = Step(trial: next.trial, rung: next.rung, recipe: recipe, seconds: 0)
                var limited = context
                let limit = steps.isEmpty ? nil : stepLimit.map { start + $0 }
                limited.isCancelled = { context.isCancelled() || limit.map { clock() > $0 } ?? false }
                do {
                    step.score = try score(recipe, stages[next.rung], limited)
                } catch TrainingError.cancelled where context.isCancelled() {
                    wasStopped = true
                    break
                } catch TrainingError.cancelled {
                    step.failure = "given up after \(Int(clock() - start)) s, as too slow for the time there is"
                } catch {
                    step.failure = "\(error)"
                }
                step.seconds = ((clock() - start) * 1000).rounded() / 1000
                steps.append(step)
                try didStep(step)
            }
            if let step = steps.last { schedule.finish(step) }
            if let first = steps.first, let failure = first.failure {
                throw TrainingError.failed(component: "tuning", reason: "the first recipe fails: \(failure)")
            }
        }
        guard let first = steps.first, let best = best(steps, last) else { throw TrainingError.cancelled }
        return Outcome(steps: steps, best: best, first: first, wasStopped: wasStopped)
    }

    /// The rung of steps on all articles.
    public func lastRung(of corpus: Corpus) -> Int { Self.keptPieces(of: corpus.count).count }

    /// The numbers of ninths that are judged by before all articles are, from many to few.
    private static func keptPieces(of count: Int) -> [Int] {
        [reduction, 1].filter { count * $0 / (reduction * reduction) >= leastCount }
    }

    /// The best step on all articles; of equals the first.
    private func best(_ steps: [Step], _ last: Int) -> Step? {
        var best: Step?
        for step in steps where step.rung == last {
            guard let score = step.score else { continue }
            guard let known = best?.score else {
                best = step
                continue
            }
            if figure.isLoss ? score < known : score > known { best = step }
        }
        return best
    }

    /// The recipes to begin with in their order, and then drawn ones that were not tried yet, as far as there are any.
    private func newRecipe(_ random: inout RandomGenerator, known: [Recipe], steps: [Step], best: Recipe?) -> Recipe {
        if known.count < space.recipes.count { return space.recipes[known.count] }
        let near = random.nextInt(below: 2) == 0 ? best : nil
        let families = promisingRecipes(steps)
        var recipe = space.drawn(&random, from: families, near: near)
        for _ in 0..<20 where known.contains(recipe) { recipe = space.drawn(&random, from: families, near: near) }
        return recipe
    }

    /// The recipes to begin with that further ones are drawn from: the first, and of the others the best third on few articles, at least
    /// three.
    private func promisingRecipes(_ steps: [Step]) -> [Int] {
        let opening = steps.filter { $0.rung == 0 && 1..<space.recipes.count ~= $0.trial && $0.score != nil }
        let ranked = opening.sorted { first, second in
            let (one, two) = (first.score ?? 0, second.score ?? 0)
            return one == two ? first.trial < second.trial : (one > two) != figure.isLoss
        }
        return [0] + ranked.prefix(max(3, space.recipes.count / Self.reduction)).map(\.trial)
    }

    /// Articles to judge by and their folds.
    struct Rung {
        let corpus: Corpus
        let folds: [Int]
    }

    /// The parts of the corpus, from the smallest to all of it.
    func rungs(of corpus: Corpus, _ context: TrainingContext) throws -> [Rung] {
        guard let assigner = context.foldAssigner,
            let folds = assigner.folds(of: corpus, foldCount: foldCount, seed: context.seed)
        else {
            throw TrainingError.failed(
                component: "tuning", reason: "\(corpus.count) articles cannot be divided into \(foldCount) folds")
        }
        var rungs = [Rung(corpus: corpus, folds: folds)]
        for kept in Self.keptPieces(of: corpus.count) {
            let pieces = assigner.folds(of: corpus, foldCount: Self.reduction * Self.reduction, seed: context.seed &+ 1)
            let part = pieces.map { pieces in corpus.selecting(pieces.indices.filter { pieces[$0] < kept }) }
            guard let part, let folds = assigner.folds(of: part, foldCount: foldCount, seed: context.seed) else {
                throw TrainingError.failed(component: "tuning", reason: "a part of the articles cannot be divided into folds")
            }
            rungs.insert(Rung(corpus: part, folds: folds), at: 0)
        }
        return rungs
    }

    private func score(_ recipe: Recipe, _ rung: Rung, _ context: TrainingContext) throws -> Double {
        let pipeline = try Pipeline(recipe, registry: registry)
        let quiet = context.quiet
        let (scores, learnt) = try pipeline.heldOutScores(of: rung.corpus, folds: rung.folds, context: quiet)
        guard scores.allSatisfy(\.isFinite) else {
            throw TrainingError.notFinite(component: recipe.classifier.component, what: "a score")
        }
        let (probabilities, decisions) = try pipeline.decisions(ofHeldOut: scores, targets: learnt, context: quiet)
        return figure.value(Metrics(targets: rung.corpus.targets, probabilities: probabilities, decisions: decisions))
    }
}
