import LinearAlgebra
import Testing

@Suite struct FloatRowsTests {
    /// Widths below, at and above the eight vectors that the kernels keep in registers.
    @Test(arguments: 1...18) func productsAndAdditionsAgreeWithNaiveSums(width: Int) {
        let matrix = randomSparse(rows: 15, columns: 10, seed: UInt64(width))
        var generator = RandomGenerator(seed: 3)
        let order = generator.permutation(15)
        let rows = FloatRows(matrix, order: order)
        let a = dense(matrix)
        func random() -> SIMD4<Float> { SIMD4((0..<4).map { _ in Float(generator.nextNormal()) }) }
        var weights = (0..<(10 * width)).map { _ in random() }
        let coefficients = (0..<width).map { _ in random() }
        #expect(rows.isFinite && rows.rowCount == 15)
        for (place, i) in order.enumerated() {
            var scores = coefficients
            rows.addProduct(row: place, with: weights, width: width, to: &scores)
            for v in 0..<width {
                var expected = coefficients[v]
                for j in 0..<10 { expected += Float(a[i][j]) * weights[j * width + v] }
                for lane in 0..<4 { #expect(abs(scores[v][lane] - expected[lane]) < 1e-4) }
            }
            let before = weights
            var others = weights
            rows.addRow(place, times: coefficients, width: width, to: &weights)
            // What is asked for meanwhile makes no difference: a longer row, a shorter one, the same.
            rows.addRow(place, times: coefficients, width: width, to: &others, prefetching: (place + 3) % 15)
            #expect(others == weights)
            for j in 0..<10 {
                for v in 0..<width {
                    let expected = before[j * width + v] + Float(a[i][j]) * coefficients[v]
                    for lane in 0..<4 { #expect(abs(weights[j * width + v][lane] - expected[lane]) < 1e-4) }
                }
            }
        }
    }

    /// Rows longer than the distance at which weights are asked for, at every width.
    @Test(arguments: 1...9) func longRowsAgreeWithNaiveSums(width: Int) {
        let offsets = [0, 63, 128, 328]
        let columns = (0..<328).map { Int32($0 * 7 % 50) }
        let values = (0..<328).map { Float($0 % 5) - 1.5 }
        let matrix = SparseMatrix(rowOffsets: offsets, columnIndices: columns, values: values, columnCount: 50)
        let order = [2, 0, 1]
        let rows = FloatRows(matrix, order: order)
        var weights = [SIMD4<Float>](repeating: SIMD4(repeating: 1), count: 50 * width)
        for place in weights.indices {
            weights[place].x = Float(place % 11)
            weights[place].w = Float(place % 3)
        }
        for (place, i) in order.enumerated() {
            var scores = [SIMD4<Float>](repeating: .zero, count: width)
            rows.addProduct(row: place, with: weights, width: width, to: &scores)
            // Whole numbers and halves: exact.
            var expected = [SIMD4<Float>](repeating: .zero, count: width)
            for e in matrix.row(i) {
                for v in 0..<width { expected[v] += values[e] * weights[Int(columns[e]) * width + v] }
            }
            #expect(scores == expected)
        }
    }

    @Test func columnsCanBeLeftOut() {
        let matrix = SparseMatrix(
            rowOffsets: [0, 2, 5], columnIndices: [3, 1, 0, 1, 2], values: [2, 9, 1, 9, 3], columnCount: 4)
        let rows = FloatRows(matrix, order: [1, 0], leavingOut: [1])
        #expect(rows.elementCount == 3 && rows.squaredNorms == [10, 4])
        let weights: [SIMD4<Float>] = [1, 10, 100, 1000].map { SIMD4(repeating: $0) }
        var scores = [SIMD4<Float>.zero]
        rows.addProduct(row: 0, with: weights, width: 1, to: &scores)
        #expect(scores[0].x == 301)
    }

    /// More elements than one piece has, in another order than the matrix's, a column twice in some rows.
    @Test func threadsMakeNoDifference() {
        let matrix = SparseMatrix(rowOffsets: (0...2000).map { $0 * 70 }, columnCount: 900, threads: 1) { rows, columns, values in
            for i in rows {
                for e in 0..<70 {
                    columns.append(Int32((i * 31 + e * e) % 900))
                    values.append(Float(e % 7) / 3 - 1)
                }
            }
        }
        #expect(matrix.squaredRowNorms(threads: 3) == matrix.squaredRowNorms())
        var generator = RandomGenerator(seed: 1)
        let order = generator.permutation(2000)
        let weights = (0..<900).map { SIMD4(repeating: Float($0)) }
        let (one, three) = (FloatRows(matrix, order: order), FloatRows(matrix, order: order, threads: 3))
        #expect(one.squaredNorms == three.squaredNorms)
        let visits = (0..<2000).map { Int32($0) }
        for (place, i) in order.enumerated() {
            var (scores, others) = ([SIMD4<Float>.zero], [SIMD4<Float>.zero])
            #expect(one.prefetch(visits: visits, after: place) == (place < 1998 ? place + 2 : nil))
            one.prefetch(row: place, of: weights, width: 1)
            one.addProduct(row: place, with: weights, width: 1, to: &scores)
            three.addProduct(row: place, with: weights, width: 1, to: &others)
            #expect(scores == others)
            let expected = matrix.row(i).reduce(0) { $0 + Double(matrix.values[$1]) * Double(matrix.columnIndices[$1]) }
            #expect(abs(Double(scores[0].x) - expected) < 1e-4 * (1 + abs(expected)))
        }
    }

    @Test func infiniteValuesAreNoticed() {
        let matrix = SparseMatrix(rowOffsets: [0, 1], columnIndices: [0], values: [1e30], columnCount: 1)
        #expect(!FloatRows(matrix, order: [0]).isFinite)
    }
}

@Suite struct SIMDFunctionsTests {
    @Test func exponentialsAreAccurate() {
        var worst = 0.0
        for step in 0...20_000 {
            let x = Float(-87 + 175 * Double(step) / 20_000)
            let y = Double(SIMD4<Float>.exp(SIMD4(repeating: x))[step % 4])
            worst = max(worst, abs(y / exponential(Double(x)) - 1))
        }
        #expect(worst < 2e-7)
        let extremes = SIMD4<Float>.exp([-1e30, 1e30, 0, -100])
        #expect(extremes[0] > 0 && extremes[0] < 1e-37 && extremes[1].isFinite && extremes[1] > 1e38)
        #expect(extremes[2] == 1 && extremes[3] == extremes[0])
    }

    @Test func logarithmsAreAccurate() {
        var worst = 0.0
        for step in 0...20_000 {
            let exact = -80 + 160 * Double(step) / 20_000
            let x = Float(exponential(exact))
            let y = Double(SIMD4<Float>.log(SIMD4(repeating: x))[step % 4])
            // ln x by Newton's method on the exponential, from y.
            let reference = y + (Double(x) / exponential(y) - 1)
            worst = max(worst, abs(y - reference) / max(abs(reference), 1e-6))
        }
        #expect(worst < 3e-7)
        let special = SIMD4<Float>.log([1, 0, 1.0000001, 0.99999994])
        #expect(special[0] == 0 && special[1] < -87 && special[1].isFinite)
        #expect(abs(special[2] / 1.1920928e-7 - 1) < 1e-6 && abs(special[3] / -5.960465e-8 - 1) < 1e-6)
    }

    @Test func totalsAddFourNumbers() {
        #expect(SIMD4<Float>(1, 20, 300, 4000).total == 4321)
    }

    /// eˣ through the logistic function, which is tested by itself: σ(x) / σ(−x).
    private func exponential(_ x: Double) -> Double { sigmoid(x) / sigmoid(-x) }
}
