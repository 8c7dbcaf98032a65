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
///   - chunkLength: the number of elements of each chunk but the last.
///   - body: receives the number of the chunk, the range of its elements in the array, and the elements to write.
public func parallelChunks<Element: BitwiseCopyable & Sendable, Result: Sendable>(
    of array: inout [Element], chunkLength: Int, threads: Int,
    _ body: @Sendable (_ chunk: Int, _ range: Range<Int>, _ elements: inout MutableSpan<Element>) -> Result
) -> [Result] {
    precondition(chunkLength > 0, "a chunk length of \(chunkLength)")
    let count = array.count
    let chunkCount = (count + chunkLength - 1) / chunkLength
    return unsafe array.withUnsafeMutableBufferPointer { buffer in
        // Chunks do not overlap, and the call ends before the buffer does.
        nonisolated(unsafe) let shared = unsafe buffer
        return parallelMap(count: chunkCount, threads: threads) { chunk in
            let range = (chunk * chunkLength)..<min(count, (chunk + 1) * chunkLength)
            var span = unsafe MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: shared[range]))
            return body(chunk, range, &span)
        }
    }
}
