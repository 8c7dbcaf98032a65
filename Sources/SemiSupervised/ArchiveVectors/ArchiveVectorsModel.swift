import LinearAlgebra
import TextClassification
import TextFeatures

/// Fitted `ArchiveVectors`: the archive's words with their weights, their vectors, and the mean vector of its articles.
public struct ArchiveVectorsModel: FeatureExtractorModel {
    /// The words and their inverse document frequencies.
    public let terms: TFIDFModel
    /// The number of dimensions.
    public let rank: Int
    /// Each word's vector, [word][dimension], of unit length or zero.
    let wordVectors: ModelArray<Float>
    /// The mean of the archive's article vectors before it was taken off.
    let mean: ModelArray<Float>

    /// The model of the given vectors, with the mean of the articles whose TF-IDF rows are given, `chunk` of them at a time.
    ///
    /// - Parameter rows: appends the rows of some articles; may be called by several threads at once.
    init(
        terms: TFIDFModel, rank: Int, wordVectors: [Float], articleCount: Int, threads: Int,
        rows: @Sendable (Range<Int>, inout SparseMatrix) -> Void
    ) {
        self.terms = terms
        self.rank = rank
        self.wordVectors = ModelArray(wordVectors)
        var mean = [Double](repeating: 0, count: rank)
        // Some thousand chunks at once, however many articles there are.
        let chunkCount = (articleCount + Self.chunk - 1) / Self.chunk
        for first in stride(from: 0, to: chunkCount, by: 1024) {
            let sums = parallelMap(count: min(1024, chunkCount - first), threads: threads) { index in
                let start = (first + index) * Self.chunk
                var matrix = SparseMatrix(columnCount: terms.featureCount)
                rows(start..<min(articleCount, start + Self.chunk), &matrix)
                var sum = [Double](repeating: 0, count: rank)
                var vector = [Float](repeating: 0, count: rank)
                for row in 0..<matrix.rowCount {
                    Self.add(matrix, row, wordVectors.span, rank: rank, to: &vector)
                    Self.normalize(&vector)
                    for d in 0..<rank { sum[d] += Double(vector[d]) }
                }
                return sum
            }
            for sum in sums { for d in 0..<rank { mean[d] += sum[d] } }
        }
        self.mean = ModelArray(mean.map { Float($0 / Double(max(1, articleCount))) })
    }

    static let chunk = 256

    public var featureCount: Int { rank }

    public func makeExtraction() -> any FeatureExtraction { ArchiveVectorsExtraction(self) }

    public func featureName(_ feature: Int) -> String { "dimension \(feature + 1)" }

    /// The vectors of articles given by their TF-IDF rows: a row of `rank` numbers each, of unit length, or empty for an article
    /// without known words.
    public func articleVectors(of rows: SparseMatrix, threads: Int) -> SparseMatrix {
        let parts = parallelMap(count: (rows.rowCount + Self.chunk - 1) / Self.chunk, threads: threads) { index in
            var part = SparseMatrix(columnCount: rank)
            appendVectors(of: rows, index * Self.chunk..<min(rows.rowCount, (index + 1) * Self.chunk), to: &part)
            return part
        }
        return SparseMatrix(stacking: parts, columnCount: rank)
    }

    func appendVectors(of rows: borrowing SparseMatrix, _ range: Range<Int>, to output: inout SparseMatrix) {
        var vector = [Float](repeating: 0, count: rank)
        wordVectors.withSpan { words in
            mean.withSpan { mean in
                for row in range {
                    Self.add(rows, row, words, rank: rank, to: &vector)
                    if Self.normalize(&vector) {
                        for d in 0..<rank { vector[d] -= mean[d] }
                        if Self.normalize(&vector) {
                            for d in 0..<rank { output.append(column: Int32(d), value: vector[d]) }
                        }
                    }
                    output.endRow()
                }
            }
        }
    }

    /// Replaces `vector` by the sum of the word vectors of a row, weighted by its values.
    static func add(
        _ rows: borrowing SparseMatrix, _ row: Int, _ words: Span<Float>, rank: Int, to vector: inout [Float]
    ) {
        var vector = vector.mutableSpan
        for d in 0..<rank { vector[d] = 0 }
        for element in rows.row(row) {
            let value = rows.values[element]
            let base = Int(rows.columnIndices[element]) * rank
            for d in 0..<rank { vector[d] += value * words[base + d] }
        }
    }

    /// Scales to unit length, unless the vector is zero.
    @discardableResult
    static func normalize(_ vector: inout [Float]) -> Bool {
        let square = vector.reduce(0) { $0 + $1 * $1 }
        guard square > 1e-12 else { return false }
        let scale = 1 / square.squareRoot()
        for d in vector.indices { vector[d] *= scale }
        return true
    }

    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try writer.scoped("terms") { writer throws(ModelFileError) in try terms.write(to: &writer) }
        writer.add("vectors", wordVectors)
        writer.add("mean", mean)
    }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        terms = try TFIDFModel(reading: reader.scoped("terms"))
        mean = try reader.array("mean", of: Float.self)
        rank = mean.count
        guard rank > 0 else { throw reader.malformed("mean", "is empty") }
        let (count, isOverflow) = terms.featureCount.multipliedReportingOverflow(by: rank)
        guard !isOverflow else { throw reader.malformed("mean", "has \(rank) numbers") }
        wordVectors = try reader.array("vectors", of: Float.self, count: count)
    }
}

/// Extraction of article vectors by one thread.
final class ArchiveVectorsExtraction: FeatureExtraction {
    private let model: ArchiveVectorsModel
    private let terms: any FeatureExtraction
    private var rows: FeatureRows

    init(_ model: ArchiveVectorsModel) {
        self.model = model
        terms = model.terms.makeExtraction()
        rows = FeatureRows(featureCount: model.terms.featureCount)
    }

    func extract(_ batch: borrowing ArticleBatch, _ range: Range<Int>, into output: inout FeatureRows) {
        rows.removeAll()
        terms.extract(batch, range, into: &rows)
        model.appendVectors(of: rows.matrix, 0..<rows.matrix.rowCount, to: &output.matrix)
        output.coverage += rows.coverage
        output.repairCount += rows.repairCount
    }
}
