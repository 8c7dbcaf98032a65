import LinearAlgebra
import Testing

@testable import TextFeatures

@Suite struct TokenizerPropertyTests {
    static let options = TokenizerOptions.Accents.allCases.flatMap { accents in
        TokenizerOptions.Compounds.allCases.map { TokenizerOptions(accents: accents, compounds: $0) }
    }

    private func expectSame(_ bytes: [UInt8], _ tokenizer: inout Tokenizer, _ comment: @autoclosure () -> String) {
        let expected = ReferenceTokenizer(options: tokenizer.options).words(of: bytes)
        let found = tokenizer.words(of: bytes)
        // Strings are compared by scalars: `==` of strings takes canonically equivalent ones for equal.
        guard
            found.words.map({ Array($0.unicodeScalars) }) != expected.words.map({ Array($0.unicodeScalars) })
                || found.compounds.map({ Array($0.unicodeScalars) }) != expected.compounds.map({ Array($0.unicodeScalars) })
        else { return }
        let text = String(decoding: bytes, as: UTF8.self).unicodeScalars.map { String($0.value, radix: 16) }
        func spelled(_ words: ReferenceTokenizer.Words) -> String {
            (words.words + ["|"] + words.compounds)
                .map { $0.unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: ".") }.joined(separator: " ")
        }
        Issue.record("\(comment()) \(text) \(bytes): \(spelled(found)) instead of \(spelled(expected))")
    }

    @Test(arguments: options.indices) func `Random Unicode gives the words of the reference`(choice: Int) {
        var texts = RandomText(seed: UInt64(choice))
        var tokenizer = Tokenizer(Self.options[choice])
        for number in 0..<4000 {
            let text = texts.string(scalarCount: texts.random.nextInt(below: 24))
            expectSame(Array(text.utf8), &tokenizer, "text \(number)")
        }
        #expect(tokenizer.repairCount == 0)
    }

    @Test(arguments: options.indices) func `Malformed UTF-8 is repaired as String repairs it`(choice: Int) {
        var texts = RandomText(seed: 100 + UInt64(choice))
        var tokenizer = Tokenizer(Self.options[choice])
        for number in 0..<3000 {
            let bytes = texts.malformed(scalarCount: texts.random.nextInt(below: 12))
            guard String(decoding: bytes, as: UTF8.self).unicodeScalars.allSatisfy(\.isOfTables) else { continue }
            let repairsBefore = tokenizer.repairCount
            expectSame(bytes, &tokenizer, "text \(number)")
            let replacements = String(decoding: bytes, as: UTF8.self).unicodeScalars.count { $0 == "\u{FFFD}" }
            let given = bytes.indices.dropLast(2).count { bytes[$0...($0 + 2)].elementsEqual([0xEF, 0xBF, 0xBD]) }
            #expect(tokenizer.repairCount - repairsBefore == replacements - given, "text \(number) \(bytes)")
        }
    }

    @Test func `Every pair of a letter and what may change it is as in the reference`() {
        var tokenizer = Tokenizer(TokenizerOptions(accents: .fold, compounds: .both))
        let seconds: [Unicode.Scalar] = [
            "\u{301}", "\u{323}", "\u{345}", "\u{200D}", "\u{3099}", "\u{93C}", "\u{1161}", "\u{11A8}", "\u{AD}", "-",
        ]
        for value in stride(from: UInt32(0), to: 0x3_0000, by: 1) {
            guard let first = Unicode.Scalar(value), first.isOfTables else { continue }
            // Han and Hangul are many and alike.
            if 0x4E10...0x9FFF ~= value || 0xAC80...0xD780 ~= value || 0x1_7000...0x1_8CFF ~= value { continue }
            if 0x2_0010...0x2_F7FF ~= value { continue }
            var view = String.UnicodeScalarView()
            view.append(first)
            view.append(seconds[Int(value) % seconds.count])
            view.append("x")
            expectSame(Array(String(view).utf8), &tokenizer, "pair")
        }
    }

    @Test func `A tokeniser gives the same words after any other text`() {
        var texts = RandomText(seed: 7)
        var used = Tokenizer(TokenizerOptions(accents: .fold, compounds: .both), recordsSources: true)
        for _ in 0..<500 {
            let bytes = texts.malformed(scalarCount: texts.random.nextInt(below: 60))
            #expect(used.words(of: bytes) == Tokenizer.words(of: bytes, used.options))
        }
    }

    @Test func `A word is found again in the place it came from`() {
        var texts = RandomText(seed: 8)
        for accents in TokenizerOptions.Accents.allCases {
            var tokenizer = Tokenizer(TokenizerOptions(accents: accents, compounds: .both), recordsSources: true)
            for _ in 0..<1500 {
                let bytes = texts.malformed(scalarCount: texts.random.nextInt(below: 30))
                let words = tokenizer.words(of: bytes)
                var last = 0
                for (number, word) in words.words.enumerated() {
                    let place = tokenizer.range(of: number)
                    let range = tokenizer.sourceRange(place.lowerBound, place.upperBound)
                    #expect(!range.isEmpty && range.upperBound <= bytes.count && range.lowerBound >= last)
                    last = range.lowerBound
                    let again = Tokenizer.words(of: Array(bytes[range]), tokenizer.options)
                    #expect(again.words.contains(word), "\(word) in \(bytes[range]) of \(bytes)")
                    // Two words come of one place where what composes with letters is a letter itself: U+0345 by folding, and
                    // vowels and tails of Hangul.
                    let isAmbiguous = String(decoding: bytes[range], as: UTF8.self).unicodeScalars.contains {
                        $0 == "\u{345}" || 0x1160...0x11FF ~= $0.value
                    }
                    #expect(again.words.count == 1 || isAmbiguous, "\(again) in \(bytes[range])")
                }
                for (compound, whole) in zip(tokenizer.compounds, words.compounds) {
                    let range = tokenizer.sourceRange(Int(compound.start), Int(compound.end))
                    let again = Tokenizer.words(of: Array(bytes[range]), tokenizer.options)
                    #expect(again.compounds.contains(whole))
                }
            }
        }
    }
}
