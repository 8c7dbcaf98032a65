import TextClassification

/// A reader of what `write` puts into a model file.
func reader(_ write: (inout ModelWriter) throws(ModelFileError) -> Void) throws(ModelFileError) -> ModelReader {
    var writer = ModelWriter()
    try write(&writer)
    let none = ComponentConfiguration("none")
    let header = ModelHeader(
        task: .multi, labels: ["a", "b"],
        recipe: Recipe(
            name: "test", summary: "", featureExtractor: none, classifier: none, calibrator: none, decisionRule: none),
        training: .init(articleCount: 1, labelCounts: [1, 0], seed: 0, dataDigest: ""))
    return try ModelFile(bytes: writer.fileBytes(header: header)).reader
}

/// A model after writing and reading.
func roundTrip<Model: ComponentModel>(_ model: Model) throws(ModelFileError) -> Model {
    try Model(reading: reader { writer throws(ModelFileError) in try model.write(to: &writer) })
}

/// The JSON of a shape, right or wrong.
struct AnyShape: Encodable {
    var task = "multi"
    var labelCount = 2
}

/// The JSON of a decision rule's kind, right or wrong.
struct AnyKind: Encodable {
    var labelCount = 2
    var isExclusive = false
    var hasThresholds = true
}
