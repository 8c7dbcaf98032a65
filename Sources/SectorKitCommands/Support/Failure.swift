import CorpusFormats
import PluginLoading
import TextClassification

/// A message for the user and the exit code that goes with it.
struct Failure: Error {
    /// The exit codes of the tool, those of `sysexits.h` where one fits.
    enum Code {
        static let failed: Int32 = 1
        static let usage: Int32 = 64
        static let badData: Int32 = 65
        static let missingInput: Int32 = 66
        static let cannotCreate: Int32 = 73
        static let cannotWrite: Int32 = 74
        static let interrupted: Int32 = 130
    }

    /// `nil` where everything has been said already.
    let message: String?
    let code: Int32

    init(_ message: String?, code: Int32) {
        self.message = message
        self.code = code
    }

    /// The failure that an error of a lower layer is to the user; `nil` for errors that no layer of this toolkit throws.
    init?(known error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as CorpusFormatError: self.init(error)
        case let error as CorpusError: self.init("\(error)", code: Code.badData)
        case let error as ConfigurationError: self.init("\(error)", code: Code.usage)
        case TrainingError.cancelled: self.init("\(TrainingError.cancelled)", code: Code.interrupted)
        case let error as TrainingError: self.init("\(error)", code: Code.badData)
        case let error as ModelFileError: self.init(error)
        case let error as UpdateError: self.init("\(error)", code: Code.failed)
        case let error as CompressionError: self.init("\(error)", code: Code.failed)
        case let error as TemporaryFileError: self.init("\(error)", code: Code.cannotWrite)
        case let error as OutputError: self.init(error)
        case let error as PluginError: self.init("\(error)", code: Code.failed)
        case let error as PredictionError: self.init("\(error)", code: Code.failed)
        case let error as AppendOnlyFileError: self.init(error)
        default: return nil
        }
    }

    init(_ error: CorpusFormatError) {
        switch error {
        case .cannotOpen, .cannotRead: self.init("\(error)", code: Code.missingInput)
        default: self.init("\(error)", code: Code.badData)
        }
    }

    init(_ error: ModelFileError) {
        switch error {
        case .cannotOpen: self.init("\(error)", code: Code.missingInput)
        case .cannotWrite: self.init("\(error)", code: Code.cannotCreate)
        default: self.init("\(error)", code: Code.badData)
        }
    }

    private init(_ error: AppendOnlyFileError) {
        switch error {
        case .cannotUse: self.init("\(error)", code: Code.cannotCreate)
        case .cannotRead: self.init("\(error)", code: Code.missingInput)
        case .cannotWrite: self.init("\(error)", code: Code.cannotWrite)
        }
    }

    init(_ error: OutputError) {
        switch error {
        // Whoever reads has read enough: that is no failure, and nobody is there to be told.
        case .closedPipe: self.init(nil, code: 0)
        case .failed(let reason): self.init("cannot write to standard output: \(reason)", code: Code.cannotWrite)
        }
    }
}
