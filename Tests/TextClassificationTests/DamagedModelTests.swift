import Foundation
import LinearAlgebra
import Testing

@testable import TextClassification

/// Files whose checksums are right and whose content is nonsense: each is refused with an error, or gives a model that may talk nonsense
/// but never traps.
@Suite struct DamagedModelTests {
    /// What kinds of components are damaged.
    static let variants: [@Sendable () throws -> PipelineModel] = [
        { try SmallModels.trained(["wordNgrams=1-1"]) },
        {
            try SmallModels.trained(
                ["characterNgrams=3-3", "minimumDocumentFrequency=3", "compounds=both"], calibrator: "platt",
                rule: "fixed-threshold")
        },
        { try SmallModels.trained(["wordNgrams=1-1"], extractor: "hashing", calibrator: "isotonic") },
        { try SmallModels.trained(["wordNgrams=1-1"], calibrator: "temperature", rule: "argmax", task: .single) },
    ]

    private static func open(_ bytes: [UInt8]) -> PipelineModel? {
        try? PipelineModel(ModelFile(bytes: bytes), registry: SmallModels.registry)
    }

    /// Bytes that mean something nasty as one kind of number or another.
    private static let nasty: [[UInt8]] = [
        [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0x80], [0xFF, 0xFF, 0xFF, 0x7F], [1, 0, 0, 0], [0, 0, 0, 0],
        SignedFile.littleEndian(Double.nan), SignedFile.littleEndian(Double.infinity), SignedFile.littleEndian(-1e308),
        SignedFile.littleEndian(Int64.max), SignedFile.littleEndian(Int64.min), SignedFile.littleEndian(Int64(-1)),
        SignedFile.littleEndian(Double.leastNonzeroMagnitude), [0, 0, 0x80, 0x7F], [0, 0, 0xC0, 0x7F],
    ]

    private static func damage(_ bytes: inout [UInt8], _ random: inout RandomGenerator) {
        switch random.nextInt(below: 9) {
        case 0:
            for _ in 0..<1 + random.nextInt(below: 4) where !bytes.isEmpty {
                bytes[random.nextInt(below: bytes.count)] = UInt8(random.nextInt(below: 256))
            }
        case 1, 2, 3:
            for _ in 0..<1 + random.nextInt(below: 3) {
                let value = nasty[random.nextInt(below: nasty.count)]
                guard bytes.count >= value.count else { break }
                let place = random.nextInt(below: (bytes.count - value.count) / 4 + 1) * 4
                bytes.replaceSubrange(place..<place + value.count, with: value)
            }
        case 4:
            let value = nasty[random.nextInt(below: nasty.count)]
            for place in bytes.indices { bytes[place] = value[place % value.count] }
        case 5: bytes.removeLast(min(bytes.count, 1 + random.nextInt(below: 16)))
        case 6: bytes += nasty[random.nextInt(below: nasty.count)]
        case 7: for place in bytes.indices { bytes[place] = UInt8(random.nextInt(below: 256)) }
        default: bytes.reverse()
        }
    }

