import CKernels

/// A type of number in which matrices are factorised: `Double` or `Float`.
protocol FactorScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
    /// How many rows one step of coordinate descent does together.
    static var descentGroup: Int { get }
    /// `sk_multiply` of this type.
    @unsafe static func multiply(
        _ rows: RowPointers<Self>, _ other: UnsafePointer<Self>, _ stride: Int, _ product: UnsafeMutablePointer<Self>)
    /// `sk_gram` of this type.
    @unsafe static func gram(
        _ rows: UnsafePointer<Self>, _ count: Int, _ width: Int, _ stride: Int, _ gram: UnsafeMutablePointer<Double>)
    /// `sk_extrapolate` of this type.
    @unsafe static func extrapolate(
        _ new: UnsafePointer<Self>, _ count: Int, _ momentum: Self, _ old: UnsafeMutablePointer<Self>)
    /// `sk_descend` of this type.
    @unsafe static func descend(
        _ rows: RowPointers<Self>, _ problem: DescentPointers<Self>, _ own: UnsafeMutablePointer<Self>
    ) -> DescentSums
    /// `sk_scale` of this type.
    @unsafe static func scale(
        _ rows: RowPointers<Self>, _ problem: ScalingPointers<Self>, _ own: UnsafeMutablePointer<Self>)
    /// `sk_divergence` of this type.
    @unsafe static func divergence(
        _ rows: RowPointers<Self>, _ other: UnsafePointer<Self>, _ stride: Int, _ own: UnsafePointer<Self>
    ) -> Double
}

/// What coordinate descent adds up over the rows that it does.
struct DescentSums: Sendable, Equatable {
    /// The inner product of the new rows with X·other.
    var cross = 0.0
    /// The sum of the numbers of the new rows.
    var total = 0.0
}

/// Some rows of a sparse matrix, as the kernels see them.
@unsafe
struct RowPointers<Scalar: FactorScalar> {
    let set: Int32
    let offsets: UnsafePointer<Int>
    let columns: UnsafePointer<Int32>
    let values: UnsafePointer<Float>
    let start: Int
    let end: Int
    /// The number of row 0 in the whole matrix.
    let first: Int
}

/// What coordinate descent on rows of a factor needs beside the rows.
@unsafe
struct DescentPointers<Scalar: FactorScalar> {
    let blockedOffsets: UnsafePointer<Int>?
    let blocked: UnsafePointer<Int32>?
    let other: UnsafePointer<Scalar>
    let gram: UnsafePointer<Scalar>
    let l1: Scalar
    let width: Int
    let stride: Int
    let sweeps: Int32
    let tolerance: Scalar
}

/// What multiplicative steps on rows of a factor need beside the rows.
@unsafe
struct ScalingPointers<Scalar: FactorScalar> {
    let other: UnsafePointer<Scalar>
    let sums: UnsafePointer<Scalar>
    let l1: Scalar
    let l2: Scalar
    let width: Int
    let stride: Int
}

extension Double: FactorScalar {
    static var descentGroup: Int { Int(SK_DESCENT_GROUP) }

    @unsafe
    static func multiply(
        _ rows: RowPointers<Double>, _ other: UnsafePointer<Double>, _ stride: Int, _ product: UnsafeMutablePointer<Double>
    ) {
        unsafe sk_multiply_double(
            rows.set, rows.offsets, rows.columns, rows.values, rows.start, rows.end, other, stride, product)
    }

    @unsafe
    static func gram(
        _ rows: UnsafePointer<Double>, _ count: Int, _ width: Int, _ stride: Int, _ gram: UnsafeMutablePointer<Double>
    ) {
        unsafe sk_gram_double(sk_instruction_set(), rows, count, width, stride, gram)
    }

    @unsafe
    static func extrapolate(
        _ new: UnsafePointer<Double>, _ count: Int, _ momentum: Double, _ old: UnsafeMutablePointer<Double>
    ) {
        unsafe sk_extrapolate_double(sk_instruction_set(), new, count, momentum, old)
    }

