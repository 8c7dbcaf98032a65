import CKernels
import LinearAlgebra
import Testing

@Suite struct DenseMatrixTests {
    private func random(_ rows: Int, _ columns: Int, seed: UInt64) -> DenseMatrix {
        DenseMatrix(rowCount: rows, columnCount: columns, elements: randomVector(rows * columns, seed: seed))
    }

    private func naive(_ a: DenseMatrix, _ b: DenseMatrix) -> DenseMatrix {
        var result = DenseMatrix(rowCount: a.rowCount, columnCount: b.columnCount)
        for i in 0..<a.rowCount {
            for j in 0..<b.columnCount {
                for l in 0..<a.columnCount { result[i, j] += a[i, l] * b[l, j] }
            }
        }
        return result
    }

    @Test func productsAgreeWithNaiveSums() {
        let a = random(5, 7, seed: 1)
        let b = random(7, 3, seed: 2)
        let expected = naive(a, b).elements
        #expect(agree(DenseMatrix.product(a, b).elements, expected))
        let aᵀ = a.transposed()
        let bᵀ = b.transposed()
        #expect(agree(DenseMatrix.product(aᵀ, b, transposingFirst: true).elements, expected))
        #expect(agree(DenseMatrix.product(a, bᵀ, transposingSecond: true).elements, expected))
        #expect(agree(DenseMatrix.product(aᵀ, bᵀ, transposingFirst: true, transposingSecond: true).elements, expected))
        #expect(agree(a.gram().elements, naive(a.transposed(), a).elements))
        let x = randomVector(7, seed: 3)
        let column = DenseMatrix(rowCount: 7, columnCount: 1, elements: x)
        #expect(agree(a.multiply(x), naive(a, column).elements))
        #expect(agree(a.transposed().multiply(x, transposed: true), naive(a, column).elements))
    }

    @Test func emptyProductsAreZero() {
        let a = DenseMatrix(rowCount: 2, columnCount: 0)
        let b = DenseMatrix(rowCount: 0, columnCount: 3)
        #expect(DenseMatrix.product(a, b) == DenseMatrix(rowCount: 2, columnCount: 3))
        #expect(a.multiply([]) == [0, 0])
        #expect(b.gram() == DenseMatrix(rowCount: 3, columnCount: 3))
    }

    @Test func choleskySolvesEquations() throws {
        var a = random(9, 6, seed: 4).gram()
        for i in 0..<6 { a[i, i] += 0.1 }
        let factor = try CholeskyFactor(of: a)
        let x = randomVector(6, seed: 5)
        #expect(agree(factor.solve(a.multiply(x)), x, tolerance: 1e-9))
        let rows = random(4, 6, seed: 6)
        #expect(agree(factor.solve(rows: DenseMatrix.product(rows, a)).elements, rows.elements, tolerance: 1e-9))
    }

    @Test func choleskyRefusesIndefiniteMatrices() {
        var a = DenseMatrix.identity(3)
        a[1, 1] = -1
        #expect(throws: NotPositiveDefiniteError(order: 2)) { try CholeskyFactor(of: a) }
    }

    @Test func vectorOperations() {
        let x = [1.0, 2, 2]
        var y = [3.0, 0, -1]
        #expect(BLAS.dot(x, y) == 1)
        #expect(abs(BLAS.norm2(x) - 3) < 1e-15)
        BLAS.axpy(2, x, into: &y)
        #expect(y == [5, 4, 3])
        BLAS.scale(&y, by: -1)
        #expect(y == [-5, -4, -3])
        #expect(BLAS.norm2([1e200, 1e200]) < 1.5e200)
    }

    @Test func theProviderOfBLASIsNamed() {
        #expect(!BLAS.providerDescription.isEmpty)
        BLAS.setThreadCount(1)
    }

    @Test func elementaryFunctionsKeepTheirTails() {
        #expect(sigmoid(-800) == 0 && sigmoid(800) == 1 && sigmoid(0) == 0.5)
        #expect(abs(softplus(-40) / 4.248354255291589e-18 - 1) < 1e-14)
        #expect(softplus(1000) == 1000)
        var scores = [1000.0, 1001, -2000]
        var span = scores.mutableSpan
        let logSum = softmax(&span, in: 0..<3)
        #expect(abs(logSum - 1001.3132616875182) < 1e-12)
        #expect(abs(scores[1] - 0.7310585786300049) < 1e-14 && scores[2] == 0)
    }

    /// Every set of instructions gives the same bits, within few units in the last place of the C library's.
    @Test(arguments: [1, 2, 3, 4, 5, 20], [0.5, 1, 30]) func scoresBecomeProbabilities(labelCount: Int, scale: Double) {
        let scores = randomVector(60 * labelCount, seed: 3).map { 20 * $0 }
        var logistic = scores
        logisticFunction(&logistic, scale: scale)
        var rows = scores
        softmax(&rows, labelCount: labelCount, scale: scale)
        for row in 0..<60 {
            var expected = scores[row * labelCount..<(row + 1) * labelCount].map { scale * $0 }
            var span = expected.mutableSpan
            _ = softmax(&span, in: 0..<labelCount)
            for label in 0..<labelCount {
                let place = row * labelCount + label
                #expect(abs(rows[place] - expected[label]) <= 1e-14 * expected[label] + 1e-300)
                let probability = sigmoid(scale * scores[place])
                #expect(abs(logistic[place] - probability) <= 1e-14 * probability + 1e-300)
            }
        }
        for set in Int32(SK_PLAIN)...sk_instruction_set() {
            var own = scores
            unsafe sk_softmax(set, &own, 60, labelCount, scale)
            #expect(own == rows)
            own = scores
            unsafe sk_logistic(set, &own, own.count, scale)
            #expect(own == logistic)
        }
    }

    @Test func scoresThatAreNoNumbersHaveProbabilities() {
        var scores = [.infinity, -.infinity, .nan, 0, -800, 800, -708.1, 1e308]
        logisticFunction(&scores)
        #expect(scores == [1, 0, 0, 0.5, 0, 1, 0, 1])
        scores = [.infinity, 1e308, .nan, -.infinity, .nan, 0]
        softmax(&scores, labelCount: 2)
        #expect(scores == [0.5, 0.5, 0.5, 0.5, 0, 1])
    }
}
