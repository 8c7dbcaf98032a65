import Synchronization
import TextClassification

/// Shows the events of a training run on a terminal and keeps what should go into the model.
final class TrainingLog: Sendable {
    private struct State {
        var phase = ""
        var notes: [String] = []
    }
    private let state = Mutex(State())

    var notes: [String] { state.withLock(\.notes) }

    /// The handler to give to a `TrainingContext`.
    var report: @Sendable (TrainingEvent) -> Void {
        { [self] event in receive(event) }
    }

    private func receive(_ event: TrainingEvent) {
        switch event {
        case .phase(let name):
            state.withLock { $0.phase = name }
            Console.showProgress(name)
        case .progress(let done, let total):
            Console.showProgress("\(state.withLock(\.phase)): \(done) of \(total)")
        case .note(let text):
            state.withLock { $0.notes.append(text) }
        case .warning(let text):
            Console.warn(text)
            state.withLock { $0.notes.append("warning: \(text)") }
        }
    }
}
