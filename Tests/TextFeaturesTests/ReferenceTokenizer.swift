import CUnicode
import Foundation

@testable import TextFeatures

/// What the documentation of `Tokenizer` says, scalar by scalar, with Swift's and Foundation's own idea of Unicode. Slow and plain.
struct ReferenceTokenizer {
    var options = TokenizerOptions()

    struct Words: Equatable {
        var words: [String] = []
        var compounds: [String] = []
    }

    func words(of bytes: [UInt8]) -> Words {
        let visible = Self.string(String(decoding: bytes, as: UTF8.self).unicodeScalars.filter { !Self.isIgnorable($0) })
        let folded = Self.composed(visible.unicodeScalars).flatMap(Self.folded)
        var result = Words()
        var chain: [String] = []
        var word = ""
        var isIdeograph = false
        var between: [Unicode.Scalar] = []
        func endWord() {
            guard !word.isEmpty else { return }
            let word = options.accents == .fold ? Self.withoutAccents(word) : word
            if !result.words.isEmpty, between.count == 1, let joiner = Self.joiners[between[0]] {
                chain += [String(joiner), word]
            } else {
                endChain()
                chain = [word]
            }
            result.words.append(word)
            between = []
        }
        func endChain() {
            if chain.count > 1 { result.compounds.append(chain.joined()) }
            chain = []
        }
        for scalar in Self.composed(folded) {
            if Self.isIdeograph(scalar) {
                endWord()
                word = String(scalar)
                isIdeograph = true
            } else if Self.isWord(scalar) {
                if isIdeograph { endWord(); word = "" }
                word.unicodeScalars.append(scalar)
                isIdeograph = false
            } else if Self.isMark(scalar), !word.isEmpty {
                word.unicodeScalars.append(scalar)
            } else {
                endWord()
                word = ""
                isIdeograph = false
                between.append(scalar)
            }
        }
        endWord()
        endChain()
        if options.compounds == .parts { result.compounds = [] }
        return result
    }

    static let joiners: [Unicode.Scalar: Character] = [
        "-": "-", "\u{2010}": "-", "\u{2011}": "-", "'": "'", "\u{2019}": "'", ".": ".", "&": "&", "/": "/",
    ]

    static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// Normalisation form C from Foundation's form D and Foundation's composition of two scalars. Foundation's form C of a whole
    /// text is not used: in Swift 6.3 it takes U+10041 for the letter A where a mark follows, and leaves the syllable U+AC00 and a
    /// tail U+11A8 behind it apart, unless the syllable is decomposed, too.
    static func composed(_ scalars: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var starter: Int?
        var last: UInt8 = 0
        for scalar in string(scalars).decomposedStringWithCanonicalMapping.unicodeScalars {
            let combining = scalar.properties.canonicalCombiningClass.rawValue
            if let place = starter, result.count - 1 == place || last != 0 && last < combining,
                let composite = composite(result[place], scalar)
            {
                result[place] = composite
                continue
            }
            if combining == 0 { starter = result.count }
            result.append(scalar)
            last = combining
        }
        return result
    }

    private static func composite(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        guard (first.value < 0x1_0000) == (second.value < 0x1_0000) else { return nil }
        let pair = (String(first).decomposedStringWithCanonicalMapping + String(second)).precomposedStringWithCanonicalMapping
            .unicodeScalars
        return pair.count == 1 ? pair.first : nil
    }

    static func isIgnorable(_ scalar: Unicode.Scalar) -> Bool {
        let category = scalar.properties.generalCategory
        if scalar == "\u{200B}" || category == .unassigned { return false }
        return category == .format || scalar.properties.isDefaultIgnorableCodePoint
    }

    static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        sk_unicode_entry(scalar.value) & UInt32(SK_CLASS_MASK) == UInt32(SK_IDEOGRAPHIC)
    }

    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .connectorPunctuation:
            true
        default: scalar == "§"
        }
    }

    static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    /// Full case folding, from the tables (Swift has no property of it); the tables are compared with Swift's elsewhere.
    static func folded(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        let entry = sk_unicode_entry(scalar.value)
        let value = entry >> UInt32(SK_VALUE_SHIFT)
        if value == 0 { return [scalar] }
        if entry & UInt32(SK_SEQUENCE) == 0 { return [Unicode.Scalar(value)!] }
        return (0..<sk_sequence_count(value)).map { Unicode.Scalar(sk_sequence_scalar(value, $0))! }
    }

    static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
        let combining = scalar.properties.canonicalCombiningClass.rawValue
        return scalar.properties.generalCategory == .nonspacingMark
            && (combining == 1 || 10...36 ~= combining || combining >= 200)
    }

    static let letters: [Unicode.Scalar: String] = [
        "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "n",
    ]

    static func withoutAccents(_ word: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in word.unicodeScalars {
            let parts = String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars.filter { !isAccent($0) }
            let plain = parts.map { letters[$0] ?? String($0) }.joined()
            result.append(contentsOf: composed(plain.unicodeScalars))
        }
        return String(result)
    }
}

extension Tokenizer {
    /// The words and the wholes of compounds of a text.
    static func words(of bytes: [UInt8], _ options: TokenizerOptions = TokenizerOptions()) -> ReferenceTokenizer.Words {
        var tokenizer = Tokenizer(options)
        return tokenizer.words(of: bytes)
    }

    mutating func words(of bytes: [UInt8]) -> ReferenceTokenizer.Words {
        tokenize(bytes.span)
        return ReferenceTokenizer.Words(
            words: (0..<count).map { String(decoding: self[$0], as: UTF8.self) },
            compounds: compounds.map { String(decoding: self.bytes[Int($0.start)..<Int($0.end)], as: UTF8.self) })
    }

    static func words(of text: String, _ options: TokenizerOptions = TokenizerOptions()) -> [String] {
        words(of: Array(text.utf8), options).words
    }
}
