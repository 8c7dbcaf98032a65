import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

func logOf(_ x: Double) -> Double { log(x) }

/// A fit with its measures, before it is described.
public struct MeasuredTopics: Sendable {
    public let model: NMFModel
    /// The shares of topics in the articles.
    public let shares: DenseMatrix
    public let quality: TopicCountQuality
    /// For every topic its NPMI, UMass and C_v.
    public let coherence: [TopicCoherence]
    /// Of how many articles of another corpus that is; `nil` for the articles of the fit.
    public let referenceArticleCount: Int?
    public let iterations: Int
    public let converged: Bool

    /// Measures topics against the articles they were fitted to, their coherence in a reference corpus where there is one.
    ///
    /// Coherence is that of the ten likeliest terms of a topic, NPMI and UMass over articles, C_v over windows of 110 terms; diversity
    /// is that of the 25 likeliest. Means over topics leave out those without a measure.
    ///
    /// - Parameters:
    ///   - sequences: for every article its terms in their order; empty leaves out C_v.
    ///   - restarts: the likeliest terms of fits from other seeds, to measure stability; empty leaves it out.
    public init(
        _ model: NMFModel, rows: SparseMatrix, divergence: Double, iterations: Int, converged: Bool, sequences: [[Int32]],
        restarts: [[[Int]]], reference: TopicReference? = nil, threadCount: Int
    ) {
        self.model = model
        self.iterations = iterations
        self.converged = converged
        shares = model.shares(of: rows, threadCount: threadCount)
        coherence = (reference ?? TopicReference(rows: rows, sequences: sequences)).coherence(of: model.topTerms(count: 10))
        referenceArticleCount = reference?.rows.rowCount
        let means = TopicCoherence.mean(coherence)
        var size = 0.0
        for value in rows.values.lazy.map({ Double($0) }) { size += model.parameters.loss == .frobenius ? value * value : value }
        let error = model.parameters.loss == .frobenius ? (2 * divergence / size).squareRoot() : divergence / size
        quality = TopicCountQuality(
            topicCount: model.topicCount, npmi: means.npmi, uMass: means.uMass, cV: means.cV,
            diversity: TopicComparison.diversity(model.topTerms(count: 25)),
            stability: restarts.isEmpty ? nil : TopicComparison.stability(restarts), reconstructionError: error)
    }
}

extension TopicReport {
    /// Describes topics.
    ///
    /// - Parameters:
    ///   - termName: the name of a term.
    ///   - guides: the names of the guided topics, which come first in the model.
    ///   - articleLimit: how many typical articles to keep for a topic.
    public init(
        _ measured: MeasuredTopics, articles: DescribedArticles, termName: (Int) -> String, guides: [String] = [],
        compared: [TopicCountQuality] = [], reasons: [String] = [], articleLimit: Int = 20
    ) {
        let model = measured.model
        let shares = measured.shares
        let k = model.topicCount
        let known = (0..<shares.rowCount).filter { i in shares.row(i).contains { $0 > 0 } }
        var prevalence = [Double](repeating: 0, count: k)
        for i in known { for a in 0..<k { prevalence[a] += shares[i, a] / Double(known.count) } }
        let (periods, periodOf) = Self.periods(articles.dates)
        var sums = [[Double]](repeating: [Double](repeating: 0, count: k), count: periods.count)
        var counts = [Int](repeating: 0, count: periods.count)
        for i in known {
            guard let period = periodOf[i] else { continue }
            counts[period] += 1
            for a in 0..<k { sums[period][a] += shares[i, a] }
        }
        let candidates = Self.candidates(model, prevalence)
        let places = Self.map(model)
        topics = (0..<k).map { a in
            let typical = known.filter { shares[$0, a] > 0 }.sorted { (shares[$0, a], $1) > (shares[$1, a], $0) }
                .prefix(articleLimit)
            return Topic(
                number: a + 1, guide: a < guides.count ? guides[a] : nil,
                terms: candidates[a].map { Term(term: termName($0.term), probability: $0.probability, lift: $0.lift) },
                prevalence: prevalence[a], npmi: measured.coherence[a].npmi, uMass: measured.coherence[a].uMass,
                cV: measured.coherence[a].cV,
                articles: typical.map {
                    TypicalArticle(id: articles.identifiers[$0], title: articles.titles[$0], share: shares[$0, a])
                },
                prevalenceByPeriod: periods.indices.map { counts[$0] == 0 ? nil : sums[$0][a] / Double(counts[$0]) },
                x: places[a].x, y: places[a].y)
        }
        articleCount = shares.rowCount
        emptyArticleCount = shares.rowCount - known.count
        termCount = model.inputCount
        loss = model.parameters.loss.rawValue
        initialization = model.parameters.initialization.rawValue
        iterations = measured.iterations
        converged = measured.converged
        quality = measured.quality
        referenceArticleCount = measured.referenceArticleCount
        self.periods = periods
        periodArticleCounts = counts
        self.compared = compared
        self.reasons = reasons
    }

