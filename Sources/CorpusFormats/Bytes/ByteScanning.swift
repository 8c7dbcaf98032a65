import CKernels
import Glibc

// The one address of unsafe byte access in this module: loads of several bytes, memchr, memcpy and kernels, all bounds-checked.

extension Span<UInt8> {
    /// Eight bytes from `offset` on as a little-endian number.
    /// - Precondition: they lie within the span.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The position of the first `byte` from `start` on and before `end`, or `nil`. O(distance), many bytes a cycle.
    func firstIndex(of byte: UInt8, from start: Int, to end: Int) -> Int? {
        guard start < end else { return nil }
        return unsafe extracting(start..<end).withUnsafeBufferPointer { buffer in
            guard let base = unsafe UnsafeRawPointer(buffer.baseAddress),
                let found = unsafe memchr(base, Int32(byte), buffer.count)
            else { return nil }
            return unsafe start + (UnsafeRawPointer(found) - base)
        }
    }

    /// The position of the first byte from `start` on that is not ASCII, or `end`. O(distance), many bytes a cycle.
    func firstNonASCII(from start: Int, to end: Int) -> Int {
        unsafe extracting(start..<end).withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return end }
            return unsafe start + sk_ascii_count(sk_instruction_set(), base, buffer.count)
        }
    }

    /// Replaces `places` by the positions of `byte` in the range. O(length), many bytes a cycle.
    func findAll(_ byte: UInt8, in range: Range<Int>, places: inout [Int]) {
        places.removeAll(keepingCapacity: true)
        places.append(addingCapacity: range.count) { places in
            unsafe extracting(range).withUnsafeBufferPointer { bytes in
                unsafe places.withUnsafeMutableBufferPointer { buffer, count in
                    guard let first = bytes.baseAddress, let to = buffer.baseAddress else { return }
                    count = unsafe sk_find_all(sk_instruction_set(), first, bytes.count, byte, range.lowerBound, to)
                }
            }
        }
    }

    /// How often `byte` occurs in the range. O(length).
    func occurrences(of byte: UInt8, in range: Range<Int>) -> Int {
        var total = 0
        var position = range.lowerBound
        while let found = firstIndex(of: byte, from: position, to: range.upperBound) {
            total += 1
            position = found + 1
        }
        return total
    }

    /// Whether the bytes of the range are those given.
    func matches(_ other: [UInt8], in range: Range<Int>) -> Bool {
        guard range.count == other.count else { return false }
        for i in 0..<other.count where self[range.lowerBound + i] != other[i] { return false }
        return true
    }
}

extension [UInt8] {
    /// Appends the bytes of a span, or of a range of it, in one copy.
    @inline(__always)
    mutating func append(_ source: Span<UInt8>, _ range: Range<Int>) {
        append(addingCapacity: range.count) { $0.append(source, range) }
    }

    mutating func append(_ source: Span<UInt8>) { append(source, 0..<source.count) }

    /// Appends what `fill` writes into at most `capacity` bytes of fresh memory; `fill` returns how many it wrote.
    mutating func append<Failure: Error>(
        capacity: Int, filling fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        try append(addingCapacity: capacity) { (output: inout OutputSpan<UInt8>) throws(Failure) in
            try unsafe output.withUnsafeMutableBufferPointer { (buffer, count) throws(Failure) in
                let written = try unsafe fill(UnsafeMutableRawBufferPointer(buffer))
                precondition(written >= 0 && written <= buffer.count, "more bytes than there is room for")
                count = written
            }
        }
    }
}

extension OutputSpan<UInt8> {
    /// Appends a range of a span in one copy.
    /// - Precondition: there is room for it.
    @inline(__always)
    mutating func append(_ source: Span<UInt8>, _ range: Range<Int>) {
        precondition(range.count <= freeCapacity, "more bytes than there is room for")
        unsafe source.extracting(range).withUnsafeBufferPointer { bytes in
            guard let from = bytes.baseAddress else { return }
            unsafe withUnsafeMutableBufferPointer { buffer, count in
                guard let base = buffer.baseAddress else { return }
                unsafe memcpy(base + count, from, bytes.count)
                count += bytes.count
            }
        }
    }

    /// How many bytes more than it appends `append(short:_:)` works best with.
    static var shortSlack: Int { 16 }

