import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension ActiveLearner {
    /// An article worth asking about.
    public struct Suggestion: Sendable, Equatable {
        /// Its position in the archive.
        public var article: Int
        /// How unsure the classifier is about its labels, 0...1; 1 as long as there is none.
        public var uncertainty: Double
        /// The share of all that the classifier is unsure about in the archive which lies near this article: what an answer may settle.
        public var expectedGain: Double
    }

    /// How articles are chosen.
    public struct SelectionOptions: Sendable {
        /// The articles that are the most uncertain are compared more closely, so many.
        public var candidateCount = 400
        /// Density is measured on so many articles of the archive, drawn once.
        public var referenceCount = 2000
        /// The power of cosines: how quickly articles count less the less similar they are.
        public var sharpness = 2.0
        /// Articles whose TF-IDF rows have this cosine or a larger one are near-duplicates.
        public var duplicateSimilarity = 0.9
        /// The power of the expected gain beside the uncertainty.
        public var densityPower = 1.0

        public init() {}
    }

    /// The articles whose answers help most: uncertain ones, in regions where the archive is dense and the classifier uncertain, and
    /// different from each other.
    ///
    ///     score_i = u_i · g_i,   g_i = Σ_j max(0, cos(i, j))^p u_j / Σ_j u_j
    ///
    /// u is the uncertainty, j runs over a sample of the archive. Articles are taken one after another; each takes the uncertainty that
    /// it covers with it, u_j ← u_j (1 − max(0, cos(i, j))^p), so that the next one lies elsewhere (Settles & Craven 2008 for
    /// uncertainty × density; covering in place of a separate term for diversity).
    ///
    /// - Parameters:
    ///   - knowledge: what was learnt so far.
    ///   - answered: articles that were answered or refused: they and their near-duplicates are not suggested.
    ///   - pending: suggestions that nobody answered yet; what they cover is not counted again.
    ///   - isEligible: leaves articles of the archive out.
    /// - Returns: at most `count` suggestions, the best first. The same for any number of threads.
    /// - Complexity: O((candidates + count) · reference · rank).
    public func suggestions(
        _ count: Int, knowing knowledge: Knowledge, answered: [Int], pending: [Int], options: SelectionOptions = .init(),
        isEligible: (Int) -> Bool = { _ in true }
    ) throws -> [Suggestion] {
        var uncertainties = (0..<archiveCount).map { uncertainty(of: $0, knowledge) }
        let asked = Set(answered).union(pending)
        let open = (0..<archiveCount).filter { !asked.contains($0) && isEligible($0) }
        guard !open.isEmpty, count > 0 else { return [] }
        var generator = RandomGenerator(seed: context.seed)
        // In an order that is the same in every round.
        var position = [Int](repeating: 0, count: archiveCount)
        for (place, article) in generator.permutation(archiveCount).enumerated() { position[article] = place }
        let shuffled = open.sorted { position[$0] < position[$1] }
        let reference = shuffled.prefix(options.referenceCount).sorted()
        var residual = reference.map { uncertainties[$0] }
        let total = max(residual.reduce(0, +), 1e-9)
        // Without a classifier nothing is known of what the answered ones settled but that it lies near them.
        let covering = knowledge.isTrained ? pending : answered + pending
        let covered = Array(Set(covering)).sorted()
        let near = parallelMap(count: reference.count, threads: context.threadCount) { place in
            covered.reduce(1.0) { $0 * (1 - similarity($1, reference[place], options.sharpness)) }
        }
        for place in residual.indices { residual[place] *= near[place] }
        var candidates = Array(
            shuffled.sorted { (uncertainties[$1], position[$0]) < (uncertainties[$0], position[$1]) }.prefix(
                options.candidateCount))
        try context.checkCancellation()
        let candidateCovers = candidates
        let own = parallelMap(count: candidates.count, threads: context.threadCount) { place in
            covered.reduce(1.0) { $0 * (1 - similarity($1, candidateCovers[place], options.sharpness)) }
        }
        for (place, candidate) in candidates.enumerated() { uncertainties[candidate] *= own[place] }
        let askedRows = Array(asked).sorted()
        var chosen: [Suggestion] = []
        var similarities = parallelMap(count: candidates.count, threads: context.threadCount) { place in
            reference.map { Float(similarity(candidateCovers[place], $0, options.sharpness)) }
        }
        while chosen.count < count, !candidates.isEmpty {
            try context.checkCancellation()
            let (weights, tables, names, values) = (residual, similarities, candidates, uncertainties)
            let gains = parallelMap(count: candidates.count, threads: context.threadCount) { place in
                var gain = 0.0
                for (similarity, weight) in zip(tables[place], weights) { gain += Double(similarity) * weight }
                return gain / total
            }
            let scores = names.indices.map { values[names[$0]] * pow(gains[$0], options.densityPower) }
            guard let best = scores.indices.max(by: { (scores[$0], $1) < (scores[$1], $0) }) else { break }
            let article = candidates.remove(at: best)
            let table = similarities.remove(at: best)
            if isNearDuplicate(article, of: askedRows + chosen.map(\.article), options.duplicateSimilarity) { continue }
            chosen.append(
                Suggestion(article: article, uncertainty: uncertainty(of: article, knowledge), expectedGain: gains[best]))
            for place in residual.indices { residual[place] *= 1 - Double(table[place]) }
            for candidate in candidates { uncertainties[candidate] *= 1 - similarity(article, candidate, options.sharpness) }
        }
        return chosen
    }

    /// How unsure the classifier is: one label an article, 1 − (p₁ − p₂) of the two most probable ones; several labels, the most
    /// uncertain one, 1 − |2p − 1|.
    func uncertainty(of article: Int, _ knowledge: Knowledge) -> Double {
        guard knowledge.isTrained else { return 1 }
        let range = article * labelCount..<(article + 1) * labelCount
        switch task {
        case .single:
            var (first, second) = (0.0, 0.0)
            for position in range {
                let probability = knowledge.probabilities[position]
                if probability > first { (first, second) = (probability, first) } else { second = max(second, probability) }
            }
            return 1 - (first - second)
        case .multi:
            return range.reduce(0.0) { max($0, 1 - abs(2 * knowledge.probabilities[$1] - 1)) }
        }
    }

    /// max(0, cos)^p of the vectors of two articles.
    private func similarity(_ a: Int, _ b: Int, _ power: Double) -> Double {
        let vectors = vectors.span
        var sum: Float = 0
        let (first, second) = (a * rank, b * rank)
        var lanes = SIMD8<Float>.zero
        var d = 0
        while d + 8 <= rank {
            for lane in 0..<8 { lanes[lane] += vectors[first + d + lane] * vectors[second + d + lane] }
            d += 8
        }
        while d < rank {
            sum += vectors[first + d] * vectors[second + d]
            d += 1
        }
        let cosine = min(1, max(0, Double(sum + lanes.sum())))
        return power == 2 ? cosine * cosine : pow(cosine, power)
    }

    /// Whether the TF-IDF row of an article, of unit length, nearly is that of one of the others.
    private func isNearDuplicate(_ article: Int, of others: [Int], _ limit: Double) -> Bool {
        let terms = features.terms
        var values: [Int32: Double] = [:]
        for element in terms.row(article) { values[terms.columnIndices[element]] = Double(terms.values[element]) }
        return others.contains { other in
            terms.row(other).reduce(0.0) { $0 + Double(terms.values[$1]) * (values[terms.columnIndices[$1]] ?? 0) } >= limit
        }
    }
}
