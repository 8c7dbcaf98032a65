import LinearAlgebra

/// Why a model cannot go on learning.
public enum UpdateObstacle: Sendable, Equatable {
    /// Its classifier learns from all articles at once.
    case learnsAtOnce
    /// It was written without what it would go on from.
    case stateLeftOut
}

/// A model that went on learning.
public struct UpdatedModel<Model: Sendable>: Sendable {
    public let model: Model
    /// Rows × labels: the scores that each row had by a model that had not learnt it, but, as far as possible, those before it: what
    /// progressive validation is made of (Blum, Kalai & Langford 1999).
    public let scoresBefore: [Double]

    public init(model: Model, scoresBefore: [Double]) {
        self.model = model
        self.scoresBefore = scoresBefore
    }
}

/// Why a model was not updated.
public enum UpdateError: Error, Equatable, CustomStringConvertible {
    case impossible(component: String, UpdateObstacle)
    /// The articles have other labels, or another task, than the model.
    case otherTask(component: String)
    /// It learns every article once.
    case onePassOnly(component: String, passCount: Int)
    /// What it would go on from is damaged.
    case damagedState(component: String, reason: String)

    public var description: String {
        switch self {
        case .impossible(let component, .learnsAtOnce):
            "\(component) learns from all articles at once and cannot go on: train again with the old and the new articles, or once "
                + "with a component that can, such as online-logistic-regression"
        case .impossible(let component, .stateLeftOut):
            "the model was written without what \(component) goes on from (train --no-state, --maximum-size or compress): train again "
                + "and keep it"
        case .otherTask(let component): "\(component) was trained for other labels or another task than the articles have"
        case .onePassOnly(let component, let passCount):
            "\(component) learns every article once, so it cannot take \(passCount) passes"
        case .damagedState(let component, let reason): "what \(component) goes on from is damaged: \(reason)"
        }
    }
}

extension ClassifierModel {
    public var updateObstacle: UpdateObstacle? { .learnsAtOnce }

    public func updated(
        with rows: SparseMatrix, targets: Targets, passCount: Int?, context: TrainingContext
    ) throws -> UpdatedModel<Self> {
        throw UpdateError.impossible(component: "\(Self.self)", updateObstacle ?? .learnsAtOnce)
    }

    public func withoutUpdateState() -> Self { self }
}

extension ArticleClassifierModel {
    public var updateObstacle: UpdateObstacle? { .learnsAtOnce }

    public func updated(with corpus: Corpus, passCount: Int?, context: TrainingContext) throws -> UpdatedModel<Self> {
        throw UpdateError.impossible(component: "\(Self.self)", updateObstacle ?? .learnsAtOnce)
    }

    public func withoutUpdateState() -> Self { self }
}
