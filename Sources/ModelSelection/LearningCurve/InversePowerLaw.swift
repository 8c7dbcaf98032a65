#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The curve y(m) = a − b m^(−c) that figures of classifiers follow as the number m of training articles grows (Figueroa et al.,
/// "Predicting sample size required for classification performance", 2012), with a ≤ 1, b ≥ 0 and 0.05 ≤ c ≤ 2.
public struct InversePowerLaw: Sendable, Equatable, Codable {
    /// What the figure comes to with articles without end.
    public let asymptote: Double
    /// How far the first articles are from it.
    public let scale: Double
    /// How fast it comes near.
    public let exponent: Double

    /// The least-squares fit Σ w (y − y(m))², weighted by w = m since figures of larger training sets vary less; `nil` with fewer
    /// than three different m. For each c the best a and b are found in closed form, c by golden sections around the best of a grid.
    public init?(_ points: [(articleCount: Double, value: Double)]) {
        guard Set(points.map(\.articleCount)).count >= 3, points.allSatisfy({ $0.articleCount > 0 && $0.value.isFinite }) else {
            return nil
        }
        let grid = (0...39).map { 0.05 + Double($0) * 0.05 }
        let errors = grid.map { Self.best(points, exponent: $0).error }
        let start = errors.indices.min { errors[$0] < errors[$1] } ?? 0
        var (low, high) = (grid[max(0, start - 1)], grid[min(grid.count - 1, start + 1)])
        let golden = 0.6180339887498949
        for _ in 0..<60 {
            let (left, right) = (high - golden * (high - low), low + golden * (high - low))
            if Self.best(points, exponent: left).error <= Self.best(points, exponent: right).error {
                high = right
            } else {
                low = left
            }
        }
        let exponent = (low + high) / 2
        let best = Self.best(points, exponent: exponent)
        (asymptote, scale, self.exponent) = (best.asymptote, best.scale, exponent)
    }

    /// The value at a number of articles.
    public func value(at articleCount: Double) -> Double { asymptote - scale * pow(articleCount, -exponent) }

    private static func best(
        _ points: [(articleCount: Double, value: Double)], exponent: Double
    ) -> (asymptote: Double, scale: Double, error: Double) {
        var (weights, sx, sy, sxx, sxy) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for point in points {
            let (w, x) = (point.articleCount, pow(point.articleCount, -exponent))
            weights += w
            sx += w * x
            sy += w * point.value
            sxx += w * x * x
            sxy += w * x * point.value
        }
        let determinant = weights * sxx - sx * sx
        var slope = determinant > 0 ? (weights * sxy - sx * sy) / determinant : 0
        var asymptote = (sy - slope * sx) / weights
        if slope > 0 {
            // A figure that falls with more articles is taken as constant.
            (slope, asymptote) = (0, sy / weights)
        }
        if asymptote > 1 {
            asymptote = 1
            slope = min(0, sxx > 0 ? (sxy - sx) / sxx : 0)
        }
        let error = points.reduce(0) { sum, point in
            let residual = point.value - asymptote - slope * pow(point.articleCount, -exponent)
            return sum + point.articleCount * residual * residual
        }
        return (asymptote, -slope, error)
    }
}
