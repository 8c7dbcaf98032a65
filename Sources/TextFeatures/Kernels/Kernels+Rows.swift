import CKernels
import LinearAlgebra

// What makes rows of known terms.
extension Kernels {
    /// How many elements behind the last one the kept terms must have.
    static let keepSlack = Int(SK_KEEP_SLACK)

    /// Copies those of a range of nodes that are within 1...termCount to `kept` from a place on; returns how many they are.
    /// - Precondition: `keepSlack` elements stand behind the room for all of them.
    static func keep(
        _ nodes: Span<UInt32>, _ range: Range<Int>, termCount: Int, into kept: inout [UInt32], at place: Int
    ) -> Int {
        precondition(range.lowerBound >= 0 && range.upperBound <= nodes.count && termCount >= 0)
        precondition(place >= 0 && place + range.count + keepSlack <= kept.count)
        return unsafe nodes.withUnsafeBufferPointer { nodes in
            unsafe kept.withUnsafeMutableBufferPointer { kept in
                guard let first = nodes.baseAddress, let to = kept.baseAddress else { return 0 }
                return unsafe sk_keep_terms(
                    instructionSet, first + range.lowerBound, range.count, UInt32(termCount), to + place)
            }
        }
    }

    /// Appends rows of articles to columns and values, the end of each row to `ends`, and what share of its terms is known to `shares`, as
    /// `sk_fill_rows` says.
    /// - Precondition: the known terms are within 1...codes.count; there are a power of two of factors; `memory` has room for each of the articles.
    static func fill(
        _ known: borrowing KnownTerms, _ articles: Range<Int>, _ weighting: sk_weighting, frequencies: [Double],
        codes: Span<UInt16>, factors: [Float], memory: inout TermCounter.Memory, columns: inout OutputSpan<Int32>,
        values: inout OutputSpan<Float>, ends: inout OutputSpan<Int>, shares: inout OutputSpan<Float>
    ) {
        precondition(articles.lowerBound >= 0 && articles.upperBound <= known.articleEnds.count)
        let (first, term) = known.start(of: articles.lowerBound)
        let termCount = known.start(of: articles.upperBound).term - term
        precondition(known.termCount <= codes.count && frequencies.count == Int(SK_FREQUENCIES))
        precondition(factors.count > 0 && factors.count & (factors.count - 1) == 0)
        precondition(memory.capacity >= known.largestCount && known.largestCount < Int(Int32.max))
        precondition(columns.count == values.count && termCount <= min(columns.freeCapacity, values.freeCapacity))
        precondition(articles.count <= min(ends.freeCapacity, shares.freeCapacity))
        let slotCount = memory.slots.count
        unsafe withUnsafePointer(to: weighting) { weighting in
            unsafe known.articleEnds.withUnsafeBufferPointer { articleEnds in
                unsafe Self.withFactors(codes, factors) { factors in
                    unsafe columns.withUnsafeMutableBufferPointer { columns, columnCount in
                        unsafe values.withUnsafeMutableBufferPointer { values, valueCount in
                            unsafe ends.withUnsafeMutableBufferPointer { ends, endCount in
                                unsafe shares.withUnsafeMutableBufferPointer { shares, shareCount in
                                    guard let articleEnds = articleEnds.baseAddress, let ends = ends.baseAddress,
                                        let shares = shares.baseAddress
                                    else { return }
                                    columnCount = unsafe sk_fill_rows(
                                        instructionSet, weighting, frequencies, factors, known.terms, term,
                                        known.fields, first, articleEnds + articles.lowerBound, articles.count, &memory.slots,
                                        slotCount, &memory.slotBase, &memory.entries, columnCount, columns.baseAddress,
                                        values.baseAddress, ends + endCount, shares + shareCount)
                                    valueCount = columnCount
                                    endCount += articles.count
                                    shareCount += articles.count
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    @unsafe
    private static func withFactors<Result>(_ codes: Span<UInt16>, _ values: [Float], _ body: (sk_factors) -> Result) -> Result {
        unsafe codes.withUnsafeBufferPointer { codes in
            unsafe values.withUnsafeBufferPointer { values in
                unsafe body(sk_factors(codes: codes.baseAddress, values: values.baseAddress, mask: UInt32(values.count - 1)))
            }
        }
    }
}
