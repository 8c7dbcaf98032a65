import FoundationEssentials
import ModelSelection
import TextClassification

/// The steps of a search, in a file that is only ever appended to: a search that was stopped, or killed, goes on where it was.
final class TuningJournal {
    /// What a search must have in common with the one that wrote the journal.
    struct Search: Codable, Equatable {
        var version = 2
        var toolkitVersion = SectorKitVersion.current
        var seed: UInt64
        var folds: Int
        var figure: TuningFigure
        var dataDigest: String
    }

    private struct Line: Codable {
        var search: Search?
        var step: Tuner.Step?
    }

    private let file: AppendOnlyFile
    /// The steps that were in it.
    let recorded: [Tuner.Step]

    /// Opens a journal, or begins one. A last line that was cut off is dropped.
    /// - Throws: `Failure` for a file that is no journal, or that of another search.
    init(path: String, search: Search) throws {
        file = try AppendOnlyFile(path: path, writer: "another search")
        let bytes = try file.contents()
        let whole = bytes.prefix((bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1)
        var steps: [Tuner.Step] = []
        for (number, bytes) in whole.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let line = try? JSONDecoder().decode(Line.self, from: Data(bytes)), (line.search == nil) == (number > 0) else {
                throw Failure("\(path):\(number + 1): this is no journal of a search", code: Failure.Code.badData)
            }
            if let earlier = line.search, earlier != search {
                throw Failure(
                    "\(path) is the journal of another search (other articles, seed, folds, figure or version): name another with "
                        + "--journal, or remove it", code: Failure.Code.badData)
            }
            if let step = line.step { steps.append(step) }
        }
        recorded = steps
        // A file that does not begin as a journal is left as it is.
        guard !whole.isEmpty || bytes.prefix(2) == Array("{\"".utf8).prefix(bytes.count) else {
            throw Failure("\(path):1: this is no journal of a search", code: Failure.Code.badData)
        }
        try file.removeCutLine()
        if whole.isEmpty { try append(Line(search: search)) }
    }

    func add(_ step: Tuner.Step) throws { try append(Line(step: step)) }

    private func append(_ line: Line) throws {
        try file.append(JSONText.encoded(line, isPretty: false).utf8)
    }
}
