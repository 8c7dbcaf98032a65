/// The products of an operator A with blocks, in one precision.
struct BlockProducts<Scalar: FactorScalar> {
    /// The second block becomes A times the first.
    let multiply: (FactorMatrix<Scalar>, inout FactorMatrix<Scalar>) -> Void
    /// The second block becomes Aᵀ times the first.
    let multiplyTransposed: (FactorMatrix<Scalar>, inout FactorMatrix<Scalar>) -> Void
}

extension BlockProducts {
    /// The products of a sparse matrix, given with its transpose.
    init(_ rows: CompressedRows<Scalar>, transposed: CompressedRows<Scalar>, threads: Int) {
        multiply = { rows.multiply($0, into: &$1, threads: threads) }
        multiplyTransposed = { transposed.multiply($0, into: &$1, threads: threads) }
    }
}

/// The steps of a randomised truncated singular value decomposition, for an operator known by its products with blocks.
struct SubspaceIteration {
    let rowCount: Int
    let columnCount: Int
    let products: BlockProducts<Double>
    let threads: Int

    /// See `LinearOperator.truncatedSVD`.
    ///
    /// - Parameter refining: the products that Chebyshev polynomials are made of.
    func decomposition<Scalar>(
        count: Int, _ options: RandomizedSVDOptions, refining: BlockProducts<Scalar>, wantsRight: Bool
    ) throws(DecompositionError) -> SingularValueDecomposition {
        precondition(
            count >= 0 && options.oversampling >= 0 && options.powerIterations >= 0
                && options.chebyshevDegrees.allSatisfy { $0 > 0 }, "negative options")
        let width = min(count + options.oversampling, min(rowCount, columnCount))
        var range = try basis(of: product(with: randomBlock(width: width, options)))
        for iteration in 0..<options.powerIterations {
            let isLast = iteration + 1 == options.powerIterations
            let rows = try basis(of: transposedProduct(with: range.q), isExact: false)
            range = try basis(of: product(with: rows.q), isExact: isLast)
        }
        for (place, degree) in options.chebyshevDegrees.enumerated() {
            range = try filtered(
                range, degree: degree, refining, isExact: place + 1 == options.chebyshevDegrees.count)
        }
        // AᵀQ = P·R, so A ≈ Q·Qᵀ·A = Q·Rᵀ·Pᵀ; with Rᵀ = X·S·Yᵀ, U = Q·X and V = P·Y.
        let rows = try basis(of: transposedProduct(with: range.q))
        let small = try rows.r.transposed().singularValueDecomposition()
        let largest = small.singularValues.first ?? 0
        let rank = small.singularValues.prefix(count).prefix { $0 > largest * 1e-14 }.count
        var toLeft = DenseMatrix(rowCount: range.width, columnCount: rank)
        var toRight = DenseMatrix(rowCount: rows.width, columnCount: rank)
        for c in 0..<rank {
            for i in 0..<range.width { toLeft[i, c] = small.u[i, c] }
            for i in 0..<rows.width { toRight[i, c] = small.vTransposed[c, i] }
        }
        return signed(
            left: TallBlock.product(range.q, toLeft, threads: threads), values: Array(small.singularValues.prefix(rank)),
            right: wantsRight ? TallBlock.product(rows.q, toRight, threads: threads) : nil)
    }

    private func randomBlock(width: Int, _ options: RandomizedSVDOptions) -> FactorMatrix<Double> {
        var generator = RandomGenerator(seed: options.seed)
        var block = FactorMatrix<Double>(rowCount: columnCount, width: width)
        let stride = block.stride
        block.withMutableScalars { scalars in
            for row in 0..<columnCount {
                switch options.start {
                case .normal:
                    for c in row * stride..<row * stride + width { scalars[c] = generator.nextNormal() }
                case .signs:
                    var bits: UInt64 = 0
                    for c in 0..<width {
                        if c & 63 == 0 { bits = generator.next() }
                        scalars[row * stride + c] = bits & 1 == 0 ? 1 : -1
                        bits >>= 1
                    }
                }
            }
        }
        return block
    }

