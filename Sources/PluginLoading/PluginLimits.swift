/// What a plugin program may take, and whom what it says on standard error goes to.
public struct PluginLimits: Sendable {
    /// The longest it may take to start and to greet.
    public var greetingTime: Duration = .seconds(60)
    /// The longest it may take for one answer, be it a whole training or a batch of predictions.
    public var answerTime: Duration = .seconds(600)
    /// The longest it may take to end once its input has.
    public var farewellTime: Duration = .seconds(2)
    /// The longest line it may write, in bytes.
    public var lineLength = 16_000_000
    /// The largest learnt state, in bytes.
    public var stateSize = 1_000_000_000
    /// The most that is passed on of its standard error while it answers one request, in bytes.
    public var diagnosticSize = 100_000
    /// Gets the lines of its standard error, with the name of the program before each.
    public var diagnostics: @Sendable (String) -> Void
    /// Knows the programs that run.
    public var running = RunningPrograms()

    /// - Parameter diagnostics: gets the lines of standard error; dropped without.
    public init(diagnostics: @escaping @Sendable (String) -> Void = { _ in }) {
        self.diagnostics = diagnostics
    }
}
