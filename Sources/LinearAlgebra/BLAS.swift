import CDenseRoutines

/// Vector operations of BLAS level 1 on arrays of `Double`.
///
/// Which library stands behind them (reference BLAS, OpenBLAS) is the system's choice, and the order of its sums with it: two
/// providers agree to rounding, not to the last bit.
public enum BLAS {
    /// Σ x_i y_i.
    public static func dot(_ x: [Double], _ y: [Double]) -> Double {
        precondition(x.count == y.count, "vectors of \(x.count) and \(y.count) numbers")
        oneThread
        return unsafe sk_ddot(Int32(x.count), x, y)
    }

    /// y ← y + α x.
    public static func axpy(_ alpha: Double, _ x: [Double], into y: inout [Double]) {
        precondition(x.count == y.count, "vectors of \(x.count) and \(y.count) numbers")
        oneThread
        unsafe sk_daxpy(Int32(x.count), alpha, x, &y)
    }

    /// √Σ x_i², without overflow on the way.
    public static func norm2(_ x: [Double]) -> Double {
        oneThread
        return unsafe sk_dnrm2(Int32(x.count), x)
    }

    /// x ← α x.
    public static func scale(_ x: inout [Double], by alpha: Double) {
        oneThread
        unsafe sk_dscal(Int32(x.count), alpha, &x)
    }
}
