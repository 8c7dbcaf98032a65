import Foundation
import LinearAlgebra
import Testing

/// Decompositions recorded from NumPy by `scripts/fixtures/decompositions.py`.
private struct Recorded: Decodable {
    let singularValues: [Double]
    let leftVectors: [Double]
    let rightVectors: [Double]
    let lowRankSingularValues: [Double]
    let smallSingularValues: [Double]
    let eigenvalues: [Double]

    init() throws {
        let url = Bundle.module.resourceURL!.appending(path: "Fixtures/decompositions.json")
        self = try JSONDecoder().decode(Recorded.self, from: Data(contentsOf: url))
    }
}

/// The matrix of the fixture's script.
private func countsLike(_ rows: Int, _ columns: Int) -> SparseMatrix {
    var matrix = SparseMatrix(columnCount: columns)
    for i in 0..<rows {
        for j in 0..<columns where (i * i * 7 + j * 13 + i * j) % (3 + j / 4) == 0 {
            matrix.append(column: Int32(j), value: 1 + Float((i * 3 + j * 5) % 7) / 4)
        }
        matrix.endRow()
    }
    return matrix
}

/// A·B, never formed.
private struct ProductOperator: LinearOperator {
    let a: SparseOperator
    let b: SparseOperator
    var rowCount: Int { a.rowCount }
    var columnCount: Int { b.columnCount }
    func multiply(_ block: [Double], k: Int, threads: Int) -> [Double] {
        a.multiply(b.multiply(block, k: k, threads: threads), k: k, threads: threads)
    }
    func multiplyTransposed(_ block: [Double], k: Int, threads: Int) -> [Double] {
        b.multiplyTransposed(a.multiplyTransposed(block, k: k, threads: threads), k: k, threads: threads)
    }
}

@Suite struct DecompositionTests {
    private func reconstructed(_ svd: SingularValueDecomposition) -> DenseMatrix {
        var scaled = svd.u
        for i in 0..<scaled.rowCount {
            for j in 0..<scaled.columnCount { scaled[i, j] *= svd.singularValues[j] }
        }
        return DenseMatrix.product(scaled, svd.vTransposed)
    }

    private func isOrthonormal(columns matrix: DenseMatrix, tolerance: Double = 1e-12) -> Bool {
        agree(matrix.gram().elements, DenseMatrix.identity(matrix.columnCount).elements, tolerance: tolerance)
    }

    @Test func smallDecompositionsAgreeWithNumPy() throws {
        let recorded = try Recorded()
        var small = DenseMatrix(rowCount: 6, columnCount: 4)
        for i in 0..<6 {
            for j in 0..<4 { small[i, j] = Double((i * 5 + j * j * 3) % 11) / 2 - 2 }
        }
        for matrix in [small, small.transposed()] {
            let svd = try matrix.singularValueDecomposition()
            #expect(agree(svd.singularValues, recorded.smallSingularValues))
            #expect(agree(reconstructed(svd).elements, matrix.elements))
            #expect(isOrthonormal(columns: svd.u) && isOrthonormal(columns: svd.vTransposed.transposed()))
        }
        let symmetric = small.gram()
        let eigen = try symmetric.symmetricEigenDecomposition()
        #expect(agree(eigen.values, recorded.eigenvalues))
        for (i, value) in eigen.values.enumerated() {
            #expect(agree(symmetric.multiply(Array(eigen.vectors.row(i))), eigen.vectors.row(i).map { $0 * value }))
        }
    }

    @Test func smallDecompositionsRefuseWhatIsNotFinite() {
        let matrix = DenseMatrix(rowCount: 2, columnCount: 2, elements: [1, .nan, .nan, 1])
        #expect(throws: DecompositionError.notFinite) { try matrix.symmetricEigenDecomposition() }
        #expect(throws: DecompositionError.notFinite) { try matrix.singularValueDecomposition() }
        #expect(throws: Never.self) { try DenseMatrix(rowCount: 0, columnCount: 3).singularValueDecomposition() }
    }

    @Test func truncatedDecompositionAgreesWithNumPy() throws {
        let recorded = try Recorded()
        var options = RandomizedSVDOptions()
        options.powerIterations = 40
        let svd = try SparseOperator(countsLike(120, 80)).truncatedSVD(count: 12, options: options)
        #expect(agree(svd.singularValues, recorded.singularValues, tolerance: 1e-9))
        for i in 0..<120 {
            #expect(agree(Array(svd.u.row(i).prefix(5)), Array(recorded.leftVectors[i * 5..<i * 5 + 5]), tolerance: 1e-7))
        }
        #expect(agree(Array(svd.vTransposed.elements.prefix(5 * 80)), recorded.rightVectors, tolerance: 1e-7))
        #expect(isOrthonormal(columns: svd.u) && isOrthonormal(columns: svd.vTransposed.transposed()))
    }

