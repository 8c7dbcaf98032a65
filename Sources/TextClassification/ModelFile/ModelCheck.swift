import Synchronization

/// Compares the checksums of a model file when the first answer is to be given, and not when the model is opened.
///
/// A file that is damaged cannot make its reader crash, only answer wrongly: it is enough to know before an answer is given.
public final class ModelCheck: Sendable {
    private let file: ModelFile
    private let result = Mutex<Result<Void, ModelFileError>?>(nil)

    public init(_ file: ModelFile) { self.file = file }

    /// Compares every section the first time, O(size of the file), and from then on knows; may be called on any thread.
    /// - Throws: `ModelFileError.checksumMismatch` naming the first section that is damaged.
    public func require() throws(ModelFileError) {
        let result = result.withLock { known in
            let result = known ?? Result { () throws(ModelFileError) in try file.verify() }
            known = result
            return result
        }
        try result.get()
    }
}
