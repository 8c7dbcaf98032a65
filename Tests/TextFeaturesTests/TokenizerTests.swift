import Testing

@testable import TextFeatures

/// The tokens that the documentation promises.
@Suite struct TokenizerTests {
    @Test(arguments: [
        ("5G networks", ["5g", "networks"]),
        ("The U.S. economy", ["the", "u", "s", "economy"]),
        ("e-commerce", ["e", "commerce"]),
        ("COVID-19", ["covid", "19"]),
        ("CVE-2024-3094", ["cve", "2024", "3094"]),
        ("§301 tariffs", ["§301", "tariffs"]),
        ("don't don’t", ["don", "t", "don", "t"]),
        ("AT&T and/or", ["at", "t", "and", "or"]),
        ("snake_case", ["snake_case"]),
        ("Straße STRASSE ẞ", ["strasse", "strasse", "ss"]),
        ("İstanbul", ["i\u{307}stanbul"]),
        ("Việt Nam Vie\u{323}\u{302}t", ["việt", "nam", "việt"]),
        ("ΣΊΣΥΦΟΣ σίσυφος", ["σίσυφοσ", "σίσυφοσ"]),
        ("ﬁle", ["file"]),
        ("2½ m² ①", ["2½", "m²", "①"]),
        ("한국어 자연어", ["한국어", "자연어"]),
        ("中国经济", ["中", "国", "经", "济"]),
        ("これはペンです", ["こ", "れ", "は", "ペン", "で", "す"]),
        ("ไทยวันนี้", ["ไ", "ท", "ย", "วั", "น", "นี้"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("தமிழ்", ["தமிழ்"]),
        ("co\u{AD}operate", ["cooperate"]),
        ("क्‍ष a\u{200D}b", ["क्ष", "ab"]),
        ("zero\u{200B}width", ["zero", "width"]),
        ("a\u{200D}\u{301}", ["á"]),
        ("\u{FEFF}word", ["word"]),
        ("葛\u{E0100}飾", ["葛", "飾"]),
        ("👍🏽 ok 👨‍👩‍👧", ["ok"]),
        ("\u{301}x", ["x"]),
        ("a\u{0}b", ["a", "b"]),
        ("", []), (" \n\t.,;!?", []),
        ("I o ı O", ["i", "o", "ı", "o"]),
    ]) func `Words`(text: String, words: [String]) {
        #expect(Tokenizer.words(of: text).map(\.scalarList) == words.map(\.scalarList))
    }

    @Test(arguments: [
        ("Việt Nam", ["viet", "nam"]),
        ("Vie\u{323}\u{302}t Đà Nẵng", ["viet", "da", "nang"]),
        ("café Ærø Łódź Þór", ["cafe", "aero", "lodz", "thor"]),
        ("İstanbul ılık", ["istanbul", "ilik"]),
        ("Ёлка й", ["елка", "и"]),
        ("Ǿ ǽ", ["o", "ae"]),
        ("שָׁלוֹם", ["שלום"]),
        ("مُحَمَّد", ["محمد"]),
        // What marks are in Asian scripts is no accent.
        ("हिन्दी", ["हिन्दी"]), ("กุ้ง", ["กุ้", "ง"]), ("ガラス が", ["ガラス", "が"]), ("\u{929}\u{928}\u{93C}", ["\u{929}\u{929}"]),
        ("한국", ["한국"]),
    ]) func `Words without accents`(text: String, words: [String]) {
        #expect(Tokenizer.words(of: text, TokenizerOptions(accents: .fold)).map(\.scalarList) == words.map(\.scalarList))
    }

    @Test(arguments: [
        ("5G", []),
        ("The U.S. economy", ["u.s"]),
        ("e-commerce e\u{2010}commerce e\u{2011}commerce", ["e-commerce", "e-commerce", "e-commerce"]),
        ("COVID-19", ["covid-19"]),
        ("CVE-2024-3094", ["cve-2024-3094"]),
        ("don't don’t", ["don't", "don't"]),
        ("AT&T and/or", ["at&t", "and/or"]),
        ("3.14 1,000", ["3.14"]),
        ("a--b c - d e.- f", []),
        ("co\u{AD}-\u{AD}op", ["co-op"]),
        ("中-A B-中 中-国 中国", ["中-a", "b-中", "中-国"]),
        ("é-à", ["é-à"]),
        ("-a- b", []),
        ("x-\u{301}y", []),
        ("naïve-", []),
        ("rock'n'roll", ["rock'n'roll"]),
    ]) func `Wholes of compounds`(text: String, wholes: [String]) {
        let found = Tokenizer.words(of: Array(text.utf8), TokenizerOptions(compounds: .both))
        #expect(found.compounds.map(\.scalarList) == wholes.map(\.scalarList))
        #expect(found.words == Tokenizer.words(of: text))
    }

    @Test func `Malformed UTF-8 is counted`() {
        var tokenizer = Tokenizer(TokenizerOptions())
        #expect(tokenizer.words(of: Array("a".utf8) + [0xFF] + Array("b".utf8) + [0xE2, 0x82]).words == ["a", "b"])
        #expect(tokenizer.repairCount == 2)
    }

    @Test func `Words lie between spaces`() {
        var tokenizer = Tokenizer(TokenizerOptions(compounds: .both))
        tokenizer.tokenize(Array("Über-mut, 中国  x".utf8).span)
        let end = Int(tokenizer.compounds[0].end) + 1
        #expect(String(decoding: tokenizer.bytes[..<end], as: UTF8.self) == " über mut  中 国  x über-mut ")
        #expect(tokenizer.bytes.count >= end + Tokenizer.padding)
    }

    @Test func `Short words and stop words go, and wholes of compounds stay`() {
        var tokenizer = Tokenizer(TokenizerOptions(compounds: .both), recordsSources: true)
        let text = Array("The state-of-the-art of é 5G".utf8)
        tokenizer.tokenize(text.span)
        tokenizer.removeWords(minimumLength: 2, stopWords: StopWords.english.words)
        let words = (0..<tokenizer.count).map { String(decoding: tokenizer[$0], as: UTF8.self) }
        #expect(words == ["state", "art", "5g"])
        let compound = tokenizer.compounds[0]
        let wholeRange = tokenizer.sourceRange(Int(compound.start), Int(compound.end))
        #expect(String(decoding: text[wholeRange], as: UTF8.self) == "state-of-the-art")
        let place = tokenizer.range(of: 2)
        let last = tokenizer.sourceRange(place.lowerBound, place.upperBound)
        #expect(String(decoding: text[last], as: UTF8.self) == "5G")
    }

    @Test func `Stop words are found by their bytes`() {
        let set = WordSet(["the", "of", "the", ""].map { Array($0.utf8) })
        func contains(_ word: String) -> Bool {
            let bytes = Array(word.utf8) + [UInt8](repeating: 1, count: Tokenizer.padding)
            return set.contains(bytes.span, 0, word.utf8.count)
        }
        #expect(contains("the") && contains("of") && contains("") && !contains("th") && !contains("then") && !contains("o"))
        #expect(WordSet([]).isEmpty)
    }

    @Test func `The first half a gigabyte of a text is read`() {
        // A stand-in: the limit itself takes too much memory to try.
        #expect(Tokenizer.maximumLength * 7 / 2 + 100 < Int(Int32.max))
    }
}

extension String {
    /// Compared instead of strings, of which `==` takes canonically equivalent ones for equal.
    var scalarList: [Unicode.Scalar] { Array(unicodeScalars) }
}
