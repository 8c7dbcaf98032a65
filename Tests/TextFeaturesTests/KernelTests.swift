import CKernels
import LinearAlgebra
import Testing

@testable import TextFeatures

/// Every set of instructions gives what plain C gives.
@Suite struct KernelTests {
    /// Those of this machine, beside the plain one.
    static let sets = (Int32(SK_PLAIN)..<Kernels.instructionSet + 1).dropFirst()

    private struct Cut: Equatable {
        var taken: Int
        var folded: [UInt8]
        var edges: [UInt32]
        var inWord: Bool
    }

    private func cut(_ text: [UInt8], _ set: Int32, inWord: Bool) -> Cut {
        var folded = [UInt8](repeating: 0, count: text.count + 80)
        var edges = [UInt32](repeating: 0, count: text.count + 80)
        var edgeCount = 1
        var state = inWord
        let taken = Kernels.cutWords(
            set, text.span, from: 0, limit: .max, into: &folded, at: 7, edges: &edges, edgeCount: &edgeCount, inWord: &state)
        return Cut(
            taken: taken, folded: Array(folded[7..<7 + taken]), edges: Array(edges[1..<edgeCount]), inWord: state)
    }

    private func reference(_ text: [UInt8], inWord: Bool) -> Cut {
        var cut = Cut(taken: 0, folded: [], edges: [], inWord: inWord)
        for (place, byte) in text.prefix(while: { $0 < 0x80 }).enumerated() {
            let character = Character(Unicode.Scalar(byte))
            let isWord = character.isLetter || character.isNumber || character == "_"
            cut.folded.append(isWord ? character.lowercased().utf8.first! : 0x20)
            if isWord != cut.inWord { cut.edges.append(UInt32(7 + place)) }
            cut.inWord = isWord
            cut.taken += 1
        }
        return cut
    }

    @Test func `Cutting ASCII is the same with every set of instructions`() {
        var random = RandomGenerator(seed: 1)
        for number in 0..<3000 {
            let count = number < 300 ? number : random.nextInt(below: 300)
            let separators = random.nextInt(below: 10)
            let others = random.nextInt(below: 3) == 0 ? 200 : 0
            let text = (0..<count).map { _ -> UInt8 in
                if others > 0, random.nextInt(below: others) == 0 { return UInt8(128 + random.nextInt(below: 128)) }
                let letters = Array("abcxyzABCXYZ0189_".utf8)
                return random.nextInt(below: 10) < separators
                    ? UInt8(random.nextInt(below: 128)) : letters[random.nextInt(below: letters.count)]
            }
            for inWord in [false, true] {
                let expected = reference(text, inWord: inWord)
                let plain = cut(text, Int32(SK_PLAIN), inWord: inWord)
                #expect(plain == expected)
                for set in Self.sets {
                    let other = cut(text, set, inWord: inWord)
                    #expect(other == expected, "set \(set), \(text)")
                }
            }
        }
    }

    @Test func `Every byte is cut the same`() {
        for byte in 0...UInt8.max {
            let text = [0x61, byte, 0x62]
            for set in Self.sets {
                let found = cut(text, set, inWord: false)
                #expect(found == reference(text, inWord: false))
            }
        }
    }

    @Test func `Words, their sources and compounds are the same with every set of instructions`() {
        var texts = RandomText(seed: 2)
        for number in 0..<1500 {
            var bytes = texts.malformed(scalarCount: texts.random.nextInt(below: 40))
            if number % 3 == 0 { bytes += Array(repeating: bytes, count: 200 / max(1, bytes.count)).flatMap { $0 } }
            if number % 100 == 0 {
                bytes = Array(repeating: Array("a-b.c ".utf8) + bytes, count: 5000 / (bytes.count + 6)).flatMap { $0 }
            }
            var plain = Tokenizer(
                TokenizerOptions(compounds: .both), recordsSources: true, instructionSet: Int32(SK_PLAIN))
            let expected = plain.words(of: bytes)
            for set in Self.sets {
                var tokenizer = Tokenizer(TokenizerOptions(compounds: .both), recordsSources: true, instructionSet: set)
                let found = tokenizer.words(of: bytes)
                #expect(found == expected)
                #expect(tokenizer.sourceStarts == plain.sourceStarts && tokenizer.sourceEnds == plain.sourceEnds)
            }
        }
    }

    @Test func `A key is the string, and its hash depends on nothing else`() {
        for length in 1...40 {
            for fill in [UInt8(0x7A), 0x20] {
                let text = [UInt8](repeating: 0x78, count: 3) + (0..<length).map { UInt8(0x61 + $0 % 26) }
                let bytes = text + [UInt8](repeating: fill, count: 16)
                let other = [0x20] + text.dropFirst(3) + [UInt8](repeating: 0x31, count: 16)
                let (key, hash) = Kernels.stringKey(bytes.span, 3, 3 + length)
                let (otherKey, otherHash) = Kernels.stringKey(other.span, 1, 1 + length)
                #expect(key.low == otherKey.low && key.high == otherKey.high && hash == otherHash)
                #expect(TermLines.isLong(key) == (length > 16))
                if length <= 8 { #expect(key.high == 0 && key.low >> UInt64(8 * (length - 1)) == UInt64(text.last!)) }
            }
        }
    }
}
