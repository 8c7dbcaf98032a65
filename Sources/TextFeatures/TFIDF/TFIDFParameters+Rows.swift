import LinearAlgebra
import TextClassification

extension TFIDFParameters {
    /// Calls `body` with title and body of an article and what an occurrence in each counts; what is empty or does not count is
    /// left out.
    @inline(__always)
    func forEachField(_ batch: borrowing ArticleBatch, _ article: Int, _ body: (_ field: Range<Int>, _ weight: Float) -> Void) {
        let title = batch.titles[article]
        if !title.isEmpty, Float(titleWeight) > 0 { body(title, Float(titleWeight)) }
        let text = batch.bodies[article]
        if !text.isEmpty, Float(bodyWeight) > 0 { body(text, Float(bodyWeight)) }
    }

    /// Appends the weighted and normalised values of one block of one article.
    @inline(__always)
    func weigh(
        _ terms: Span<Int32>, _ counts: Span<Float>, weight: Double, idf: Span<Double>, firstFeature: Int,
        into rows: inout SparseMatrix
    ) {
        var norm = 0.0
        for position in terms.indices {
            let value = termFrequency(counts[position]) * idf[Int(terms[position])]
            norm += normalization == .l2 ? value * value : abs(value)
        }
        let scale: Double
        switch normalization {
        case .none: scale = weight
        case .l1: scale = norm > 0 ? weight / norm : 0
        case .l2: scale = norm > 0 ? weight / norm.squareRoot() : 0
        }
        for position in terms.indices {
            let value = termFrequency(counts[position]) * idf[Int(terms[position])]
            rows.append(column: Int32(firstFeature) + terms[position], value: value * scale)
        }
    }

    /// Where terms stand in an article; `feature` gives the feature of a term of a block, or `nil`.
    func occurrences(
        in article: Article, blockCount: Int,
        feature: (_ block: Int, _ hash: UInt64, _ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int?
    ) -> [FeatureOccurrence] {
        var scanner = FieldScanner(self, recordsSources: true)
        let kinds = blocks.map(\.kind)
        var occurrences: [FeatureOccurrence] = []
        for (field, text, weight) in [
            (FeatureOccurrence.Field.title, article.title, titleWeight), (.text, article.text, bodyWeight),
        ] where Float(weight) > 0 {
            let source = Array(text.utf8)
            scanner.scan(source.span)
            for block in 0..<blockCount {
                scanner.forEachTerm(of: kinds[block]) { hash, text, start, end in
                    guard let feature = feature(block, hash, text, start, end) else { return }
                    occurrences.append(
                        FeatureOccurrence(feature: feature, field: field, utf8Range: scanner.sourceRange(start, end)))
                }
            }
        }
        return occurrences.sorted {
            ($0.field == .title ? 0 : 1, $0.utf8Range.lowerBound, $0.utf8Range.upperBound, $0.feature)
                < ($1.field == .title ? 0 : 1, $1.utf8Range.lowerBound, $1.utf8Range.upperBound, $1.feature)
        }
    }
}
