import LinearAlgebra
import LinearModels
import TextClassification

/// Members, and the logistic regression on their scores.
public struct StackingModel: ClassifierModel {
    let input: StackingInput
    let members: MemberModels
    /// From the columns of `input` to the labels.
    let final: LinearModel

    public var featureCount: Int { members.featureCount }
    public var labelCount: Int { members.labelCount }

    init(input: StackingInput, members: MemberModels, final: LinearModel) {
        self.input = input
        self.members = members
        self.final = final
    }

    /// O(that of every member + articles · members · labels²). It allocates for all rows at once.
    public func decisionFunction(_ rows: borrowing SparseMatrix, into scores: inout [Double]) {
        // Only the scores of rows without limit are beyond all numbers.
        let matrix = input.matrix(members.scores(rows).map { $0.map { min(max($0, -1e100), 1e100) } })
        final.decisionFunction(matrix, into: &scores)
    }

    // MARK: - Weights, where every member is additive

    /// A number of every member and label, [member][label].
    private func gathered(_ number: (any ClassifierModel, Int) -> Double?) -> [Double]? {
        guard input.output == .scores else { return nil }
        var numbers: [Double] = []
        numbers.reserveCapacity(input.columnCount)
        for model in members.models {
            for label in 0..<labelCount {
                guard let found = number(model, label) else { return nil }
                numbers.append(found)
            }
        }
        return numbers
    }

    private func combined(_ columns: [Double], _ label: Int) -> Double {
        var sum = 0.0
        for (column, value) in columns.enumerated() { sum += (final.featureWeight(column, label: label) ?? 0) * value }
        return sum
    }

    public func featureWeight(_ feature: Int, label: Int) -> Double? {
        gathered { $0.featureWeight(feature, label: $1) }.map { combined(input.columns($0), label) }
    }

    public func intercept(label: Int) -> Double? {
        guard featureCount == 0 || featureWeight(0, label: label) != nil else { return nil }
        return gathered { $0.intercept(label: $1) }.map {
            combined(input.columns($0), label) + (final.intercept(label: label) ?? 0)
        }
    }

    public func strongestFeatures(count: Int) -> [[Int]]? {
        var strongest = [StrongestFeatures](repeating: StrongestFeatures(count: count), count: labelCount)
        for feature in 0..<featureCount {
            guard let weights = gathered({ $0.featureWeight(feature, label: $1) }) else { return nil }
            let columns = input.columns(weights)
            for label in 0..<labelCount { strongest[label].add(feature, weight: combined(columns, label)) }
        }
        return strongest.map(\.features)
    }

    // MARK: - Smaller forms

    public func selecting(_ features: [Int]) -> StackingModel? {
        guard featureWeight(0, label: 0) != nil else { return nil }
        return members.changed { $0.erasedSelecting(features) }.map { StackingModel(input: input, members: $0, final: final) }
    }

    /// Weights of members in fewer bits, where they have such a form.
    public func quantized(to precision: WeightPrecision) -> StackingModel? {
        members.changed { $0.erasedQuantized(precision) ?? $0 }.map { StackingModel(input: input, members: $0, final: final) }
    }

    // MARK: - Model file

    private struct Description: Codable {
        let task: ClassificationTask
        let output: Stacking.Parameters.MemberOutput
        let memberCount: Int
        let occurs: [Bool]
    }

    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try writer.add(
            "description",
            json: Description(task: input.task, output: input.output, memberCount: members.count, occurs: input.occurs))
        writer.add("scales", input.scales.flatMap(\.self))
        try writer.scoped("final") { writer throws(ModelFileError) in try final.write(to: &writer) }
        try members.write(to: &writer)
    }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        let description = try reader.value("description", of: Description.self)
        guard Members.counts.contains(description.memberCount) else {
            throw reader.malformed("description", "claims \(description.memberCount) members")
        }
        let ownCount = description.task == .single || description.output == .probabilities ? 1 : description.occurs.count
        guard ownCount > 0 else { throw reader.malformed("description", "has no label") }
        let scales = try reader.array("scales", of: Double.self, count: ownCount * description.memberCount).elements
        guard scales.allSatisfy({ 1e-200...1e200 ~= $0 }) else { throw reader.malformed("scales", "holds \(scales)") }
        input = StackingInput(
            task: description.task, output: description.output,
            scales: stride(from: 0, to: scales.count, by: ownCount).map { Array(scales[$0..<$0 + ownCount]) },
            occurs: description.occurs)
        members = try MemberModels(reading: reader, count: description.memberCount)
        final = try LinearModel(reading: reader.scoped("final"))
        guard members.labelCount == input.labelCount, final.labelCount == input.labelCount,
            final.featureCount == input.columnCount
        else {
            throw reader.malformed(
                "final",
                "has \(final.featureCount) features and \(final.labelCount) labels for \(members.count) members of "
                    + "\(members.labelCount) labels")
        }
    }
}
