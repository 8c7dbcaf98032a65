import CZlib

/// Inflates gzip, member after member: the one handle on zlib.
///
/// The stream's state lies in memory of its own, since zlib keeps a pointer to it.
@safe final class GzipInflater {
    /// The first two bytes of every gzip file.
    static let magic: [UInt8] = [0x1F, 0x8B]

    private let stream: UnsafeMutablePointer<z_stream>
    private let file: String
    private var input: [UInt8]
    private var position = 0
    /// Whether a member has ended and no other one has begun.
    private var isBetweenMembers = false
    /// Whether zlib may still hold output that did not fit.
    private var isOutputPending = false

    init(file: String, firstBytes: [UInt8]) throws(CorpusFormatError) {
        self.file = file
        input = firstBytes
        unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15 bits of window, 16 for the gzip format.
        let code = unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else { throw .damagedGzip(file: file, reason: "zlib cannot start (code \(code))") }
    }

    deinit {
        _ = unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Whether there is something to inflate without more input.
    var isReady: Bool { position < input.count || isOutputPending }

    /// Gives away the memory of the input, all of which was used.
    func takeInput() -> [UInt8] {
        var memory: [UInt8] = []
        swap(&memory, &input)
        memory.removeAll(keepingCapacity: true)
        position = 0
        return memory
    }

    /// Sets the next piece of input.
    func setInput(_ bytes: consuming [UInt8]) {
        input = bytes
        position = 0
    }

    /// Appends at most `count` bytes of output.
    /// - Returns: their number; 0 when more input is needed.
    func inflate(_ count: Int, into bytes: inout [UInt8]) throws(CorpusFormatError) -> Int {
        var produced = 0
        while produced == 0, isReady {
            if isBetweenMembers {
                // Zeros pad tapes and disk blocks; anything else must be another member.
                if input[position] == 0 {
                    position += 1
                    continue
                }
                guard input[position] == Self.magic[0], unsafe inflateReset(stream) == Z_OK else {
                    throw .damagedGzip(file: file, reason: "it has other bytes behind its end")
                }
                isBetweenMembers = false
            }
            produced = try step(count, into: &bytes)
        }
        return produced
    }

    private func step(_ count: Int, into bytes: inout [UInt8]) throws(CorpusFormatError) -> Int {
        var code = Z_OK
        var produced = 0
        var consumed = 0
        let limit = min(count, Int(UInt32.max))
        unsafe input.withUnsafeMutableBufferPointer { source in
            let available = min(source.count - position, Int(UInt32.max))
            unsafe bytes.append(capacity: limit) { output in
                unsafe stream.pointee.next_in = source.baseAddress.map { unsafe $0 + position }
                unsafe stream.pointee.avail_in = UInt32(available)
                unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
                unsafe stream.pointee.avail_out = UInt32(limit)
                code = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
                consumed = unsafe available - Int(stream.pointee.avail_in)
                produced = unsafe limit - Int(stream.pointee.avail_out)
                return produced
            }
        }
        position += consumed
        isOutputPending = produced == limit
        switch code {
        case Z_OK: break
        case Z_BUF_ERROR: isOutputPending = false
        case Z_STREAM_END: (isBetweenMembers, isOutputPending) = (true, false)
        default:
            let text = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
            throw .damagedGzip(file: file, reason: text ?? "zlib reports code \(code)")
        }
        return produced
    }

    /// Checks that the input may end here.
    func finish() throws(CorpusFormatError) {
        if !isBetweenMembers { throw .damagedGzip(file: file, reason: "it ends in the middle (is it cut off?)") }
    }
}
