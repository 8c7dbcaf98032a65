import TextClassification

/// The task and the number of labels: the part of a fitted calibrator or decision rule that fixes how rows are read.
struct LabelShape: Codable, Equatable {
    static let section = "shape"
    /// More labels than any file may claim; keeps products of counts far from overflow.
    static let largestLabelCount = 1 << 24

    let task: ClassificationTask
    let labelCount: Int

    init(task: ClassificationTask, labelCount: Int) {
        self.task = task
        self.labelCount = labelCount
    }

    init(from decoder: any Decoder) throws {
        let members = DecodedMembers(decoder)
        task = try members.value("task")
        labelCount = try members.value("labelCount")
    }

    /// Reads and checks the shape.
    init(reading reader: ModelReader) throws(ModelFileError) {
        self = try reader.value(Self.section, of: LabelShape.self)
        guard 1...Self.largestLabelCount ~= labelCount else {
            throw reader.malformed(Self.section, "claims \(labelCount) labels")
        }
    }

    func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try writer.add(Self.section, json: self)
    }
}
