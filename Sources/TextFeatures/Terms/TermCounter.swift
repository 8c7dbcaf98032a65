import LinearAlgebra

/// Counts the terms of texts: a hash table of terms that grows, with for every term its bytes, in how many articles it occurs, how
/// often in all, and where first; and for every article its terms with their counts.
///
/// One counter belongs to one thread; `Vocabulary.fitted` joins them.
struct TermCounter {
    /// The hash of each term.
    private(set) var hashes: [UInt64] = []
    /// Where the bytes of each term begin in `bytes`; one more entry closes the last term.
    private(set) var offsets: [Int] = [0]
    private(set) var bytes: [UInt8] = []
    /// In how many articles each term occurs.
    private(set) var documentFrequencies: [Int32] = []
    /// The summed weighted counts of each term, in units of 2⁻²⁰: whole numbers, whose sum does not depend on how the articles are
    /// divided among counters.
    private(set) var totals: [Int64] = []
    /// The article in which each term occurred first, and its place among that article's terms.
    private(set) var firstArticles: [Int32] = []
    private(set) var firstPlaces: [Int32] = []

    /// For each article its terms and their weighted counts, in order of first occurrence.
    private(set) var rowOffsets: [Int] = [0]
    private(set) var rowTerms: [Int32] = []
    private(set) var rowCounts: [Float] = []

    /// Slots of the hash table: 0 empty, else term + 1; the upper half of the hash beside it saves most comparisons.
    private var slots: [UInt64]
    private var mask: Int
    /// For each term its place in the row being built, valid where `stamps` says so.
    private var places: [Int32] = []
    private var stamps: [Int32] = []
    private var article: Int32

    init(firstArticle: Int) {
        slots = [UInt64](repeating: 0, count: 1 << 12)
        mask = slots.count - 1
        article = Int32(firstArticle)
    }

    /// The number of different terms.
    var count: Int { hashes.count }

    func termBytes(_ term: Int) -> ArraySlice<UInt8> { bytes[offsets[term]..<offsets[term + 1]] }

    /// Counts an occurrence, of the given weight, of the term `text[start..<end]`.
    @inline(__always)
    mutating func add(_ hash: UInt64, _ text: Span<UInt8>, _ start: Int, _ end: Int, weight: Float) {
        let term = termNumber(hash, text, start, end)
        if stamps[term] == article {
            rowCounts[Int(places[term])] += weight
        } else {
            stamps[term] = article
            places[term] = Int32(truncatingIfNeeded: rowTerms.count)
            if documentFrequencies[term] == 0 {
                firstArticles[term] = article
                firstPlaces[term] = Int32(truncatingIfNeeded: rowTerms.count - rowOffsets[rowOffsets.count - 1])
            }
            documentFrequencies[term] += 1
            rowTerms.append(Int32(truncatingIfNeeded: term))
            rowCounts.append(weight)
        }
    }

    mutating func endArticle() {
        for position in rowOffsets[rowOffsets.count - 1]..<rowTerms.count {
            let term = Int(rowTerms[position])
            totals[term] = Self.sum(totals[term], Int64(Double(rowCounts[position]) * 0x1p20))
        }
        rowOffsets.append(rowTerms.count)
        article += 1
    }

    /// The sum of two totals, or the largest number there is.
    static func sum(_ first: Int64, _ second: Int64) -> Int64 {
        let (sum, isOverflow) = first.addingReportingOverflow(second)
        return isOverflow ? .max : sum
    }

    @inline(__always)
    private mutating func termNumber(_ hash: UInt64, _ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        let tag = hash & 0xFFFF_FFFF_0000_0000
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = slots[slot]
            if entry == 0 { break }
            if entry & 0xFFFF_FFFF_0000_0000 == tag {
                let term = Int(entry & 0xFFFF_FFFF) - 1
                if hashes[term] == hash, isEqual(term, text, start, end) { return term }
            }
            slot = (slot + 1) & mask
        }
        let term = hashes.count
        precondition(term < Int(Int32.max) - 1, "too many different terms")
        slots[slot] = tag | UInt64(term + 1)
        hashes.append(hash)
        for position in start..<end { bytes.append(text[position]) }
        offsets.append(bytes.count)
        documentFrequencies.append(0)
        totals.append(0)
        firstArticles.append(0)
        firstPlaces.append(0)
        places.append(0)
        stamps.append(-1)
        if hashes.count * 2 > slots.count { grow() }
        return term
    }

    @inline(__always)
    private func isEqual(_ term: Int, _ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        let offset = offsets[term]
        guard offsets[term + 1] - offset == end - start else { return false }
        for position in 0..<end - start where bytes[offset + position] != text[start + position] { return false }
        return true
    }

    private mutating func grow() {
        let size = slots.count * 2
        mask = size - 1
        slots = [UInt64](repeating: 0, count: size)
        for (term, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(term + 1)
        }
    }
}
