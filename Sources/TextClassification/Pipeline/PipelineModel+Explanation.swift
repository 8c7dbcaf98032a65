import LinearAlgebra

extension PipelineModel {
    /// Each label's terms with their exact contributions: weight times value, which sum with the intercept to the score.
    ///
    /// `nil` where the classifier is not additive. O(features of the article × labels).
    public func explanation(of article: Article) -> Explanation? {
        guard articleClassifier == nil, let prediction = try? predicted(article) else { return nil }
        var rows = FeatureRows(featureCount: featureExtractor.featureCount)
        featureExtractor.makeExtraction().extract(ArticleBatch([article]), 0..<1, into: &rows)
        let row = transformed(rows.matrix)
        let elements = row.row(0)
        var occurrences: [Int: [FeatureOccurrence]] = [:]
        if featureTransformers.isEmpty {
            occurrences = Dictionary(grouping: featureExtractor.occurrences(in: article), by: \.feature)
        }
        var explained: [Explanation.Label] = []
        for label in 0..<labels.count {
            guard let intercept = classifier.intercept(label: label) else { return nil }
            var terms: [Explanation.Term] = []
            for element in elements {
                let feature = Int(row.columnIndices[element])
                guard let weight = classifier.featureWeight(feature, label: label) else { return nil }
                guard weight != 0 else { continue }
                terms.append(
                    .init(
                        name: featureName(feature), contribution: weight * Double(row.values[element]),
                        occurrences: occurrences[feature] ?? []))
            }
            terms.sort { (abs($0.contribution), $1.name) > (abs($1.contribution), $0.name) }
            explained.append(
                .init(
                    name: labels[label], score: prediction.scores[label], probability: prediction.probabilities[label],
                    intercept: intercept, terms: terms))
        }
        return Explanation(labels: explained)
    }
}
