import LinearAlgebra
import TextClassification

/// Weighted sums of the features over the articles of every label and over the others: what naive Bayes and centroids are made of.
///
/// Articles on which a label was not judged have no part in its sums; of a single-label task neither have those without a label.
struct LabelSums {
    let featureCount: Int
    let labelCount: Int
    /// Sums over the articles with the label, [feature][label].
    private(set) var positive: [Double]
    /// Sums over the articles on which the label was not judged, [feature][label]; `nil` where all were judged.
    private var unjudged: [Double]?
    /// Sums over all articles, a number a feature.
    private var all: [Double]
    /// The weights of the articles with each label, and of those without it.
    private(set) var positiveWeights: [Double]
    private(set) var negativeWeights: [Double]

    /// - Parameters:
    ///   - value: what an element counts.
    /// - Throws: `TrainingError` on cancellation.
    /// - Complexity: O(elements · labels an article + features · labels).
    init(
        _ rows: SparseMatrix, _ targets: Targets, sampleWeights: [Double]?, context: TrainingContext,
        value: (Double) -> Double = { $0 }
    ) throws(TrainingError) {
        featureCount = rows.columnCount
        labelCount = targets.labelCount
        let size = featureCount * labelCount
        positive = [Double](repeating: 0, count: size)
        all = [Double](repeating: 0, count: featureCount)
        positiveWeights = [Double](repeating: 0, count: labelCount)
        negativeWeights = positiveWeights
        let used = targets.learnable
        let values = targets.values
        if used.contains(where: { targets.hasUnjudged($0) }) { unjudged = positive }
        for (number, article) in used.enumerated() {
            if number % 1024 == 0 { try context.checkCancellation() }
            let weight = sampleWeights?[article] ?? 1
            guard weight > 0 else { continue }
            var own: [Int] = []
            var unknown: [Int] = []
            for label in 0..<labelCount {
                switch values[article * labelCount + label] {
                case 1:
                    own.append(label)
                    positiveWeights[label] += weight
                case 0: negativeWeights[label] += weight
                default: unknown.append(label)
                }
            }
            for element in rows.row(article) {
                let column = Int(rows.columnIndices[element])
                let amount = weight * value(Double(rows.values[element]))
                all[column] += amount
                for label in own { positive[column * labelCount + label] += amount }
                for label in unknown { unjudged?[column * labelCount + label] += amount }
            }
        }
    }

    /// The sum over the articles without the label.
    func negative(_ feature: Int, _ label: Int) -> Double {
        let place = feature * labelCount + label
        return max(0, all[feature] - positive[place] - (unjudged?[place] ?? 0))
    }

    /// The sum over the articles on which the label was judged.
    func judged(_ feature: Int, _ label: Int) -> Double {
        all[feature] - (unjudged?[feature * labelCount + label] ?? 0)
    }

    /// Whether a label can be told from its absence: there are articles of both kinds.
    func isTwoSided(_ label: Int) -> Bool { positiveWeights[label] > 0 && negativeWeights[label] > 0 }
}

extension Targets {
    /// The articles from which something can be learnt: of a single-label task those with a label, of others those on which one was
    /// judged.
    var learnable: [Int] {
        (0..<count).filter { task == .single ? classIndex(of: $0) != nil : isLabelled($0) }
    }

    /// Whether some label was not judged on the article.
    func hasUnjudged(_ article: Int) -> Bool {
        values[article * labelCount..<(article + 1) * labelCount].contains { $0 < 0 }
    }
}

extension SparseMatrix {
    /// - Throws: `TrainingError` for a value below zero or one that is no number, of which there are no logarithms.
    func requireCounts(_ component: String) throws(TrainingError) {
        for value in values where !(value >= 0 && value.isFinite) {
            throw .failed(component: component, reason: "it wants features that are counts or weights from 0 on; one is \(value)")
        }
    }
}
