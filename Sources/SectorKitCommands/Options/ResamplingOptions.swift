import ArgumentParser
import Evaluation

/// How intervals are found.
struct ResamplingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Resamples of the articles for 95 % intervals of the headline figures (bootstrap, BCa); 0 for none.", valueName: "n"))
    var bootstrap = 1000

    func validate() throws {
        if !(0...1_000_000 ~= bootstrap) { throw ValidationError("--bootstrap wants a number from 0 to 1000000") }
    }

    /// The bootstrap, or `nil` where no intervals are wanted.
    func bootstrap(threadCount: Int) -> Bootstrap? {
        bootstrap == 0 ? nil : Bootstrap(resampleCount: bootstrap, threadCount: threadCount)
    }
}
