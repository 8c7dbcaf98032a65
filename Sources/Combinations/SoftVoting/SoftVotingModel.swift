import Calibration
import LinearAlgebra
import TextClassification

/// Members whose probabilities are averaged.
public struct SoftVotingModel: ClassifierModel {
    let task: ClassificationTask
    let members: MemberModels
    /// Of each member; the sum is 1.
    let weights: [Double]
    /// What each member's scores are divided by: one number (single), or one a label (multi).
    let temperatures: [[Double]]

    public var featureCount: Int { members.featureCount }
    public var labelCount: Int { members.labelCount }

    init(task: ClassificationTask, members: MemberModels, weights: [Double], temperatures: [[Double]]) {
        self.task = task
        self.members = members
        self.weights = weights
        self.temperatures = temperatures
    }

    /// O(that of every member). It allocates a row of scores an article and member, for all rows at once.
    public func decisionFunction(_ rows: borrowing SparseMatrix, into scores: inout [Double]) {
        scores.removeAll(keepingCapacity: true)
        scores.append(contentsOf: repeatElement(0, count: rows.rowCount * labelCount))
        let link = LinkFunctionModel(task: task, labelCount: labelCount)
        for (member, memberScores) in members.scores(rows).enumerated() {
            var probabilities = memberScores
            let own = temperatures[member]
            for place in probabilities.indices { probabilities[place] /= own[place % own.count] }
            link.calibrate(&probabilities)
            for (place, probability) in probabilities.enumerated() { scores[place] += weights[member] * probability }
        }
        for place in scores.indices { scores[place] = task.score(ofProbability: scores[place]) }
    }

    /// Weights of members in fewer bits, where they have such a form.
    public func quantized(to precision: WeightPrecision) -> SoftVotingModel? {
        members.changed { $0.erasedQuantized(precision) ?? $0 }.map {
            SoftVotingModel(task: task, members: $0, weights: weights, temperatures: temperatures)
        }
    }

    private struct Description: Codable {
        let task: ClassificationTask
        let memberCount: Int
    }

    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try writer.add("description", json: Description(task: task, memberCount: members.count))
        writer.add("weights", weights)
        writer.add("temperatures", temperatures.flatMap(\.self))
        try members.write(to: &writer)
    }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        let description = try reader.value("description", of: Description.self)
        guard Members.counts.contains(description.memberCount) else {
            throw reader.malformed("description", "claims \(description.memberCount) members")
        }
        task = description.task
        members = try MemberModels(reading: reader, count: description.memberCount)
        weights = try reader.array("weights", of: Double.self, count: description.memberCount).elements
        let ownCount = description.task == .single ? 1 : members.labelCount
        let all = try reader.array("temperatures", of: Double.self, count: ownCount * description.memberCount).elements
        temperatures = stride(from: 0, to: all.count, by: ownCount).map { Array(all[$0..<$0 + ownCount]) }
        guard weights.allSatisfy({ 0...1 ~= $0 }), abs(weights.reduce(0, +) - 1) < 1e-6 else {
            throw reader.malformed("weights", "holds \(weights)")
        }
        guard all.allSatisfy({ 1e-3...1e3 ~= $0 }) else {
            throw reader.malformed("temperatures", "holds \(all)")
        }
    }
}
