/// What is wrong with a recipe, a component's name or a hyper-parameter.
public enum ConfigurationError: Error, Equatable, CustomStringConvertible {
    case unknownComponent(String, stage: String, known: [String])
    case unknownHyperparameter(String, component: String, known: [String])
    case invalidValue(HyperparameterValue, hyperparameter: String, component: String, allowed: HyperparameterDomain)
    case unknownRecipe(String, known: [String])
    case malformedSetting(String)
    case ambiguousSetting(String, candidates: [String])
    case malformedRecipe(String, reason: String)
    case unsupportedTask(ClassificationTask, component: String, allowed: [ClassificationTask])
    case conflict(String)

    public var description: String {
        switch self {
        case .unknownComponent(let name, let stage, let known):
            "no \(stage) is called \"\(name)\"; known are \(known.sorted().joined(separator: ", "))"
        case .unknownHyperparameter(let name, let component, let known):
            "\(component) has no hyper-parameter \"\(name)\"; it has \(known.sorted().joined(separator: ", "))"
        case .invalidValue(let value, let name, let component, let allowed):
            "\(component): \(name) cannot be \"\(value)\"; allowed: \(allowed)"
        case .unknownRecipe(let name, let known):
            "no recipe is called \"\(name)\" and no file of that name exists; built in are \(known.joined(separator: ", "))"
        case .malformedSetting(let text):
            "\"\(text)\" is no setting: write name=value or component.name=value"
        case .ambiguousSetting(let name, let candidates):
            "\"\(name)\" could be \(candidates.joined(separator: " or ")): write the component before it"
        case .malformedRecipe(let name, let reason):
            "recipe \(name): \(reason)"
        case .unsupportedTask(let task, let component, let allowed):
            "\(component) does not do \(task.rawValue)-label tasks; it does \(allowed.map(\.rawValue).joined(separator: ", "))"
        case .conflict(let text):
            text
        }
    }
}
