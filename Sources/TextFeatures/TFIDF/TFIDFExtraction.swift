import TextClassification

/// Extraction of TF-IDF rows by one thread.
final class TFIDFExtraction: FeatureExtraction {
    // A structure, so that access to it is checked once for many articles.
    private var extraction: RowExtraction<Vocabulary>

    init(_ model: TFIDFModel) {
        extraction = RowExtraction(
            model.parameters,
            blocks: zip(model.blocks, model.blockStarts).map { block, start in
                FeatureBlock(
                    kind: block.kind, weight: block.weight, index: block.vocabulary, idf: block.idf, firstFeature: start)
            })
    }

    func extract(_ batch: borrowing ArticleBatch, _ range: Range<Int>, into rows: inout FeatureRows) {
        extraction.extract(batch, range, into: &rows)
    }
}
