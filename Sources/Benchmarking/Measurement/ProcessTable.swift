import FoundationEssentials

/// The processes of the machine, as Linux tells of them under `/proc`.
enum ProcessTable {
    /// A file about a process, or about the machine where no process is named.
    static func text(_ process: String?, _ name: String) -> String? {
        try? String(contentsOfFile: process.map { "/proc/\($0)/\(name)" } ?? "/proc/\(name)", encoding: .utf8)
    }

    /// The children of this process, their children, and so on.
    static var descendants: [String] {
        var children: [String: [String]] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] where Int(name) != nil {
            guard let parent = text(name, "stat").flatMap({ parent(in: $0) }) else { continue }
            children[parent, default: []].append(name)
        }
        var found: [String] = []
        var waiting = children["\(ProcessInfo.processInfo.processIdentifier)"] ?? []
        while let next = waiting.popLast() {
            found.append(next)
            waiting += children[next] ?? []
        }
        return found
    }

    /// The number of the parent: the second field behind the name.
    static func parent(in stat: String) -> String? { fields(in: stat).dropFirst().first.map(String.init) }

    /// The fields behind the name, which stands in parentheses and may hold any character.
    static func fields(in stat: String) -> [Substring] {
        guard let end = stat.lastIndex(of: ")") else { return [] }
        return stat[stat.index(after: end)...].split { $0 == " " || $0 == "\n" }
    }
}
