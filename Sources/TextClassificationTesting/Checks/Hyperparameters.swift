import FoundationEssentials
import TextClassification

// What is asked of every component.
extension ConformanceSuite {
    func identityReasons<Part: Component>(_ part: Part) -> [String] {
        var reasons: [String] = []
        let isName = Part.identifier.utf8.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: "-")
        }
        if Part.identifier.isEmpty || !isName {
            reasons.append("the identifier \"\(Part.identifier)\" is not of lower-case letters, digits and hyphens")
        }
        if Part.summary.isEmpty || Part.summary.contains("\n") { reasons.append("the summary is not one line") }
        return reasons
    }

    func hyperparameterReasons<Part: Component>(_ part: Part) -> [String] {
        typealias Parameters = Part.Parameters
        var reasons: [String] = []
        let names = Parameters.schema.map(\.name)
        if Set(names).count < names.count { reasons.append("two hyper-parameters have the same name") }
        for parameter in Parameters.schema {
            if parameter.name.isEmpty || parameter.name.contains(where: { "=., \n".contains($0) }) {
                reasons.append("\"\(parameter.name)\" cannot be written as name=value")
            }
            if parameter.help.isEmpty { reasons.append("\(parameter.name) has no help") }
            reasons += domainReasons(part, parameter)
        }
        if Part(part.parameters).parameters != part.parameters {
            reasons.append("it does not keep the hyper-parameters it is made with")
        }
        if part.configuration != ComponentConfiguration(Part.identifier, part.parameters.values) {
            reasons.append("its configuration is not that of its hyper-parameters")
        }
        if copied(part.parameters) != part.parameters { reasons.append("its hyper-parameters do not survive JSON") }
        return reasons
    }

    private func copied<Parameters: Hyperparameters>(_ parameters: Parameters) -> Parameters? {
        guard let json = try? JSONEncoder().encode(parameters) else { return nil }
        return try? JSONDecoder().decode(Parameters.self, from: json)
    }

    private func domainReasons<Part: Component>(_: Part, _ parameter: Hyperparameter<Part.Parameters>) -> [String] {
        typealias Parameters = Part.Parameters
        let name = parameter.name
        func made(_ value: HyperparameterValue) -> Parameters? {
            try? Parameters([name: value], component: Part.identifier)
        }
        var reasons: [String] = []
        if let value = Parameters().values[name], made(value) == nil {
            reasons.append("the default of \(name), \(value), lies outside of its domain")
        }
        for value in parameter.domain.members {
            guard let parameters = made(value), let spelled = made(.text(value.description)) else {
                reasons.append("\(name) refuses \(value), which lies in its domain")
                continue
            }
            if parameters.values[name] != value || spelled.values[name] != value {
                reasons.append("\(name) was set to \(value) and is \(parameters.values[name] ?? .none)")
            }
            if copied(parameters) != parameters { reasons.append("\(name)=\(value) does not survive JSON") }
        }
        for value in parameter.domain.strangers where made(value) != nil {
            reasons.append("\(name) takes \(value), which lies outside of its domain (\(parameter.domain))")
        }
        return reasons
    }
}

extension HyperparameterDomain {
    /// Values of the domain, its ends among them.
    var members: [HyperparameterValue] {
        switch self {
        case .integer(let range): [.integer(range.lowerBound), .integer(range.upperBound)]
        case .number(let range, _): [.number(range.lowerBound), .number(range.upperBound)]
        case .boolean: [.boolean(true), .boolean(false)]
        case .choice(let names): names.map { .text($0) }
        case .lengths(let range):
            [
                LengthRange(range.lowerBound...range.lowerBound).hyperparameterValue,
                LengthRange(range.lowerBound...range.upperBound).hyperparameterValue,
            ]
        case .text: [.text(""), .text("a text")]
        case .classifiers(let counts):
            [counts.lowerBound, counts.upperBound].map { count in
                .components(
                    (0..<count).map { number in
                        ComponentConfiguration(
                            "c-\(number)",
                            [
                                "a": .text("b, \"c\" \\ (d)"), "e": .number(1e-9), "f": .text("10"),
                                "g": .components([ComponentConfiguration("h", ["i": .none])]),
                            ])
                    })
            }
        case .numbers(let range):
            [NumberList(), NumberList([range.lowerBound]), NumberList([range.upperBound, range.lowerBound])].map(
                \.hyperparameterValue)
        case .optional(let domain): domain.members + [.none]
        }
    }

    /// Values outside of the domain.
    var strangers: [HyperparameterValue] {
        switch self {
        case .integer(let range):
            (range.lowerBound > .min ? [.integer(range.lowerBound - 1)] : [])
                + (range.upperBound < .max ? [.integer(range.upperBound + 1)] : []) + [.text("many"), .boolean(true)]
        case .number(let range, _):
            [.number(range.lowerBound.nextDown), .number(range.upperBound.nextUp), .number(.nan), .text("much"), .boolean(true)]
        case .boolean: [.text("perhaps"), .integer(2)]
        case .choice: [.text("no such choice"), .text("")]
        case .lengths(let range):
            [
                .text("\(range.lowerBound)-\(range.upperBound + 1)"), .text("\(range.lowerBound + 1)-\(range.lowerBound)"),
                .text("-"),
            ]
        case .text: []
        case .classifiers(let counts):
            [
                .text("a("), .text("a(b)"), .text(""), .integer(3), .components([]),
                .components(Array(repeating: ComponentConfiguration("a"), count: counts.upperBound + 1)),
            ]
        case .numbers(let range): [.text("1,"), .text("many"), .number(range.upperBound.nextUp), .boolean(true)]
        case .optional(let domain): domain.strangers
        }
    }
}
