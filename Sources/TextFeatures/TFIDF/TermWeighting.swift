import CKernels
import LinearAlgebra

/// From counts of terms to values of features, with the functions of small counts in a table.
struct TermWeighting: Sendable {
    private let isSublinear: Bool
    private let normalization: RowNormalization
    /// What each small count is in the product with the inverse document frequency.
    let termFrequencies: [Double]

    init(_ parameters: TFIDFParameters) {
        isSublinear = parameters.sublinear
        normalization = parameters.normalization
        termFrequencies = (0..<SK_FREQUENCIES).map { parameters.termFrequency(Float($0)) }
    }

    /// The weighting of a block, without the tables.
    func kernel(weight: Double, firstFeature: Int) -> sk_weighting {
        let norm =
            switch normalization {
            case .none: SK_NO_NORM
            case .l1: SK_L1
            case .l2: SK_L2
            }
        return sk_weighting(
            weight: weight, is_sublinear: isSublinear ? 1 : 0, normalization: Int32(norm), first_column: Int32(firstFeature))
    }
}
