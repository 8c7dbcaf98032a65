import FoundationEssentials
import TextClassification

/// Which program this is: another build may measure something else.
enum ProgramIdentity {
    /// The path of the running program.
    static let path = "/proc/self/exe"

    /// Version, size and time of the program's file.
    static var current: String {
        let file = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) ?? path
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        let size = attributes?[.size] as? UInt64 ?? 0
        let time = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        return "\(SectorKitVersion.current) \(size) \(time)"
    }
}
