import CUnicode
import Foundation
import Testing

@testable import TextFeatures

/// The tables against Swift's own properties, for every scalar assigned in the Unicode version of the tables.
@Suite struct UnicodeTableTests {
    static let scalars = (UInt32(0)...0x10FFFF).compactMap(Unicode.Scalar.init).filter(\.isOfTables)

    @Test func `Combining classes are those of Swift`() {
        let different = Self.scalars.filter {
            sk_combining_class($0.value) != $0.properties.canonicalCombiningClass.rawValue
        }
        #expect(different == [])
    }

    @Test func `Classes follow from general categories`() {
        var different: [UInt32] = []
        for scalar in Self.scalars {
            let entry = sk_unicode_entry(scalar.value)
            // What is folded at once has the class of what it folds to.
            let folded = ReferenceTokenizer.folded(scalar)[0]
            let expected =
                if ReferenceTokenizer.isIgnorable(scalar) {
                    SK_IGNORABLE
                } else if ReferenceTokenizer.isMark(entry & UInt32(SK_UNSTABLE) == 0 ? folded : scalar) {
                    SK_MARK
                } else if ReferenceTokenizer.isWord(scalar) { SK_WORD } else { SK_SEPARATOR }
            let found = entry & UInt32(SK_CLASS_MASK)
            if found == UInt32(SK_IDEOGRAPHIC) {
                // Unassigned places of the supplementary ideographic planes count as ideographs beforehand.
                if expected != SK_WORD, scalar.value < 0x2_0000 { different.append(scalar.value) }
            } else if found != UInt32(expected) {
                different.append(scalar.value)
            }
        }
        #expect(different.map { String($0, radix: 16) } == [])
    }

    @Test func `Case folding agrees with Swift's case mappings`() {
        var different: [UInt32] = []
        for scalar in Self.scalars {
            let folded = ReferenceTokenizer.string(ReferenceTokenizer.folded(scalar))
            if !scalar.properties.changesWhenCaseFolded, folded != String(scalar) { different.append(scalar.value) }
            if scalar.properties.changesWhenCaseFolded, folded == String(scalar), !folded.isNormalizedDifferently {
                different.append(scalar.value)
            }
            // Lower, upper and title case of a letter fold alike; but folding leaves the dotless i of Turkish alone, whose upper case
            // is I.
            let cases = [
                scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping, scalar.properties.titlecaseMapping,
            ]
            for text in cases
            where scalar != "\u{131}" && text.unicodeScalars.allSatisfy(\.isOfTables)
                && ReferenceTokenizer.string(text.unicodeScalars.flatMap(ReferenceTokenizer.folded)) != folded
            {
                different.append(scalar.value)
                break
            }
        }
        #expect(different.map { String($0, radix: 16) } == [])
    }

    @Test func `Composition is Foundation's`() {
        var different: [String] = []
        for scalar in Self.scalars {
            var normalizer = Normalizer()
            normalizer.append(scalar.value)
            normalizer.compose()
            let expected = String(scalar).precomposedStringWithCanonicalMapping.unicodeScalars.map(\.value)
            if normalizer.scalars != expected { different.append(String(scalar.value, radix: 16)) }
            normalizer = Normalizer()
            for part in String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars { normalizer.append(part.value) }
            normalizer.compose()
            if normalizer.scalars != expected { different.append("NFD " + String(scalar.value, radix: 16)) }
        }
        #expect(different == [])
    }

    @Test func `A million marks in a row are put in order at once`() {
        var normalizer = Normalizer()
        var expected: [UInt32] = [0x71]
        normalizer.append(0x71)
        for number in 0..<1_000_000 { normalizer.append(number % 2 == 0 ? 0x301 : 0x323) }
        expected += [UInt32](repeating: 0x323, count: 500_000) + [UInt32](repeating: 0x301, count: 500_000)
        normalizer.compose()
        #expect(normalizer.scalars == expected)
    }
}

extension String {
    fileprivate var isNormalizedDifferently: Bool {
        !precomposedStringWithCanonicalMapping.unicodeScalars.elementsEqual(unicodeScalars)
    }
}
