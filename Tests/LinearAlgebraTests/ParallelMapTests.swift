import LinearAlgebra
import Synchronization
import Testing

@Suite struct ParallelMapTests {
    private struct Failure: Error, Equatable { let index: Int }

    @Test(arguments: [1, 2, 3, 8, 100]) func keepsTheOrder(threads: Int) {
        let results = parallelMap(count: 1000, threads: threads) { i in
            // Items of very different length.
            (0..<(i % 7 == 0 ? 2000 : 1)).reduce(i) { sum, _ in sum } * i
        }
        #expect(results == (0..<1000).map { $0 * $0 })
        #expect(parallelMap(count: 0, threads: threads) { $0 }.isEmpty)
    }

    @Test(arguments: [1, 2, 4], 0..<20) func throwsTheFirstError(threads: Int, round: Int) {
        #expect(throws: Failure(index: 37)) {
            try parallelMap(count: 200, threads: threads) { i throws(Failure) -> Int in
                if i == 37 || i == 38 || i % 50 == 49 { throw Failure(index: i) }
                return i
            }
        }
    }

    @Test func runsNoMoreThreadsThanAsked() {
        let running = Atomic<Int>(0)
        let most = Mutex(0)
        _ = parallelMap(count: 200, threads: 2) { _ in
            let now = running.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
            most.withLock { $0 = max($0, now) }
            running.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        }
        #expect(most.withLock { $0 } <= 2)
    }

    @Test(arguments: [1, 2, 5]) func fillsChunks(threads: Int) {
        var array = [Int](repeating: -1, count: 103)
        let ranges = parallelChunks(of: &array, chunkLength: 10, threads: threads) { chunk, range, elements in
            for e in elements.indices { elements[e] = range.lowerBound + e + chunk * 1000 }
            return range
        }
        #expect(ranges.count == 11 && ranges[10] == 100..<103)
        #expect(array == (0..<103).map { $0 + $0 / 10 * 1000 })
    }

    @Test(arguments: [1, 2, 5]) func changesRanges(threads: Int) {
        var array = [Int](repeating: -1, count: 50)
        let sums = parallelRanges(of: &array, [2..<5, 5..<5, 9..<40], threads: threads) { number, range, elements in
            for e in elements.indices { elements[e] = range.lowerBound + e }
            return number
        }
        #expect(sums == [0, 1, 2])
        #expect(array == (0..<50).map { 2..<5 ~= $0 || 9..<40 ~= $0 ? $0 : -1 })
    }

    @Test(arguments: [1, 2, 5]) func appendsPieces(threads: Int) {
        var array = [7, 8]
        array.append(pieces: [3, 0, 40], threads: threads) { piece, elements in
            while !elements.isFull { elements.append(100 * piece + elements.count) }
        }
        array.append(pieces: [], threads: threads) { _, _ in }
        #expect(array == [7, 8, 0, 1, 2] + (0..<40).map { 200 + $0 })
    }
}
