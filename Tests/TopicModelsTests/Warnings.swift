import Synchronization
import TextClassification

/// Keeps the warnings of a fit.
final class Warnings: Sendable {
    private let kept = Mutex<[String]>([])

    var texts: [String] { kept.withLock { $0 } }
    var report: @Sendable (TrainingEvent) -> Void {
        { [self] event in
            if case .warning(let text) = event { kept.withLock { $0.append(text) } }
        }
    }
}
