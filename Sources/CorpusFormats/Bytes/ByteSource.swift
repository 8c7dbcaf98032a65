/// The bytes of a file, of an open descriptor or of memory as UTF-8, piece by piece and in bounded memory.
///
/// Gzip is recognised by its first bytes and inflated, member after member; a byte-order mark is removed and, as it is decisive,
/// overrides the encoding; other encodings than UTF-8 are transcoded. UTF-8 itself is passed on as it is.
public struct ByteSource: ~Copyable {
    private var source: InflatedSource
    private var encoding: TextEncoding
    private var transcoder: Transcoder?
    /// Bytes waiting to be transcoded.
    private var untranscoded: [UInt8] = []
    /// What was read ahead.
    private var head: [UInt8] = []
    private var isStarted = false

    /// Opens a file.
    /// - Throws: `CorpusFormatError.cannotOpen` with the system's reason.
    public init(path: String, encoding: TextEncoding = .utf8) throws(CorpusFormatError) {
        source = InflatedSource(RawSource(try FileDescriptor(path: path), name: path))
        self.encoding = encoding
    }

    /// Reads an open descriptor, which stays the caller's.
    public init(descriptor number: Int32, name: String, encoding: TextEncoding = .utf8) {
        source = InflatedSource(RawSource(FileDescriptor(borrowing: number), name: name))
        self.encoding = encoding
    }

    /// Reads bytes in memory.
    public init(bytes: [UInt8], name: String, encoding: TextEncoding = .utf8) {
        source = InflatedSource(RawSource(bytes, name: name))
        self.encoding = encoding
    }

    /// The path, or what stands for it in messages.
    public var name: String { source.name }

    /// Whether the next `read` would return at once.
    public var isReady: Bool { !head.isEmpty || source.isReady }

    /// Appends the bytes that are there, at most about `count`; waits only when there are none.
    /// - Returns: whether bytes were appended; `false` is the end.
    /// - Throws: `CorpusFormatError` when the system fails or the input is damaged gzip.
    public mutating func read(_ count: Int, into bytes: inout [UInt8]) throws(CorpusFormatError) -> Bool {
        try start()
        if head.isEmpty { return try readText(count, into: &bytes) }
        bytes.append(head.span)
        head = []
        return true
    }

    /// The beginning of the text, which stays to be read: as much of it as `isEnough` wants, or all there is.
    mutating func peek(until isEnough: ([UInt8]) -> Bool) throws(CorpusFormatError) -> [UInt8] {
        try start()
        var text: [UInt8] = []
        swap(&text, &head)
        while !isEnough(text), try readText(1 << 16, into: &text) {}
        head = text
        return text
    }

    /// Finds out the encoding.
    private mutating func start() throws(CorpusFormatError) {
        if isStarted { return }
        isStarted = true
        while TextEncoding.mayBecomeByteOrderMark(head) {
            if try source.read(1 << 16, into: &head) == 0 { break }
        }
        if let mark = TextEncoding.byteOrderMark(head) {
            encoding = mark.encoding
            head.removeFirst(mark.length)
        }
        guard encoding != .utf8 else { return }
        var transcoder = Transcoder(encoding)
        let first = head
        head = []
        transcoder.append(first.span, to: &head)
        self.transcoder = transcoder
    }

    private mutating func readText(_ count: Int, into bytes: inout [UInt8]) throws(CorpusFormatError) -> Bool {
        guard var transcoder else { return try source.read(count, into: &bytes) > 0 }
        let before = bytes.count
        while bytes.count == before {
            untranscoded.removeAll(keepingCapacity: true)
            if try source.read(count, into: &untranscoded) == 0 {
                transcoder.finish(into: &bytes)
                break
            }
            transcoder.append(untranscoded.span, to: &bytes)
        }
        self.transcoder = transcoder
        return bytes.count > before
    }
}
