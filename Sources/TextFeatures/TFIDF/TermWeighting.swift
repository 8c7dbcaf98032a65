import LinearAlgebra

/// From counts of terms to values of features, with the functions of small counts in a table.
struct TermWeighting: Sendable {
    private let parameters: TFIDFParameters
    private let normalization: RowNormalization
    /// What each small count is in the product with the inverse document frequency.
    private let termFrequencies: [Double]

    init(_ parameters: TFIDFParameters) {
        self.parameters = parameters
        normalization = parameters.normalization
        termFrequencies = (0..<64).map { parameters.termFrequency(Float($0)) }
    }

    /// Appends the weighted and normalised values of one block of one article to the row being built. Terms have numbers from 1.
    func append(
        _ terms: Span<UInt32>, _ counts: Span<Float>, weight: Double, idf: Span<Double>, firstFeature: Int,
        to rows: inout SparseMatrix
    ) {
        guard terms.count > 0 else { return }
        let table = termFrequencies.span
        rows.append(count: terms.count) { columns, values in
            for position in terms.indices {
                let count = counts[position]
                let term = Int(terms[position]) - 1
                columns.append(Int32(truncatingIfNeeded: firstFeature + term))
                let small = Int(count.clamped(to: 0...63))
                let frequency = Float(small) == count ? table[small] : parameters.termFrequency(count)
                values.append(frequency * idf[term])
            }
            var values = values.mutableSpan
            let scale = weight * scale(values)
            for position in values.indices { values[position] *= scale }
        }
    }

    /// The factor that makes the norm of the values 1.
    private func scale(_ values: borrowing MutableSpan<Double>) -> Double {
        // Four sums, always the same way, so that additions do not wait for each other.
        var norms = SIMD4<Double>()
        var position = 0
        switch normalization {
        case .none: return 1
        case .l1:
            for position in values.indices { norms.x += abs(values[position]) }
            return norms.x > 0 ? 1 / norms.x : 0
        case .l2:
            while position + 4 <= values.count {
                let four = SIMD4(values[position], values[position + 1], values[position + 2], values[position + 3])
                norms += four * four
                position += 4
            }
            while position < values.count {
                norms.x += values[position] * values[position]
                position += 1
            }
            let norm = norms.sum()
            return norm > 0 ? 1 / norm.squareRoot() : 0
        }
    }
}

extension Float {
    fileprivate func clamped(to range: ClosedRange<Float>) -> Float { min(max(self, range.lowerBound), range.upperBound) }
}
