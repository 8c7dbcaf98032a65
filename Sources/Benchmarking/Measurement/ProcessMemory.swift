import FoundationEssentials

/// The memory of processes, as Linux tells it.
enum ProcessMemory {
    /// The greatest resident memory of this process since its program began, and of each of the children that it has now, added up, in
    /// bytes; `nil` where the system does not tell.
    ///
    /// `getrusage` would count what a process held before it became its program, and not the children that are still there.
    static var peakBytesWithChildren: Int? {
        guard let own = peakBytes(of: "self") else { return nil }
        return own + descendants(of: "\(ProcessInfo.processInfo.processIdentifier)").compactMap { peakBytes(of: $0) }.reduce(0, +)
    }

    private static func peakBytes(of process: String) -> Int? { text(process, "status").flatMap { peakBytes(in: $0) } }

    private static func text(_ process: String, _ name: String) -> String? {
        try? String(contentsOfFile: "/proc/\(process)/\(name)", encoding: .utf8)
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

    /// The children of a process, their children, and so on.
    private static func descendants(of process: String) -> [String] {
        var children: [String: [String]] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] where Int(name) != nil {
            guard let parent = text(name, "stat").flatMap({ parent(in: $0) }) else { continue }
            children[parent, default: []].append(name)
        }
        var found: [String] = []
        var waiting = children[process] ?? []
        while let next = waiting.popLast() {
            found.append(next)
            waiting += children[next] ?? []
        }
        return found
    }

    /// The number of the parent: the second field behind the name, which stands in parentheses and may hold any character.
    static func parent(in stat: String) -> String? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        return fields.count > 1 ? String(fields[1]) : nil
    }
}
