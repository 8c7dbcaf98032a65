/// How many articles that are labelled i seem to be of class j: the confident joint (Northcutt, Jiang & Chuang 2021, section 3.1).
///
/// The threshold t_j of a class is the mean probability of j over the articles that are labelled j. An article labelled i counts for
/// class j where p_j ≥ t_j, of several such classes for the most probable one. Since only the articles that reach a threshold are
/// counted, each row is then scaled up to the number of articles with its label, and rounded to whole articles.
struct ConfidentJoint {
    /// Given class × true class.
    let counts: [[Int]]

    /// - Complexity: O(articles × classes + classes² log classes).
    init(given: [Int], rows: [[Double]], classCount: Int) {
        var sums = [Double](repeating: 0, count: classCount)
        var givenCounts = [Int](repeating: 0, count: classCount)
        for (label, row) in zip(given, rows) {
            sums[label] += row[label]
            givenCounts[label] += 1
        }
        // A class without articles has no threshold, and nothing is said to be of it.
        let thresholds = zip(sums, givenCounts).map { $1 > 0 ? max($0 / Double($1), 2e-6) - 1e-6 : Double.infinity }
        var joint = [[Double]](repeating: [Double](repeating: 0, count: classCount), count: classCount)
        for (label, row) in zip(given, rows) {
            let guess = row.indices.filter { row[$0] >= thresholds[$0] }.max { (row[$0], $1) < (row[$1], $0) }
            if let guess { joint[label][guess] += 1 }
        }
        counts = joint.indices.map { label in
            var row = joint[label]
            row[label] = max(1, row[label])
            let total = row.reduce(0, +)
            return Self.rounded(row.map { $0 / total * Double(givenCounts[label]) })
        }
    }

    /// How many articles labelled with a class to take for each other class, where one at least is to be left.
    func pruneCounts(of label: Int) -> [Int] {
        let row = counts[label]
        let excess = max(0, 1 - row[label])
        let share = Double(excess) / Double(max(1, row.count { $0 != 0 } - 1))
        return row.indices.map { $0 == label ? max(1, row[$0]) : max(0, Int(Double(row[$0]) - share)) }
    }

    /// Whole numbers near the given ones with the same sum: where rounding changes it, those give way that were rounded farthest.
    static func rounded(_ values: [Double]) -> [Int] {
        var whole = values.map { $0.rounded(.toNearestOrEven) }
        let difference = Int((values.reduce(0, +).rounded() - whole.reduce(0, +)).rounded())
        let order = values.indices.sorted { a, b in
            let (first, second) = (values[a] - whole[a], values[b] - whole[b])
            return difference < 0 ? (first, a) < (second, b) : (second, a) < (first, b)
        }
        for place in order.prefix(abs(difference)) { whole[place] += difference < 0 ? -1 : 1 }
        return whole.map { Int($0) }
    }
}
