import CKernels
import LinearAlgebra
import Testing
import TextClassification

@testable import TextFeatures

/// Counting terms by shards of their hashes.
@Suite struct CountedTermsTests {
    /// Terms in the order of their features, and the terms of each row, counted one by one.
    private func counted(
        _ articles: [[String]], lengths: ClosedRange<Int>, minimum: Int, favouredCount: Int
    ) -> (terms: [String], rows: [[String]]) {
        var known: [String: (length: Int, first: Int, frequency: Int, isFavoured: Bool)] = [:]
        var rows: [[String]] = []
        for (number, words) in articles.enumerated() {
            var row: [String] = []
            for length in lengths where words.count >= length {
                for start in 0...words.count - length { row.append(words[start..<start + length].joined(separator: " ")) }
            }
            var seen: Set<String> = []
            row.removeAll { !seen.insert($0).inserted }
            for term in row {
                let length = term.split(separator: " ").count
                let new = (length, known.count, 0, number < favouredCount)
                known[term, default: new].frequency += 1
            }
            rows.append(row)
        }
        let kept = known.filter { $0.value.frequency >= minimum || $0.value.isFavoured }
        let terms = kept.sorted {
            ($0.value.length, -$0.value.frequency, $0.value.first) < ($1.value.length, -$1.value.frequency, $1.value.first)
        }
        return (terms.map(\.key), rows.map { $0.filter { kept[$0] != nil } })
    }

    /// Enough words for several shards, and for pieces that end within the articles of a thread.
    @Test(arguments: [1, 3]) func `Terms are those of counting one by one`(threads: Int) throws {
        var random = RandomGenerator(seed: 5)
        let articles = (0..<900).map { _ in
            (0..<random.nextInt(below: 200)).map { _ in
                "w\(min(random.nextInt(below: 1200), random.nextInt(below: 1200), random.nextInt(below: 1200)))"
            }
        }
        let batch = ArticleBatch(articles.map { Article(text: $0.joined(separator: " ")) })
        for (lengths, minimum, favouredCount) in [(1...2, 2, 0), (1...3, 3, 20), (2...3, 2, 0)] {
            var parameters = TFIDFParameters()
            parameters.wordNgrams = LengthRange(lengths)
            parameters.minimumDocumentFrequency = minimum
            let (model, rows) = try TFIDFVectorizer(parameters).fittedExtracting(
                batch, favouring: favouredCount, context: TrainingContext(threadCount: threads))
            let expected = counted(articles, lengths: lengths, minimum: minimum, favouredCount: favouredCount)
            let names = (0..<model.featureCount).map(model.featureName)
            let isSameVocabulary = names == expected.terms
            #expect(isSameVocabulary)
            let isSameRows = expected.rows.indices.allSatisfy { row in
                rows.columnIndices[rows.row(row)].map { names[Int($0)] } == expected.rows[row]
            }
            #expect(isSameRows)
        }
    }

    @Test func `No article, and articles without a word, have no terms`() throws {
        for texts in [[], ["", "..."]] {
            for threads in [1, 4] {
                let batch = ArticleBatch(texts.map { Article(text: $0) })
                let (model, rows) = try TFIDFVectorizer().fittedExtracting(
                    batch, context: TrainingContext(threadCount: threads))
                #expect(model.featureCount == 0 && rows.rowCount == texts.count && rows.elementCount == 0)
            }
        }
    }

    @Test(arguments: [1, 2, 3, 7, 40]) func `Rounds hold every shard once, and about the same number of n-grams`(count: Int) {
        var random = RandomGenerator(seed: 7)
        let counts = (0..<5).map { _ in (0..<20).map { _ in UInt32(random.nextInt(below: 100)) } }
        let total = counts.reduce(0) { $0 + $1.reduce(0) { $0 + Int($1) } }
        let division = ShardDivision(counts, shardCount: 20, roundLength: total / count, maximumRoundCount: 8)
        #expect(division.rounds.count == min(count, 8))
        #expect(division.rounds.flatMap { Array($0.shards) } == Array(0..<20))
        #expect(division.rounds.flatMap { Array($0.elements) } == Array(0..<total))
        // A shard has less than five times a hundred.
        #expect(division.rounds.allSatisfy { $0.elements.count < total / min(count, 8) + 500 })
    }

    @Test func `Every set of instructions counts the same`() {
        var random = RandomGenerator(seed: 6)
        for count in 0..<120 {
            let terms = (0..<2 * count).map { _ in
                UInt32(random.nextInt(below: 50)) | (random.nextInt(below: 3) == 0 ? SK_REPEATED : 0)
            }
            let numbers = (0..<50).map { UInt32($0 % 3 == 0 ? 0 : 200 - $0) }
            let ends: [UInt32] = [UInt32(count) / 2, UInt32(count) / 2, UInt32(count)]
            func results(_ set: Int32) -> [[UInt32]] {
                var numbered = [UInt32](repeating: 9, count: count)
                unsafe sk_number_terms(set, terms, count, numbers, &numbered)
                var taken = Array(terms[..<count])
                var newCounts = [UInt32](repeating: 9, count: ends.count)
                unsafe sk_take_numbers(set, &taken, 5, ends.map { $0 + 5 }, ends.count, numbers, &newCounts)
                var shards = [UInt32](repeating: 0, count: 4)
                let words = Array(terms[count...])
                unsafe sk_count_shards(set, terms, words, count, 4, &shards)
                var places = [0, shards[0], shards[0] + shards[1], shards[0] + shards[1] + shards[2]]
                let total = Int(places[3] + shards[3])
                var occurrences = [NgramOccurrence](
                    repeating: NgramOccurrence(parts: 0, position: 0, article: 0), count: total)
                let starts = places
                unsafe sk_divide_ngrams(set, terms, words, count, 0, ends, 0, 4, 0, 4, 0, &places, &occurrences)
                // The two shards in the middle alone stand where they stand among all.
                let (first, end) = (Int(starts[1]), Int(starts[3]))
                var (inner, own) = (Array(occurrences[..<(end - first)]), starts)
                unsafe sk_divide_ngrams(set, terms, words, count, 0, ends, 0, 4, 1, 3, starts[1], &own, &inner)
                #expect(
                    inner.map { [$0.parts, UInt64($0.position), UInt64($0.article)] }
                        == occurrences[first..<end].map { [$0.parts, UInt64($0.position), UInt64($0.article)] })
                var renumbered = Array(terms[..<count])
                unsafe sk_renumber_terms(set, &renumbered, count, numbers)
                #expect(renumbered == numbered)
                return [
                    numbered, taken, newCounts, shards, places,
                    occurrences.flatMap {
                        [UInt32($0.parts >> 32), UInt32(truncatingIfNeeded: $0.parts), $0.position, $0.article]
                    },
                ]
            }
            let plain = results(Int32(SK_PLAIN))
            #expect(plain[0].map { $0 & ~SK_REPEATED } == plain[1])
            let halves = [plain[0][..<(count / 2)], [], plain[0][(count / 2)...]]
            #expect(plain[2] == halves.map { half in UInt32(half.count { $0 != 0 && $0 & SK_REPEATED == 0 }) })
            for (place, term) in terms[..<count].enumerated() {
                let number = numbers[Int(term & ~SK_REPEATED)]
                #expect(plain[0][place] == (number == 0 ? 0 : number | term & SK_REPEATED))
            }
            for set in KernelTests.sets { #expect(results(set) == plain) }
        }
    }
}
