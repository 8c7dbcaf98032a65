import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A hyper-parameter that is to vary, as a person names it: `name`, `component.name`, with `=low..high` or `=a|b|c`.
struct SearchSetting {
    private let component: String?
    private let name: String
    private let values: String?
    private let text: String

    init(_ text: String) throws(ConfigurationError) {
        self.text = text
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let key = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard key.allSatisfy({ !$0.isEmpty }), parts.count == 1 || !parts[1].isEmpty else { throw .malformedSetting(text) }
        component = key.count == 2 ? key[0] : nil
        name = key[key.count - 1]
        values = parts.count == 2 ? String(parts[1]) : nil
    }

    func fits(_ component: String, _ name: String) -> Bool {
        self.name == name && (self.component ?? component) == component
    }

    /// The values named; `nil` where none are.
    func domain(of parameter: HyperparameterDescription, component: String) throws(ConfigurationError) -> HyperparameterDomain? {
        guard let values else { return nil }
        if case .number(let range, let scale) = parameter.domain, let named = Self.range(values) {
            guard range.contains(named.lowerBound), range.contains(named.upperBound) else {
                throw invalid(values, parameter, component)
            }
            return .number(named, scale)
        }
        if case .integer(let range) = parameter.domain, let named = Self.range(values) {
            guard let low = Int(exactly: named.lowerBound), let high = Int(exactly: named.upperBound), range.contains(low),
                range.contains(high)
            else { throw invalid(values, parameter, component) }
            return .integer(low...high)
        }
        let choices = values.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        for choice in choices where !parameter.domain.allows(choice) { throw invalid(choice, parameter, component) }
        return .choice(choices)
    }

    private func invalid(
        _ value: String, _ parameter: HyperparameterDescription, _ component: String
    ) -> ConfigurationError {
        .invalidValue(.text(value), hyperparameter: parameter.name, component: component, allowed: parameter.domain)
    }

    private static func range(_ text: String) -> ClosedRange<Double>? {
        guard let dots = text.firstIndex(of: "."), let marks = text.range(of: "..", from: dots),
            let low = Double(text[..<marks.lowerBound]), let high = Double(text[marks.upperBound...]), low <= high
        else { return nil }
        return low...high
    }
}

extension String {
    /// The first occurrence of two dots.
    fileprivate func range(of mark: String, from start: Index) -> Range<Index>? {
        var place = start
        while place < endIndex {
            if self[place...].hasPrefix(mark) { return place..<index(place, offsetBy: mark.count) }
            place = index(after: place)
        }
        return nil
    }
}

extension HyperparameterDomain {
    /// Whether a search can draw values without being told where.
    var canBeDrawn: Bool {
        switch self {
        case .integer, .number, .boolean, .choice: true
        case .lengths, .text, .classifiers, .numbers, .optional: false
        }
    }

    /// A value, each equally likely; numbers of a logarithmic domain by their order of magnitude. Numbers have three digits.
    func drawn(_ random: inout RandomGenerator) -> HyperparameterValue {
        switch self {
        case .integer(let range):
            guard range.lowerBound > 0, range.upperBound / range.lowerBound >= 20 else {
                return .integer(range.lowerBound + random.nextInt(below: range.count))
            }
            let number = Self.logarithmic(Double(range.lowerBound), Double(range.upperBound), &random).rounded()
            return .integer(min(max(Int(number), range.lowerBound), range.upperBound))
        case .number(let range, let scale):
            let isLogarithmic = scale == .logarithmic && range.lowerBound > 0
            let number =
                isLogarithmic
                ? Self.logarithmic(range.lowerBound, range.upperBound, &random)
                : range.lowerBound + random.nextUniform() * (range.upperBound - range.lowerBound)
            return .number(min(max(Self.rounded(number), range.lowerBound), range.upperBound))
        case .boolean: return .boolean(random.nextInt(below: 2) == 1)
        case .choice(let names): return names.isEmpty ? .none : .text(names[random.nextInt(below: names.count)])
        case .lengths(let limits):
            let first = limits.lowerBound + random.nextInt(below: limits.count)
            let last = limits.lowerBound + random.nextInt(below: limits.count)
            return .text("\(min(first, last))-\(max(first, last))")
        case .optional(let domain): return random.nextInt(below: 4) == 0 ? .none : domain.drawn(&random)
        case .text, .classifiers, .numbers: return .text("")
        }
    }

    private static func logarithmic(_ low: Double, _ high: Double, _ random: inout RandomGenerator) -> Double {
        exp(log(low) + random.nextUniform() * (log(high) - log(low)))
    }

    /// To three digits, so that recipes can be read, and in a way that every machine agrees on.
    private static func rounded(_ number: Double) -> Double {
        guard number != 0, number.isFinite else { return number }
        var scale = 1.0
        while abs(number) * scale < 100 { scale *= 10 }
        while abs(number) * scale >= 1000 { scale /= 10 }
        return scale >= 1 ? (number * scale).rounded() / scale : (number * scale).rounded() * (1 / scale)
    }
}
