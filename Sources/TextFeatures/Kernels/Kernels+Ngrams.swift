import CKernels
import LinearAlgebra

typealias TermRecord = sk_term_record
typealias NgramOccurrence = sk_occurrence
typealias NgramSlot = sk_ngram_slot
typealias CountedNgram = sk_ngram

// What counts terms while a vocabulary is fitted.
extension Kernels {
    /// Counts the nodes of a range of a field, and writes them as terms from `place` on, as `sk_note_terms` says.
    /// - Precondition: every node is one of `records`.
    static func noteTerms(
        _ nodes: [UInt32], _ range: Range<Int>, article: Int32, records: inout [TermRecord], terms: inout [UInt32], at place: Int
    ) {
        precondition(range.lowerBound >= 0 && range.upperBound <= nodes.count && place >= 0 && place + range.count <= terms.count)
        guard !range.isEmpty else { return }
        unsafe nodes.withUnsafeBufferPointer { nodes in
            unsafe records.withUnsafeMutableBufferPointer { records in
                unsafe terms.withUnsafeMutableBufferPointer { terms in
                    unsafe sk_note_terms(
                        nodes.baseAddress.unsafelyUnwrapped + range.lowerBound, range.count, article, records.baseAddress,
                        terms.baseAddress.unsafelyUnwrapped + place)
                }
            }
        }
    }

    /// Appends the numbers of terms, as `sk_number_terms` says.
    /// - Precondition: every term is one of `numbers`.
    static func appendNumbers(_ terms: Span<UInt32>, numbers: [UInt32], to result: inout OutputSpan<UInt32>) {
        precondition(terms.count <= result.freeCapacity && !numbers.isEmpty)
        unsafe terms.withUnsafeBufferPointer { terms in
            unsafe result.withUnsafeMutableBufferPointer { result, count in
                guard let from = terms.baseAddress, let to = result.baseAddress else { return }
                unsafe sk_number_terms(instructionSet, from, terms.count, numbers, to + count)
                count += terms.count
            }
        }
    }

    /// Replaces terms by their numbers, as `sk_renumber_terms` says.
    /// - Precondition: every term is one of `numbers`.
    static func renumber(_ terms: inout MutableSpan<UInt32>, numbers: [UInt32]) {
        unsafe terms.withUnsafeMutableBufferPointer { terms in
            guard let first = terms.baseAddress else { return }
            unsafe sk_renumber_terms(instructionSet, first, terms.count, numbers)
        }
    }

    /// How many n-grams that begin at some positions belong to each shard.
    ///
    /// The first `positionCount` terms are words. The n-gram at a position has the prefix that stands there among those from `prefixes` on, and
    /// the word that stands `distance` further on.
    static func shardCounts(
        _ terms: [UInt32], positionCount: Int, prefixes: Int, distance: Int, _ positions: Range<Int>, shardCount: Int
    ) -> [UInt32] {
        var counts = [UInt32](repeating: 0, count: shardCount)
        let positions = checked(positions, terms, positionCount, prefixes, distance)
        unsafe terms.withUnsafeBufferPointer { terms in
            guard let first = terms.baseAddress else { return }
            unsafe sk_count_shards(
                instructionSet, first + prefixes + positions.lowerBound, first + positions.lowerBound + distance, positions.count,
                UInt32(shardCount), &counts)
        }
        return counts
    }

    /// The positions at which n-grams may begin, that is, at which there is a word for their end.
    private static func checked(
        _ positions: Range<Int>, _ terms: [UInt32], _ positionCount: Int, _ prefixes: Int, _ distance: Int
    ) -> Range<Int> {
        precondition(positions.lowerBound >= 0 && positions.upperBound <= positionCount && distance > 0)
        precondition(prefixes >= 0 && prefixes + positionCount <= terms.count)
        return positions.clamped(to: 0..<max(0, positionCount - distance))
    }

