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

    /// How many bytes more than it appends `append(plain:from:to:)` works best with.
    static var plainSlack: Int { 32 }

    /// Appends bytes of a span from `start` on, many a cycle.
    /// - Returns: the position of the first quotation mark, backslash or control character, or `end`.
    /// - Precondition: there is room for all bytes up to `end`.
    @inline(__always)
    mutating func append(plain source: Span<UInt8>, from start: Int, to end: Int) -> Int {
        precondition(start <= end && end - start <= freeCapacity, "more bytes than there is room for")
        // What lies behind the end may be copied, too, but does not count.
        let count = min(end - start + Self.plainSlack, source.count - start, freeCapacity)
        return unsafe source.extracting(start..<start + count).withUnsafeBufferPointer { bytes in
            unsafe withUnsafeMutableBufferPointer { buffer, written in
                guard let from = bytes.baseAddress, let to = buffer.baseAddress else { return end }
                let copied = min(end - start, unsafe sk_copy_plain(sk_instruction_set(), from, count, to + written))
                written += copied
                return start + copied
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
