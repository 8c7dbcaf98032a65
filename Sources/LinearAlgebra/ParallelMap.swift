import Dispatch
import Synchronization

/// The results of `body(0)`, `body(1)`, … `body(count - 1)`, in that order, computed by at most `threads` threads.
///
/// The items are handed out one by one, so they may differ in size; what an item computes must depend on its index alone, and
/// then the result does not depend on the number of threads. One thread runs in the caller's.
///
/// - Throws: what the failing item of the lowest index throws, as a serial loop would. Items of higher indices may have run.
public func parallelMap<Result: Sendable, Failure: Error>(
    count: Int, threads: Int, _ body: @Sendable (Int) throws(Failure) -> Result
) throws(Failure) -> [Result] {
    precondition(count >= 0, "a count of \(count)")
    let workerCount = min(threads, count)
    if workerCount <= 1 {
        var results: [Result] = []
        results.reserveCapacity(count)
        for i in 0..<count { results.append(try body(i)) }
        return results
    }

    let next = Atomic<Int>(0)
    let outcome = Mutex<(results: [Result?], failure: (index: Int, error: Failure)?)>(
        (Array(repeating: nil, count: count), nil))
    DispatchQueue.concurrentPerform(iterations: workerCount) { _ in
        while true {
            let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
            if i >= count { return }
            do throws(Failure) {
                let result = try body(i)
                outcome.withLock { $0.results[i] = result }
            } catch {
                // Every item of a lower index has been handed out already and runs to its end.
                next.store(count, ordering: .relaxed)
                outcome.withLock { if $0.failure == nil || i < $0.failure!.index { $0.failure = (i, error) } }
            }
        }
    }
    let (results, failure) = outcome.withLock { $0 }
    if let failure { throw failure.error }
    return results.map { $0! }
}

/// Fills an array in chunks of fixed length, by at most `threads` threads, and returns what each chunk returns, in order.
///
/// The chunks depend on the array's length alone, so sums taken chunk by chunk are the same for every number of threads.
///
/// - Parameters:
///   - part: the elements to fill; all of them unless it is given.
///   - chunkLength: the number of elements of each chunk but the last.
///   - body: receives the number of the chunk, the range of its elements in the array, and the elements to write.
public func parallelChunks<Element: BitwiseCopyable & Sendable, Result: Sendable>(
    of array: inout [Element], in part: Range<Int>? = nil, chunkLength: Int, threads: Int,
    _ body: @Sendable (_ chunk: Int, _ range: Range<Int>, _ elements: inout MutableSpan<Element>) -> Result
) -> [Result] {
    precondition(chunkLength > 0, "a chunk length of \(chunkLength)")
    let part = part ?? 0..<array.count
    let chunks = stride(from: part.lowerBound, to: part.upperBound, by: chunkLength).map {
        $0..<min(part.upperBound, $0 + chunkLength)
    }
    return parallelRanges(of: &array, chunks, threads: threads, body)
}

/// Changes ranges of an array, by at most `threads` threads, and returns what each of them returns, in order.
///
/// - Parameters:
///   - ranges: ascending, so that none overlap.
///   - body: receives the number of the range, the range, and its elements.
public func parallelRanges<Element: BitwiseCopyable & Sendable, Result: Sendable>(
    of array: inout [Element], _ ranges: [Range<Int>], threads: Int,
    _ body: @Sendable (_ number: Int, _ range: Range<Int>, _ elements: inout MutableSpan<Element>) -> Result
) -> [Result] {
    var end = 0
    for range in ranges {
        precondition(range.lowerBound >= end && range.upperBound <= array.count, "ranges that overlap, or end behind the array")
        end = range.upperBound
    }
    return unsafe array.withUnsafeMutableBufferPointer { buffer in
        // Ranges do not overlap, and the call ends before the buffer does.
        nonisolated(unsafe) let shared = unsafe buffer
        return parallelMap(count: ranges.count, threads: threads) { number in
            let range = ranges[number]
            var span = unsafe MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: shared[range]))
            return body(number, range, &span)
        }
    }
}

/// The same, and what `other` returns, which runs at the same time as the first ranges where there are several threads.
public func parallelRanges<Element: BitwiseCopyable & Sendable, Result: Sendable, Other: Sendable>(
    of array: inout [Element], _ ranges: [Range<Int>], threads: Int, beside other: @Sendable () -> Other,
    _ body: @Sendable (_ number: Int, _ range: Range<Int>, _ elements: inout MutableSpan<Element>) -> Result
) -> (results: [Result], other: Other) {
    let outcome = Mutex<Other?>(nil)
    // An empty range stands for it, in front of the others.
    let results = parallelRanges(of: &array, [0..<0] + ranges, threads: threads) { number, range, elements -> Result? in
        if number > 0 { return body(number - 1, range, &elements) }
        let result = other()
        outcome.withLock { $0 = result }
        return nil
    }
    return (results.dropFirst().map { $0! }, outcome.withLock { $0! })
}

