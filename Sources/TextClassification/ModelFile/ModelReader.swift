/// Reads sections of a model file; every count is checked against the section's length.
public struct ModelReader: Sendable {
    let file: ModelFile
    let prefix: String
    /// The components that a component may hold.
    let registry: Registry
    /// How many components hold the one that is read.
    let depth: Int

    /// A reader of the sections whose names begin with `scope/`.
    public func scoped(_ scope: String) -> ModelReader {
        ModelReader(file: file, prefix: prefix + scope + "/", registry: registry, depth: depth)
    }

    /// Whether there is such a section.
    public func has(_ name: String) -> Bool { file.sections.contains { $0.name == prefix + name } }

    private func section(_ name: String) throws(ModelFileError) -> ModelFile.SectionEntry {
        guard let section = file.sections.first(where: { $0.name == prefix + name }) else {
            throw .missingSection(path: file.path, section: prefix + name)
        }
        return section
    }

    /// The numbers of a section, without copying them.
    /// - Parameter count: how many there must be, or `nil` for as many as there are.
    public func array<Element: BitwiseCopyable & Sendable>(
        _ name: String, of: Element.Type, count: Int? = nil
    ) throws(ModelFileError) -> ModelArray<Element> {
        let section = try section(name)
        let stride = MemoryLayout<Element>.stride
        guard section.length % stride == 0, count == nil || section.length / stride == count else {
            throw malformed(
                name, "has \(section.length) bytes, not \(count.map { "\($0 * stride)" } ?? "a multiple of \(stride)")")
        }
        return ModelArray(map: file.map, offset: file.sectionStart + section.offset, count: section.length / stride)
    }

    /// A value kept as JSON.
    public func value<Value: Decodable>(_ name: String, of: Value.Type) throws(ModelFileError) -> Value {
        let section = try section(name)
        guard section.length <= ModelFile.maximumJSONLength else {
            throw malformed(name, "claims \(section.length) bytes of JSON")
        }
        let start = file.sectionStart + section.offset
        let bytes = file.map.withBytes { ModelFile.copy($0, start..<start + section.length) }
        do {
            return try JSONTextDecoder.decode(Value.self, from: bytes)
        } catch {
            throw malformed(name, "cannot be understood (\(error))")
        }
    }

    /// Hyper-parameters kept as JSON, every one within its domain.
    public func hyperparameters<Parameters: Hyperparameters>(
        _ name: String, of: Parameters.Type
    ) throws(ModelFileError) -> Parameters {
        let parameters = try value(name, of: Parameters.self)
        if let invalid = parameters.firstInvalid() {
            throw malformed(name, "has a value of \(invalid.name) that is not \(invalid.domain)")
        }
        return parameters
    }

    /// The error for a section whose content is out of range.
    public func malformed(_ name: String, _ reason: String) -> ModelFileError {
        .malformedSection(path: file.path, section: prefix + name, reason: reason)
    }
}
