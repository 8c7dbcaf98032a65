import CorpusFormats
import TextClassification

/// A block of a stream, or what went wrong in its place.
struct StreamPiece: Sendable {
    enum Content: Sendable {
        /// The block that was filled is to be parsed by this.
        case block(ArticleParser)
        /// An input cannot be opened, or not read any further.
        case failure(Failure)
    }

    /// The number of the piece in the stream, from 0.
    let ticket: Int
    /// The position of the input that it is of.
    let input: Int
    let content: Content
}

/// The inputs of a stream, one after the other, in blocks of records.
struct StreamSource {
    private let inputs: [ArticleInput]
    private let options: ReadingOptions
    private var reader: ArticleBlockReader?
    private var input = -1
    private var nextTicket = 0

    init(_ inputs: [ArticleInput], options: ReadingOptions) {
        self.inputs = inputs
        self.options = options
    }

    /// Fills the block with the next records; `nil` is the end.
    mutating func next(into block: inout ArticleBlock) -> StreamPiece? {
        do throws(CorpusFormatError) {
            while true {
                if let reader {
                    if try reader.read(into: &block) { return piece(.block(reader.parser)) }
                    self.reader = nil
                }
                guard input + 1 < inputs.count else { return nil }
                input += 1
                reader = try ArticleBlockReader(inputs[input], options: options)
            }
        } catch {
            reader = nil
            return piece(.failure(Failure(error)))
        }
    }

    private mutating func piece(_ content: StreamPiece.Content) -> StreamPiece {
        defer { nextTicket += 1 }
        return StreamPiece(ticket: nextTicket, input: input, content: content)
    }
}
