import LinearAlgebra
import TextClassification

extension ConformanceSuite {
    func run<E: FeatureExtractor>(_ check: FeatureExtractorCheck, _ extractor: E) throws -> [String] {
        switch check {
        case .identity: return identityReasons(extractor)
        case .hyperparameters: return hyperparameterReasons(extractor)
        case .smallCorpora: return smallCorpusReasons(extractor)
        case .cancellation:
            do {
                _ = try extractor.fitted(to: SampleArticles(seed: seed).batch, context: context(isCancelled: true))
            } catch TrainingError.cancelled {
            } catch {
                return ["cancelled, it ends with \(error)"]
            }
            return []
        case .fittedRows, .repeatability, .threadIndependence: return try fitReasons(check, extractor)
        default:
            let articles = SampleArticles(seed: seed)
            return try modelReasons(check, extractor.fitted(to: articles.batch, context: context()), articles)
        }
    }

    private func fitReasons<E: FeatureExtractor>(_ check: FeatureExtractorCheck, _ extractor: E) throws -> [String] {
        let articles = SampleArticles(seed: seed).batch
        let (model, rows) = try extractor.fittedExtracting(articles, context: context())
        var reasons: [String] = []
        switch check {
        case .fittedRows:
            if model.rows(of: articles, threadCount: 1) != rows { reasons.append("the model gives other rows than fitting did") }
            let alone = try extractor.fitted(to: articles, context: context())
            if try fileBytes(of: alone) != fileBytes(of: model) { reasons.append("fitting without rows gives another model") }
        case .threadIndependence:
            let bytes = try fileBytes(of: model)
            // So many that they are divided among threads.
            let many = SampleArticles(count: 1100, seed: seed &+ 1).batch
            let expected = model.rows(of: many, threadCount: 1)
            for threads in [2, 3] {
                let other = try extractor.fittedExtracting(articles, context: context(threads: threads))
                if try fileBytes(of: other.model) != bytes { reasons.append("\(threads) threads give another model than one") }
                if other.rows != rows { reasons.append("\(threads) threads give other rows in fitting than one") }
                if model.rows(of: many, threadCount: threads) != expected {
                    reasons.append("\(threads) threads extract other rows than one")
                }
            }
        default:
            let again = try extractor.fitted(to: articles, context: context())
            if try fileBytes(of: again) != fileBytes(of: model) { reasons.append("two fits differ") }
        }
        return reasons
    }

    private func modelReasons<M: FeatureExtractorModel>(
        _ check: FeatureExtractorCheck, _ model: M, _ articles: SampleArticles
    ) throws -> [String] {
        switch check {
        case .shape: shapeReasons(model, articles.batch)
        case .rowIndependence: independenceReasons(model, articles.batch)
        case .appending: appendingReasons(model, articles.batch)
        case .concurrency: concurrencyReasons(model, articles.batch)
        case .roundTrip: try roundTripReasons(model, articles.batch)
        case .oddTexts: oddTextReasons(model)
        case .occurrences: occurrenceReasons(model, articles.articles)
        default:
            try usingDamaged(model) { (damaged: M) in
                // A classifier is fitted to a number of features; a pipeline refuses others.
                guard damaged.featureCount == model.featureCount else { return nil }
                for feature in 0..<damaged.featureCount { _ = damaged.featureName(feature) }
                _ = damaged.occurrences(in: articles.articles[0])
                let rows = damaged.rows(of: articles.batch, threadCount: 1)
                return rows.rowCount == articles.batch.count ? nil : "a damaged model gives \(rows.rowCount) rows"
            }
        }
    }

    private func extracted(_ model: some FeatureExtractorModel, _ articles: ArticleBatch) -> FeatureRows {
        var rows = FeatureRows(featureCount: model.featureCount)
        model.makeExtraction().extract(articles, 0..<articles.count, into: &rows)
        return rows
    }

    private func shapeReasons(_ model: some FeatureExtractorModel, _ articles: ArticleBatch) -> [String] {
        let rows = extracted(model, articles)
        var reasons: [String] = []
        if model.featureCount == 0 { reasons.append("it finds no feature in ordinary articles") }
        if rows.matrix.rowCount != articles.count {
            reasons.append("\(articles.count) articles give \(rows.matrix.rowCount) rows")
        }
        if rows.matrix.columnCount != model.featureCount {
            reasons.append("rows have \(rows.matrix.columnCount) columns, not \(model.featureCount)")
        }
        if rows.matrix.elementCount == 0 { reasons.append("ordinary articles have no features") }
        if rows.coverage.count != articles.count {
            reasons.append("\(articles.count) articles give \(rows.coverage.count) coverages")
        }
        if !rows.coverage.allSatisfy({ 0...1 ~= $0 }) { reasons.append("a coverage lies outside of 0...1") }
        if !rows.matrix.values.allSatisfy({ $0.isFinite }) { reasons.append("a value is not a finite number") }
        if let feature = (0..<model.featureCount).first(where: { model.featureName($0).isEmpty }) {
            reasons.append("feature \(feature) has no name")
        }
        return reasons
    }

