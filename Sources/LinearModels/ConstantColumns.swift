import LinearAlgebra

/// The columns in which every row has one and the same value: intercepts in all but name, such as the column of ones that LIBLINEAR's
/// option `-B` appends.
///
/// Coordinate ascent in the dual is slow with them, since each visit moves their weights as far as its own sample wants them, and all
/// samples want something (short news with a column of ones: 35 passes in place of 8). So the solvers take them for what they are.
/// Of Σ_j w_j v_j = b the least penalty ½ Σ_j w_j² is ½ρb² with ρ = 1 / Σ_j v_j², where w_j = ρ b v_j: they are left out of the rows,
/// and an intercept with that penalty is fitted in their place. Beside a free intercept, which costs nothing, their weights are zero.
struct ConstantColumns: Sendable {
    /// The columns, of which every row has exactly one element.
    let columns: [Int32]
    private let values: [Double]
    /// ρ; 0 where there are none, and beside a free intercept.
    let ridge: Double

    /// - Complexity: O(rows · such columns · elements of a row), and less than a few rows' work if there are none.
    init(_ matrix: SparseMatrix, besideIntercept: Bool) {
        var found: [(column: Int32, value: Double)] = []
        if matrix.rowCount > 1 {
            found = matrix.row(0).map { (matrix.columnIndices[$0], Double(matrix.values[$0])) }
                .filter { $0.value.isFinite && $0.value * $0.value > 0 }
        }
        let (indices, elements) = (matrix.columnIndices.span, matrix.values.span)
        for row in 0..<matrix.rowCount where !found.isEmpty {
            found.removeAll { candidate in
                var (count, isSame) = (0, false)
                for e in matrix.row(row) where indices[e] == candidate.column {
                    count += 1
                    isSame = Double(elements[e]) == candidate.value
                }
                return count != 1 || !isSame
            }
        }
        columns = found.map(\.column)
        values = found.map(\.value)
        ridge = found.isEmpty || besideIntercept ? 0 : 1 / values.reduce(0) { $0 + $1 * $1 }
    }

    /// A solution for rows without these columns, with their weights in place of the intercepts.
    func restored(in solution: LinearSolution) -> LinearSolution {
        guard ridge > 0 else { return solution }
        var restored = solution
        for (column, value) in zip(columns, values) {
            for c in 0..<solution.outputCount {
                restored.weights[Int(column) * solution.outputCount + c] = ridge * solution.intercepts[c] * value
            }
        }
        restored.intercepts = [Double](repeating: 0, count: solution.outputCount)
        return restored
    }
}
