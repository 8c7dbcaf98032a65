import ArgumentParser
import FoundationEssentials
import TextClassification

enum Files {
    static func bytes(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else { throw ValidationError("cannot read \(path)") }
        return [UInt8](data)
    }

    /// The lines of a file, the last one with or without a line feed.
    static func lines(_ path: String) throws -> [ArraySlice<UInt8>] {
        var lines = try bytes(path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// Every line of a file as an article without a title.
    static func articles(_ path: String) throws -> ArticleBatch {
        var batch = ArticleBatch()
        for line in try lines(path) { batch.append(title: [], body: line) }
        return batch
    }
}
