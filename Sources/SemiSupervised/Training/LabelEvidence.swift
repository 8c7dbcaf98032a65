import LinearAlgebra
import TextClassification

/// What the names and keywords of labels say, in the space of article vectors.
///
/// A label's vector is the mean of its words' vectors and of the ten words nearest to that, centred as article vectors are. Beside labelled
/// articles it is one more of the label, of weight 2, that only has a vector. Without any labelled article, the articles nearest to it
/// stand in for them.
struct LabelEvidence: Sendable {
    /// One a label, of unit length; `nil` where none of its words has a vector.
    let vectors: [[Float]?]

    /// What a label's vector weighs, a labelled article being 1.
    private static let weight = 2.0
    private static let addedWordCount = 10
    /// The most articles that stand in for labelled ones of a label.
    private static let standInCount = 50

    /// - Parameter labels: in the order of the task; labels that are not defined get no vector.
    init(_ definitions: LabelDefinitions, labels: LabelSet, vectors model: ArchiveVectorsModel) {
        vectors = labels.map { name in
            guard let definition = definitions.definition(of: name) else { return nil }
            let text = ([name] + definition.keywords).joined(separator: "\n")
            var words = Set(model.terms.occurrences(in: Article(text: text)).map(\.feature)).sorted()
            guard let centre = Self.mean(of: words, model) else { return nil }
            words += model.nearestWords(to: centre, count: words.count + Self.addedWordCount).map(\.position)
                .filter { !words.contains($0) }.prefix(Self.addedWordCount)
            guard var vector = Self.mean(of: words, model) else { return nil }
            model.mean.withSpan { mean in for d in vector.indices { vector[d] -= mean[d] } }
            return ArchiveVectorsModel.normalize(&vector) ? vector : nil
        }
    }

    /// The mean of the vectors of words, of unit length.
    private static func mean(of words: [Int], _ model: ArchiveVectorsModel) -> [Float]? {
        var sum = [Float](repeating: 0, count: model.rank)
        for word in words { for (d, value) in model.vector(ofWord: word).enumerated() { sum[d] += value } }
        return ArchiveVectorsModel.normalize(&sum) ? sum : nil
    }

    /// The labels that have a vector.
    var known: [Int] { vectors.indices.filter { vectors[$0] != nil } }

    /// A row of TF-IDF and vector features side by side for each label that has a vector, and what each row weighs.
    func rows(termCount: Int, vectorWeight: Double) -> (rows: SparseMatrix, weights: [Double]) {
        let rank = vectors.lazy.compactMap(\.self).first?.count ?? 0
        var rows = SparseMatrix(columnCount: termCount + rank)
        for vector in vectors.compactMap(\.self) {
            for (d, value) in vector.enumerated() where value != 0 {
                rows.append(column: Int32(termCount + d), value: Float(Double(value) * vectorWeight))
            }
            rows.endRow()
        }
        return (rows, [Double](repeating: Self.weight, count: rows.rowCount))
    }

    /// Articles that stand in for labelled ones.
    struct StandIns: Sendable {
        var articles: [Int] = []
        var targets: Targets
    }

    /// The articles nearest to the labels: of one label an article those nearest to it by the largest margin over the other labels; of several
    /// labels also articles far from all, which have none.
    func standIns(task: ClassificationTask, features: ArchiveFeatures, seed: UInt64) -> StandIns {
        let k = vectors.count
        let count = features.trainingCount
        var similarities = [Double](repeating: -1, count: count * k)
        for article in 0..<count {
            for label in known {
                guard let vector = vectors[label] else { continue }
                similarities[article * k + label] = features.vectors.row(article).reduce(0.0) {
                    $0 + Double(features.vectors.values[$1]) * Double(vector[Int(features.vectors.columnIndices[$1])])
                }
            }
        }
        let each = max(2, min(Self.standInCount, count / (4 * max(1, k))))
        var standIns = StandIns(targets: Targets(task: task, labelCount: k))
        var taken: [Int: [Int]] = [:]
        for label in known {
            func margin(_ article: Int) -> Double {
                let others = (0..<k).filter { $0 != label }.map { similarities[article * k + $0] }
                return similarities[article * k + label] - (task == .single ? others.max() ?? 0 : 0)
            }
            let nearest = (0..<count).map { (margin($0), $0) }.sorted { ($1.0, $0.1) < ($0.0, $1.1) }.prefix(each)
            for (_, article) in nearest where task == .multi || taken[article] == nil {
                taken[article, default: []].append(label)
            }
        }
        for article in taken.keys.sorted() {
            let positive = taken[article] ?? []
            standIns.articles.append(article)
            // Whether an article that is near one label has another one, too, its vector alone does not tell.
            let doubtful =
                task == .single
                ? [] : (0..<k).filter { !positive.contains($0) && similarities[article * k + $0] > 0 }
            standIns.targets.append(positive: positive, missing: doubtful)
        }
        guard task == .multi else { return standIns }
        // Articles that no label is on the side of.
        let far = (0..<count).filter { article in known.allSatisfy { similarities[article * k + $0] <= 0 } }
        var generator = RandomGenerator(seed: seed)
        for place in generator.permutation(far.count).prefix(each * k).sorted() where taken[far[place]] == nil {
            standIns.articles.append(far[place])
            standIns.targets.append(positive: [])
        }
        return standIns
    }
}
