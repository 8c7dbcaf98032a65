/// What is wrong with a model file.
public enum ModelFileError: Error, Equatable, CustomStringConvertible {
    case cannotOpen(path: String, reason: String)
    case cannotWrite(path: String, reason: String)
    case notAModel(path: String, reason: String)
    case newerFormat(path: String, version: Int, newestKnown: Int)
    case truncated(path: String, expected: Int, found: Int)
    case checksumMismatch(path: String, part: String)
    case missingSection(path: String, section: String)
    case malformedSection(path: String, section: String, reason: String)
    case unknownComponent(path: String, reason: String)
    case missingPlugin(path: String, plugin: PluginRecord)

    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason): "cannot open the model \(path): \(reason)"
        case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
        case .notAModel(let path, let reason): "\(path) is not a SectorKit model: \(reason)"
        case .newerFormat(let path, let version, let known):
            "\(path) has model format \(version); this program reads formats up to \(known): use a newer one"
        case .truncated(let path, let expected, let found):
            "\(path) is incomplete: it should have \(expected) bytes and has \(found)"
        case .checksumMismatch(let path, let part):
            "\(path) is damaged: the checksum of \(part) does not fit"
        case .missingSection(let path, let section): "\(path) is damaged: section \(section) is missing"
        case .malformedSection(let path, let section, let reason):
            "\(path) is damaged: section \(section) \(reason)"
        case .unknownComponent(let path, let reason):
            "\(path) needs a component that this program does not have: \(reason)"
        case .missingPlugin(let path, let plugin):
            "\(path) was trained with the plugin \(plugin): name it with --plugin"
        }
    }
}