    @unsafe
    static func descend(
        _ rows: RowPointers<Double>, _ problem: DescentPointers<Double>, _ own: UnsafeMutablePointer<Double>
    ) -> DescentSums {
        var scratch = [Double](repeating: 0, count: unsafe (2 * descentGroup + 1) * problem.stride)
        var sums = sk_descent_sums()
        unsafe sk_descend_double(
            rows.set, rows.offsets, rows.columns, rows.values, rows.start, rows.end, problem.blockedOffsets, problem.blocked,
            problem.other, problem.gram, problem.l1, problem.width, problem.stride, problem.sweeps, problem.tolerance, own,
            &scratch, &sums)
        return DescentSums(cross: sums.cross, total: sums.total)
    }

    @unsafe
    static func scale(
        _ rows: RowPointers<Double>, _ problem: ScalingPointers<Double>, _ own: UnsafeMutablePointer<Double>
    ) {
        var scratch = [Double](repeating: 0, count: unsafe problem.stride)
        unsafe sk_scale_double(
            rows.set, rows.offsets, rows.columns, rows.values, rows.start, rows.end, problem.other, problem.sums, problem.l1,
            problem.l2, problem.width, problem.stride, own, &scratch)
    }

    @unsafe
    static func divergence(
        _ rows: RowPointers<Double>, _ other: UnsafePointer<Double>, _ stride: Int, _ own: UnsafePointer<Double>
    ) -> Double {
        unsafe sk_divergence_double(
            rows.set, rows.offsets, rows.columns, rows.values, rows.start, rows.end, other, stride, own)
    }
}

extension Float: FactorScalar {
    static var descentGroup: Int { 2 * Int(SK_DESCENT_GROUP) }

    @unsafe
    static func multiply(
        _ rows: RowPointers<Float>, _ other: UnsafePointer<Float>, _ stride: Int, _ product: UnsafeMutablePointer<Float>
    ) {
        unsafe sk_multiply_float(
            rows.set, rows.offsets, rows.columns, rows.values, rows.start, rows.end, other, stride, product)
    }

    @unsafe
    static func gram(
        _ rows: UnsafePointer<Float>, _ count: Int, _ width: Int, _ stride: Int, _ gram: UnsafeMutablePointer<Double>
    ) {
        unsafe sk_gram_float(sk_instruction_set(), rows, count, width, stride, gram)
    }

    @unsafe
    static func extrapolate(
        _ new: UnsafePointer<Float>, _ count: Int, _ momentum: Float, _ old: UnsafeMutablePointer<Float>
    ) {
        unsafe sk_extrapolate_float(sk_instruction_set(), new, count, momentum, old)
    }

    @unsafe
    static func descend(
        _ rows: RowPointers<Float>, _ problem: DescentPointers<Float>, _ own: UnsafeMutablePointer<Float>
    ) -> DescentSums {
        var scratch = [Float](repeating: 0, count: unsafe (2 * descentGroup + 1) * problem.stride)
        var sums = sk_descent_sums()
        unsafe sk_descend_float(
            rows.set, rows.offsets, rows.columns, rows.values, rows.start, rows.end, problem.blockedOffsets, problem.blocked,
            problem.other, problem.gram, problem.l1, problem.width, problem.stride, problem.sweeps, problem.tolerance, own,
            &scratch, &sums)
        return DescentSums(cross: sums.cross, total: sums.total)
    }

    @unsafe
    static func scale(
        _ rows: RowPointers<Float>, _ problem: ScalingPointers<Float>, _ own: UnsafeMutablePointer<Float>
    ) {
        var scratch = [Float](repeating: 0, count: unsafe problem.stride)
        unsafe sk_scale_float(
            rows.set, rows.offsets, rows.columns, rows.values, rows.start, rows.end, problem.other, problem.sums, problem.l1,
            problem.l2, problem.width, problem.stride, own, &scratch)
    }

    @unsafe
    static func divergence(
        _ rows: RowPointers<Float>, _ other: UnsafePointer<Float>, _ stride: Int, _ own: UnsafePointer<Float>
    ) -> Double {
        unsafe sk_divergence_float(
            rows.set, rows.offsets, rows.columns, rows.values, rows.start, rows.end, other, stride, own)
    }
}
