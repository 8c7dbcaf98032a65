import TextClassification

extension TFIDFParameters {
    public init(from decoder: any Decoder) throws {
        let members = DecodedMembers(decoder)
        wordNgrams = try members.optionalValue("wordNgrams")
        characterNgrams = try members.optionalValue("characterNgrams")
        wordWeight = try members.value("wordWeight")
        characterWeight = try members.value("characterWeight")
        titleWeight = try members.value("titleWeight")
        bodyWeight = try members.value("bodyWeight")
        minimumDocumentFrequency = try members.value("minimumDocumentFrequency")
        maximumDocumentFrequency = try members.value("maximumDocumentFrequency")
        maximumFeatures = try members.optionalValue("maximumFeatures")
        minimumWordLength = try members.value("minimumWordLength")
        stopWords = try members.value("stopWords")
        accents = try members.value("accents")
        compounds = try members.value("compounds")
        sublinear = try members.value("sublinear")
        useIDF = try members.value("useIDF")
        smoothIDF = try members.value("smoothIDF")
        normalization = try members.value("normalization")
    }
}
