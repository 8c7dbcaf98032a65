import Benchmarking
import Evaluation
import TextClassification

/// A benchmark as one HTML page that needs nothing else.
public struct BenchmarkPage: Sendable {
    private let report: BenchmarkReport

    public init(_ report: BenchmarkReport) { self.report = report }

    /// What the page shows.
    public var content: PageContent {
        get throws { try PageContent(template: "benchmark", View(report)) }
    }

    /// What the template `benchmark` inserts.
    fileprivate struct View: Encodable {
        struct SectionView: Encodable {
            let name: String
            let description: String
            let chart: IntervalChart?
            let table: TableView
        }
        let title: String
        let summary: String
        let overview: TableView?
        let sections: [SectionView]
        let legend: [String]

        init(_ report: BenchmarkReport) {
            func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
            title =
                "Benchmark: \(counted(report.recipes.count, "recipe")) on \(counted(report.sections.count, "data set"))"
            summary =
                "SectorKit \(report.environment.toolkitVersion), \(report.environment.threadCount) of "
                + "\(report.environment.processorCount) processors, seed \(report.environment.seed)"
            overview = report.overview.map { TableView($0) }
            sections = report.sections.map { section in
                SectionView(
                    name: section.name, description: report.description(of: section),
                    chart: IntervalChart(section, names: report.displayName), table: TableView(report.table(of: section)))
            }
            legend = report.legend
        }
    }
}

extension TableView {
    fileprivate init(_ table: BenchmarkReport.Table) {
        self.init(header: table.header, isNumeric: table.isNumeric, rows: table.rows)
    }
}

/// Values with their intervals, a line a recipe.
struct IntervalChart: Encodable {
    struct Tick: Encodable {
        let x: String
        let text: String
    }
    struct Row: Encodable {
        let name: String
        let textY: String
        let x: String
        let y: String
        let stem: String
        let isReference: Bool
        let isWorse: Bool
        let text: String
    }
    let height: Int
    let label: String
    let note: String
    let grid: String
    let ticks: [Tick]
    let rows: [Row]

    private static let left = 270.0
    private static let right = 740.0
    private static let pitch = 26

    /// `nil` where nothing was measured.
    init?(_ section: BenchmarkReport.Section, names: (String) -> String) {
        let measured = section.rows.compactMap { row in
            section.interval(of: row).map { (row: row, interval: $0) }
        }
        let step = 0.02
        guard let least = measured.map(\.interval.lower).min(), let greatest = measured.map(\.interval.upper).max() else {
            return nil
        }
        // Ends of the axis at whole steps, so that its numbers are round; wide ranges get fewer of them.
        let low = (least / step).rounded(.down)
        let high = max((greatest / step).rounded(.up), low + 1)
        func x(_ value: Double) -> String {
            fixed(Self.left + (Self.right - Self.left) * (value / step - low) / (high - low), 1)
        }
        let stride = max(1, Int(((high - low) / 6).rounded(.up)))
        let marks = Swift.stride(from: low, through: high, by: Double(stride)).map { $0 * step }
        let bottom = 26 + measured.count * Self.pitch
        height = bottom + 6
        let figure = section.figure.name(for: section.task ?? .single)
        label = "\(figure) of \(measured.count) recipes with their intervals"
        note = "\(figure) with its interval. Filled: what the others are compared with; orange: worse than that."
        ticks = marks.map { Tick(x: x($0), text: fixed($0, 2)) }
        grid = marks.map { "M\(x($0)) 20V\(bottom)" }.joined()
        rows = measured.enumerated().map { position, item in
            let y = 38 + position * Self.pitch
            let name = names(item.row.recipe)
            let verdict = item.row.measurement?.comparison.verdict
            return Row(
                name: name.count > 34 ? name.prefix(33) + "…" : name, textY: "\(y + 5)", x: x(item.interval.estimate), y: "\(y)",
                stem: "M\(x(item.interval.lower)) \(y)H\(x(item.interval.upper))", isReference: verdict == .reference,
                isWorse: verdict == .worse,
                text:
                    "\(name): \(fixed(item.interval.estimate, 4)) (\(fixed(item.interval.lower, 4)) to \(fixed(item.interval.upper, 4)))"
            )
        }
    }
}
