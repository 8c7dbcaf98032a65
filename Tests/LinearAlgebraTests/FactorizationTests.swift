import CKernels
import Foundation
import LinearAlgebra
import Testing

@Suite struct FactorizationTests {
    /// Iteration for iteration the same factors as scikit-learn's solvers `cd` and `mu`, in double precision.
    @Test func iteratesAgreeWithScikitLearn() throws {
        let recorded = try RecordedFactorizations()
        for problem in recorded.problems {
            var options = problem.options
            options.extrapolationStart = nil
            options.sweeps = 1
            options.startsInSinglePrecision = false
            options.tolerance = 0
            options.maximumIterations = problem.few.iterations
            let found = options.factorized(recorded.matrix, w: recorded.startW, h: recorded.startH)
            #expect(agree([found.objective, found.divergence], [problem.few.objective, problem.few.distance], tolerance: 1e-9))
            #expect(agree(Array(found.w.elements.prefix(25)), problem.few.w, tolerance: 1e-8))
            #expect(agree(Array(found.h.elements.prefix(25)), problem.few.h, tolerance: 1e-8))
            #expect(found.iterations == problem.few.iterations && !found.converged)

            options.precision = .single
            let single = options.factorized(recorded.matrix, w: recorded.startW, h: recorded.startH)
            #expect(agree([single.objective], [problem.few.objective], tolerance: 1e-4))
        }
    }