    private func independenceReasons(_ model: some FeatureExtractorModel, _ articles: ArticleBatch) -> [String] {
        let all = extracted(model, articles)
        guard all.matrix.rowCount == articles.count, all.coverage.count == articles.count else {
            return ["the number of rows or coverages is wrong"]
        }
        // One extraction for all, from the last article to the first: what is left over from one must not reach the next.
        let extraction = model.makeExtraction()
        var rows = FeatureRows(featureCount: model.featureCount)
        for article in (0..<articles.count).reversed() {
            rows.removeAll()
            extraction.extract(articles, article..<article + 1, into: &rows)
            if rows.matrix != all.matrix.selectingRows([article]) || rows.coverage != [all.coverage[article]] {
                return ["article \(article) has another row after others than in its batch"]
            }
            var alone = ArticleBatch()
            alone.append(articles, at: [article])
            if extracted(model, alone).matrix != rows.matrix {
                return ["article \(article) has another row alone than in its batch"]
            }
        }
        return []
    }

    private func appendingReasons(_ model: some FeatureExtractorModel, _ articles: ArticleBatch) -> [String] {
        let once = extracted(model, articles)
        let extraction = model.makeExtraction()
        var twice = FeatureRows(featureCount: model.featureCount)
        for _ in 0..<2 { extraction.extract(articles, 0..<articles.count, into: &twice) }
        let order = Array(0..<articles.count) + Array(0..<articles.count)
        guard twice.matrix.rowCount == order.count, twice.coverage.count == order.count else {
            return ["twice \(articles.count) articles give \(twice.matrix.rowCount) rows"]
        }
        var reasons =
            twice.matrix == once.matrix.selectingRows(order) ? [] : ["rows that were there changed, or the new ones differ"]
        if twice.repairCount != 2 * once.repairCount { reasons.append("repairs are not counted on") }
        return reasons
    }

    private func concurrencyReasons(_ model: some FeatureExtractorModel, _ articles: ArticleBatch) -> [String] {
        let expected = extracted(model, articles).matrix
        let same = parallelMap(count: 12, threads: 4) { _ in extracted(model, articles).matrix == expected }
        return same.allSatisfy { $0 } ? [] : ["extractions that run at the same time give other rows"]
    }

    private func roundTripReasons<M: FeatureExtractorModel>(_ model: M, _ articles: ArticleBatch) throws -> [String] {
        let bytes = try fileBytes(of: model)
        let read = try M(reading: ModelFile(bytes: bytes).reader)
        guard read.featureCount == model.featureCount else { return ["read back it has \(read.featureCount) features"] }
        var reasons: [String] = []
        if extracted(read, articles).matrix != extracted(model, articles).matrix {
            reasons.append("read back it gives other rows")
        }
        if (0..<model.featureCount).contains(where: { read.featureName($0) != model.featureName($0) }) {
            reasons.append("read back it gives features other names")
        }
        if try fileBytes(of: read) != bytes { reasons.append("read back it writes another file") }
        return reasons
    }

    private func oddTextReasons(_ model: some FeatureExtractorModel) -> [String] {
        var reasons: [String] = []
        for (name, title, body) in SampleArticles.oddTexts {
            var batch = ArticleBatch()
            batch.append(title: title, body: body)
            let rows = extracted(model, batch)
            if rows.matrix.rowCount != 1 || !rows.matrix.values.allSatisfy({ $0.isFinite })
                || !rows.coverage.allSatisfy({ 0...1 ~= $0 })
            {
                reasons.append("an article \(name) has no proper row")
            }
            let isMalformed = [title, body].contains { String(validating: $0, as: UTF8.self) == nil }
            if isMalformed != (rows.repairCount > 0) { reasons.append("an article \(name) counts \(rows.repairCount) repairs") }
        }
        return reasons
    }

    private func occurrenceReasons(_ model: some FeatureExtractorModel, _ articles: [Article]) -> [String] {
        for (number, article) in articles.enumerated() {
            let row = extracted(model, ArticleBatch([article])).matrix
            let features = Set(row.columnIndices.map { Int($0) })
            let found = model.occurrences(in: article)
            let keys = found.map { ($0.field == .title ? 0 : 1, $0.utf8Range.lowerBound) }
            if !zip(keys, keys.dropFirst()).allSatisfy({ $0 <= $1 }) {
                return ["occurrences in article \(number) are not in order"]
            }
            for occurrence in found {
                let length = (occurrence.field == .title ? article.title : article.text).utf8.count
                if occurrence.utf8Range.lowerBound < 0 || occurrence.utf8Range.upperBound > length || occurrence.utf8Range.isEmpty
                {
                    return ["an occurrence in article \(number) lies at \(occurrence.utf8Range) of \(length) bytes"]
                }
                if !features.contains(occurrence.feature) {
                    return ["feature \(occurrence.feature) occurs in article \(number) and is not in its row"]
                }
            }
            if !found.isEmpty, Set(found.map(\.feature)) != features {
                return ["a feature of article \(number) occurs nowhere in it"]
            }
        }
        return []
    }

    private func smallCorpusReasons<E: FeatureExtractor>(_ extractor: E) -> [String] {
        let corpora: [(String, ArticleBatch)] = [
            ("no article", ArticleBatch()),
            ("an empty article", ArticleBatch([Article(text: "")])),
            ("articles without words", ArticleBatch([Article(text: "..."), Article(text: "\n")])),
            ("one article", ArticleBatch([Article(title: "Title", text: "Some words of text")])),
        ]
        return corpora.compactMap { name, corpus in
            guard let (model, rows) = try? extractor.fittedExtracting(corpus, context: context(threads: 3)) else { return nil }
            let found = extracted(model, SampleArticles(seed: seed).batch)
            let isProper = rows.rowCount == corpus.count && found.matrix.values.allSatisfy { $0.isFinite }
            return isProper ? nil : "a corpus with \(name) gives a model of improper rows"
        }
    }
}
