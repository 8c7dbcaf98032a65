import LinearAlgebra

@testable import TextClassification

/// A classifier with a hyper-parameter of the same name as one of `tfidf`; it scores nothing.
struct TwinClassifier: Classifier {
    struct Parameters: Hyperparameters {
        var sublinear = true
        static let schema: [Hyperparameter<Parameters>] = [Hyperparameter("sublinear", \.sublinear, .boolean, help: "a twin")]
    }

    struct Model: ClassifierModel {
        let featureCount: Int
        let labelCount: Int

        func decisionFunction(_ rows: borrowing SparseMatrix, into scores: inout [Double]) {
            scores = [Double](repeating: 0, count: rows.rowCount * labelCount)
        }

        func write(to writer: inout ModelWriter) { writer.add("shape", [Int64(featureCount), Int64(labelCount)]) }

        init(featureCount: Int, labelCount: Int) {
            self.featureCount = featureCount
            self.labelCount = labelCount
        }

        init(reading reader: ModelReader) throws(ModelFileError) {
            let shape = try reader.array("shape", of: Int64.self, count: 2)
            guard let featureCount = Int(exactly: shape[0]), let labelCount = Int(exactly: shape[1]) else {
                throw reader.malformed("shape", "is out of range")
            }
            self.init(featureCount: featureCount, labelCount: labelCount)
        }
    }

    static let identifier = "twin"
    static let summary = "nothing"
    static let tasks = [ClassificationTask.multi]
    let parameters: Parameters

    init(_ parameters: Parameters) { self.parameters = parameters }

    func fitted(to rows: SparseMatrix, targets: Targets, context: TrainingContext) -> Model {
        Model(featureCount: rows.columnCount, labelCount: targets.labelCount)
    }
}
