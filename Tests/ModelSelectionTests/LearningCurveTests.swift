import Foundation
import LinearAlgebra
import StandardPlugins
import Testing
import TextClassification

@testable import Evaluation
@testable import ModelSelection

@Suite struct LearningCurveTests {
    struct Fixture: Decodable {
        struct Problem: Decodable {
            let articleCounts: [Double]
            let values: [Double]
            let asymptote: Double
            let scale: Double
            let exponent: Double
            let error: Double
        }
        let problems: [Problem]
    }

    func error(_ law: InversePowerLaw, _ problem: Fixture.Problem) -> Double {
        zip(problem.articleCounts, problem.values).reduce(0) { sum, point in
            let residual = point.1 - law.value(at: point.0)
            return sum + point.0 * residual * residual
        }
    }

    /// The weighted squares are no larger than those of SciPy's bounded fit, and the curves are the same where it has converged.
    @Test func fitsAreSciPys() throws {
        let url = try #require(Bundle.module.resourceURL?.appending(path: "Fixtures/power-law.json"))
        let problems = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url)).problems
        #expect(problems.count == 8)
        for problem in problems {
            let law = try #require(InversePowerLaw(zip(problem.articleCounts, problem.values).map { ($0, $1) }))
            #expect(error(law, problem) <= problem.error * (1 + 1e-6) + 1e-12)
            for count in problem.articleCounts {
                let expected = problem.asymptote - problem.scale * Foundation.pow(count, -problem.exponent)
                #expect(abs(law.value(at: count) - expected) < 1e-3)
            }
        }
    }

    @Test func oddPoints() {
        #expect(InversePowerLaw([]) == nil && InversePowerLaw([(10, 0.5), (20, 0.6), (20, 0.7)]) == nil)
        #expect(
            InversePowerLaw([(0, 0.5), (20, 0.6), (30, 0.7)]) == nil && InversePowerLaw([(1, .nan), (2, 0.6), (3, 0.7)]) == nil)
        // A figure that falls is taken as constant, one that would pass 1 stops there.
        let falling = InversePowerLaw([(10, 0.9), (20, 0.8), (40, 0.7)])
        #expect(falling?.scale == 0 && (falling?.asymptote ?? 0) < 0.8)
        let steep = InversePowerLaw([(10, 0.2), (20, 0.6), (40, 1.0)])
        #expect((steep?.value(at: 1e9) ?? 2) <= 1 && (steep?.scale ?? -1) > 0)
    }

    /// Articles of two topics that need several articles to be told apart.
    @Test func moreArticlesHelpUntilAllIsLearnt() throws {
        var generator = RandomGenerator(seed: 2)
        let articles = (0..<96).map { number in
            let label = ["sport", "money"][number % 2]
            let own = (0..<5).map { _ in "\(label)\(generator.nextInt(below: 40))" }
            let other = (0..<20).map { _ in "word\(generator.nextInt(below: 60))" }
            return Article(id: "\(number)", text: (own + other).joined(separator: " "), labels: [label])
        }
        let registry = Registry.standard()
        var recipe = try registry.recipe(named: "words")
        for setting in ["wordNgrams=1-1", "minimumDocumentFrequency=1"] { try recipe.apply(setting: setting, registry: registry) }
        func curve(threads: Int) throws -> LearningCurve {
            try LearningCurve(
                of: Pipeline(recipe, registry: registry), on: Corpus(articles), foldCount: 3, assigner: StandardFolds(),
                context: TrainingContext(threadCount: threads), resampleCount: 40)
        }
        let one = try curve(threads: 1)
        #expect(try curve(threads: 3) == one)
        #expect(one.curves.map(\.name) == ["micro-F1", "macro-F1", "money", "sport"])
        let points = one.curves[0].points
        #expect(points.map(\.articleCount) == [8, 16, 24, 32, 48, 64])
        #expect(points[5].value > points[0].value + 0.1)
        for curve in one.curves {
            #expect(curve.projections.map(\.factor) == [2, 4])
            for projection in curve.projections {
                #expect(projection.lower <= projection.upper && projection.value <= 1 && projection.gain >= -1e-12)
            }
            for point in curve.points { #expect(point.lower <= point.value + 1e-12 && point.value <= point.upper + 1e-12) }
        }
        #expect(one.text.contains("what more articles of the same kind would bring"))
        let decoded = try JSONDecoder().decode(LearningCurve.self, from: JSONEncoder().encode(one))
        #expect(decoded.curves.count == 4)
    }

    @Test func tooFewArticles() throws {
        let registry = Registry.standard()
        let pipeline = try Pipeline(registry.recipe(named: "words"), registry: registry)
        let corpus = try Corpus([Article(id: "a", text: "x", labels: ["b"]), Article(id: "c", text: "y", labels: ["d"])])
        #expect(throws: TrainingError.self) {
            try LearningCurve(of: pipeline, on: corpus, foldCount: 2, assigner: StandardFolds(), context: TrainingContext())
        }
    }
}
