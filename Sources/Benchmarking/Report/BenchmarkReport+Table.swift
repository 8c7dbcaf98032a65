import Evaluation

extension BenchmarkReport {
    /// A table of strings: what text, Markdown and the page show alike.
    public struct Table: Sendable, Equatable {
        public var header: [String]
        public var rows: [[String]] = []
        /// Which columns hold numbers and are aligned right.
        public var isNumeric: [Bool]
    }

    /// The words of a verdict in a table.
    static func mark(_ comparison: Comparison, hasBaseline: Bool) -> String {
        switch comparison.verdict {
        case .reference: hasBaseline ? "baseline" : "best"
        case .better: "better"
        case .worse: "worse"
        case .noDifferenceShown: "="
        }
    }

    /// The rows of a section: the figure with its interval, the comparison, the other headline figure, costs.
    public func table(of section: Section) -> Table {
        let second: HeadlineFigure = section.figure == .macroF1 ? .microF1 : .macroF1
        var table = Table(
            header: [
                "recipe", section.figure.name(for: section.task ?? .single), "95 % interval",
                baseline == nil ? "to the best" : "to \(baseline ?? "")",
                second.name(for: section.task ?? .single), "log-loss", "train s", "processor s", "articles/s", "peak MB",
                "model MB",
            ],
            isNumeric: [false, true, false, false, true, true, true, true, true, true, true])
        if environment.confidence != 0.95 { table.header[2] = "\(decimal(100 * environment.confidence, digits: 1)) % interval" }
        for row in section.rows {
            guard let measurement = row.measurement, let interval = section.interval(of: row) else {
                guard let failure = row.failure else { continue }
                table.rows.append([displayName(row.recipe), "failed: \(failure)"])
                continue
            }
            let about = isDisturbed(measurement) ? "~" : ""
            table.rows.append([
                displayName(row.recipe), decimal(interval.estimate, digits: 4),
                "\(decimal(interval.lower, digits: 4)) to \(decimal(interval.upper, digits: 4))",
                Self.mark(measurement.comparison, hasBaseline: baseline != nil),
                decimal(measurement.figures[second.rawValue]?.estimate, digits: 4), decimal(measurement.logLoss),
                about + Self.seconds(measurement.trainingSeconds), about + Self.seconds(measurement.trainingProcessorSeconds),
                about + Self.rate(measurement.articlesPerSecond),
                measurement.peakBytes.map { Self.megabytes($0) } ?? "-", Self.megabytes(measurement.modelBytes),
            ])
        }
        return table
    }

    /// Recipes × sets: the figure of each set, with a mark, and the mean rank. `nil` for a single set.
    public var overview: Table? {
        guard sections.count > 1 else { return nil }
        let ranks = meanRanks
        var table = Table(header: ["recipe"] + sections.map(\.name), isNumeric: [false] + sections.map { _ in true })
        if !ranks.isEmpty {
            table.header.append("mean rank")
            table.isNumeric.append(true)
        }
        for recipe in recipes {
            var cells = [displayName(recipe.name)]
            for section in sections {
                guard let row = section.rows.first(where: { $0.recipe == recipe.name }),
                    row.measurement != nil || row.failure != nil
                else {
                    cells.append("-")
                    continue
                }
                guard let measurement = row.measurement else {
                    cells.append("failed")
                    continue
                }
                let sign =
                    switch measurement.comparison.verdict {
                    case .reference: "*"
                    case .noDifferenceShown: "="
                    case .better: "+"
                    case .worse: " "
                    }
                cells.append(decimal(section.estimate(of: row), digits: 4) + sign)
            }
            if !ranks.isEmpty { cells.append(ranks[recipe.name].map { decimal($0, digits: 1) } ?? "-") }
            table.rows.append(cells)
        }
        return table
    }

    /// The name in tables: recipes of another process are marked, since their times contain the protocol's.
    public func displayName(_ recipe: String) -> String {
        recipes.first { $0.name == recipe }?.isExternal == true ? recipe + " (plugin)" : recipe
    }

    /// What the marks mean, and what else a reader must know.
    public var legend: [String] {
        let reference = baseline.map { "the baseline \($0)" } ?? "the best of the set"
        var lines = [
            "Intervals: \(decimal(100 * environment.confidence, digits: 0)) %, bootstrap over articles (BCa, "
                + "\(environment.resampleCount) resamples). Compared with \(reference) on the same articles: paired permutation "
                + "test (\(environment.permutationCount) permutations), Holm's correction for the rows of a set; = no difference "
                + "can be shown.",
            "Each cell ran in a process of its own. train s: one fit, thresholds and calibration included, wall time (mean over "
                + "folds); processor s: the same in processor time of all threads, a plugin's too; articles/s: from text in memory to "
                + "decisions; peak MB: the whole process, reading included; \(environment.threadCount) of "
                + "\(environment.processorCount) processors.",
        ]
        if sections.contains(where: { $0.rows.contains { $0.measurement.map(isDisturbed) ?? false } }) {
            lines.append(
                "~: other programs kept more than a tenth of the processors busy meanwhile; such a time says little, and nothing about "
                    + "which recipe is faster.")
        }
        if sections.count > 1 {
            lines.append(
                "In the overview * is \(baseline == nil ? "the best of the set" : "the baseline"), = no difference from it can be "
                    + "shown\(baseline == nil ? "" : ", + significantly better"); the others are significantly worse.")
        }
        if recipes.contains(where: \.isExternal) {
            lines.append(
                "(plugin): another process does the work; times contain the protocol between the two, so speed is not compared "
                    + "here.")
        }
        lines += recipes.compactMap { recipe in recipe.note.map { "\(recipe.name): \($0)" } }
        return lines
    }

    static func seconds(_ value: Double) -> String { decimal(value, digits: value < 1 ? 3 : value < 100 ? 1 : 0) }

    static func megabytes(_ bytes: Int) -> String { decimal(Double(bytes) / 1e6, digits: bytes < 10_000_000 ? 2 : 0) }

    /// A rate with the thousands apart, three digits of it being what the measurement is good for.
    static func rate(_ value: Double) -> String {
        guard value >= 1000 else { return decimal(value, digits: value < 10 ? 1 : 0) }
        var unit = 1.0
        while value / unit >= 1000 { unit *= 10 }
        let digits = Array(String(Int((value / unit).rounded() * unit)))
        return String(
            digits.enumerated().flatMap { position, digit in
                position > 0 && (digits.count - position) % 3 == 0 ? [",", digit] : [digit]
            })
    }
}
