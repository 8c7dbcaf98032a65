import CUnicode

/// Canonical composition and case folding of a short run of scalars: the slow path of the tokeniser, taken where a combining
/// mark or an uncomposed character stands.
enum Normalizer {
    private static let hangulBase: UInt32 = 0xAC00
    private static let leadBase: UInt32 = 0x1100
    private static let vowelBase: UInt32 = 0x1161
    private static let tailBase: UInt32 = 0x11A7

    /// Replaces a run of scalars by NFC(fold(NFC(run))), where fold is full case folding.
    static func foldedComposition(_ scalars: inout [UInt32]) {
        compose(&scalars)
        var folded: [UInt32] = []
        for scalar in scalars { fold(scalar) { folded.append($0) } }
        compose(&folded)
        scalars = folded
    }

    /// Gives the full case folding of a scalar, scalar by scalar.
    static func fold(_ scalar: UInt32, _ emit: (UInt32) -> Void) {
        let entry = sk_unicode_entry(scalar)
        let value = entry >> UInt32(SK_VALUE_SHIFT)
        if value == 0 {
            emit(scalar)
        } else if entry & UInt32(SK_SEQUENCE) == 0 {
            emit(value)
        } else {
            for position in 0..<sk_sequence_count(value) { emit(sk_sequence_scalar(value, position)) }
        }
    }

    /// Normalisation form C of a run of scalars (Unicode Standard Annex 15).
    static func compose(_ scalars: inout [UInt32]) {
        var decomposed: [UInt32] = []
        for scalar in scalars { decompose(scalar, into: &decomposed) }
        order(&decomposed)
        var composed: [UInt32] = []
        var starter: Int?
        var lastClass: UInt8 = 0
        for scalar in decomposed {
            let combining = sk_combining_class(scalar)
            if let position = starter {
                let blocked = lastClass != 0 ? lastClass >= combining : composed.count - 1 != position
                if !blocked, let composite = composite(composed[position], scalar) {
                    composed[position] = composite
                    continue
                }
            }
            composed.append(scalar)
            lastClass = combining
            if combining == 0 { starter = composed.count - 1 }
        }
        scalars = composed
    }

    private static func decompose(_ scalar: UInt32, into output: inout [UInt32]) {
        if scalar >= hangulBase, scalar < hangulBase + 11172 {
            let index = scalar - hangulBase
            output.append(leadBase + index / 588)
            output.append(vowelBase + index % 588 / 28)
            if index % 28 != 0 { output.append(tailBase + index % 28) }
            return
        }
        let found = sk_decomposition_find(scalar)
        guard found >= 0 else {
            output.append(scalar)
            return
        }
        for position in 0..<sk_decomposition_count_at(found) {
            output.append(sk_decomposition_scalar(found, position))
        }
    }

    /// Sorts runs of combining marks by their classes, stably.
    private static func order(_ scalars: inout [UInt32]) {
        var start = 0
        while start < scalars.count {
            guard sk_combining_class(scalars[start]) != 0 else {
                start += 1
                continue
            }
            var end = start + 1
            while end < scalars.count, sk_combining_class(scalars[end]) != 0 { end += 1 }
            if end - start > 1 {
                let sorted = scalars[start..<end].enumerated().sorted {
                    let classes = (sk_combining_class($0.element), sk_combining_class($1.element))
                    return classes.0 == classes.1 ? $0.offset < $1.offset : classes.0 < classes.1
                }
                for (position, scalar) in sorted.enumerated() { scalars[start + position] = scalar.element }
            }
            start = end
        }
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