    /// Appends a range of a span that is mostly short: without a call where something follows it in both.
    /// - Precondition: there is room for it.
    @inline(__always)
    mutating func append(short source: Span<UInt8>, _ range: Range<Int>) {
        let length = range.count
        guard length <= 64, range.lowerBound >= 0, range.upperBound + Self.shortSlack <= source.count,
            length + Self.shortSlack <= freeCapacity
        else { return append(source, range) }
        unsafe source.withUnsafeBufferPointer { bytes in
            unsafe withUnsafeMutableBufferPointer { buffer, count in
                guard let first = unsafe UnsafeRawPointer(bytes.baseAddress),
                    let base = UnsafeMutableRawPointer(buffer.baseAddress)
                else { return }
                let (from, to) = unsafe (first + range.lowerBound, base + count)
                var i = 0
                while i < length {
                    unsafe (to + i).storeBytes(of: (from + i).loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
                    i &+= 16
                }
                count += length
            }
        }
    }

    /// Appends the pieces of those labels that are given, with separators between them.
    /// - Precondition: one flag a piece, and room for all pieces and `pieceSlack` bytes.
    @inline(__always)
    mutating func append(_ pieces: borrowing PieceList, given: Span<Bool>) {
        precondition(given.count == pieces.count && freeCapacity >= pieces.byteCount + Self.pieceSlack)
        unsafe given.withUnsafeBytes { given in
            unsafe withUnsafeMutableBufferPointer { buffer, count in
                guard let flags = given.baseAddress, let base = buffer.baseAddress else { return }
                count += unsafe sk_put_given(
                    flags.assumingMemoryBound(to: UInt8.self), given.count, pieces.bytes, pieces.ends, pieces.separatorCount,
                    base + count)
            }
        }
    }

    /// Appends numbers within 0...1 as `[UInt8].append(_:decimals:)` does, with as many decimals as the power of ten has zeros, each
    /// behind its piece.
    /// - Returns: whether all are within 0...1; otherwise nothing is appended.
    /// - Precondition: one number a piece, and room for all pieces, ten bytes more for each, and `pieceSlack` bytes.
    @inline(__always)
    mutating func append(_ pieces: borrowing PieceList, shares: Span<Double>, power: UInt32) -> Bool {
        precondition(shares.count == pieces.count && 10...100_000_000 ~= power)
        precondition(freeCapacity >= pieces.byteCount + 10 * pieces.count + Self.pieceSlack)
        return unsafe shares.withUnsafeBufferPointer { shares in
            unsafe withUnsafeMutableBufferPointer { buffer, count in
                guard let numbers = shares.baseAddress, let base = buffer.baseAddress else { return true }
                let added = unsafe sk_put_shares(
                    sk_instruction_set(), numbers, shares.count, power, pieces.bytes, pieces.ends, base + count)
                guard added != Int(bitPattern: UInt.max) else { return false }
                count += added
                return true
            }
        }
    }

    static var pieceSlack: Int { Int(SK_PIECE_SLACK) }
}

extension OutputSpan<UInt8> {
    /// Appends the lowest `count` bytes of a word, the lowest one first.
    /// - Precondition: there is room for eight.
    @inline(__always)
    mutating func append(word: UInt64, count added: Int) {
        precondition(added >= 0 && added <= 8 && freeCapacity >= 8, "more bytes than there is room for")
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            guard let base = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
            unsafe (base + count).storeBytes(of: word.littleEndian, as: UInt64.self)
            count += added
        }
    }

    /// How many bytes more than it appends `append(stringContent:from:to:)` works best with.
    static var stringSlack: Int { Int(SK_DECODE_SLACK) }

    /// Appends what the characters of a JSON string from `start` on stand for, many a cycle.
    /// - Returns: the position of the first quotation mark, control character, or escape that is wrong or of the form `\u`; or `end`.
    /// - Precondition: there is room for as many bytes as lie before `end`, and `stringSlack` more.
    @inline(__always)
    mutating func append(stringContent source: Span<UInt8>, from start: Int, to end: Int) -> Int {
        precondition(start <= end && end <= source.count && end - start + Self.stringSlack <= freeCapacity)
        return unsafe source.withUnsafeBufferPointer { bytes in
            unsafe withUnsafeMutableBufferPointer { buffer, count in
                guard let first = bytes.baseAddress, let base = buffer.baseAddress else { return end }
                var written = 0
                let read = unsafe sk_decode_string(
                    sk_instruction_set(), first + start, end - start, bytes.count - start, base + count, &written)
                count += written
                return start + read
            }
        }
    }
}

extension String {
    /// The text of a range of UTF-8 bytes, repaired where they are malformed.
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        self = unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
