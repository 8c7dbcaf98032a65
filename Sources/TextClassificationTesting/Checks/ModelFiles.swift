import LinearAlgebra
import TextClassification

extension ConformanceSuite {
    /// A model file with the sections of one component.
    func fileBytes(of model: some ComponentModel) throws -> [UInt8] {
        var writer = ModelWriter()
        try model.write(to: &writer)
        return try writer.fileBytes(header: Self.header)
    }

    private static let header: ModelHeader = {
        let part = ComponentConfiguration("none")
        return ModelHeader(
            task: .single, labels: ["label"],
            recipe: Recipe(
                name: "conformance", summary: "", featureExtractor: part, classifier: part, calibrator: part, decisionRule: part),
            training: .init(articleCount: 0, labelCounts: [0], seed: 0, dataDigest: ""))
    }()

    /// Calls `body` with models read from files whose checksums are right and whose sections are not what was written; what it returns
    /// is wrong with them. Files that are refused are as they should be.
    func usingDamaged<Model: ComponentModel>(_ model: Model, _ body: (Model) throws -> String?) throws -> [String] {
        let file = try ModelFile(bytes: fileBytes(of: model))
        let sections = try file.sections.map { section in
            (name: section.name, bytes: try file.reader.array(section.name, of: UInt8.self).elements)
        }
        guard !sections.isEmpty else { return [] }
        var random = RandomGenerator(seed: seed)
        for number in 0..<300 {
            var writer = ModelWriter()
            let damaged = random.nextInt(below: sections.count)
            for (position, section) in sections.enumerated() {
                var bytes = section.bytes
                if position == damaged {
                    if number % 10 == 0 { continue }
                    Self.damage(&bytes, &random)
                }
                writer.add(section.name, bytes)
            }
            let signed = try ModelFile(bytes: writer.fileBytes(header: Self.header))
            guard let read = try? Model(reading: signed.reader(registry)) else { continue }
            if let reason = try body(read) { return ["\(reason) (section \(sections[damaged].name))"] }
        }
        return []
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout RandomGenerator) {
        switch random.nextInt(below: 7) {
        case 0: bytes.removeLast(min(bytes.count, 1 + random.nextInt(below: 16)))
        case 1: bytes += [UInt8](repeating: 0xFF, count: 8)
        case 2: for place in bytes.indices { bytes[place] = UInt8(random.nextInt(below: 256)) }
        case 3: for place in bytes.indices { bytes[place] = 0xFF }
        case 4:
            // A digit of JSON, or a byte of a number.
            let digits = bytes.indices.filter { UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[$0] }
            if !digits.isEmpty { bytes[digits[random.nextInt(below: digits.count)]] = UInt8(ascii: "9") }
        case 5 where bytes.count >= 8:
            let place = random.nextInt(below: bytes.count / 8) * 8
            let value: UInt64 = [.max, 1 << 63, 0x7FF8_0000_0000_0000, 0x7FF0_0000_0000_0000, 0][random.nextInt(below: 5)]
            for offset in 0..<8 { bytes[place + offset] = UInt8(truncatingIfNeeded: value >> UInt64(8 * offset)) }
        default:
            if !bytes.isEmpty { bytes[random.nextInt(below: bytes.count)] ^= UInt8(1 + random.nextInt(below: 255)) }
        }
    }
}
