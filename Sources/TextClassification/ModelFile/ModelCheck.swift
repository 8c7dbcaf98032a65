import Synchronization

/// Compares the checksums of a model file when the first answer is to be given, and not when the model is opened.
///
/// A file that is damaged cannot make its reader crash, only answer wrongly: it is enough to know before an answer is given.
public final class ModelCheck: Sendable {
    private let file: ModelFile
    private let knowledge = Mutex(Knowledge.none)

    private enum Knowledge: Sendable {
        case none, sound
        case damaged(ModelFileError)
    }

    public init(_ file: ModelFile) { self.file = file }

    /// Compares every section the first time, O(size of the file), and from then on knows; may be called on any thread.
    /// - Throws: `ModelFileError.checksumMismatch` naming the first section that is damaged.
    public func require() throws(ModelFileError) {
        try knowledge.withLock { knowledge throws(ModelFileError) in
            switch knowledge {
            case .sound: return
            case .damaged(let error): throw error
            case .none:
                do throws(ModelFileError) {
                    try file.verify()
                    knowledge = .sound
                } catch {
                    knowledge = .damaged(error)
                    throw error
                }
            }
        }
    }
}
