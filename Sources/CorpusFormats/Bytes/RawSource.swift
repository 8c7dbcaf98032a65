/// The bytes of an open file or of memory, as they are.
struct RawSource: ~Copyable {
    let name: String
    private let descriptor: FileDescriptor
    private let memory: [UInt8]
    private var position = 0

    init(_ descriptor: consuming FileDescriptor, name: String) {
        self.name = name
        self.descriptor = descriptor
        memory = []
    }

    init(_ bytes: [UInt8], name: String) {
        self.name = name
        descriptor = FileDescriptor()
        memory = bytes
    }

    var isReady: Bool { descriptor.isReady }

    /// Appends at most `count` bytes; returns their number, 0 at the end.
    mutating func read(_ count: Int, into bytes: inout [UInt8]) throws(CorpusFormatError) -> Int {
        if descriptor.isOpen { return try descriptor.read(count, into: &bytes, file: name) }
        let start = position
        position = min(memory.count, start + count)
        bytes.append(memory.span, start..<position)
        return position - start
    }
}

/// The bytes of a source, inflated if they are gzip.
struct InflatedSource: ~Copyable {
    private var source: RawSource
    private var inflater: GzipInflater?
    /// What was read to find that out.
    private var head: [UInt8] = []
    private var isStarted = false

    init(_ source: consuming RawSource) {
        self.source = source
    }

    var name: String { source.name }

    var isReady: Bool { inflater?.isReady ?? false || !head.isEmpty || source.isReady }

    /// Appends about `count` bytes; returns their number, 0 at the end.
    mutating func read(_ count: Int, into bytes: inout [UInt8]) throws(CorpusFormatError) -> Int {
        if !isStarted { try start() }
        if !head.isEmpty {
            defer { head = [] }
            bytes.append(head.span)
            return head.count
        }
        guard let inflater else { return try source.read(count, into: &bytes) }
        while true {
            let produced = try inflater.inflate(count, into: &bytes)
            if produced > 0 { return produced }
            var input = inflater.takeInput()
            let isMore = try source.read(1 << 16, into: &input) > 0
            inflater.setInput(input)
            if !isMore {
                try inflater.finish()
                return 0
            }
        }
    }

    private mutating func start() throws(CorpusFormatError) {
        isStarted = true
        let magic = GzipInflater.magic
        while head.isEmpty || head == [magic[0]] {
            if try source.read(1 << 16, into: &head) == 0 { return }
        }
        if head.starts(with: magic) {
            inflater = try GzipInflater(file: source.name, firstBytes: head)
            head = []
        }
    }
}
