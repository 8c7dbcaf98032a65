import CKernels
import Foundation
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

    /// Words, many of them known, and what tells them apart.
    private struct Words {
        var bytes: [UInt8] = []
        var edges: [UInt32] = []
        var keys: [TermKey]
        var hashes: [UInt64]

        init(count: Int, _ random: inout RandomGenerator) {
            for _ in 0..<count {
                edges.append(UInt32(bytes.count))
                let length = random.nextInt(below: 20) == 0 ? random.nextInt(below: 40) : 1 + random.nextInt(below: 4)
                for _ in 0..<length { bytes.append(UInt8(0x61 + random.nextInt(below: 4))) }
                edges.append(UInt32(bytes.count))
                bytes.append(0x20)
            }
            bytes += [UInt8](repeating: 0x78, count: 16)
            keys = [TermKey](repeating: TermKey(), count: count)
            hashes = [UInt64](repeating: 0, count: count)
        }
    }

    @Test func `Keys and hashes are the same with every set of instructions`() {
        var random = RandomGenerator(seed: 3)
        for count in [0, 1, 2, 7, 8, 9, 31, 100] {
            var plain = Words(count: count, &random)
            unsafe sk_word_keys(Int32(SK_PLAIN), plain.bytes, plain.edges, count, &plain.keys, &plain.hashes)
            let last = max(0, count - 1)
            let words = Array(plain.hashes.dropFirst())
            for set in Self.sets {
                var other = plain
                unsafe sk_word_keys(set, plain.bytes, plain.edges, count, &other.keys, &other.hashes)
                #expect(other.hashes == plain.hashes && zip(other.keys, plain.keys).allSatisfy { isSame($0, $1) })
                var hashes = [UInt64](repeating: 0, count: last)
                unsafe sk_ngram_hashes(set, plain.hashes, words, last, &hashes)
                #expect(hashes == (0..<last).map { sk_ngram_hash(plain.hashes[$0], words[$0]) })
            }
        }
    }

    @Test func `Pairs are found in full and in damaged tables alike with every set of instructions`() {
        var random = RandomGenerator(seed: 8)
        for number in 0..<60 {
            let bits = UInt32(16 + number % 3)
            let lineCount = (1 << Int(2 * bits - 32)) + random.nextInt(below: 60)
            var parts: [UInt64] = [0]
            for _ in 0..<random.nextInt(below: 8 * lineCount) {
                parts.append(UInt64(random.nextInt(below: 300)) << 32 | UInt64(1 + random.nextInt(below: 300)))
            }
            parts = Array(Set(parts)).sorted()
            var lines = [UInt32](repeating: 0, count: 16 * lineCount)
            let filterShift = UInt32(31 - number % 8)
            var filter = [UInt32](repeating: 0, count: 1 << Int(32 - filterShift))
            var rest = [UInt32](repeating: 0, count: parts.count)
            let restCount = unsafe sk_place_pairs(
                &lines, UInt32(lineCount), bits, &filter, filterShift, parts, parts.count, &rest)
            let isDamaged = number % 5 == 4
            if isDamaged { for place in lines.indices where place % 7 == 0 { lines[place] = .max - UInt32(place % 3) } }
            let prefixes = (0..<random.nextInt(below: 1300)).map { _ in UInt32(random.nextInt(below: 310)) }
            let words = prefixes.map { _ in UInt32(random.nextInt(below: 310)) }
            func found(_ set: Int32) -> ([UInt32], ArraySlice<UInt32>) {
                var nodes = [UInt32](repeating: 9, count: prefixes.count + 1)
                var unsure = nodes
                let count = unsafe sk_find_pairs(
                    set, lines, UInt32(lineCount), bits, filter, filterShift, prefixes, words, prefixes.count, &nodes, &unsure)
                return (nodes, unsure[..<count])
            }
            let plain = found(Int32(SK_PLAIN))
            #expect(plain.0.last == 9)
            if !isDamaged {
                let known = Dictionary(uniqueKeysWithValues: parts.enumerated().map { ($0.element, UInt32($0.offset)) })
                let unplaced = Set(rest[..<restCount])
                for (place, (prefix, word)) in zip(prefixes, words).enumerated() {
                    let node = known[UInt64(word) << 32 | UInt64(prefix)] ?? 0
                    let isThere = prefix != 0 && word != 0 && node != 0
                    switch plain.0[place] {
                    case .max: #expect(plain.1.contains(UInt32(place)) && (!isThere || unplaced.contains(node)))
                    case let found: #expect(found == (isThere ? node : 0))
                    }
                }
            }
            for set in Self.sets {
                let other = found(set)
                #expect(other.0 == plain.0 && other.1 == plain.1)
            }
        }
    }

    private func isSame(_ a: TermKey, _ b: TermKey) -> Bool { a.low == b.low && a.high == b.high }

    @Test func `Terms are found in full and in damaged tables alike with every set of instructions`() {
        var random = RandomGenerator(seed: 4)
        for number in 0..<60 {
            // With few lines many of them are full; with many there are empty ones.
            let keyCount = 1 + random.nextInt(below: 900)
            var known = [TermKey()]
            var hashes: [UInt64] = [0]
            for _ in 1..<max(2, keyCount) {
                let key = TermKey(low: 1 + UInt64(random.nextInt(below: 400)), high: UInt64(random.nextInt(below: 3)))
                if known.contains(where: { isSame($0, key) }) { continue }
                known.append(key)
                hashes.append(sk_short_hash(key.low, key.high))
            }
            var lines = TermLines.empty(termCount: number % 2 == 0 ? known.count / 2 + 3 : 4 * known.count)
            while lines.count / 16 * 12 <= known.count { lines += [UInt32](repeating: 0, count: 16) }
            Kernels.place(1..<known.count, hashes: hashes, in: &lines)
            if number % 5 == 4 { for place in lines.indices where place % 7 == 0 { lines[place] = .max - UInt32(place) } }
            var keys: [TermKey] = []
            for _ in 0..<random.nextInt(below: 1300) {
                keys.append(
                    random.nextInt(below: 10) == 0
                        ? TermKey() : TermKey(low: 1 + UInt64(random.nextInt(below: 500)), high: UInt64(random.nextInt(below: 3)))
                )
            }
            let wanted = keys.map { sk_short_hash($0.low, $0.high) }
            func found(_ set: Int32) -> ([UInt32], ArraySlice<UInt32>) {
                var nodes = [UInt32](repeating: 9, count: keys.count + 1)
                var unsure = nodes
                let count = unsafe sk_find_terms(
                    set, lines, UInt32(lines.count / 16), known, UInt32(known.count), keys, wanted, keys.count, &nodes, &unsure)
                return (nodes, unsure[..<count])
            }
            let plain = found(Int32(SK_PLAIN))
            for (place, key) in keys.enumerated() where plain.0[place] != 0 {
                #expect(isSame(known[Int(plain.0[place])], key))
            }
            if number % 5 != 4 {
                // What is neither found nor unsure is not there.
                let unsure = Set(plain.1)
                for (place, key) in keys.enumerated() where plain.0[place] == 0 && !unsure.contains(UInt32(place)) {
                    #expect(key.low == 0 || !known.contains { isSame($0, key) })
                }
            }
            for set in Self.sets {
                let other = found(set)
                #expect(other.0 == plain.0 && other.1 == plain.1)
            }
        }
    }

    @Test func `Bytes are scanned alike with every set of instructions`() {
        var random = RandomGenerator(seed: 6)
        for number in 0..<400 {
            let count = random.nextInt(below: 150)
            // Bytes that end a run are seldom, so that some runs are long.
            let bytes = (0..<count).map { _ -> UInt8 in
                random.nextInt(below: 1 + number % 60) == 0
                    ? [0x22, 0x5C, 0, 0x1F, 0x0A, 0x80, 0xFF][random.nextInt(below: 7)]
                    : UInt8(0x20 + random.nextInt(below: 0x60))
            }
            let asciiCount = bytes.firstIndex { $0 >= 0x80 } ?? count
            let places = bytes.indices.filter { bytes[$0] == 0x0A }
            for set in [Int32(SK_PLAIN)] + Self.sets {
                #expect(unsafe sk_ascii_count(set, bytes, count) == asciiCount)
                var found = [Int](repeating: -1, count: count + 1)
                #expect(unsafe sk_find_all(set, bytes, count, 0x0A, 5, &found) == places.count)
                #expect(found[..<places.count] == places.map { $0 + 5 }[...] && found[count] == -1)
            }
        }
    }

    @Test(arguments: [100, 10_000, 1_000_000])
    func `Decimals are those of the C library with every set of instructions`(power: UInt32) {
        var random = RandomGenerator(seed: 9)
        let (decimals, factor) = ("\(power)".count - 1, Double(power))
        for _ in 0..<400 {
            let count = 1 + random.nextInt(below: 9)
            // Ties, whole decimals, and any number.
            let numbers = (0..<count).map { _ -> Double in
                switch random.nextInt(below: 5) {
                case 0: Double(random.nextInt(below: Int(power) + 1)) / factor
                case 1: (Double(random.nextInt(below: Int(power))) + 0.5) / factor
                case 2: Double(random.nextInt(below: 129)) / 128
                case 3: Double(random.nextInt(below: 2))
                default: random.nextUniform()
                }
            }
            let pieces = Array("one, two; a piece that is longer than any block of bytes, three ".utf8)
            let ends = (0..<count).map { UInt32(min(pieces.count, 7 * $0 * $0)) }
            var expected: [UInt8] = []
            for (place, number) in numbers.enumerated() {
                expected += pieces[(place == 0 ? 0 : Int(ends[place - 1]))..<Int(ends[place])]
                var text = String(format: "%.\(decimals)f", number)
                while text.hasSuffix("0"), !text.hasSuffix(".0") { text.removeLast() }
                expected += text.utf8
            }
            for set in [Int32(SK_PLAIN)] + Self.sets {
                var target = [UInt8](repeating: 7, count: expected.count + 10 + Int(SK_PIECE_SLACK))
                let written = unsafe sk_put_shares(
                    set, numbers, count, power, pieces + [UInt8](repeating: 0, count: Int(SK_PIECE_SLACK)), ends,
                    &target)
                #expect(target[..<min(written, target.count)] == expected[...])
                for wrong in [-0.001, 1.001, .nan, .infinity] {
                    let other = Array(numbers.dropLast()) + [wrong]
                    let result = unsafe sk_put_shares(set, other, count, power, pieces + pieces, ends, &target)
                    #expect(result == Int(bitPattern: UInt.max))
                }
            }
        }
    }

    @Test func `Strings of JSON are decoded alike with every set of instructions`() {
        let escapes: [UInt8: UInt8] = [
            0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
        ]
        var random = RandomGenerator(seed: 7)
        for number in 0..<2000 {
            let (count, behind) = (random.nextInt(below: 150), random.nextInt(below: 50))
            let source = (0..<count + behind).map { _ -> UInt8 in
                random.nextInt(below: 1 + number % 60) == 0
                    ? [0x22, 0x5C, 0x5C, 0x5C, 0x6E, 0x75, 0x1F, 0x0A, 0xFF][random.nextInt(below: 9)]
                    : UInt8(0x20 + random.nextInt(below: 0x60))
            }
            var expected: [UInt8] = []
            var end = 0
            while end < count, source[end] >= 0x20, source[end] != 0x22 {
                if source[end] != 0x5C {
                    expected.append(source[end])
                    end += 1
                } else if end + 1 < count, let byte = escapes[source[end + 1]] {
                    expected.append(byte)
                    end += 2
                } else {
                    break
                }
            }
            for set in [Int32(SK_PLAIN)] + Self.sets {
                var target = [UInt8](repeating: 7, count: count + Int(SK_DECODE_SLACK) + 1)
                var written = 0
                #expect(unsafe sk_decode_string(set, source, count, source.count, &target, &written) == end)
                #expect(target[..<written] == expected[...] && target[target.count - 1] == 7)
            }
        }
    }

    @Test func `Terms get the next nodes in the order in which they come, and long strings are left to others`() {
        var random = RandomGenerator(seed: 8)
        for number in 0..<60 {
            // From half of the lines full to few of the slots taken; hashes of which many are alike.
            let capacity = 1200
            var lines = TermLines.empty(termCount: (number % 3 + 1) * capacity / 2)
            var known = [TermKey()]
            var expected: [[UInt64]: UInt32] = [:]
            while known.count < 600 {
                let count = random.nextInt(below: 100)
                var keys = (0..<count).map { _ in
                    TermKey(low: UInt64(random.nextInt(below: 700)), high: UInt64(random.nextInt(below: 2)))
                }
                if count > 0, number % 2 == 0 { keys[random.nextInt(below: count)] = TermLines.soughtKey(hash: 17) }
                let hashes = keys.map { sk_short_hash($0.low >> UInt64(number % 4), 0) }
                var nodes = [UInt32](repeating: 0, count: count)
                var added = nodes
                var start = 0
                while start < count {
                    let before = known.count
                    let (end, addedCount) = Kernels.insert(
                        lines: &lines, known: known, keys: keys, hashes: hashes, from: start, count: count, into: &nodes,
                        added: &added)
                    for place in added.prefix(addedCount) { known.append(keys[Int(place)]) }
                    #expect(end == keys[start...].firstIndex(where: TermLines.isLong) ?? count)
                    for place in start..<end {
                        let key = [keys[place].low, keys[place].high]
                        let isNone = keys[place].low == 0
                        let next = UInt32(before + expected.count { $0.value >= before })
                        if !isNone, expected[key] == nil { expected[key] = next }
                        #expect(nodes[place] == (isNone ? 0 : expected[key]))
                    }
                    start = end + 1
                }
                #expect(known.count == expected.count + 1)
            }
        }
    }

    /// Articles of one or two fields of known terms, whose numbers collide in the slots now and then.
    private struct Articles {
        var terms: [UInt32] = []
        var fields: [sk_field] = []
        var ends: [Int] = []

        init(count: Int, termCount: Int, _ random: inout RandomGenerator) {
            for article in 0..<count {
                for field in 0..<random.nextInt(below: 3) {
                    let length = article % 7 == 6 ? 900 : random.nextInt(below: 60)
                    for _ in 0..<length {
                        let isFar = random.nextInt(below: 3) == 0
                        terms.append(UInt32(1 + (isFar ? random.nextInt(below: termCount) : 256 * random.nextInt(below: 9))))
                    }
                    let weight: Float = [1, 2, 0.7][(article + field) % 3]
                    fields.append(sk_field(end: terms.count, seen: length + random.nextInt(below: 9), weight: weight))
                }
                ends.append(fields.count)
            }
            terms += [UInt32](repeating: .max, count: Int(SK_KEEP_SLACK))
        }

        func terms(of field: Int) -> ArraySlice<UInt32> { terms[(field == 0 ? 0 : fields[field - 1].end)..<fields[field].end] }

        /// The fields of an article.
        func fields(of article: Int) -> Range<Int> { (article == 0 ? 0 : ends[article - 1])..<ends[article] }
    }

    /// The factors of the terms 1, 2, …, most of which are alike, as kernels take them.
    @unsafe
    private func withFactors<Result>(_ numbers: [Float], _ body: (sk_factors) -> Result) -> Result {
        let factors = InverseFrequencies(fitted: numbers)
        return factors.codes.withSpan { codes in
            unsafe codes.withUnsafeBufferPointer { codes in
                unsafe factors.values.withUnsafeBufferPointer { values in
                    unsafe body(sk_factors(codes: codes.baseAddress, values: values.baseAddress, mask: UInt32(values.count - 1)))
                }
            }
        }
    }

    /// What is compared to the last bit.
    private struct Rows: Equatable {
        var columns: [Int32]
        var values: [Float]
        var ends: [Int]
        var shares: [Float]
    }

    @Test(arguments: [SK_NO_NORM, SK_L1, SK_L2])
    func `Rows of articles are the same with every set of instructions, to the last bit`(norm: Int) {
        var random = RandomGenerator(seed: 5)
        let termCount = 3000
        let factors = (0..<termCount).map { _ in Float(1 + Double(random.nextInt(below: 900)) / 900) }
        let frequencies = (0..<64).map { $0 > 1 ? 1 + Double($0) / 9 : Double($0) }
        func frequency(_ count: Float) -> Double {
            if count < 64, Float(Int(count)) == count { return frequencies[Int(count)] }
            return count > 1 ? 1 + log(Double(count)) : Double(count)
        }
        for articleCount in [0, 1, 2, 30] {
            let articles = Articles(count: articleCount, termCount: termCount, &random)
            let capacity = articles.terms.count
            let weighting = sk_weighting(weight: 0.3, is_sublinear: 1, normalization: Int32(norm), first_column: 11)
            /// All articles at once, or one by one, with what tells them apart in the slots from `base` on.
            func rows(_ set: Int32, step: Int, base: UInt32) -> Rows {
                var slots = [UInt32](repeating: 0, count: 1 << 12)
                var slotBase = base
                var entries = [sk_counted](repeating: sk_counted(), count: 1801)
                var rows = Rows(
                    columns: [Int32](repeating: -1, count: capacity), values: [Float](repeating: -1, count: capacity), ends: [],
                    shares: [])
                var filled = 0
                for first in stride(from: 0, to: articleCount, by: step) {
                    let field = articles.fields(of: first).lowerBound
                    var ends = [Int](repeating: -1, count: step)
                    var shares = [Float](repeating: -1, count: step)
                    filled = unsafe withFactors(factors) { factors in
                        unsafe sk_fill_rows(
                            set, [weighting], frequencies, factors, articles.terms,
                            field == 0 ? 0 : articles.fields[field - 1].end,
                            articles.fields, field, Array(articles.ends[first...]), step, &slots, slots.count, &slotBase,
                            &entries, filled, &rows.columns, &rows.values, &ends, &shares)
                    }
                    rows.ends += ends
                    rows.shares += shares
                }
                rows.columns.removeSubrange(filled...)
                rows.values.removeSubrange(filled...)
                return rows
            }
            let plain = rows(Int32(SK_PLAIN), step: max(1, articleCount), base: 1)
            for article in 0..<articleCount {
                var order: [UInt32] = []
                var counted: [UInt32: Float] = [:]
                var (known, seen) = (0, 0)
                for field in articles.fields(of: article) {
                    for term in articles.terms(of: field) {
                        if counted[term] == nil { order.append(term) }
                        counted[term, default: 0] += articles.fields[field].weight
                    }
                    known += articles.terms(of: field).count
                    seen += articles.fields[field].seen
                }
                let values = order.map { frequency(counted[$0]!) * Double(factors[Int($0) - 1]) }
                let size =
                    switch norm {
                    case SK_L1: values.reduce(0, +)
                    case SK_L2: values.reduce(0) { $0 + $1 * $1 }.squareRoot()
                    default: 1.0
                    }
                let range = (article == 0 ? 0 : plain.ends[article - 1])..<plain.ends[article]
                #expect(Array(plain.columns[range]) == order.map { Int32($0) + 10 })
                for (value, expected) in zip(plain.values[range], values) {
                    #expect(abs(Double(value) - 0.3 * expected / size) < 1e-6)
                }
                #expect(plain.shares[article] == (seen == 0 ? 0 : Float(known) / Float(seen)))
            }
            for set in [Int32(SK_PLAIN)] + Self.sets {
                // Numbers that run out on the way make no difference.
                for base in [1, 77, UInt32.max - 500] {
                    #expect(rows(set, step: max(1, articleCount), base: base) == plain)
                    #expect(rows(set, step: 1, base: base) == plain)
                }
            }
        }
    }

    @Test func `Weights and scores are the same with every set of instructions, to the last bit`() {
        var random = RandomGenerator(seed: 5)
        let termCount = 50
        for count in [0, 1, 3, 8, 15, 16, 17, 40, 700] {
            let nodes = (0..<count).map { _ in UInt32(random.nextInt(below: termCount + 20)) }
            let factors = (0..<termCount).map { _ in Float(1 + random.nextUniform()) }
            let frequencies = (0..<64).map { $0 > 1 ? 1 + Double($0) / 9 : Double($0) }
            let counts = (0..<count).map { _ in Float(random.nextInt(below: 90)) * (random.nextInt(below: 2) == 0 ? 1 : 0.7) }
            struct Result: Equatable {
                var columns: [Int32] = []
                var weighed: [Double] = []
                var values: [Float] = []
                var squares = 0.0
                var scores: [[Double]] = []
            }
            let known = nodes.filter { 1...UInt32(termCount) ~= $0 }
            func result(_ set: Int32) -> Result {
                var result = Result()
                var kept = [UInt32](repeating: .max, count: count + Int(SK_KEEP_SLACK))
                let keptCount = unsafe sk_keep_terms(set, nodes, count, UInt32(termCount), &kept)
                #expect(Array(kept[..<keptCount]) == known)
                result.columns = [Int32](repeating: 0, count: keptCount)
                result.weighed = [Double](repeating: 0, count: keptCount)
                result.values = [Float](repeating: 0, count: keptCount)
                result.squares = unsafe withFactors(factors) { factors in
                    unsafe sk_weigh_terms(
                        set, kept, counts, keptCount, frequencies, 1, factors, 0, &result.columns, &result.weighed)
                }
                unsafe sk_scale(set, 0.3, result.weighed, keptCount, &result.values)
                for labelCount in [1, 2, 4, 7, 20, 33] {
                    let weights = (0..<termCount * labelCount).map { Float($0 % 17) - 8.3 }
                    var scores = [Double](repeating: 7, count: 2 * labelCount)
                    let intercepts = (0..<labelCount).map { Double($0) / 3 }
                    unsafe sk_add_rows(
                        set, [0, keptCount / 3, keptCount], 2, result.columns, result.values, weights, labelCount, intercepts,
                        &scores)
                    result.scores.append(scores)
                    let halves = weights.indices.map { place -> UInt16 in UInt16(place * 31 % 0x7C00 + place % 2 * 0x8000) }
                    unsafe sk_add_rows_half(
                        set, [0, keptCount / 3, keptCount], 2, result.columns, result.values, halves, labelCount, intercepts,
                        &scores)
                    result.scores.append(scores)
                }
                return result
            }
            let plain = result(Int32(SK_PLAIN))
            #expect(plain.columns == known.map { Int32($0) - 1 })
            #expect(plain.values == plain.weighed.map { Float(0.3 * $0) })
            for (place, value) in plain.weighed.enumerated() {
                let counted = counts[place]
                let frequency =
                    Float(Int(counted)) == counted && counted < 64
                    ? frequencies[Int(counted)] : counted > 1 ? 1 + log(Double(counted)) : Double(counted)
                #expect(abs(value - frequency * Double(factors[Int(known[place]) - 1])) < 1e-4)
            }
            for set in Self.sets {
                let other = result(set)
                #expect(other == plain)
            }
        }
    }
}
