import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Small operations on scores of articles × classes, row after row.
enum ScoreTable {
    /// Rows of vectors of four as rows of `classCount` numbers, with an intercept added to each class.
    static func unpacked(_ block: [SIMD4<Float>], classCount: Int, adding intercepts: [Double]) -> [Double] {
        let width = FeatureBlock.width(classCount)
        let rowCount = width == 0 ? 0 : block.count / width
        var scores = [Double](repeating: 0, count: rowCount * classCount)
        var output = scores.mutableSpan
        let input = block.span
        for row in 0..<rowCount {
            for c in 0..<classCount {
                output[row * classCount + c] = Double(input[row * width + c / 4][c % 4]) + intercepts[c]
            }
        }
        return scores
    }

    /// Replaces every row by its softmax.
    static func softmaxRows(_ scores: inout [Double], classCount: Int) {
        var span = scores.mutableSpan
        var start = 0
        while start < span.count {
            _ = softmax(&span, in: start..<start + classCount)
            start += classCount
        }
    }

    /// Replaces every row by the logarithm of its softmax.
    static func logSoftmaxRows(_ scores: inout [Double], classCount: Int) {
        var start = 0
        while start < scores.count {
            let total = logSumExp(scores, start..<start + classCount)
            for i in start..<start + classCount { scores[i] -= total }
            start += classCount
        }
    }

    /// ln Σ eˣ over a range.
    static func logSumExp(_ values: [Double], _ range: Range<Int>) -> Double {
        var largest = -Double.infinity
        for i in range where values[i] > largest { largest = values[i] }
        guard largest > -.infinity else { return largest }
        var sum = 0.0
        for i in range { sum += exp(values[i] - largest) }
        return largest + log(sum)
    }

    /// The rows at the given positions.
    static func rows(_ scores: [Double], _ positions: [Int], classCount: Int) -> [Double] {
        var selected: [Double] = []
        selected.reserveCapacity(positions.count * classCount)
        for position in positions { selected += scores[position * classCount..<(position + 1) * classCount] }
        return selected
    }

    /// The mean of every column over the first rows.
    static func columnMeans(_ scores: [Double], rowCount: Int, classCount: Int) -> [Double] {
        var means = [Double](repeating: 0, count: classCount)
        for position in 0..<rowCount * classCount { means[position % classCount] += scores[position] }
        return means.map { $0 / Double(max(1, rowCount)) }
    }
}
