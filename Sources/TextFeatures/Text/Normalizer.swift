import CUnicode

/// Canonical composition and case folding of a short run of scalars: the slow path of the tokeniser, taken where scalars stand that
/// may compose. It keeps its memory.
struct Normalizer: Sendable {
    /// The run, and after `composeFolded()` what has become of it.
    private(set) var scalars: [UInt32] = []
    private var decomposed: [UInt32] = []
    private var sorted: [UInt32] = []

    private static let hangulBase: UInt32 = 0xAC00
    private static let leadBase: UInt32 = 0x1100
    private static let vowelBase: UInt32 = 0x1161
    private static let tailBase: UInt32 = 0x11A7

    mutating func removeAll() { scalars.removeAll(keepingCapacity: true) }

    mutating func append(_ scalar: UInt32) { scalars.append(scalar) }

    /// Replaces the run by NFC(fold(NFC(run))), where fold is full case folding.
    mutating func composeFolded() {
        compose()
        decomposed.removeAll(keepingCapacity: true)
        for position in 0..<scalars.count { fold(scalars[position]) }
        swap(&scalars, &decomposed)
        compose()
    }

    /// Appends the full case folding of a scalar to `decomposed`.
    private mutating func fold(_ scalar: UInt32) {
        let entry = sk_unicode_entry(scalar)
        let value = entry >> UInt32(SK_VALUE_SHIFT)
        if value == 0 {
            decomposed.append(scalar)
        } else if entry & UInt32(SK_SEQUENCE) == 0 {
            decomposed.append(value)
        } else {
            for position in 0..<Int(sk_sequence_count(value)) {
                decomposed.append(sk_sequence_scalar(value, UInt32(truncatingIfNeeded: position)))
            }
        }
    }

    /// Brings the run into normalisation form C (Unicode Standard Annex 15). O(scalars).
    mutating func compose() {
        decomposed.removeAll(keepingCapacity: true)
        for position in 0..<scalars.count { decompose(scalars[position]) }
        order()
        scalars.removeAll(keepingCapacity: true)
        var starter: Int?
        var lastClass: UInt8 = 0
        for next in 0..<decomposed.count {
            let scalar = decomposed[next]
            let combining = sk_combining_class(scalar)
            if let position = starter {
                let blocked = lastClass != 0 ? lastClass >= combining : scalars.count - 1 != position
                if !blocked, let composite = Self.composite(scalars[position], scalar) {
                    scalars[position] = composite
                    continue
                }
            }
            scalars.append(scalar)
            lastClass = combining
            if combining == 0 { starter = scalars.count - 1 }
        }
    }

    /// Appends the full canonical decomposition of a scalar to `decomposed`.
    private mutating func decompose(_ scalar: UInt32) {
        if scalar >= Self.hangulBase, scalar < Self.hangulBase + 11172 {
            let index = scalar - Self.hangulBase
            decomposed.append(Self.leadBase + index / 588)
            decomposed.append(Self.vowelBase + index % 588 / 28)
            if index % 28 != 0 { decomposed.append(Self.tailBase + index % 28) }
            return
        }
        let found = sk_decomposition_find(scalar)
        guard found >= 0 else {
            decomposed.append(scalar)
            return
        }
        for position in 0..<Int(sk_decomposition_count_at(found)) {
            decomposed.append(sk_decomposition_scalar(found, UInt32(truncatingIfNeeded: position)))
        }
    }

    /// Sorts runs of combining marks by their classes, stably.
    private mutating func order() {
        var start = 0
        while start < decomposed.count {
            guard sk_combining_class(decomposed[start]) != 0 else {
                start += 1
                continue
            }
            var end = start + 1
            while end < decomposed.count, sk_combining_class(decomposed[end]) != 0 { end += 1 }
            if end - start > 32 { sortLong(start..<end) } else if end - start > 1 { sortShort(start..<end) }
            start = end
        }
    }

    /// By insertion.
    private mutating func sortShort(_ range: Range<Int>) {
        for next in range.dropFirst() {
            let scalar = decomposed[next]
            let combining = sk_combining_class(scalar)
            var place = next
            while place > range.lowerBound, sk_combining_class(decomposed[place - 1]) > combining {
                decomposed[place] = decomposed[place - 1]
                place -= 1
            }
            decomposed[place] = scalar
        }
    }

    /// By counting, since nothing keeps a text from holding a million marks in a row.
    private mutating func sortLong(_ range: Range<Int>) {
        var places = [Int](repeating: 0, count: 257)
        for scalar in decomposed[range] { places[Int(sk_combining_class(scalar)) + 1] += 1 }
        for combining in 1..<257 { places[combining] += places[combining - 1] }
        sorted.removeAll(keepingCapacity: true)
        sorted.append(contentsOf: repeatElement(0, count: range.count))
        for scalar in decomposed[range] {
            let combining = Int(sk_combining_class(scalar))
            sorted[places[combining]] = scalar
            places[combining] += 1
        }
        for (offset, scalar) in sorted.enumerated() { decomposed[range.lowerBound + offset] = scalar }
    }

    private static func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if first >= leadBase, first < leadBase + 19, second >= vowelBase, second < vowelBase + 21 {
            return hangulBase + ((first - leadBase) * 21 + second - vowelBase) * 28
        }
        if first >= hangulBase, first < hangulBase + 11172, (first - hangulBase) % 28 == 0, second > tailBase,
            second < tailBase + 28
        {
            return first + second - tailBase
        }
        let found = sk_composite(first, second)
        return found == 0 ? nil : found
    }
}
