import Evaluation

/// A number with so many digits behind the point; a dash where there is none.
func fixed(_ value: Double?, _ digits: Int = 3) -> String {
    let text = decimal(value, digits: digits)
    return text == "-" ? "–" : text
}

/// The axes from 0 to 1 that charts of this module are drawn on, in units of their view box.
enum UnitSquare {
    static func x(_ value: Double) -> String { fixed(60 + 480 * value, 1) }
    static func y(_ value: Double) -> String { fixed(380 - 360 * value, 1) }

    /// A line through points.
    static func path(_ points: [(x: Double, y: Double)]) -> String {
        points.enumerated().map { ($0.offset == 0 ? "M" : "L") + x($0.element.x) + " " + y($0.element.y) }.joined()
    }

    /// Precision over recall for every threshold, thinned to what can be seen.
    static func precisionRecallPath(_ ranking: BinaryRanking) -> String {
        guard ranking.positiveCount > 0 else { return "" }
        var points: [(x: Double, y: Double)] = []
        for point in ranking.points {
            let next = (
                x: Double(point.truePositives) / Double(ranking.positiveCount),
                y: Double(point.truePositives) / Double(point.truePositives + point.falsePositives)
            )
            if let last = points.last, point != ranking.points.last, abs(last.x - next.x) < 0.004, abs(last.y - next.y) < 0.004 {
                continue
            }
            points.append(next)
        }
        return path(points)
    }
}
