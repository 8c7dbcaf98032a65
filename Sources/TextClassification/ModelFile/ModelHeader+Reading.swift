// How the front of a model file is read: it is on the way to the first answer of every process. Written it is by `Codable`, and what few
// models have is read so, too.

extension ModelFile.Front {
    init(reading json: JSONTextDecoder) throws {
        header = try ModelHeader(reading: json.member("header"))
        sections = try json.member("sections").elements { try ModelFile.SectionEntry(reading: $0) }
    }
}

extension ModelFile.SectionEntry {
    fileprivate init(reading json: JSONTextDecoder) throws {
        name = try json.member("name").decode(String.self)
        offset = try json.member("offset").decode(Int.self)
        length = try json.member("length").decode(Int.self)
        checksum = try json.member("checksum").decode(String.self)
    }
}

extension ModelHeader {
    fileprivate init(reading json: JSONTextDecoder) throws {
        toolkitVersion = try json.member("toolkitVersion").decode(String.self)
        task = try json.member("task").choice(ClassificationTask.self)
        labels = try json.member("labels").elements { try $0.decode(String.self) }
        recipe = try Recipe(reading: json.member("recipe"))
        plugins = try json.optionalMember("plugins").map { try $0.decode([PluginRecord].self) }
        training = try TrainingRecord(reading: json.member("training"))
    }
}

extension ModelHeader.TrainingRecord {
    fileprivate init(reading json: JSONTextDecoder) throws {
        articleCount = try json.member("articleCount").decode(Int.self)
        labelCounts = try json.member("labelCounts").elements { try $0.decode(Int.self) }
        seed = try json.member("seed").decode(UInt64.self)
        foldCount = try json.member("foldCount").decode(Int.self)
        dataDigest = try json.member("dataDigest").decode(String.self)
        metrics = try json.member("metrics").members { try $0.decode(Double.self) }
        notes = try json.member("notes").elements { try $0.decode(String.self) }
        archive = try json.optionalMember("archive").map { try $0.decode(Archive.self) }
        updates = try json.optionalMember("updates").map { try $0.decode([Update].self) }
    }
}

extension Recipe {
    fileprivate init(reading json: JSONTextDecoder) throws {
        name = try json.member("name").decode(String.self)
        summary = try json.member("summary").decode(String.self)
        featureExtractor = try ComponentConfiguration(reading: json.member("featureExtractor"))
        featureTransformers = try json.member("featureTransformers").elements { try ComponentConfiguration(reading: $0) }
        classifier = try ComponentConfiguration(reading: json.member("classifier"))
        calibrator = try ComponentConfiguration(reading: json.member("calibrator"))
        decisionRule = try ComponentConfiguration(reading: json.member("decisionRule"))
    }
}

extension ComponentConfiguration {
    fileprivate init(reading json: JSONTextDecoder) throws {
        component = try json.member("component").decode(String.self)
        parameters = try json.member("parameters").members { try HyperparameterValue(reading: $0) }
    }
}

extension HyperparameterValue {
    fileprivate init(reading json: JSONTextDecoder) throws {
        self =
            switch json.kind {
            case .null: .none
            case .true: .boolean(true)
            case .false: .boolean(false)
            case .number: try json.wholeNumber(Int.self).map { .integer($0) } ?? .number(json.decode(Double.self))
            case .plainString, .escapedString: .text(try json.decode(String.self))
            case .array: .components(try json.elements { try ComponentConfiguration(reading: $0) })
            case .object: try json.decode(HyperparameterValue.self)
            }
    }
}
