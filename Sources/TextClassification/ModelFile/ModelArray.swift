/// Numbers of a fitted model: an array after training, a part of the mapped file after opening a model.
public struct ModelArray<Element: BitwiseCopyable & Sendable>: Sendable {
    @usableFromInline
    enum Storage: Sendable {
        case owned([Element])
        case mapped(MemoryMap, offset: Int)
    }
    @usableFromInline let storage: Storage
    /// The number of elements.
    public let count: Int

    public init(_ elements: [Element]) {
        storage = .owned(elements)
        count = elements.count
    }

    init(map: MemoryMap, offset: Int, count: Int) {
        storage = .mapped(map, offset: offset)
        self.count = count
    }

    /// Calls `body` with the elements; in a loop, call it once around the loop.
    @inlinable
    public func withSpan<Result, Failure: Error>(_ body: (Span<Element>) throws(Failure) -> Result) throws(Failure) -> Result {
        switch storage {
        case .owned(let elements): try body(elements.span)
        case .mapped(let map, let offset): try map.withElements(of: Element.self, at: offset, count: count, body)
        }
    }

    /// One element.
    /// - Precondition: `0 <= position < count`.
    public subscript(position: Int) -> Element { withSpan { $0[position] } }

    /// A copy of the elements.
    public var elements: [Element] {
        withSpan { span in
            var copy: [Element] = []
            copy.reserveCapacity(span.count)
            for position in span.indices { copy.append(span[position]) }
            return copy
        }
    }
}
