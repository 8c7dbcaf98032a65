/// The memory of processes, as Linux tells it.
enum ProcessMemory {
    /// The greatest resident memory of this process since its program began, and of each of the children that it has now, added up, in
    /// bytes; `nil` where the system does not tell.
    ///
    /// `getrusage` would count what a process held before it became its program, and not the children that are still there.
    static var peakBytesWithChildren: Int? {
        guard let own = peakBytes(of: "self") else { return nil }
        return own + ProcessTable.descendants.compactMap { peakBytes(of: $0) }.reduce(0, +)
    }

    private static func peakBytes(of process: String) -> Int? {
        ProcessTable.text(process, "status").flatMap { peakBytes(in: $0) }
    }

    /// The line on the greatest resident memory.
    static func peakBytes(in status: String) -> Int? {
        for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
            let fields = line.split { $0 == " " || $0 == "\t" }
            guard fields.count == 3, fields[2] == "kB", let count = Int(fields[1]) else { return nil }
            return count * 1024
        }
        return nil
    }
}
