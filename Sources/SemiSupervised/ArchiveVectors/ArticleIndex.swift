import LinearAlgebra
import TextClassification

/// The vectors of an archive's articles, a byte a dimension, and what the articles are called: nearest articles are found without the texts.
struct ArticleIndex: Sendable {
    /// What is shown of an article.
    struct Name: Sendable, Equatable {
        var identifier: String
        var title: String
    }

    private let rank: Int
    /// [article][dimension], −127...127; zeros for an article without known words.
    private let codes: ModelArray<Int8>
    /// What a code of each article is multiplied by.
    private let scales: ModelArray<Float>
    private let text: ModelArray<UInt8>
    /// Where identifier and title of each article end in `text`.
    private let ends: ModelArray<UInt64>

    /// A title has at most so many bytes; where there is none, the beginning of the text stands for it.
    private static let titleLength = 100

    var articleCount: Int { scales.count }

    init(of archive: CollectedArchive, names: Names, model: ArchiveVectorsModel, threads: Int) {
        rank = model.rank
        let rank = model.rank
        let chunk = ArchiveVectorsModel.chunk
        var codes: [Int8] = []
        var scales: [Float] = []
        codes.reserveLargePages(archive.articleCount * rank)
        let chunkCount = (archive.articleCount + chunk - 1) / chunk
        for first in stride(from: 0, to: chunkCount, by: 256) {
            let parts = parallelMap(count: min(256, chunkCount - first), threads: threads) { index in
                let start = (first + index) * chunk
                var rows = SparseMatrix(columnCount: model.terms.featureCount)
                archive.appendRows(start..<min(archive.articleCount, start + chunk), to: &rows)
                var vectors = SparseMatrix(columnCount: rank)
                model.appendVectors(of: rows, 0..<rows.rowCount, to: &vectors)
                return Self.coded(vectors)
            }
            for part in parts {
                codes += part.codes
                scales += part.scales
            }
        }
        self.codes = ModelArray(codes)
        self.scales = ModelArray(scales)
        text = ModelArray(names.text)
        ends = ModelArray(names.ends)
    }

    /// Rounds every vector to multiples of a 127th of its largest number.
    private static func coded(_ vectors: SparseMatrix) -> (codes: [Int8], scales: [Float]) {
        let rank = vectors.columnCount
        var codes = [Int8](repeating: 0, count: vectors.rowCount * rank)
        var scales: [Float] = []
        for row in 0..<vectors.rowCount {
            let largest = vectors.row(row).reduce(0.0) { max($0, abs(Double(vectors.values[$1]))) }
            scales.append(Float(largest / 127))
            guard largest > 0 else { continue }
            for element in vectors.row(row) {
                let code = (Double(vectors.values[element]) / largest * 127).rounded()
                codes[row * rank + Int(vectors.columnIndices[element])] = Int8(code)
            }
        }
        return (codes, scales)
    }

    /// The articles nearest to a vector of unit length, the nearest first. O(articles · rank).
    func nearest(to vector: [Float], count: Int) -> [ArchiveVectorsModel.Neighbour] {
        precondition(vector.count == rank, "a vector of \(vector.count) dimensions, not \(rank)")
        return codes.withSpan { codes in
            scales.withSpan { scales in
                ArchiveVectorsModel.largest(count, of: scales.count) { article in
                    var sum: Float = 0
                    for d in 0..<rank { sum += Float(codes[article * rank + d]) * vector[d] }
                    return sum * scales[article]
                }
            }
        }
    }

    /// What an article is called.
    func name(of article: Int) -> Name {
        func part(_ position: Int) -> String {
            let first = position == 0 ? 0 : Int(clamping: ends[position - 1])
            let last = Int(clamping: ends[position])
            guard first <= last, last <= text.count else { return "?" }
            return text.withSpan { text in String(decoding: (first..<last).map { text[$0] }, as: UTF8.self) }
        }
        return Name(identifier: part(2 * article), title: part(2 * article + 1))
    }

    /// The names of all articles.
    var names: Names {
        Names(text: text.elements, ends: ends.elements)
    }

    /// Names of articles behind each other.
    struct Names: Sendable {
        fileprivate(set) var text: [UInt8] = []
        fileprivate(set) var ends: [UInt64] = []

        mutating func append(identifier: String, title: ArraySlice<UInt8>, body: ArraySlice<UInt8>) {
            text += identifier.utf8
            ends.append(UInt64(text.count))
            let shown = title.isEmpty ? body : title
            let source = String(decoding: shown.prefix(4 * titleLength), as: UTF8.self)
            // Whole characters of one line.
            var byteCount = 0
            let words = source.split { (character: Character) in character.isWhitespace }
            for character in words.joined(separator: " ") {
                byteCount += character.utf8.count
                if byteCount > titleLength { break }
                text += character.utf8
            }
            ends.append(UInt64(text.count))
        }
    }

    func write(to writer: inout ModelWriter) {
        writer.add("codes", codes)
        writer.add("scales", scales)
        writer.add("names", text)
        writer.add("name-ends", ends)
    }

    init(reading reader: ModelReader, rank: Int) throws(ModelFileError) {
        self.rank = rank
        scales = try reader.array("scales", of: Float.self)
        let (count, isOverflow) = scales.count.multipliedReportingOverflow(by: rank)
        guard !isOverflow else { throw reader.malformed("scales", "has \(scales.count) numbers") }
        codes = try reader.array("codes", of: Int8.self, count: count)
        text = try reader.array("names", of: UInt8.self)
        ends = try reader.array("name-ends", of: UInt64.self, count: 2 * scales.count)
    }
}