    /// Writes those n-grams of pieces of the positions that belong to some shards, on up to so many threads, to the places of their shards,
    /// as `sk_divide_ngrams` says.
    /// - Parameters:
    ///   - pieces: positions, and the articles that they belong to.
    ///   - places: for each piece the place of the first n-gram of each shard.
    ///   - elements: the places of the n-grams of these shards.
    ///   - occurrences: are replaced, and keep their memory.
    /// - Precondition: the places are sums of `shardCounts` of the same pieces, so that no two n-grams have the same.
    static func divide(
        _ terms: [UInt32], positionCount: Int, prefixes: Int, distance: Int,
        pieces: [(positions: Range<Int>, articles: Range<Int>)], articleEnds: [UInt32], places: [[UInt32]],
        shards: Range<Int>, elements: Range<Int>, into occurrences: inout [NgramOccurrence], threads: Int
    ) {
        precondition(places.count == pieces.count)
        occurrences.removeAll(keepingCapacity: true)
        occurrences.reserveLargePages(elements.count)
        occurrences.append(addingCapacity: elements.count) { output in
            unsafe output.withUnsafeMutableBufferPointer { buffer, bufferCount in
                // No two pieces write to the same places, and the call ends before the buffer does.
                nonisolated(unsafe) let shared = unsafe buffer
                _ = parallelMap(count: pieces.count, threads: threads) { piece in
                    let (positions, articles) = pieces[piece]
                    precondition(articles.lowerBound >= 0 && articles.upperBound <= articleEnds.count)
                    precondition(!articles.isEmpty && Int(articleEnds[articles.upperBound - 1]) == positions.upperBound)
                    let within = checked(positions, terms, positionCount, prefixes, distance)
                    var own = places[piece]
                    precondition(shards.lowerBound >= 0 && shards.upperBound <= own.count)
                    unsafe terms.withUnsafeBufferPointer { terms in
                        unsafe articleEnds.withUnsafeBufferPointer { ends in
                            guard let first = terms.baseAddress, let end = ends.baseAddress, let place = unsafe shared.baseAddress
                            else { return }
                            unsafe sk_divide_ngrams(
                                instructionSet, first + prefixes + within.lowerBound, first + within.lowerBound + distance,
                                within.count, UInt32(within.lowerBound), end + articles.lowerBound, UInt32(articles.lowerBound),
                                UInt32(own.count), UInt32(shards.lowerBound), UInt32(shards.upperBound),
                                UInt32(elements.lowerBound), &own, place)
                        }
                    }
                }
                bufferCount = elements.count
            }
        }
    }

    /// What counting the n-grams of a shard takes, for one shard after the other.
    struct ShardMemory {
        fileprivate var slots: [NgramSlot] = []
        fileprivate var ngrams: [CountedNgram] = []

        /// Makes room for so many n-grams; returns how many slots they have.
        fileprivate mutating func reserve(_ count: Int) -> Int {
            var slotCount = 16
            while slotCount < count + count / 4 { slotCount *= 2 }
            if slots.count < slotCount {
                slots = [NgramSlot](repeating: NgramSlot(parts: 0, article: 0, document_frequency: 0), count: slotCount)
            }
            if ngrams.count <= count {
                let none = CountedNgram(parts: 0, first_position: 0, document_frequency: 0)
                ngrams = [CountedNgram](repeating: none, count: max(count + 1, slotCount * 3 / 4))
            }
            return slotCount
        }
    }

    /// Counts the n-grams of a shard, which are a range of the occurrences, and returns those that are kept, as `sk_count_shard` says.
    static func countShard(
        _ occurrences: inout MutableSpan<NgramOccurrence>, _ range: Range<Int>, minimumFrequency: Int, favouredEnd: Int,
        memory: inout ShardMemory
    ) -> [CountedNgram] {
        precondition(range.lowerBound >= 0 && range.upperBound <= occurrences.count)
        guard !range.isEmpty else { return [] }
        let slotCount = memory.reserve(range.count)
        let kept = unsafe occurrences.withUnsafeMutableBufferPointer { occurrences in
            unsafe sk_count_shard(
                occurrences.baseAddress.unsafelyUnwrapped + range.lowerBound, range.count, Int32(clamping: minimumFrequency),
                UInt32(clamping: favouredEnd), &memory.slots, UInt32(slotCount), &memory.ngrams)
        }
        return Array(memory.ngrams[..<kept])
    }

