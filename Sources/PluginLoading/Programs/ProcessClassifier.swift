import TextClassification

/// A classifier of articles that is a program of its own, in any language.
struct ProcessClassifier: ArticleClassifier {
    let program: PluginProgram
    let configuration: ComponentConfiguration

    var tasks: [ClassificationTask] { program.greeting.tasks ?? ClassificationTask.allCases }

    func fitted(to corpus: Corpus, context: TrainingContext) throws -> ProcessClassifierModel {
        do {
            let (state, identifier) = try program.fit(corpus, parameters: configuration.parameters, context: context)
            return ProcessClassifierModel(
                program: program,
                description: .init(
                    task: corpus.targets.task, labels: Array(corpus.labels), parameters: configuration.parameters),
                state: ModelArray(state), identifier: identifier)
        } catch let error as PluginError {
            try context.checkCancellation()
            throw error
        }
    }
}

/// What a program has learnt: bytes that only the program understands.
struct ProcessClassifierModel: ArticleClassifierModel {
    /// What a program has to be told before it can predict.
    struct Description: Codable {
        let task: ClassificationTask
        let labels: [String]
        let parameters: [String: HyperparameterValue]
    }

    let program: PluginProgram
    let description: Description
    let state: ModelArray<UInt8>
    let identifier: PluginProgram.ModelIdentifier

    var labelCount: Int { description.labels.count }
    var task: ClassificationTask { description.task }

    func decisionFunction(
        _ batch: borrowing ArticleBatch, _ range: Range<Int>, into scores: inout [Double]
    ) throws(PredictionError) {
        scores.removeAll(keepingCapacity: true)
        guard !range.isEmpty else { return }
        do {
            try program.predict(with: self, batch, range, into: &scores)
        } catch let error as PluginError {
            throw PredictionError(component: "plugin \(error.plugin)", reason: error.reason)
        } catch {
            throw PredictionError(component: "plugin \(program.path)", reason: "\(error)")
        }
        if program.greeting.output == .probabilities {
            for position in scores.indices { scores[position] = task.score(ofProbability: scores[position]) }
        }
    }

    func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try writer.add("description", json: description)
        writer.add("state", state)
    }

    /// Reads a model whose program is there.
    init(reading reader: ModelReader, program: PluginProgram) throws(ModelFileError) {
        description = try reader.value("description", of: Description.self)
        guard !description.labels.isEmpty else { throw reader.malformed("description", "names no label") }
        state = try reader.array("state", of: UInt8.self)
        self.program = program
        identifier = program.makeIdentifier()
    }

    init(
        program: PluginProgram, description: Description, state: ModelArray<UInt8>, identifier: PluginProgram.ModelIdentifier
    ) {
        self.program = program
        self.description = description
        self.state = state
        self.identifier = identifier
    }
}
