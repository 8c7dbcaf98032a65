import FoundationEssentials

/// A line of JSON for every figure of every draw, so that a measurement can be made in pieces: `fewshot/table.py` makes the table of it.
struct DrawJournal {
    private struct Line: Codable {
        let set: String
        let shots: Int
        let draw: Int
        let name: String
        let figures: [Double]
    }

    private let path: String?
    private var lines: [Line] = []
    private var known: Set<String> = []

    /// Reads what is there already; without a path nothing is kept.
    init(path: String?) throws {
        self.path = path
        guard let path, FileManager.default.fileExists(atPath: path) else { return }
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            // A line that was cut off is measured again.
            guard let read = try? JSONDecoder().decode(Line.self, from: Data(line.utf8)) else { continue }
            lines.append(read)
            known.insert(Self.key(read.set, read.shots, read.draw))
        }
    }

    private static func key(_ set: String, _ shots: Int, _ draw: Int) -> String { "\(set) \(shots) \(draw)" }

    func holds(_ set: String, _ shots: Int, _ draw: Int) -> Bool { known.contains(Self.key(set, shots, draw)) }

    mutating func add(_ set: String, _ shots: Int, _ draw: Int, _ name: String, _ figures: [Double]) {
        lines.append(Line(set: set, shots: shots, draw: draw, name: name, figures: figures))
    }

    /// Puts the whole journal in the place of the old one, in one step.
    func write() throws {
        guard let path else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var data = Data()
        for line in lines { data += try encoder.encode(line) + Data("\n".utf8) }
        try data.write(to: URL(filePath: path), options: .atomic)
    }
}