    /// Months, or years where there would be more than 60 months, of the dates that begin like ISO 8601 ones. None where fewer than
    /// two periods have articles.
    private static func periods(_ dates: [String?]) -> (names: [String], periodOf: [Int?]) {
        func isDate(_ text: Substring) -> Bool {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            return parts.count == 2 && parts[0].count == 4 && parts[1].count == 2
                && parts.allSatisfy { $0.allSatisfy(\.isNumber) }
        }
        var keys = dates.map { date -> String? in
            guard let month = date?.prefix(7), isDate(month) else { return nil }
            return String(month)
        }
        if Set(keys.compactMap { $0 }).count > 60 { keys = keys.map { $0.map { String($0.prefix(4)) } } }
        let names = Set(keys.compactMap { $0 }).sorted()
        guard names.count > 1 else { return ([], Array(repeating: nil, count: dates.count)) }
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        return (names, keys.map { $0.flatMap { places[$0] } })
    }

    /// For each topic the terms that are among the thirty most relevant for some weight λ, the likeliest first. Terms a thousand
    /// times less likely than the likeliest are left out.
    private static func candidates(
        _ model: NMFModel, _ prevalence: [Double]
    ) -> [[(term: Int, probability: Double, lift: Double)]] {
        let k = model.topicCount
        var marginal = [Double](repeating: 0, count: model.inputCount)
        var probabilities = [[Double]](repeating: marginal, count: k)
        for a in 0..<k {
            for term in 0..<model.inputCount {
                let probability = model.termProbability(term, topic: a)
                probabilities[a][term] = probability
                marginal[term] += prevalence[a] * probability
            }
        }
        return (0..<k).map { a in
            let own = probabilities[a]
            let least = (own.max() ?? 0) / 1000
            let possible = own.indices.filter { own[$0] > least && own[$0] > 0 }.map { term in
                (term: term, probability: own[term], lift: marginal[term] > 0 ? own[term] / marginal[term] : 1)
            }
            var kept = Set<Int>()
            for lambda in [0, 0.2, 0.4, 0.6, 0.8, 1.0] {
                let keyed = possible.indices.map { place in
                    (place, lambda * log(possible[place].probability) + (1 - lambda) * log(possible[place].lift))
                }
                for (place, _) in keyed.sorted(by: { ($0.1, $1.0) > ($1.1, $0.0) }).prefix(30) { kept.insert(place) }
            }
            return kept.map { possible[$0] }.sorted { ($0.probability, $1.term) > ($1.probability, $0.term) }
        }
    }

    /// Places in the plane whose distances are near those between topics: classical scaling (Torgerson 1952) of Hellinger distances
    /// between distributions of terms, into −1...1.
    static func map(_ model: NMFModel) -> [(x: Double, y: Double)] {
        let k = model.topicCount
        var roots = DenseMatrix(rowCount: model.inputCount, columnCount: k)
        for term in 0..<model.inputCount {
            for a in 0..<k { roots[term, a] = model.termProbability(term, topic: a).squareRoot() }
        }
        let affinity = roots.gram()
        // Squared distances, centred twice.
        var centred = DenseMatrix(rowCount: k, columnCount: k)
        for a in 0..<k { for b in 0..<k { centred[a, b] = max(0, 1 - affinity[a, b]) } }
        let means = (0..<k).map { a in centred.row(a).reduce(0, +) / Double(k) }
        let mean = means.reduce(0, +) / Double(k)
        for a in 0..<k { for b in 0..<k { centred[a, b] = -0.5 * (centred[a, b] - means[a] - means[b] + mean) } }
        guard k > 1, let eigen = try? centred.symmetricEigenDecomposition() else {
            return Array(repeating: (0, 0), count: k)
        }
        func axis(_ place: Int) -> [Double] {
            guard k - 1 - place >= 0 else { return Array(repeating: 0, count: k) }
            let scale = max(0, eigen.values[k - 1 - place]).squareRoot()
            let vector = eigen.vectors.row(k - 1 - place)
            // The largest number is positive, so that the map does not flip.
            let largest = vector.max { abs($0) < abs($1) } ?? 0
            return vector.map { largest < 0 ? -$0 * scale : $0 * scale }
        }
        let (x, y) = (axis(0), axis(1))
        let size = max((x + y).map { abs($0) }.max() ?? 0, 1e-12)
        return (0..<k).map { (x[$0] / size, y[$0] / size) }
    }
}
