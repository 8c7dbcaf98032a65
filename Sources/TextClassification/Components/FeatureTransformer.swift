import LinearAlgebra

/// Turns rows of features into other rows: topics, selections, projections.
public protocol FeatureTransformer: Component {
    associatedtype Model: FeatureTransformerModel
    func fitted(to rows: SparseMatrix, targets: Targets?, context: TrainingContext) throws -> Model
}

/// A fitted feature transformer.
public protocol FeatureTransformerModel: ComponentModel {
    var inputCount: Int { get }
    var featureCount: Int { get }
    /// Appends the transformed rows of `input` to `output`; a row depends on its input row alone.
    func transform(_ input: borrowing SparseMatrix, into output: inout SparseMatrix)
    /// The name of an output feature, given how the input features are called.
    func featureName(_ feature: Int, inputName: (Int) -> String) -> String
}
