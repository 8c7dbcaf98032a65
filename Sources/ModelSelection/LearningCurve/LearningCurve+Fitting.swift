import Evaluation
import LinearAlgebra
import TextClassification

extension LearningCurve {
    /// Curves of micro-F1, macro-F1 and each label's F1.
    static func curves(
        _ sizes: [Size], _ corpus: Corpus, resampleCount: Int, _ context: TrainingContext
    ) -> [Curve] {
        let labelCount = corpus.labels.count
        let foldCount = sizes.first?.folds.count ?? 0
        let counts = sizes.map { $0.articleCount / Double(max(1, foldCount)) }
        let whole = sizes.map { figures($0.folds.map { ($0, nil) }, labelCount) }
        // Folds and articles within them are drawn anew, the same for all sizes.
        let resampled: [[[Double]]] = parallelMap(count: foldCount == 0 ? 0 : resampleCount, threads: context.threadCount) {
            draw in
            var generator = RandomGenerator(seed: context.seed &+ 0x9E37_79B9_7F4A_7C15 &* UInt64(draw + 1))
            let drawn = (0..<foldCount).map { _ -> (fold: Int, articles: [Int]) in
                let fold = generator.nextInt(below: foldCount)
                let count = sizes[0].folds[fold].targets.count
                return (fold, (0..<count).map { _ in generator.nextInt(below: count) })
            }
            return sizes.map { size in figures(drawn.map { (size.folds[$0.fold], $0.articles) }, labelCount) }
        }
        let names = ["micro-F1", "macro-F1"] + Array(corpus.labels)
        return names.indices.map { figure in
            let points = sizes.indices.map { size in
                let (lower, upper) = interval(resampled.map { $0[size][figure] })
                return Point(
                    articleCount: counts[size],
                    labelledCount: figure < 2 ? nil : sizes[size].labelledCounts[figure - 2] / Double(foldCount),
                    value: whole[size][figure], lower: lower, upper: upper)
            }
            let fit = InversePowerLaw(zip(counts, whole).map { ($0, $1[figure]) })
            let fits = resampled.compactMap { draw in InversePowerLaw(zip(counts, draw).map { ($0, $1[figure]) }) }
            let projections = fit.map { fit in
                factors.map { factor in projection(fit, fits, factor: factor, articleCount: Double(corpus.count)) }
            }
            return Curve(
                name: names[figure], isLabel: figure >= 2, points: points, fit: fit, projections: projections ?? [],
                verdict: verdict(projections ?? []))
        }
    }

    /// Micro-F1, macro-F1 and each label's F1 of the given articles of each fold, all of them for `nil`.
    private static func figures(_ folds: [(metrics: Metrics, articles: [Int]?)], _ labelCount: Int) -> [Double] {
        var counts = [ConfusionCounts](repeating: .init(), count: labelCount)
        for (metrics, articles) in folds {
            for article in articles ?? Array(0..<metrics.targets.count) {
                for label in 0..<labelCount where metrics.targets[article, label] != .missing {
                    counts[label].count(
                        isPositive: metrics.targets[article, label] == .positive,
                        isGiven: metrics.decisions[article * labelCount + label])
                }
            }
        }
        let total = counts.reduce(into: ConfusionCounts()) { $0 += $1 }
        let labels = counts.map(\.f1)
        return [total.f1, labels.reduce(0, +) / Double(max(1, labelCount))] + labels
    }

    private static func projection(
        _ fit: InversePowerLaw, _ fits: [InversePowerLaw], factor: Double, articleCount: Double
    ) -> Projection {
        func bounded(_ value: Double) -> Double { min(max(value, 0), 1) }
        func gain(_ fit: InversePowerLaw) -> Double {
            bounded(fit.value(at: factor * articleCount)) - bounded(fit.value(at: articleCount))
        }
        let (lower, upper) = interval(fits.map { bounded($0.value(at: factor * articleCount)) })
        let (gainLower, gainUpper) = interval(fits.map(gain))
        return Projection(
            factor: factor, articleCount: factor * articleCount, value: bounded(fit.value(at: factor * articleCount)),
            lower: lower, upper: upper, gain: gain(fit), gainLower: gainLower, gainUpper: gainUpper)
    }

    /// The 90 % interval of resampled values.
    private static func interval(_ values: [Double]) -> (lower: Double, upper: Double) {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return (0, 1) }
        let tail = Int(0.05 * Double(sorted.count))
        return (sorted[tail], sorted[sorted.count - 1 - tail])
    }

    private static func verdict(_ projections: [Projection]) -> String {
        guard let double = projections.first else { return "too few sizes to fit a curve" }
        if double.gainUpper < 0.01 { return "more articles would hardly help" }
        if double.gainLower > 0.005 { return "more articles would help" }
        return "cannot be said: the curve is too uncertain"
    }

    /// The curves for people.
    public var text: String {
        func number(_ value: Double) -> String {
            let thousandths = Int((abs(value) * 1000).rounded())
            return (value < 0 && thousandths > 0 ? "-" : "")
                + "\(thousandths / 1000).\(String(1000 + thousandths % 1000).dropFirst())"
        }
        func padded(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
        let width = max(8, curves.map(\.name.count).max() ?? 0)
        func row(_ cells: [String]) -> String {
            var line = cells[0] + String(repeating: " ", count: max(0, width - cells[0].count))
            for cell in cells.dropFirst() { line += "  " + padded(cell, 22) }
            return line
        }
        var lines = ["learning curve: F1 after training on so many articles (mean of \(foldCount) folds, intervals of 90 %)"]
        if let points = curves.first?.points {
            var header = "articles" + String(repeating: " ", count: max(0, width - 8))
            for point in points { header += "  " + padded("\(Int(point.articleCount.rounded()))", 7) }
            lines.append(header)
            for curve in curves {
                var line = curve.name + String(repeating: " ", count: max(0, width - curve.name.count))
                for point in curve.points { line += "  " + padded(number(point.value), 7) }
                lines.append(line)
            }
        }
        lines += ["", "what more articles of the same kind would bring, by an inverse power law"]
        lines.append(row(["F1 of"] + Self.factors.map { "\(Int($0)) times (\(Int($0) * articleCount))" }) + "  twice as many")
        for curve in curves {
            let cells = curve.projections.map { "\(number($0.value)) (\(number($0.lower)) to \(number($0.upper)))" }
            lines.append(row([curve.name] + (cells.isEmpty ? Self.factors.map { _ in "-" } : cells)) + "  " + curve.verdict)
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
