#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension ClassificationTask {
    /// The score of which the link of the task makes a probability again: its logarithm (single), or its log-odds (multi). Probabilities
    /// are kept 1e-12 away from 0 and 1.
    public func score(ofProbability probability: Double) -> Double {
        let bounded = min(max(probability, 1e-12), 1 - 1e-12)
        return self == .single ? log(bounded) : log(bounded) - log(1 - bounded)
    }
}