    /// JSON with a number or word of it replaced.
    private static func damageJSON(_ bytes: inout [UInt8], _ random: inout RandomGenerator) {
        let text = String(decoding: bytes, as: UTF8.self)
        let values = text.matches(of: /:("[^"]*"|[^,:{}\[\]"]+)/)
        guard !values.isEmpty else { return }
        let match = values[random.nextInt(below: values.count)]
        let others = [
            "0", "-1", "1", "2", "1e999", "-9223372036854775808", "9223372036854775807", "1e300", "16777217", "28", "null",
            "true",
            "\"none\"", "\"\"", "\"l3\"", "[]", "{}", "0.5", "{\"shortest\":5,\"longest\":1}", "{\"shortest\":-3,\"longest\":9}",
            "{\"shortest\":1,\"longest\":9223372036854775807}",
        ]
        let changed = text.replacingCharacters(
            in: match.output.1.startIndex..<match.output.1.endIndex, with: others[random.nextInt(below: others.count)])
        bytes = Array(changed.utf8)
    }

    @Test(arguments: variants.indices) func `Nonsense with right checksums never traps`(variant: Int) throws {
        let original = try SignedFile(Self.variants[variant]().fileBytes())
        SmallModels.exercise(try #require(Self.open(original.bytes())))
        var random = RandomGenerator(seed: UInt64(variant))
        var openedCount = 0
        for _ in 0..<2500 {
            var file = original
            for _ in 0..<1 + random.nextInt(below: 2) {
                let number = random.nextInt(below: file.sections.count)
                if random.nextInt(below: 20) == 0 {
                    let other = random.nextInt(below: file.sections.count)
                    let bytes = file.sections[number].bytes
                    file.sections[number].bytes = file.sections[other].bytes
                    file.sections[other].bytes = bytes
                } else if file.sections[number].bytes.first == UInt8(ascii: "{"), random.nextInt(below: 8) != 0 {
                    Self.damageJSON(&file.sections[number].bytes, &random)
                } else {
                    Self.damage(&file.sections[number].bytes, &random)
                }
            }
            guard let model = Self.open(try file.bytes()) else { continue }
            openedCount += 1
            SmallModels.exercise(model)
        }
        // Both happen: files that are refused, and files that are taken and used.
        #expect(200...2400 ~= openedCount)
    }

    @Test func `A damaged header with right checksums never traps`() throws {
        let original = try SignedFile(Self.variants[0]().fileBytes())
        var random = RandomGenerator(seed: 9)
        for _ in 0..<500 {
            var file = original
            var json = Array(try JSONSerialization.data(withJSONObject: file.header))
            Self.damageJSON(&json, &random)
            guard let header = try? JSONSerialization.jsonObject(with: Data(json)) else { continue }
            file.header = header
            guard let signed = try? file.bytes(), let model = Self.open(signed) else { continue }
            SmallModels.exercise(model)
            _ = try? Pipeline(model.header.recipe, registry: SmallModels.registry)
        }
    }

    @Test func `Random bytes are refused`() throws {
        var random = RandomGenerator(seed: 10)
        for number in 0..<3000 {
            var bytes = (0..<random.nextInt(below: 400)).map { _ in UInt8(random.nextInt(below: 256)) }
            if number % 2 == 0 {
                bytes.replaceSubrange(0..<min(8, bytes.count), with: Array("SECTRKIT".utf8).prefix(bytes.count))
            }
            #expect(Self.open(bytes) == nil)
        }
    }

    @Test func `Stages of other label counts do not fit together`() throws {
        let three = try SignedFile(SmallModels.trained(["wordNgrams=1-1"]).fileBytes())
        // The sections of a model of two labels are of the same kinds.
        let articles = SmallModels.articles.map { article in
            var article = article
            article.labels?.removeAll { $0 == "security" }
            return article
        }
        let two = try SignedFile(SmallModels.trained(["wordNgrams=1-1"], on: articles).fileBytes())
        for scope in ["calibrator/", "decision/", "classifier/"] {
            var file = three
            for section in two.sections where section.name.hasPrefix(scope) { file[section.name] = section.bytes }
            #expect(Self.open(try file.bytes()) == nil, "\(scope)")
        }
    }

    @Test func `Damaged numbers give no label and no trap`() throws {
        var file = try SignedFile(SmallModels.trained(["wordNgrams=1-1"], rule: "fixed-threshold").fileBytes())
        let count = file["features/0/idf-values"].count / 4
        try #require(count > 1)
        file["features/0/idf-values"] = [[UInt8]](repeating: SignedFile.littleEndian(Float.nan), count: count).flatMap { $0 }
        let model = try #require(Self.open(file.bytes()))
        let predictions = try model.predicted(SmallModels.articles[0])
        #expect(predictions.decisions == [false, false, false])
        #expect(predictions.probabilities.allSatisfy { 0...1 ~= $0 })
    }

    @Test func `A vocabulary whose nodes, keys and offsets point anywhere never traps`() throws {
        let original = try SignedFile(SmallModels.trained(["wordNgrams=1-2"], on: SmallModels.withLongWords).fileBytes())
        try #require(original["features/0/long-offsets"].count > 8, "no long word, so nothing is tried")
        let keyCount = original["features/0/string-keys"].count / 16
        try #require(!original["features/0/node-count"].isEmpty, "no n-gram, so nothing is tried")
        for value: UInt32 in [.max, .max - 1, 1 << 31, 1000, 1, 0] {
            for name in ["string-lines", "long-offsets", "ngram-lines", "ngram-filter"].map({ "features/0/" + $0 }) {
                try exercise(original, changing: name) { numbers in numbers.map { _ in value } }
            }
            try exercise(original, changing: "features/0/idf-codes") { numbers in numbers.map { _ in value } }
            // Nodes of the found tags alone.
            try exercise(original, changing: "features/0/string-lines") { numbers in
                numbers.enumerated().map { $0.offset % 16 < 12 && $0.element != 0 ? value : $0.element }
            }
            try exercise(original, changing: "features/0/ngram-lines") { numbers in
                numbers.enumerated().map { $0.offset % 16 > 7 && $0.element != 0 ? value : $0.element }
            }
            try exercise(original, changing: "features/0/node-count") { _ in [value, 0] }
            try exercise(original, changing: "features/0/node-count") { _ in [0, value] }
            // Every string a long one of that number.
            try exercise(original, changing: "features/0/string-keys") { _ in
                [0, 0, 0, 0] + (1..<keyCount).flatMap { _ in [value, value, value, 0xFF00_0000] }
            }
            // Nodes of strings that are others.
            try exercise(original, changing: "features/0/string-nodes") { _ in [0] + (1..<keyCount).map { _ in value } }
        }
        // Offsets that descend.
        try exercise(original, changing: "features/0/long-offsets") { $0.reversed() }
    }

    /// Opens and uses a model of which the 32-bit numbers of one section are others.
    private func exercise(_ original: SignedFile, changing name: String, _ change: ([UInt32]) -> [UInt32]) throws {
        var file = original
        let bytes = file[name]
        let numbers = stride(from: 0, to: bytes.count, by: 4).map { start in
            (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
        }
        file[name] = change(numbers).flatMap { SignedFile.littleEndian($0) }
        guard let model = Self.open(try file.bytes()) else { return }
        SmallModels.exercise(model)
    }
}
