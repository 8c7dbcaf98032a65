import LinearAlgebra
import TextClassification

/// The fitted members of a combination, all of the same features and labels.
struct MemberModels: Sendable {
    /// The names of the components.
    let components: [String]
    let models: [any ClassifierModel]

    init(components: [String], models: [any ClassifierModel]) {
        self.components = components
        self.models = models
    }

    var count: Int { models.count }
    var featureCount: Int { models[0].featureCount }
    var labelCount: Int { models[0].labelCount }

    /// The scores of every member, each rows × labels.
    func scores(_ rows: borrowing SparseMatrix) -> [[Double]] {
        var all: [[Double]] = []
        for model in models {
            var scores: [Double] = []
            model.decisionFunction(rows, into: &scores)
            all.append(scores)
        }
        return all
    }

    /// Each member changed in the same way; `nil` where one cannot be.
    func changed(_ change: (any ClassifierModel) -> (any ClassifierModel)?) -> MemberModels? {
        var changed: [any ClassifierModel] = []
        for model in models {
            guard let model = change(model) else { return nil }
            changed.append(model)
        }
        return MemberModels(components: components, models: changed)
    }

    private static func section(_ number: Int) -> String { "member-\(number)" }

    func write(to writer: inout ModelWriter) throws(ModelFileError) {
        for (number, (component, model)) in zip(components, models).enumerated() {
            try writer.add(Self.section(number), classifier: model, component: component)
        }
    }

    /// Reads so many members and compares their shapes.
    init(reading reader: ModelReader, count: Int) throws(ModelFileError) {
        var components: [String] = []
        var models: [any ClassifierModel] = []
        for number in 0..<count {
            let (component, model) = try reader.classifier(Self.section(number))
            if let first = models.first, model.featureCount != first.featureCount || model.labelCount != first.labelCount {
                throw reader.malformed(Self.section(number), "has other features or labels than the first member")
            }
            components.append(component)
            models.append(model)
        }
        self.init(components: components, models: models)
    }
}

// Opening an existential gives what it makes back as an existential.
extension ClassifierModel {
    func erasedSelecting(_ features: [Int]) -> (any ClassifierModel)? { selecting(features) }
    func erasedQuantized(_ precision: WeightPrecision) -> (any ClassifierModel)? { quantized(to: precision) }
}
