import LinearAlgebra

/// In how many contexts of a reference corpus terms occur, and pairs of terms: what coherence is measured with.
///
/// A context is an article, or every window of some length that slides over the terms of an article. Only the terms asked for are
/// counted; their pairs take 4 bytes each.
public struct ReferenceCounts: Sendable, Equatable {
    /// The number of contexts.
    public private(set) var contextCount = 0
    private let places: [Int: Int]
    private let terms: [Int]
    /// In how many contexts both of a pair occur, or with itself a term; a triangle.
    private var counts: [Int32]

    private init(terms: [Int]) {
        self.terms = Set(terms).sorted()
        places = Dictionary(uniqueKeysWithValues: self.terms.enumerated().map { ($1, $0) })
        counts = Array(repeating: 0, count: self.terms.count * (self.terms.count + 1) / 2)
    }

    /// Counts articles: a context is a row, and a term is in it where its value is not 0.
    ///
    /// - Complexity: O(elements + Σ (terms asked for in the row)²).
    public init(articles rows: SparseMatrix, terms: [Int]) {
        self.init(terms: terms)
        var present: [Int] = []
        for i in 0..<rows.rowCount {
            present.removeAll(keepingCapacity: true)
            for e in rows.row(i) where rows.values[e] != 0 {
                if let place = places[Int(rows.columnIndices[e])] { present.append(place) }
            }
            count(Set(present).sorted())
        }
    }

    /// Counts windows: a context is `windowLength` terms in a row, moved on by one term at a time; the whole article where it is
    /// shorter, and none where it has no term.
    ///
    /// - Parameters:
    ///   - sequences: for every article its terms in their order, -1 for a word that is not in the vocabulary.
    ///   - windowLength: at least 1.
    public init(sequences: [[Int32]], terms: [Int], windowLength: Int) {
        precondition(windowLength > 0, "a window of \(windowLength) terms")
        self.init(terms: terms)
        for sequence in sequences {
            let own = sequence.map { places[Int($0)] ?? -1 }
            let windowCount = own.isEmpty ? 0 : max(1, own.count - windowLength + 1)
            guard own.contains(where: { $0 >= 0 }) else {
                contextCount += windowCount
                continue
            }
            var inside: [Int: Int] = [:]
            for place in own.prefix(windowLength) where place >= 0 { inside[place, default: 0] += 1 }
            var present = inside.keys.sorted()
            for window in 0..<windowCount {
                if window > 0 {
                    let (leaving, entering) = (own[window - 1], own[window + windowLength - 1])
                    if leaving != entering {
                        if leaving >= 0 {
                            inside[leaving]! -= 1
                            if inside[leaving] == 0 { inside[leaving] = nil }
                        }
                        if entering >= 0 { inside[entering, default: 0] += 1 }
                        if leaving >= 0 || entering >= 0 { present = inside.keys.sorted() }
                    }
                }
                count(present)
            }
        }
    }

    private mutating func count(_ present: [Int]) {
        contextCount += 1
        for (i, a) in present.enumerated() {
            let first = a * (a + 1) / 2
            for b in present[...i] { counts[first + b] += 1 }
        }
    }

    /// In how many contexts a term occurs; `nil` for one that was not asked for.
    public func count(of term: Int) -> Int? {
        places[term].map { Int(counts[$0 * ($0 + 1) / 2 + $0]) }
    }

    /// In how many contexts both terms occur; `nil` if one was not asked for.
    public func count(of term: Int, and other: Int) -> Int? {
        guard let a = places[term], let b = places[other] else { return nil }
        let (low, high) = (min(a, b), max(a, b))
        return Int(counts[high * (high + 1) / 2 + low])
    }
}
