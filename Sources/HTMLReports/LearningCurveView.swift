#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The curve as the template `evaluation` inserts it.
struct LearningCurveView: Encodable {
    struct Tick: Encodable {
        let place: String
        let text: String
    }
    struct Line: Encodable {
        let name: String
        let path: String
    }
    struct Dot: Encodable {
        let x: String
        let y: String
        let text: String
    }

    let grid: String
    let valueTicks: [Tick]
    let sizeTicks: [Tick]
    let band: String
    /// What was measured, and dashed what is expected beyond.
    let measured: [Line]
    let expected: [Line]
    let secondMeasured: [Line]
    let secondExpected: [Line]
    let labelLines: [Line]
    let dots: [Dot]
    let table: TableView
    let legend: String
    let note: String

    /// Labels whose lines are drawn; more would be a blot.
    private static let lineLimit = 30
    /// The least distance of two numbers on the axis of sizes.
    private static let tickDistance = 70.0

    /// `nil` where there is no point to draw.
    init?(_ curve: LearningCurveFigures) {
        let averages = curve.series.filter { !$0.isLabel }
        let labels = curve.series.filter(\.isLabel)
        guard let first = averages.first ?? labels.first, let scale = Scale(curve.series) else { return nil }
        func lines(_ series: [LearningCurveFigures.Series], isMeasured: Bool) -> [Line] {
            series.compactMap { series in
                // The expectation begins where the measurement ends.
                let points = isMeasured ? series.points : Array(series.points.suffix(1)) + series.projections
                return points.count > 1 ? Line(name: series.name, path: scale.path(points)) : nil
            }
        }
        grid = scale.grid
        valueTicks = scale.values.map { Tick(place: scale.y($0, drop: 5), text: fixed($0, 1)) }
        sizeTicks = scale.sizes(apart: Self.tickDistance).map {
            Tick(place: scale.x($0), text: "\(Int($0.rounded()))")
        }
        band = scale.band(first.points + first.projections)
        measured = lines([first], isMeasured: true)
        expected = lines([first], isMeasured: false)
        secondMeasured = lines(Array(averages.dropFirst()), isMeasured: true)
        secondExpected = lines(Array(averages.dropFirst()), isMeasured: false)
        let isDrawn = labels.count <= Self.lineLimit
        labelLines = isDrawn ? lines(labels, isMeasured: true) + lines(labels, isMeasured: false) : []
        dots = (averages + (isDrawn ? labels : [])).flatMap { series in
            series.points.map { point in
                Dot(
                    x: scale.x(point.articleCount), y: scale.y(point.value),
                    text: "\(series.name) after \(Int(point.articleCount.rounded())) articles: \(Self.text(point))")
            }
        }
        legend =
            "Thick: \(first.name) with its 90 % interval"
            + (averages.count > 1 ? "; orange: " + averages.dropFirst().map(\.name).joined(separator: ", ") : "")
            + (labelLines.isEmpty || averages.isEmpty ? "" : "; thin: the labels")
            + ". Dashed: what is to be expected of more articles, by an inverse power law. The axis of articles is logarithmic."
        note = curve.note
        let sizes = first.points.suffix(1) + first.projections
        table = TableView(
            header: ["F1 of"] + sizes.map { "\(Int($0.articleCount.rounded())) articles" } + ["twice as many"],
            isNumeric: [false] + sizes.map { _ in true } + [false],
            rows: curve.series.map { series in
                let points = series.points.suffix(1) + series.projections
                return [series.name] + points.map(Self.text) + Array(repeating: "–", count: max(0, sizes.count - points.count))
                    + [series.verdict]
            })
    }

    private static func text(_ point: LearningCurveFigures.Point) -> String {
        "\(fixed(point.value)) (\(fixed(point.lower)) to \(fixed(point.upper)))"
    }
}

extension LearningCurveView {
    /// Sizes, on a logarithmic axis, and values as places in the view box.
    fileprivate struct Scale {
        let least: Double
        let greatest: Double
        /// The value at the foot of the chart; at its top is 1.
        let bottom: Double
        let step: Double
        private let measuredSizes: [Double]

        init?(_ series: [LearningCurveFigures.Series]) {
            let points = series.flatMap { $0.points + $0.projections }.filter { $0.articleCount > 0 }
            let sizes = Set(points.map(\.articleCount)).sorted()
            guard let least = sizes.first, let greatest = sizes.last, least < greatest,
                let lowest = points.map(\.value).min()
            else { return nil }
            (self.least, self.greatest, measuredSizes) = (least, greatest, sizes)
            step = lowest < 0.5 ? 0.2 : 0.1
            bottom = min(1 - step, max(0, (lowest / step).rounded(.down) * step))
        }

        var values: [Double] { Array(stride(from: bottom, through: 1.0001, by: step)) }

        func x(_ size: Double) -> String {
            fixed(60 + 480 * log(size / least) / log(greatest / least), 1)
        }

        /// - Parameter drop: how far below, where a number is to stand beside its place.
        func y(_ value: Double, drop: Double = 0) -> String {
            fixed(380 - 360 * (min(max(value, bottom), 1) - bottom) / (1 - bottom) + drop, 1)
        }

        var grid: String { values.map { "M60 \(y($0))H540" }.joined() }

        /// Sizes whose numbers do not run into each other, the greatest among them.
        func sizes(apart distance: Double) -> [Double] {
            var kept: [Double] = []
            for size in measuredSizes.reversed() {
                let place = 480 * log(size / least) / log(greatest / least)
                let last = kept.last.map { 480 * log($0 / least) / log(greatest / least) }
                if last.map({ $0 - place >= distance }) ?? true { kept.append(size) }
            }
            return kept.reversed()
        }

        func path(_ points: [LearningCurveFigures.Point]) -> String {
            points.enumerated().map { ($0.offset == 0 ? "M" : "L") + x($0.element.articleCount) + " " + y($0.element.value) }
                .joined()
        }

        func band(_ points: [LearningCurveFigures.Point]) -> String {
            guard points.count > 1 else { return "" }
            let upper = points.map { "\(x($0.articleCount)) \(y($0.upper))" }
            let lower = points.reversed().map { "\(x($0.articleCount)) \(y($0.lower))" }
            return "M" + (upper + lower).joined(separator: "L") + "Z"
        }
    }
}