    /// Gives n-grams numbers from the one on that is next in `parts`, in the order that lists of their places give one after the other, on
    /// up to so many threads; appends their parts and their frequencies, and returns the number of each, 0 where none has the place.
    /// - Precondition: no place comes twice, and all are places of `ngrams`.
    static func number(
        _ ngrams: [CountedNgram], _ orders: [[UInt32]], parts: inout [UInt64], documentFrequencies: inout [Int32], threads: Int
    ) -> [UInt32] {
        let starts = orders.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        let (first, total) = (parts.count, starts[orders.count])
        var numbers = [UInt32](largeRepeating: 0, count: ngrams.count)
        parts.reserveLargePages(first + total)
        documentFrequencies.reserveLargePages(first + total)
        parts.append(addingCapacity: total) { parts in
            documentFrequencies.append(addingCapacity: total) { frequencies in
                unsafe parts.withUnsafeMutableBufferPointer { parts, partCount in
                    unsafe frequencies.withUnsafeMutableBufferPointer { frequencies, frequencyCount in
                        unsafe numbers.withUnsafeMutableBufferPointer { numbers in
                            // No two lists write to the same places, and the call ends before the buffers do.
                            nonisolated(unsafe) let shared = unsafe (parts, frequencies, numbers)
                            _ = parallelMap(count: orders.count, threads: threads) { list in
                                guard let parts = unsafe shared.0.baseAddress, let frequencies = unsafe shared.1.baseAddress
                                else { return }
                                unsafe sk_number_ngrams(
                                    ngrams, orders[list], orders[list].count, UInt32(first + starts[list]),
                                    parts + starts[list], frequencies + starts[list], shared.2.baseAddress)
                            }
                        }
                        frequencyCount += total
                    }
                    partCount += total
                }
            }
        }
        return numbers
    }

    /// Writes the n-grams of a range of occurrences to their positions, the first of which is `firstPosition`: `base` and the number that
    /// each has in its shard, which is 0 where it is not kept.
    static func place(
        _ occurrences: Span<NgramOccurrence>, base: Int, firstPosition: Int, in terms: inout MutableSpan<UInt32>
    ) {
        unsafe occurrences.withUnsafeBufferPointer { occurrences in
            unsafe terms.withUnsafeMutableBufferPointer { terms in
                guard let first = unsafe occurrences.first, let last = unsafe occurrences.last else { return }
                // They are ordered by position.
                precondition(Int(first.position) >= firstPosition && Int(last.position) < firstPosition + terms.count)
                unsafe sk_place_ngrams(
                    occurrences.baseAddress, occurrences.count, UInt32(base), UInt32(firstPosition), terms.baseAddress)
            }
        }
    }

    /// The numbers that are not 0, in their order.
    static func nonzero(_ numbers: [UInt32]) -> [UInt32] {
        var result = [UInt32](repeating: 0, count: numbers.count + 1)
        let count = unsafe sk_nonzero(numbers, numbers.count, &result)
        result.removeSubrange(count...)
        return result
    }

    /// Replaces the terms of articles by their numbers, as `sk_take_numbers` says; returns for each article how many different ones it has.
    /// - Precondition: every term is one of `numbers`; the articles end at ascending positions.
    static func takeNumbers(
        _ terms: inout MutableSpan<UInt32>, firstPosition: Int, articleEnds: Span<UInt32>, numbers: [UInt32]
    ) -> [UInt32] {
        guard !articleEnds.isEmpty else { return [] }
        precondition(Int(articleEnds[articleEnds.count - 1]) == firstPosition + terms.count)
        var counts = [UInt32](repeating: 0, count: articleEnds.count)
        unsafe terms.withUnsafeMutableBufferPointer { terms in
            unsafe articleEnds.withUnsafeBufferPointer { ends in
                guard let first = terms.baseAddress, let end = ends.baseAddress else { return }
                unsafe sk_take_numbers(instructionSet, first, UInt32(firstPosition), end, ends.count, numbers, &counts)
            }
        }
        return counts
    }

    /// Appends a span.
    static func append<Element: BitwiseCopyable>(_ source: Span<Element>, to target: inout OutputSpan<Element>) {
        precondition(source.count <= target.freeCapacity)
        unsafe source.withUnsafeBufferPointer { source in
            unsafe target.withUnsafeMutableBufferPointer { target, count in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                unsafe (to + count).initialize(from: from, count: source.count)
                count += source.count
            }
        }
    }
}
