/// How the components of a mixture belong to the classes: each class has one or several, one after another.
///
/// Multinomial naive Bayes describes a class by one list of word frequencies. A class that holds half of a skewed archive is rarely so
/// uniform: the part that is not described well fits a small class better, and expectation maximisation moves it there. So a class has as many
/// components as whole equal shares fit into it: all components then hold about as much (several components a class: Nigam, McCallum, Thrun &
/// Mitchell 2000, section 5.3, where their number is chosen by hand).
struct ClassComponents: Sendable, Equatable {
    /// The components of each class.
    let ranges: [Range<Int>]

    /// The most components of a class.
    private static let maximum = 8

    /// - Parameter shares: those of the classes in the archive.
    init(shares: [Double]) {
        self.init(counts: shares.map { min(max(Int($0 * Double(shares.count) + 1e-9), 1), Self.maximum) })
    }

    /// - Parameter counts: how many components each class has, at least one.
    init(counts: [Int]) {
        var ranges: [Range<Int>] = []
        for count in counts { ranges.append((ranges.last?.upperBound ?? 0)..<(ranges.last?.upperBound ?? 0) + count) }
        self.ranges = ranges
    }

    var classCount: Int { ranges.count }
    var count: Int { ranges.last?.upperBound ?? 0 }

    /// Articles × classes: the sums over the components of every class. O(articles · components).
    func sums(_ table: [Double]) -> [Double] { perClass(table) { table, range in range.reduce(0) { $0 + table[$1] } } }

    /// Articles × classes: ln Σ eˣ over the components of every class. O(articles · components).
    func logSums(_ table: [Double]) -> [Double] { perClass(table, ScoreTable.logSumExp) }

    private func perClass(_ table: [Double], _ value: ([Double], Range<Int>) -> Double) -> [Double] {
        guard count > classCount else { return table }
        var result: [Double] = []
        result.reserveCapacity(table.count / count * classCount)
        for start in stride(from: 0, to: table.count, by: count) {
            for range in ranges { result.append(value(table, start + range.lowerBound..<start + range.upperBound)) }
        }
        return result
    }
}
