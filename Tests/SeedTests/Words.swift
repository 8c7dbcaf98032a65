/// Words as the originality tests compare them: runs of letters and digits in lower case, apostrophes left out, everything else
/// between them. The same bytes are read from a plain string and from the inside of a JSON document.
///
/// The tests read some hundred megabytes in a debug build, where every call that is not inlined costs; hence one flat loop over
/// bytes that hashes words as they go by and never makes a string.
struct RollingWords {
    static let length = 8
    private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15
    /// base to the power of `length`, which takes the oldest word out of the rolling hash.
    private static let oldest: UInt64 = (0..<length).reduce(1) { power, _ in power &* base }

    static let emptyWord: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Calls `body` for every word with its hash.
    static func forEachWord(in text: String, _ body: (UInt64) -> Void) {
        var word = emptyWord
        var inWord = false
        var bytes = Array(text.utf8)
        bytes.append(0)
        var index = 0
        while index < bytes.count {
            var byte = bytes[index]
            if byte == 0x27 {
                index += 1
                continue
            }
            if byte == 0xE2 && index + 2 < bytes.count {
                // U+2018 and U+2019 are apostrophes, the other signs of U+2000 to U+2FFF stand between words.
                let isApostrophe = bytes[index + 1] == 0x80 && (bytes[index + 2] == 0x98 || bytes[index + 2] == 0x99)
                index += 3
                if isApostrophe { continue }
                byte = 0x20
            } else if byte == 0xC2 && index + 1 < bytes.count {
                index += 2
                byte = 0x20
            } else {
                index += 1
            }
            if byte &- 0x41 < 26 { byte |= 0x20 }
            if byte &- 0x61 < 26 || byte &- 0x30 < 10 || byte >= 0x80 {
                word = (word ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
                inWord = true
            } else if inWord {
                body(finish(word))
                word = emptyWord
                inWord = false
            }
        }
    }

    static func words(of text: String) -> [UInt64] {
        var words: [UInt64] = []
        forEachWord(in: text) { words.append($0) }
        return words
    }

    /// The hashes of all runs of `length` words.
    static func runs(of words: [UInt64], length: Int) -> [UInt64] {
        guard words.count >= length else { return [] }
        return (0...words.count - length).map { start in
            words[start..<start + length].reduce(0) { $0 &* base &+ $1 }
        }
    }

    private static func finish(_ word: UInt64) -> UInt64 {
        let mixed = (word ^ (word >> 32)) &* 0xD6E8_FEB8_6659_FD93
        return mixed ^ (mixed >> 29)
    }

    /// The places in `json` at which a run of `length` words of `table` ends: the value found there, and the byte.
    static func matches(in json: UnsafeRawBufferPointer, table: RunTable) -> [(value: Int, end: Int)] {
        guard let address = json.baseAddress else { return [] }
        return unsafe table.slots.withUnsafeBufferPointer { slots in
            unsafe table.filter.withUnsafeBufferPointer { filter in
                unsafe scan(
                    address.assumingMemoryBound(to: UInt8.self), count: json.count, slots: slots.baseAddress!,
                    filter: filter.baseAddress!, table: table)
            }
        }
    }

    private static func scan(
        _ bytes: UnsafePointer<UInt8>, count: Int, slots: UnsafePointer<UInt64>, filter: UnsafePointer<UInt64>, table: RunTable
    ) -> [(value: Int, end: Int)] {
        var found: [(value: Int, end: Int)] = []
        let slotMask = table.slots.count - 1
        let base = Self.base
        let oldest = Self.oldest
        let window = UnsafeMutablePointer<UInt64>.allocate(capacity: length)
        unsafe window.initialize(repeating: 0, count: length)
        defer { unsafe window.deallocate() }
        var position = 0
        var word = emptyWord
        var inWord = false
        var run: UInt64 = 0
        var index = 0
        while index < count {
            var byte = unsafe bytes[index]
            index = index &+ 1
            if byte == 0x27 { continue }
            if byte == 0x5C {
                // An escape in JSON: \u followed by four digits, or one character that stands between words.
                let escape = index < count ? unsafe bytes[index] : 0
                index = index &+ 1
                byte = 0x20
                if escape == 0x75 && index &+ 4 <= count {
                    var value: UInt32 = 0
                    var digit = 0
                    while digit < 4 {
                        var hex = UInt32(unsafe bytes[index &+ digit])
                        hex = hex <= 0x39 ? hex &- 0x30 : (hex | 0x20) &- 0x57
                        value = value &* 16 &+ hex
                        digit = digit &+ 1
                    }
                    index = index &+ 4
                    if value == 0x2018 || value == 0x2019 || value == 0x27 { continue }
                    if value >= 0xC0 && (value < 0x2000 || value >= 0x3000) {
                        // A letter: its UTF-8 bytes but for the last go into the word here, the last one below.
                        if value < 0x800 {
                            word = (word ^ UInt64(0xC0 | value >> 6)) &* 0x0000_0100_0000_01B3
                        } else {
                            word = (word ^ UInt64(0xE0 | value >> 12)) &* 0x0000_0100_0000_01B3
                            word = (word ^ UInt64(0x80 | value >> 6 & 0x3F)) &* 0x0000_0100_0000_01B3
                        }
                        byte = UInt8(truncatingIfNeeded: 0x80 | value & 0x3F)
                    } else if value < 0x80 {
                        byte = UInt8(truncatingIfNeeded: value)
                    }
                }
            } else if byte == 0xE2 && index &+ 1 < count {
                let second = unsafe bytes[index]
                let third = unsafe bytes[index &+ 1]
                index = index &+ 2
                if second == 0x80 && (third == 0x98 || third == 0x99) { continue }
                byte = 0x20
            } else if byte == 0xC2 {
                index = index &+ 1
                byte = 0x20
            }
            if byte &- 0x41 < 26 { byte = byte | 0x20 }
            if byte &- 0x61 < 26 || byte &- 0x30 < 10 || byte >= 0x80 {
                word = (word ^ UInt64(truncatingIfNeeded: byte)) &* 0x0000_0100_0000_01B3
                inWord = true
                continue
            }
            if !inWord { continue }
            inWord = false
            let finished = finish(word)
            word = emptyWord
            run = run &* base &+ finished &- (unsafe window[position]) &* oldest
            unsafe window[position] = finished
            position = (position &+ 1) & (length &- 1)
            let bit = run >> 42
            if unsafe filter[Int(truncatingIfNeeded: bit >> 6)] >> (bit & 63) & 1 == 0 { continue }
            var slot = Int(truncatingIfNeeded: run) & slotMask
            while unsafe slots[slot] != 0 {
                if unsafe slots[slot] == run {
                    found.append((table.values[slot], index))
                    break
                }
                slot = (slot &+ 1) & slotMask
            }
        }
        return found
    }
}

/// A set of hashes with a value each: open addressing in plain arrays, and a filter of 2^22 bits before it.
struct RunTable {
    fileprivate(set) var slots: [UInt64]
    fileprivate(set) var values: [Int]
    fileprivate(set) var filter = [UInt64](repeating: 0, count: 1 << 16)

    init(capacity: Int) {
        var count = 1
        while count < 2 * capacity { count *= 2 }
        slots = [UInt64](repeating: 0, count: count)
        values = [Int](repeating: 0, count: count)
    }

    mutating func insert(_ hash: UInt64, value: Int) {
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            if slots[slot] == hash { return }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = hash
        values[slot] = value
        let bit = hash >> 42
        filter[Int(bit >> 6)] |= 1 << (bit & 63)
    }
}
