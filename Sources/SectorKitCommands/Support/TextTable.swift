/// Columns of text, aligned: those of numbers to the right, all others to the left.
struct TextTable {
    private let header: [String]
    private var rows: [[String]] = []

    init(header: String...) { self.header = header }

    var isEmpty: Bool { rows.isEmpty }

    mutating func append(_ cells: String...) { rows.append(cells) }

    /// The lines, each indented by two spaces. Widths count characters.
    var text: String {
        let all = header.isEmpty ? rows : [header] + rows
        let columnCount = all.map(\.count).max() ?? 0
        let widths = (0..<columnCount).map { column in all.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        let isNumeric = (0..<columnCount).map { column in
            rows.allSatisfy { $0.count <= column || $0[column].isEmpty || Double($0[column]) != nil }
        }
        return all.map { row in
            let cells = row.enumerated().map { column, cell in
                let gap = String(repeating: " ", count: widths[column] - cell.count)
                return isNumeric[column] ? gap + cell : cell + gap
            }
            var line = "  " + cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}

extension Double {
    /// The number with so many digits behind the point, rounded to nearest.
    func fixed(_ digits: Int) -> String {
        guard isFinite else { return "\(self)" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (magnitude * scale).rounded()
        guard scaled < 1e18 else { return "\(self)" }
        let whole = Int(scaled) / Int(scale)
        let rest = String(Int(scaled) % Int(scale))
        let sign = self < 0 && scaled > 0 ? "-" : ""
        return digits == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(String(repeating: "0", count: digits - rest.count))\(rest)"
    }

    /// The same with a sign before positive numbers too.
    func signed(_ digits: Int) -> String {
        let text = fixed(digits)
        return text.hasPrefix("-") ? text : "+" + text
    }
}
