import TextClassification

/// What this package adds: a tokeniser, a classifier, and a recipe with both.
public struct ExamplePlugin: Plugin {
    public static let name = "example"
    public static func register(in registry: inout Registry) {
        registry.register(WordStems.self)
        registry.register(LogOdds.self)
        registry.register(
            Recipe(
                name: "stems-log-odds", summary: "log-odds of the beginnings of words", featureExtractor: .init("word-stems"),
                classifier: .init("log-odds"), calibrator: .init("temperature"), decisionRule: .init("fixed-threshold")))
    }
}
