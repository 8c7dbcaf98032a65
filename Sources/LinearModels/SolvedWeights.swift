import LinearAlgebra

/// The weights of a solution, numbers of double precision to whoever reads them.
///
/// Dual solvers work in single precision and give what they have: their weights a second time in twice the size would be the most
/// memory that training takes.
public struct SolvedWeights: Sendable, Equatable, RandomAccessCollection, MutableCollection, ExpressibleByArrayLiteral {
    private enum Storage: Sendable, Equatable {
        case single([Float])
        case double([Double])
    }
    private var storage: Storage

    /// Weights of single precision; those that are replaced are rounded to it.
    public init(_ weights: [Float]) { storage = .single(weights) }
    /// Weights of double precision.
    public init(_ weights: [Double]) { storage = .double(weights) }
    public init(arrayLiteral weights: Double...) { self.init(weights) }

    public var startIndex: Int { 0 }
    public var endIndex: Int {
        switch storage {
        case .single(let weights): weights.count
        case .double(let weights): weights.count
        }
    }

    public subscript(place: Int) -> Double {
        get {
            switch storage {
            case .single(let weights): Double(weights[place])
            case .double(let weights): weights[place]
            }
        }
        set {
            // Taken out, so that the array has one owner and is changed in place.
            var taken = Storage.single([])
            swap(&storage, &taken)
            switch consume taken {
            case .single(var weights):
                weights[place] = Float(newValue)
                storage = .single(weights)
            case .double(var weights):
                weights[place] = newValue
                storage = .double(weights)
            }
        }
    }

    /// All weights rounded to single precision: no copy where they are.
    public var single: [Float] {
        switch storage {
        case .single(let weights): return weights
        case .double(let weights):
            var single = [Float](largeCapacity: weights.count)
            for weight in weights { single.append(Float(weight)) }
            return single
        }
    }
}
