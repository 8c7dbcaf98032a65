#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Processor time that was used up to a moment, in seconds.
struct ProcessorTime {
    /// This process with all threads, and its children; of those that have ended, the ones that were waited for.
    let own: Double
    /// All programs of the machine; `nil` where the system does not tell.
    let machine: Double?

    static var now: ProcessorTime {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        var ticks = ProcessTable.text("self", "stat").map { waitedForTicks(in: $0) } ?? 0
        for child in ProcessTable.descendants {
            if let stat = ProcessTable.text(child, "stat") { ticks += ownTicks(in: stat) + waitedForTicks(in: stat) }
        }
        return ProcessorTime(
            own: Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9 + ticks / ticksPerSecond,
            machine: ProcessTable.text(nil, "stat").flatMap { busyTicks(in: $0) }.map { $0 / ticksPerSecond })
    }

    /// Fields 14 and 15 of the `stat` of a process: in its own code and in the system's.
    static func ownTicks(in stat: String) -> Double { sum(ProcessTable.fields(in: stat).dropFirst(11).prefix(2)) }

    /// Fields 16 and 17: children that have ended and were waited for.
    static func waitedForTicks(in stat: String) -> Double { sum(ProcessTable.fields(in: stat).dropFirst(13).prefix(2)) }

    /// The first line of the machine's `stat`: user, nice, system, idle, waiting for devices, interrupts (two), taken by another machine
    /// on the same hardware, and guests, which user and nice contain.
    static func busyTicks(in stat: String) -> Double? {
        guard let line = stat.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
        let fields = line.split(separator: " ").dropFirst().prefix(8)
        guard fields.count == 8 else { return nil }
        return sum(fields) - sum(fields.dropFirst(3).prefix(2))
    }

    private static func sum(_ fields: some Sequence<Substring>) -> Double {
        fields.reduce(0) { $0 + (Double($1) ?? 0) }
    }
}
