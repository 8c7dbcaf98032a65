import Glibc

// The one address of unsafe byte access in this module: loads of several bytes, memchr and memcpy, all bounds-checked.

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
        unsafe source.extracting(range).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
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
    /// Appends bytes of a span from `start` on until one that `stops` marks or `end`, many at a time while there are many left on
    /// both sides.
    ///
    /// - Parameter stops: sets the high bit of each byte of a little-endian word that must not be copied; the lowest one counts.
    /// - Returns: the position behind the last byte that was copied; it is that of a marked byte only if one was met.
    @inline(__always)
    mutating func append(_ source: Span<UInt8>, from start: Int, to end: Int, until stops: (UInt64) -> UInt64) -> Int {
        var i = start
        let last = min(end, source.count) - 8
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            guard let base = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
            let room = buffer.count - 8
            /// Copies a word; returns whether a marked byte is in it.
            @inline(__always)
            func copyWord() -> Bool {
                let word = source.word(at: i)
                unsafe (base + count).storeBytes(of: word.littleEndian, as: UInt64.self)
                let found = stops(word)
                let length = found == 0 ? 8 : found.trailingZeroBitCount / 8
                i &+= length
                count &+= length
                return found != 0
            }
            // Four words a turn: the branches of a short run are then predicted apart.
            while i <= last - 24, count <= room - 24 {
                if copyWord() || copyWord() || copyWord() || copyWord() { return }
            }
            while i <= last, count <= room {
                if copyWord() { return }
            }
        }
        return i
    }
}

extension String {
    /// The text of a range of UTF-8 bytes, repaired where they are malformed.
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        self = unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