extension Array where Element: BitwiseCopyable & Sendable {
    /// Appends pieces of so many elements, filled by at most `threads` threads, and returns what each call returns, in order.
    ///
    /// - Parameter fill: receives the number of a piece and appends its elements.
    @discardableResult
    public mutating func append<Result: Sendable>(
        pieces counts: [Int], threads: Int, _ fill: @Sendable (_ piece: Int, _ elements: inout OutputSpan<Element>) -> Result
    ) -> [Result] {
        var ends = [0]
        for count in counts { ends.append(ends[ends.count - 1] + count) }
        let starts = ends
        let total = starts[counts.count]
        reserveLargePages(count + total)
        var results: [Result] = []
        append(addingCapacity: total) { output in
            unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                // Pieces do not overlap, and the call ends before the buffer does.
                nonisolated(unsafe) let shared = unsafe buffer
                let first = count
                results = parallelMap(count: counts.count, threads: threads) { piece in
                    let own = unsafe UnsafeMutableBufferPointer(
                        rebasing: shared[first + starts[piece]..<first + starts[piece + 1]])
                    var elements = unsafe OutputSpan(buffer: own, initializedCount: 0)
                    let result = fill(piece, &elements)
                    precondition(elements.isFull, "piece \(piece) has less than \(counts[piece]) elements")
                    _ = unsafe elements.finalize(for: own)
                    return result
                }
                count += total
            }
        }
        return results
    }
}

/// Two arrays that hold the elements of rows, filled piece by piece on up to `threads` threads.
///
/// - Parameters:
///   - rowOffsets: where the elements of each row start, and at the end their number; ascending from 0.
///   - fill: appends the elements of some rows, one row after another, as many as the offsets say. What it appends must depend on the
///     rows alone.
/// - Complexity: O(elements).
func filledArrays<First: BitwiseCopyable & Sendable, Second: BitwiseCopyable & Sendable>(
    rowOffsets: [Int], threads: Int,
    _ fill: @Sendable (_ rows: Range<Int>, _ first: inout OutputSpan<First>, _ second: inout OutputSpan<Second>) -> Void
) -> (first: [First], second: [Second]) {
    let rowCount = rowOffsets.count - 1
    let elementCount = rowOffsets[rowCount]
    let pieces = rowPieces(rowOffsets, count: threads <= 1 ? 1 : 4 * threads)
    var first = [First](largeCapacity: elementCount)
    var second = [Second](largeCapacity: elementCount)
    first.append(addingCapacity: elementCount) { first in
        second.append(addingCapacity: elementCount) { second in
            unsafe first.withUnsafeMutableBufferPointer { first, firstCount in
                unsafe second.withUnsafeMutableBufferPointer { second, secondCount in
                    // Pieces do not overlap, and the call ends before the buffers do.
                    nonisolated(unsafe) let shared = unsafe (first, second)
                    _ = parallelMap(count: pieces.count, threads: threads) { piece in
                        let rows = pieces[piece]
                        let elements = rowOffsets[rows.lowerBound]..<rowOffsets[rows.upperBound]
                        var first = unsafe OutputSpan(
                            buffer: UnsafeMutableBufferPointer(rebasing: shared.0[elements]), initializedCount: 0)
                        var second = unsafe OutputSpan(
                            buffer: UnsafeMutableBufferPointer(rebasing: shared.1[elements]), initializedCount: 0)
                        fill(rows, &first, &second)
                        precondition(first.isFull && second.isFull, "rows \(rows) have other elements than their offsets say")
                        _ = unsafe first.finalize(for: UnsafeMutableBufferPointer(rebasing: shared.0[elements]))
                        _ = unsafe second.finalize(for: UnsafeMutableBufferPointer(rebasing: shared.1[elements]))
                    }
                    firstCount = elementCount
                    secondCount = elementCount
                }
            }
        }
    }
    return (first, second)
}

/// Divides rows into at most so many pieces of about the same number of elements.
func rowPieces(_ rowOffsets: [Int], count: Int) -> [Range<Int>] {
    let rowCount = rowOffsets.count - 1
    var pieces: [Range<Int>] = []
    var start = 0
    for piece in 1...count {
        let limit = rowOffsets[rowCount] * piece / count
        var end = start
        while end < rowCount, piece == count || rowOffsets[end + 1] <= limit { end += 1 }
        if end > start { pieces.append(start..<end) }
        start = end
    }
    return pieces
}