    private func basis(of block: FactorMatrix<Double>, isExact: Bool = true) throws(DecompositionError) -> TallBasis {
        try TallBasis(of: block, isExact: isExact, threads: threads)
    }

    /// A basis of T(A·Aᵀ)·Q for the Chebyshev polynomial T of a degree that stays within ±1 on what the basis does not hold: squared
    /// singular values below the smallest Ritz value of Q. Above, T grows faster than any other polynomial of its degree.
    private func filtered<Scalar>(
        _ basis: TallBasis, degree: Int, _ refining: BlockProducts<Scalar>, isExact: Bool
    ) throws(DecompositionError) -> TallBasis {
        let width = basis.width
        var factor = FactorMatrix<Scalar>(rowCount: rowCount, width: width)
        var side = FactorMatrix<Scalar>(rowCount: columnCount, width: width)
        factor.assign(basis.q)
        refining.multiplyTransposed(factor, &side)
        let ritz = try side.gram(threads: threads).symmetricEigenDecomposition().values
        guard let largest = ritz.last, largest > 0 else { return basis }
        // Of a matrix of low rank nothing is left out.
        let cut = max(ritz[0], 1e-4 * largest)
        // The recurrence T_{d+1}(x) = 2x·T_d(x) − T_{d−1}(x) with x = 2/cut·A·Aᵀ − 1.
        var previous = basis.q
        var current = FactorMatrix<Double>(rowCount: rowCount, width: width)
        refining.multiply(side, &factor)
        TallBlock.combine(&current, times: 0, plus: 2 / cut, factor, plus: -1, previous, threads: threads)
        // How much longer the longest direction may have become than the shortest.
        var growth = 2 * largest / cut
        for _ in 1..<degree {
            if growth * 4 * largest / cut > 1e5 {
                let orthonormal = try self.basis(of: current, isExact: false)
                // The recurrence holds as well for both blocks times one matrix.
                guard orthonormal.isTriangular else { return try self.basis(of: orthonormal.q) }
                previous = TallBlock.product(previous, TallBlock.inverse(ofUpper: orthonormal.r), threads: threads)
                current = orthonormal.q
                growth = 1
            }
            factor.assign(current)
            refining.multiplyTransposed(factor, &side)
            refining.multiply(side, &factor)
            // What comes next takes the place of what is no longer needed.
            TallBlock.combine(&previous, times: -1, plus: 4 / cut, factor, plus: -2, current, threads: threads)
            swap(&previous, &current)
            growth *= 4 * largest / cut
        }
        return try self.basis(of: current, isExact: isExact)
    }

    private func product(with block: FactorMatrix<Double>) -> FactorMatrix<Double> {
        var result = FactorMatrix<Double>(rowCount: rowCount, width: block.width)
        products.multiply(block, &result)
        return result
    }

    private func transposedProduct(with block: FactorMatrix<Double>) -> FactorMatrix<Double> {
        var result = FactorMatrix<Double>(rowCount: columnCount, width: block.width)
        products.multiplyTransposed(block, &result)
        return result
    }

    /// Fixes the signs and transposes the right vectors, where there are any.
    private func signed(
        left: FactorMatrix<Double>, values: [Double], right: FactorMatrix<Double>?
    ) -> SingularValueDecomposition {
        let rank = values.count
        var u = left.dense
        var largest = [Double](repeating: 0, count: rank)
        for i in 0..<rowCount {
            for c in 0..<rank where abs(u.elements[i * rank + c]) > abs(largest[c]) { largest[c] = u.elements[i * rank + c] }
        }
        let signs = largest.map { $0 < 0 ? -1.0 : 1 }
        for i in 0..<rowCount {
            for c in 0..<rank { u.elements[i * rank + c] *= signs[c] }
        }
        let v = right?.rows ?? []
        var vTransposed = DenseMatrix(rowCount: v.isEmpty ? 0 : rank, columnCount: columnCount)
        for j in 0..<v.count / max(1, rank) {
            for c in 0..<rank { vTransposed.elements[c * columnCount + j] = signs[c] * v[j * rank + c] }
        }
        return SingularValueDecomposition(u: u, singularValues: values, vTransposed: vTransposed)
    }
}
