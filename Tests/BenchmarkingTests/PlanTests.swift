import Foundation
import Testing
import TextClassification

@testable import Benchmarking

@Suite struct PlanTests {
    private func plan(_ json: String) throws -> BenchmarkPlan {
        try JSONDecoder().decode(BenchmarkPlan.self, from: Data(json.utf8))
    }

    @Test func `A plan names sets and recipes in several ways`() throws {
        let plan = try plan(
            """
            {"sets": [{"name": "a", "train": "x", "test": ["y", "z"], "task": "multi", "figure": "macroF1"},
                      {"name": "b", "data": "w", "folds": 7}],
             "recipes": ["words", {"recipe": "words", "set": ["C=3"]}, {"name": "n", "recipe": "f.json", "sets": ["b"], "note": "why"},
                         {"name": "own", "recipe": {"featureExtractor": {"component": "tfidf"}, "classifier": {"component": "svm"}}}],
             "baseline": "n", "timeLimit": 2.5}
            """)
        try plan.validate()
        #expect(plan.sets[0] == .init(name: "a", training: ["x"], test: ["y", "z"], task: .multi, figure: .macroF1))
        #expect(plan.sets[1] == .init(name: "b", training: ["w"], foldCount: 7))
        #expect(plan.recipes.map(\.name) == ["words", "words C=3", "n", "own"])
        #expect(plan.recipes[1].settings == ["C=3"])
        #expect(plan.recipes[2].sets == ["b"] && plan.recipes[2].note == "why")
        guard case .written(let recipe) = plan.recipes[3].source else { throw CocoaError(.coderInvalidValue) }
        #expect(recipe.classifier.component == "svm")
        #expect(plan.baseline == "n" && plan.timeLimit == 2.5)
    }

    @Test(arguments: [
        (#"{"sets": [], "recipes": [], "tiemLimit": 3}"#, "tiemLimit"),
        (#"{"sets": [{"name": "a", "train": "x"}], "recipes": []}"#, "\"train\" and \"test\""),
        (#"{"sets": [{"name": "a", "data": "x", "test": "y"}], "recipes": []}"#, "\"train\" and \"test\""),
        (#"{"sets": [{"name": "a", "train": "x", "test": "y", "folds": 3}], "recipes": []}"#, "folds"),
        (#"{"sets": [{"name": "a", "data": "x", "task": "both"}], "recipes": []}"#, "auto, single, multi"),
        (#"{"sets": [], "recipes": [{"sets": []}]}"#, "a \"name\" or a \"recipe\""),
    ])
    func `What nobody would read is an error that says so`(json: String, fragment: String) {
        #expect {
            try plan(json)
        } throws: { error in
            "\(error)".contains(fragment)
        }
    }

    @Test func `A plan that cannot be carried out says why`() {
        func reason(_ change: (inout BenchmarkPlan) -> Void) -> String? {
            var plan = BenchmarkPlan(
                sets: [.init(name: "a", training: ["x"])], recipes: [.init(name: "words", source: .named("words"))])
            change(&plan)
            do throws(BenchmarkPlanError) {
                try plan.validate()
                return nil
            } catch {
                return error.description
            }
        }
        #expect(reason { _ in } == nil)
        #expect(reason { $0.sets = [] } == "there is no data set")
        #expect(reason { $0.recipes = [] } == "there is no recipe")
        #expect(reason { $0.sets.append($0.sets[0]) }?.contains("two data sets are called \"a\"") == true)
        #expect(reason { $0.recipes.append($0.recipes[0]) }?.contains("two recipes are called \"words\"") == true)
        #expect(reason { $0.sets[0].foldCount = 1 }?.contains("allowed are 2 to 100") == true)
        #expect(reason { $0.sets[0].training = ["-"] }?.contains("standard input") == true)
        #expect(reason { $0.sets[0].training = [] }?.contains("names no articles") == true)
        #expect(reason { $0.recipes[0].sets = ["b"] }?.contains("there are a") == true)
        #expect(reason { $0.baseline = "sectors" }?.contains("there are words") == true)
        #expect(reason { $0.timeLimit = .nan } != nil && reason { $0.timeLimit = 0 } != nil)
    }
}