    /// From the same start the same minimum as scikit-learn after 20,000 iterations, extrapolated or not.
    @Test func optimaAgreeWithScikitLearn() throws {
        let recorded = try RecordedFactorizations()
        for problem in recorded.problems {
            for start in [nil, 10] where problem.loss == "frobenius" || start == nil {
                var options = problem.options
                options.extrapolationStart = start
                options.sweeps = 1
                options.tolerance = 1e-12
                options.maximumIterations = 20_000
                let found = options.factorized(recorded.matrix, w: recorded.startW, h: recorded.startH)
                #expect(found.converged)
                #expect(
                    abs(found.objective - problem.many.objective) < 1e-6 * problem.many.objective,
                    "\(problem.loss) \(start as Int?)")
                let value = FactorizationObjective(recorded.matrix, options: options).value(w: found.w, h: found.h)
                #expect(agree([value], [found.objective], tolerance: 1e-9))
                // Two sweeps find the same minimum, or with an L1 penalty a lower one.
                options.sweeps = 2
                let other = options.factorized(recorded.matrix, w: recorded.startW, h: recorded.startH)
                #expect(other.objective < (1 + 1e-6) * problem.many.objective)
            }
        }
    }

    /// Where it has converged, the gradient is about 0 at positive numbers, and not negative.
    @Test func optimaAreStationary() throws {
        let recorded = try RecordedFactorizations()
        // With an L1 penalty a topic may die out in one factor, and then nothing moves the other.
        for problem in recorded.problems where problem.loss == "frobenius" && problem.l1 == [0, 0] {
            var options = problem.options
            options.tolerance = 0
            options.maximumIterations = 3000
            let found = options.factorized(recorded.matrix, w: recorded.startW, h: recorded.startH)
            let gradients = FactorizationObjective(recorded.matrix, options: options).gradients(w: found.w, h: found.h)
            for (factor, gradient) in [(found.w, gradients.w), (found.h, gradients.h)] {
                for (x, g) in zip(factor.elements, gradient.elements) where (g < 0 ? -g : min(x, g)) > 1e-2 {
                    Issue.record("\(problem.l1) \(problem.l2): \(x) has the gradient \(g)")
                }
            }
        }
    }

    @Test func gradientsAgreeWithDifferences() throws {
        let recorded = try RecordedFactorizations()
        for problem in recorded.problems {
            let objective = FactorizationObjective(recorded.matrix, options: problem.options)
            let (w, h) = (recorded.startW, recorded.startH)
            let gradients = objective.gradients(w: w, h: h)
            for e in stride(from: 0, to: w.elements.count, by: 37) {
                let place = (e / w.columnCount, e % w.columnCount)
                var (above, below) = (w, w)
                above[place.0, place.1] += 1e-5
                below[place.0, place.1] -= 1e-5
                let slope = (objective.value(w: above, h: h) - objective.value(w: below, h: h)) / 2e-5
                #expect(abs(slope - gradients.w.elements[e]) < 1e-5 * max(1, abs(slope)))
            }
            for e in stride(from: 0, to: h.elements.count, by: 31) {
                let place = (e / h.columnCount, e % h.columnCount)
                var (above, below) = (h, h)
                above[place.0, place.1] += 1e-5
                below[place.0, place.1] -= 1e-5
                let slope = (objective.value(w: w, h: above) - objective.value(w: w, h: below)) / 2e-5
                #expect(abs(slope - gradients.h.elements[e]) < 1e-5 * max(1, abs(slope)))
            }
        }
    }

    @Test func threadsDoNotChangeABit() {
        let matrix = positive(rows: 700, columns: 900, seed: 3)
        for loss in FactorizationOptions.Loss.allCases {
            for precision in FactorizationOptions.Precision.allCases {
                var options = FactorizationOptions()
                options.loss = loss
                options.precision = precision
                options.maximumIterations = 68
                options.tolerance = 0
                options.surplusIterations = 4
                let (w, h) = (uniform(700, 11, seed: 1), uniform(900, 11, seed: 2))
                for topicCount in [11, 8] {
                    let found = [1, 3].map { options.factorized(matrix, w: w, h: h, topicCount: topicCount, threads: $0) }
                    #expect(found[0] == found[1])
                    #expect(found[0].w.columnCount == topicCount)
                }
            }
        }
    }

    /// All instruction sets of this machine give the bits of plain C.
    @Test func instructionSetsDoNotChangeABit() {
        let rows = 75, columns = 40, width = 19, stride = 24
        let matrix = positive(rows: rows, columns: columns, seed: 8)
        var other = [Float](repeating: 0, count: columns * stride + 8)
        for i in 0..<columns {
            for c in 0..<width { other[i * stride + c] = Float((i * 7 + c * 5) % 13) / 13 }
        }
        let blockedOffsets = (0...rows).map { $0 }
        let blocked = (0..<rows).map { Int32($0 % width) }
        func run(_ set: Int32) -> ([Float], [Double], [Float], Double, [Float]) {
            var gram = [Double](repeating: 0, count: width * width)
            unsafe sk_gram_float(set, other, columns, width, stride, &gram)
            var own = [Float](repeating: 0.1, count: rows * stride)
            for i in 0..<rows { for c in width..<stride { own[i * stride + c] = 0 } }
            var scratch = [Float](repeating: 0, count: 129 * stride)
            var sums = sk_descent_sums()
            unsafe sk_descend_float(
                set, matrix.rowOffsets, matrix.columnIndices, matrix.values, 0, rows, blockedOffsets, blocked, other,
                gram.map { Float($0) }, 0.01,
                width, stride,
                2, 0, &own, &scratch, &sums)
            let descended = own
            unsafe sk_scale_float(
                set, matrix.rowOffsets, matrix.columnIndices, matrix.values, 0, rows, other, Array(repeating: 3, count: width), 0,
                0.1,
                width, stride, &own, &scratch)
            var extrapolated = descended
            unsafe sk_extrapolate_float(set, own, own.count, 0.7, &extrapolated)
            return (descended, gram, own, sums.cross, extrapolated)
        }
        let plain = run(0)
        for set in 1..<max(1, sk_instruction_set() + 1) {
            let other = run(set)
            #expect(other == plain, "set \(set)")
        }
    }

    /// Numbers that are held at 0 stay there, and the others come to rest where their gradients are 0, or positive at 0.
    @Test(arguments: FactorizationOptions.Loss.allCases, FactorizationOptions.Precision.allCases)
    func blockedNumbersStayZero(loss: FactorizationOptions.Loss, precision: FactorizationOptions.Precision) throws {
        let recorded = try RecordedFactorizations()
        var options = FactorizationOptions()
        options.loss = loss
        options.precision = precision
        options.tolerance = 0
        options.maximumIterations = 3000
        let rows = (0..<recorded.rows).map { row in (0..<recorded.topics).filter { ($0 * 7 + row) % 3 == 0 && row % 4 != 3 } }
        let run = {
            options.factorized(recorded.matrix, w: recorded.startW, h: recorded.startH, blocked: FactorMask(rows), threads: $0)
        }
        let found = run(1)
        #expect(found == run(3))
        for (row, blocked) in rows.enumerated() { for topic in blocked { #expect(found.w[row, topic] == 0) } }
        let objective = FactorizationObjective(recorded.matrix, options: options)
        #expect(
            agree([objective.value(w: found.w, h: found.h)], [found.objective], tolerance: precision == .double ? 1e-9 : 1e-4))
        guard loss == .frobenius, precision == .double else { return }
        let gradients = objective.gradients(w: found.w, h: found.h)
        for row in 0..<recorded.rows {
            for topic in 0..<recorded.topics where !rows[row].contains(topic) {
                let (x, g) = (found.w[row, topic], gradients.w[row, topic])
                #expect((g < 0 ? -g : min(x, g)) < 1e-2, "\(x) has the gradient \(g)")
            }
        }
        // Less free, so no better.
        let free = options.factorized(recorded.matrix, w: recorded.startW, h: recorded.startH)
        #expect(found.objective > free.objective)
    }

    @Test func degenerateMatricesAreFactorised() {
        var empty = SparseMatrix(columnCount: 6)
        for _ in 0..<4 { empty.endRow() }
        var options = FactorizationOptions()
        options.maximumIterations = 5
        for loss in FactorizationOptions.Loss.allCases {
            options.loss = loss
            let found = options.factorized(empty, w: uniform(4, 2, seed: 1), h: uniform(6, 2, seed: 2))
            #expect(found.objective.isFinite && found.w.elements.allSatisfy(\.isFinite))
            let none = options.factorized(SparseMatrix(columnCount: 0), w: uniform(0, 2, seed: 1), h: uniform(0, 2, seed: 2))
            #expect(none.objective == 0)
        }
    }

    /// Folding in solves the non-negative least squares problem: no projected gradient is left.
    @Test func foldingInSolvesLeastSquares() {
        let width = 13
        let columns = 30
        let topics = uniform(columns, width, seed: 5)
        let matrix = positive(rows: 20, columns: columns, seed: 6)
        let problem = NonNegativeLeastSquares(gram: topics.gram(), l1: 0.02, l2: 0.01, sweeps: 5000, tolerance: 1e-12)
        var padded: [Float] = []
        for j in 0..<columns { padded += (0..<problem.stride).map { $0 < width ? Float(topics[j, $0]) : 0 } }
        var weights = [Double](repeating: 9, count: problem.stride)
        var scratch = weights
        let gram = topics.gram()
        for row in 0..<matrix.rowCount {
            problem.solve(row: row, of: matrix, columns: padded.span, into: &weights, scratch: &scratch)
            #expect(weights[width...].allSatisfy { $0 == 0 })
            for a in 0..<width {
                var gradient = 0.02 + 0.01 * weights[a]
                for b in 0..<width { gradient += gram[a, b] * weights[b] }
                for e in matrix.row(row) { gradient -= Double(matrix.values[e]) * topics[Int(matrix.columnIndices[e]), a] }
                #expect(weights[a] > 0 ? abs(gradient) < 1e-5 : weights[a] == 0 && gradient > -1e-5)
            }
        }
    }

    /// Rows with a few positive elements, no column twice; some rows are empty.
    private func positive(rows: Int, columns: Int, seed: UInt64) -> SparseMatrix {
        var generator = RandomGenerator(seed: seed)
        var matrix = SparseMatrix(columnCount: columns)
        for _ in 0..<rows {
            for column in generator.permutation(columns).prefix(generator.nextInt(below: 9)) {
                matrix.append(column: Int32(column), value: Float(0.1 + generator.nextUniform()))
            }
            matrix.endRow()
        }
        return matrix
    }

    private func uniform(_ rows: Int, _ columns: Int, seed: UInt64) -> DenseMatrix {
        var generator = RandomGenerator(seed: seed)
        return DenseMatrix(
            rowCount: rows, columnCount: columns, elements: (0..<rows * columns).map { _ in generator.nextUniform() })
    }
}
