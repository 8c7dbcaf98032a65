import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Fitted `NearestNeighbors`: the training rows by feature, with what is known of their labels.
public struct NearestNeighborsModel: ClassifierModel {
    /// Where the articles of each feature begin, `featureCount + 1` numbers.
    private let offsets: ModelArray<Int64>
    /// The articles that have each feature, and their values, rows having unit length.
    private let articles: ModelArray<Int32>
    private let values: ModelArray<Float>
    /// [article][label]: 1, 0, −1 not judged.
    private let targets: ModelArray<Int8>
    private let weights: ModelArray<Double>
    private let settings: Settings
    /// Whether a label was not judged on some article: neighbours are then sought label by label, among those on which it was.
    private let hasUnjudged: Bool

    private struct Settings: Codable {
        var labelCount: Int
        var isSingle: Bool
        var neighbors: Int
        var weighsBySimilarity: Bool
        var smoothing: Double
    }

    /// The least probability that a score is the logarithm of.
    private static let floor = 1e-9

    public var labelCount: Int { settings.labelCount }
    public var featureCount: Int { offsets.count - 1 }
    /// How many articles it keeps.
    public var articleCount: Int { weights.count }

    init(rows: SparseMatrix, targets: Targets, sampleWeights: [Double], parameters: NearestNeighbors.Parameters) {
        let byFeature = rows.transposed()
        offsets = ModelArray(byFeature.rowOffsets.map { Int64($0) })
        articles = ModelArray(byFeature.columnIndices)
        values = ModelArray(byFeature.values)
        self.targets = ModelArray(targets.values)
        weights = ModelArray(sampleWeights)
        hasUnjudged = targets.values.contains { $0 < 0 }
        settings = Settings(
            labelCount: targets.labelCount, isSingle: targets.task == .single, neighbors: parameters.neighbors,
            weighsBySimilarity: parameters.weighsBySimilarity, smoothing: parameters.smoothing)
    }

    /// Scores row after row; memory for as many numbers as there are articles is taken once a call.
    public func decisionFunction(_ rows: borrowing SparseMatrix, into scores: inout [Double]) {
        scores.removeAll(keepingCapacity: true)
        var cosines = [Float](repeating: 0, count: articleCount)
        var isTouched = [Bool](repeating: false, count: articleCount)
        var touched: [Int32] = []
        let priors = priors
        for row in 0..<rows.rowCount {
            addCosines(rows, row, into: &cosines, &isTouched, &touched)
            let start = scores.count
            if hasUnjudged {
                for label in 0..<labelCount {
                    let judged = targets.withSpan { targets in
                        touched.filter { targets[Int($0) * labelCount + label] >= 0 }
                    }
                    appendShares(nearest(judged, cosines), cosines, priors, label..<label + 1, to: &scores)
                }
            } else {
                appendShares(nearest(touched, cosines), cosines, priors, 0..<labelCount, to: &scores)
            }
            for label in 0..<labelCount {
                let p = scores[start + label]
                let least = Self.floor
                scores[start + label] =
                    settings.isSingle ? log(max(p, least)) : log(max(p, least)) - log(max(1 - p, least))
            }
            for article in touched {
                cosines[Int(article)] = 0
                isTouched[Int(article)] = false
            }
            touched.removeAll(keepingCapacity: true)
        }
    }

    private func addCosines(
        _ rows: borrowing SparseMatrix, _ row: Int, into cosines: inout [Float], _ isTouched: inout [Bool],
        _ touched: inout [Int32]
    ) {
        var square = 0.0
        for element in rows.row(row) {
            let value = Double(rows.values[element])
            square += value * value
        }
        guard square > 0, square.isFinite else { return }
        let factor = 1 / square.squareRoot()
        offsets.withSpan { offsets in
            articles.withSpan { articles in
                values.withSpan { values in
                    for element in rows.row(row) {
                        let column = Int(rows.columnIndices[element])
                        let value = Float(Double(rows.values[element]) * factor)
                        guard value != 0 else { continue }
                        for place in Int(offsets[column])..<Int(offsets[column + 1]) {
                            let article = Int(articles[place])
                            if !isTouched[article] {
                                isTouched[article] = true
                                touched.append(articles[place])
                            }
                            cosines[article] += value * values[place]
                        }
                    }
                }
            }
        }
    }

