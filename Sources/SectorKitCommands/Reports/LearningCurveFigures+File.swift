import HTMLReports
import ModelSelection
import TextClassification

extension LearningCurveFigures {
    /// The curve that was measured, as the page shows it.
    init(_ curve: LearningCurve) {
        self.init(
            series: curve.curves.map { curve in
                Series(
                    name: curve.name, isLabel: curve.isLabel,
                    points: curve.points.map {
                        Point(articleCount: $0.articleCount, value: $0.value, lower: $0.lower, upper: $0.upper)
                    },
                    projections: curve.projections.map {
                        Point(articleCount: $0.articleCount, value: $0.value, lower: $0.lower, upper: $0.upper)
                    }, verdict: curve.verdict)
            },
            note:
                "Measured with parts of \(curve.articleCount) articles, each in \(curve.foldCount) folds: what was learnt from a part of the "
                + "others was judged on the fold.")
    }

    /// The curve in a file that `crossvalidate --learning-curve --json` printed.
    /// - Throws: `Failure`, also where the curve is of other labels than the model.
    init(file path: String, labels: LabelSet) throws {
        let curve = try Files.decoded(LearningCurve.self, from: path)
        let names = curve.curves.filter(\.isLabel).map(\.name)
        guard Set(names) == Set(labels), names.count == labels.count else {
            throw Failure(
                "\(path): the learning curve is of the labels \(names.joined(separator: ", ")), the model of "
                    + labels.joined(separator: ", "), code: Failure.Code.badData)
        }
        let points = Self(curve).series.flatMap { $0.points + $0.projections }
        guard
            points.allSatisfy({
                0...1e12 ~= $0.articleCount && 0...1 ~= $0.value && 0...1 ~= $0.lower && 0...1 ~= $0.upper
            })
        else {
            throw Failure(
                "\(path): the learning curve holds a number of articles or an F1 that is none", code: Failure.Code.badData)
        }
        self.init(curve)
    }
}
