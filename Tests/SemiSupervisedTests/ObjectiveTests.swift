import LinearAlgebra
import Testing
import TextClassification

@testable import SemiSupervised

@Suite struct ObjectiveTests {
    /// A random sparse problem with soft targets, some of them unknown.
    private func objective(_ loss: SoftTargetObjective.Loss, threads: Int) -> SoftTargetObjective {
        var generator = RandomGenerator(seed: 5)
        var matrix = SparseMatrix(columnCount: 9)
        var targets: [Float] = []
        for article in 0..<1500 {
            for column in 0..<9 where generator.nextInt(below: 3) == 0 {
                matrix.append(column: Int32(column), value: Float(generator.nextNormal()))
            }
            matrix.endRow()
            var row = (0..<5).map { _ in Float(generator.nextUniform()) }
            if loss == .softmax {
                let sum = row.reduce(0, +)
                row = row.map { $0 / sum }
            } else if article % 7 == 0 {
                row[article % 5] = .nan
            }
            targets += row
        }
        return SoftTargetObjective(
            block: FeatureBlock(matrix), targets: targets, classCount: 5, loss: loss,
            costs: (0..<1500).map { Float($0 % 3) * 0.2 }, threads: threads)
    }

    /// Sums are in single precision, so steps are wide and the tolerance with them.
    @Test(arguments: [SoftTargetObjective.Loss.softmax, .logistic], [1, 3])
    func `The gradient is that of the value`(loss: SoftTargetObjective.Loss, threads: Int) {
        let objective = objective(loss, threads: threads)
        var generator = RandomGenerator(seed: 6)
        let point = (0..<objective.parameterCount).map { _ in 0.3 * generator.nextNormal() }
        var gradient = [Double](repeating: .nan, count: point.count)
        _ = objective.evaluate(at: point, gradient: &gradient)
        let largest = gradient.reduce(0) { max($0, abs($1)) }
        var unused = gradient
        for i in point.indices {
            var moved = point
            moved[i] = point[i] + 0.01
            let above = objective.evaluate(at: moved, gradient: &unused)
            moved[i] = point[i] - 0.01
            let below = objective.evaluate(at: moved, gradient: &unused)
            #expect(abs((above - below) / 0.02 - gradient[i]) < 1e-3 * largest)
        }
    }

    @Test(arguments: [SoftTargetObjective.Loss.softmax, .logistic]) func `Threads do not change a bit`(
        loss: SoftTargetObjective.Loss
    ) {
        let one = objective(loss, threads: 1)
        let three = objective(loss, threads: 3)
        let point = (0..<one.parameterCount).map { Double($0 % 7) * 0.1 }
        var (first, second) = (point, point)
        #expect(one.evaluate(at: point, gradient: &first) == three.evaluate(at: point, gradient: &second))
        #expect(first == second)
    }

    @Test func `A line through held-out scores has the slope that made them`() {
        var generator = RandomGenerator(seed: 8)
        let scores = (0..<20_000).map { _ in 2 * generator.nextNormal() }
        let judgements = scores.map { generator.nextUniform() < sigmoid(1.5 * $0 - 0.5) }
        let line = PlattLine(scores: scores, judgements: judgements)
        #expect(abs(line.slope - 1.5) < 0.1)
        #expect(abs(line.intercept + 0.5) < 0.1)
        #expect(PlattLine(scores: scores, judgements: judgements.map { !$0 }).slope == 0)
        #expect(PlattLine(scores: [1], judgements: [true]) == PlattLine())
    }

    @Test func `One step goes most of the way to how frequent a label is`() {
        var generator = RandomGenerator(seed: 9)
        // Scores that are log-odds at equal shares, of an archive in which one article in ten has the label.
        let scores = (0..<20_000).map { _ in
            let isPositive = generator.nextUniform() < 0.1
            return (isPositive ? 4.5 : -4.5) + 3 * generator.nextNormal()
        }
        let shift = ArchiveShift(scores, sampleShare: 0.5)
        // 0.1 · P(a positive one counts) + 0.9 · P(a negative one does), softened by the sigmoid.
        #expect(shift.share > 0.1 && shift.share < 0.2)
        #expect(shift.logOdds < -1.3)
        let threshold = ArchiveShift.bestThreshold(scores.map { $0 + shift.logOdds })
        #expect(threshold > 0.2 && threshold < 0.6)
    }

    @Test func `Articles picked by label are told from those taken at random`() {
        func isPicked(_ counts: [Int], _ shares: [Double]) -> Bool {
            let classes = counts.indices.flatMap { [Int](repeating: $0, count: counts[$0]) }
            return LabelPrior(.automatic, classes: classes, classCount: counts.count).isPicked(shares)
        }
        let skewed = [0.7, 0.2, 0.07, 0.03]
        #expect(isPicked([8, 8, 8, 8], skewed))
        // As many as there are of a small class.
        #expect(isPicked([64, 64, 64, 30], skewed))
        #expect(!isPicked([20, 7, 2, 1], skewed))
        #expect(isPicked([5, 5, 5, 5], [0.25, 0.25, 0.25, 0.25]))
    }
}
