import FoundationEssentials

extension BenchmarkReport {
    /// What a set is, in words: `5485 articles to train on, 2189 to test with, 8 labels`.
    public func description(of section: Section) -> String {
        guard section.task != nil else { return "could not be read" }
        let labels = "\(section.labelCount) labels (\(section.task == .single ? "single-label" : "multi-label"))"
        if let folds = section.foldCount { return "\(section.testCount) articles, \(folds)-fold cross-validation, \(labels)" }
        return "\(section.trainingCount) articles to train on, \(section.testCount) to test with, \(labels)"
    }

    /// The report for people at a terminal. Ends with a newline.
    public var text: String {
        var lines: [String] = []
        if let overview { lines += overview.textLines + [""] }
        for section in sections {
            lines += ["\(section.name): \(description(of: section))", ""] + table(of: section).textLines + [""]
        }
        lines += legend.flatMap { Self.wrapped($0, width: 100) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The report as Markdown. Ends with a newline.
    public var markdown: String {
        var blocks: [String] = []
        if let overview { blocks.append(overview.markdown) }
        for section in sections {
            blocks.append("**\(Table.escaped(section.name))**: \(description(of: section))")
            blocks.append(table(of: section).markdown)
        }
        blocks += legend.map { Table.escaped($0) }
        return blocks.joined(separator: "\n\n") + "\n"
    }

    /// The report as JSON with sorted keys: equal reports give equal text.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    private static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}

extension BenchmarkReport.Table {
    /// Aligned columns. A row of fewer cells than there are columns ends where it ends.
    var textLines: [String] {
        let full = rows.filter { $0.count == header.count }
        let widths = header.indices.map { column in
            let cells = [header[column].count] + full.map { $0[column].count }
            let names = column == 0 ? rows.map { $0[0].count } : []
            return (cells + names).max() ?? 0
        }
        return ([header] + rows).map { row in
            var line = " "
            for (column, cell) in row.enumerated() {
                let gap = String(repeating: " ", count: max(0, widths[column] - cell.count))
                let isShort = row.count < header.count && column > 0
                line += " " + (isNumeric[column] && !isShort ? gap + cell : cell + gap) + " "
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    var markdown: String {
        let ruler = isNumeric.map { $0 ? "---:" : "---" }
        let body = rows.map { row in row + Array(repeating: "", count: header.count - row.count) }
        return ([header, ruler] + body).map { row in
            let isRuler = row == ruler
            return "| " + row.map { isRuler ? $0 : Self.escaped($0.trimmed) }.joined(separator: " | ") + " |"
        }.joined(separator: "\n")
    }

    /// Text that Markdown takes for nothing else, and that stays in its cell.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "|", "\\", "`", "*", "_", "<", ">", "[", "]", "&": escaped += "\\" + String(scalar)
            case "\n", "\r": escaped += " "
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension String {
    fileprivate var trimmed: String { String(trimmingPrefix { $0 == " " }.reversed().trimmingPrefix { $0 == " " }.reversed()) }
}
