/// A setting `name=value` as it is written, taken apart at its first `=`.
struct Setting {
    let name: Substring
    let value: String

    /// - Throws: `ConfigurationError.malformedSetting` without a name or a `=`.
    init(_ text: String) throws(ConfigurationError) {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else { throw .malformedSetting(text) }
        name = text[..<equals]
        value = String(text[text.index(after: equals)...])
    }
}

extension Hyperparameters {
    /// The defaults with settings `name=value` applied, of which the last of a name counts.
    ///
    /// - Throws: `ConfigurationError` for a setting without a name or a `=`, for an unknown name, and for a value out of range.
    public init(settings: [String], component: String) throws(ConfigurationError) {
        var values: [String: HyperparameterValue] = [:]
        for text in settings {
            let setting = try Setting(text)
            values[String(setting.name)] = .text(setting.value)
        }
        try self.init(values, component: component)
    }
}