    /// The k articles with the largest cosines above 0, the most similar first; of equals the earlier one.
    private func nearest(_ touched: [Int32], _ cosines: [Float]) -> [Int32] {
        func isNearer(_ a: Int32, _ b: Int32) -> Bool {
            (cosines[Int(b)], a) < (cosines[Int(a)], b)
        }
        // The best so far, the worst of them on top.
        var heap: [Int32] = []
        for article in touched where cosines[Int(article)] > 0 {
            if heap.count == settings.neighbors {
                guard isNearer(article, heap[0]) else { continue }
                heap[0] = article
                Self.sink(&heap, isNearer)
            } else {
                heap.append(article)
                Self.rise(&heap, isNearer)
            }
        }
        heap.sort { isNearer($0, $1) }
        return heap
    }

    /// Restores the heap after its top has changed: every element is nearer than the one above it.
    private static func sink(_ heap: inout [Int32], _ isNearer: (Int32, Int32) -> Bool) {
        var place = 0
        while true {
            var worst = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && isNearer(heap[worst], heap[child]) {
                worst = child
            }
            if worst == place { return }
            heap.swapAt(place, worst)
            place = worst
        }
    }

    private static func rise(_ heap: inout [Int32], _ isNearer: (Int32, Int32) -> Bool) {
        var place = heap.count - 1
        while place > 0, isNearer(heap[(place - 1) / 2], heap[place]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Appends p of some labels.
    private func appendShares(
        _ nearest: [Int32], _ cosines: [Float], _ priors: [Double], _ labels: Range<Int>, to scores: inout [Double]
    ) {
        targets.withSpan { targets in
            weights.withSpan { weights in
                for label in labels {
                    var (own, all) = (settings.smoothing * priors[label], settings.smoothing)
                    var room = Double(settings.neighbors)
                    for article in nearest where room > 0 {
                        let number = Int(article)
                        let count = min(room, weights[number])
                        room -= count
                        let vote = count * (settings.weighsBySimilarity ? Double(cosines[number]) : 1)
                        all += vote
                        if targets[number * labelCount + label] == 1 { own += vote }
                    }
                    scores.append(all > 0 ? own / all : priors[label])
                }
            }
        }
    }

    /// The share of each label among the articles on which it was judged, with half an article on either side.
    private var priors: [Double] {
        var own = [Double](repeating: 0, count: labelCount)
        var all = own
        targets.withSpan { targets in
            weights.withSpan { weights in
                for article in 0..<weights.count {
                    for label in 0..<labelCount {
                        let judgement = targets[article * labelCount + label]
                        if judgement >= 0 { all[label] += weights[article] }
                        if judgement == 1 { own[label] += weights[article] }
                    }
                }
            }
        }
        return zip(own, all).map { ($0 + 0.5) / ($1 + 1) }
    }

    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try writer.add("settings", json: settings)
        writer.add("offsets", offsets)
        writer.add("articles", articles)
        writer.add("values", values)
        writer.add("targets", targets)
        writer.add("weights", weights)
    }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        settings = try reader.value("settings", of: Settings.self)
        guard 1...1_000_000 ~= settings.labelCount, 1...1_000_000 ~= settings.neighbors, settings.smoothing >= 0,
            settings.smoothing.isFinite
        else { throw reader.malformed("settings", "has a value out of range") }
        weights = try reader.array("weights", of: Double.self)
        targets = try reader.array("targets", of: Int8.self, count: weights.count * settings.labelCount)
        hasUnjudged = targets.withSpan { targets in
            for place in targets.indices where targets[place] < 0 { return true }
            return false
        }
        offsets = try reader.array("offsets", of: Int64.self)
        articles = try reader.array("articles", of: Int32.self)
        values = try reader.array("values", of: Float.self, count: articles.count)
        let (articleCount, elementCount) = (weights.count, articles.count)
        let isWhole = offsets.withSpan { offsets in
            guard offsets.count > 0, offsets[0] == 0, offsets[offsets.count - 1] == Int64(elementCount) else { return false }
            for feature in 1..<max(1, offsets.count) where offsets[feature] < offsets[feature - 1] { return false }
            return true
        }
        guard isWhole else { throw reader.malformed("offsets", "do not ascend to the number of elements") }
        let isInside = articles.withSpan { articles in
            for place in articles.indices where !(0..<articleCount ~= Int(articles[place])) { return false }
            return true
        }
        guard isInside else { throw reader.malformed("articles", "name articles that are not there") }
        let isNumber = weights.withSpan { weights in
            for place in weights.indices where !(weights[place] > 0 && weights[place].isFinite) { return false }
            return true
        }
        guard isNumber else { throw reader.malformed("weights", "are no positive numbers") }
    }
}
