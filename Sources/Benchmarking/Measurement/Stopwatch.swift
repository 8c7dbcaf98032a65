/// Wall time since a moment.
struct WallStopwatch {
    private let start = ContinuousClock.now

    var wallSeconds: Double {
        let wall = ContinuousClock.now - start
        return Double(wall.components.seconds) + Double(wall.components.attoseconds) * 1e-18
    }
}

/// Wall time, and what the processors did, since a moment.
struct Stopwatch {
    private let wall = WallStopwatch()
    private let start = ProcessorTime.now

    var wallSeconds: Double { wall.wallSeconds }

    /// Processor time of this process and its children, those included that have ended and were waited for.
    var processorSeconds: Double { ProcessorTime.now.own - start.own }

    /// How many processors other programs kept busy on average; `nil` where the system does not tell.
    var otherProcessors: Double? {
        let wall = wallSeconds
        let now = ProcessorTime.now
        guard let machine = now.machine, let before = start.machine, wall > 0 else { return nil }
        return max(0, (machine - before) - (now.own - start.own)) / wall
    }
}
