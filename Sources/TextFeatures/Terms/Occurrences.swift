import TextClassification

extension TFIDFParameters {
    /// Where terms stand in an article. `find` is called with the words of each field and reports features and their places.
    func occurrences(
        in article: Article, _ find: (borrowing FieldScanner, _ report: (_ feature: Int, TermPlace) -> Void) -> Void
    ) -> [FeatureOccurrence] {
        var scanner = FieldScanner(self, recordsSources: true)
        var occurrences: [FeatureOccurrence] = []
        for (field, text, weight) in [
            (FeatureOccurrence.Field.title, article.title, titleWeight), (.text, article.text, bodyWeight),
        ] where Float(weight) > 0 && !text.isEmpty {
            let source = Array(text.utf8)
            scanner.removeAll()
            scanner.scan(source.span, article: 0, weight: Float(weight))
            find(scanner) { feature, place in
                let range = scanner.sourceRange(place.start, place.end)
                occurrences.append(FeatureOccurrence(feature: feature, field: field, utf8Range: range))
            }
        }
        return occurrences.sorted {
            ($0.field == .title ? 0 : 1, $0.utf8Range.lowerBound, $0.utf8Range.upperBound, $0.feature)
                < ($1.field == .title ? 0 : 1, $1.utf8Range.lowerBound, $1.utf8Range.upperBound, $1.feature)
        }
    }
}