    /// Chebyshev polynomials of the degrees that topics start from; in single precision the range is found to its digits.
    @Test(arguments: [false, true], [RandomizedSVDOptions.Start.normal, .signs])
    func chebyshevPolynomialsFindTheRange(single: Bool, start: RandomizedSVDOptions.Start) throws {
        let recorded = try Recorded()
        var options = RandomizedSVDOptions()
        options.powerIterations = 0
        options.start = start
        options.refinesInSinglePrecision = single
        let matrix = SparseOperator(countsLike(120, 80))
        func worst(_ degrees: [Int]) throws -> Double {
            options.chebyshevDegrees = degrees
            let svd = try matrix.truncatedSVD(count: 12, options: options)
            #expect(isOrthonormal(columns: svd.u) && isOrthonormal(columns: svd.vTransposed.transposed()))
            return zip(svd.singularValues, recorded.singularValues).map { ($1 - $0) / $1 }.max() ?? .infinity
        }
        let (few, some, many) = (try worst([1]), try worst([1, 3, 4]), try worst([4, 8, 8]))
        #expect(some < few / 10)
        #expect(abs(many) < (single ? 1e-12 : 1e-13))
        // Eight power iterations cost as many products.
        options.chebyshevDegrees = []
        options.powerIterations = 8
        let power = try matrix.truncatedSVD(count: 12, options: options)
        let byPower = zip(power.singularValues, recorded.singularValues).map { ($1 - $0) / $1 }.max() ?? 0
        #expect(some < byPower / 2)
    }

    /// A matrix of rank four, of which twenty are asked: what rounding makes of the other directions is left out.
    @Test(arguments: [false, true]) func chebyshevPolynomialsOfLowRank(single: Bool) throws {
        var repeated = SparseMatrix(columnCount: 30)
        for i in 0..<60 {
            for j in 0..<3 { repeated.append(column: Int32((i % 4) * 7 + j), value: Float(1 + i % 4 + j)) }
            repeated.endRow()
        }
        var options = RandomizedSVDOptions()
        options.chebyshevDegrees = [1, 3, 4]
        options.refinesInSinglePrecision = single
        let exact = try SparseOperator(repeated).truncatedSVD(count: 20)
        let svd = try SparseOperator(repeated).truncatedSVD(count: 20, options: options)
        #expect(svd.singularValues.count == 4)
        #expect(agree(svd.singularValues, exact.singularValues, tolerance: 1e-12))
        #expect(agree(svd.u.elements.map(abs), exact.u.elements.map(abs), tolerance: 1e-6))
    }

    /// With the usual few iterations singular values are at most the true ones, and near them.
    @Test func fewIterationsComeNear() throws {
        let recorded = try Recorded()
        let svd = try SparseOperator(countsLike(120, 80)).truncatedSVD(count: 12)
        for (found, true_) in zip(svd.singularValues, recorded.singularValues) {
            #expect(found <= true_ * (1 + 1e-12) && found > true_ * 0.98)
        }
    }

    @Test func lowRankIsFound() throws {
        let recorded = try Recorded()
        let product = ProductOperator(a: SparseOperator(countsLike(50, 6)), b: SparseOperator(countsLike(6, 40)))
        let svd = try product.truncatedSVD(count: 20)
        let rank = recorded.lowRankSingularValues.count { $0 > 1e-9 }
        #expect(svd.singularValues.count == rank)
        #expect(agree(svd.singularValues, Array(recorded.lowRankSingularValues.prefix(rank)), tolerance: 1e-10))
        #expect(isOrthonormal(columns: svd.u, tolerance: 1e-10))
    }

    @Test func degenerateOperatorsHaveNoSingularValues() throws {
        var zeros = SparseMatrix(columnCount: 3)
        for _ in 0..<4 { zeros.endRow() }
        let none = try SparseOperator(zeros).truncatedSVD(count: 2)
        #expect(none.singularValues.isEmpty && none.u.rowCount == 4 && none.vTransposed.columnCount == 3)
        #expect(try SparseOperator(SparseMatrix(columnCount: 0)).truncatedSVD(count: 2).singularValues.isEmpty)
        var one = SparseMatrix(columnCount: 3)
        one.append(column: 1, value: -2)
        one.endRow()
        let single = try SparseOperator(one).truncatedSVD(count: 5)
        #expect(agree(single.singularValues, [2]) && agree(single.u.elements, [1]))
        #expect(agree(single.vTransposed.elements, [0, -1, 0]))
        var bad = one
        bad.append(column: 0, value: .nan)
        bad.endRow()
        #expect(throws: DecompositionError.notFinite) { try SparseOperator(bad).truncatedSVD(count: 1) }
    }

    @Test func threadsDoNotChangeABit() throws {
        let a = SparseOperator(randomSparse(rows: 3000, columns: 2500, seed: 5))
        let once = try a.truncatedSVD(count: 9, threads: 1)
        let twice = try a.truncatedSVD(count: 9, threads: 3)
        #expect(once.singularValues == twice.singularValues && once.u == twice.u && once.vTransposed == twice.vTransposed)
        let left = try a.truncatedSVD(count: 9, wantsRight: false)
        #expect(left.singularValues == once.singularValues && left.u == once.u && left.vTransposed.rowCount == 0)
        var options = RandomizedSVDOptions()
        options.chebyshevDegrees = [2, 5]
        options.refinesInSinglePrecision = true
        let refined = try a.truncatedSVD(count: 9, options: options, threads: 1)
        let refinedTwice = try a.truncatedSVD(count: 9, options: options, threads: 3)
        #expect(refined.u == refinedTwice.u && refined.vTransposed == refinedTwice.vTransposed)
    }
}
