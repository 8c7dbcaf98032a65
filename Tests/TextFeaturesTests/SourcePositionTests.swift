import LinearAlgebra
import Testing
import TextClassification

@testable import TextFeatures

@Suite struct SourcePositionTests {
    /// The text of every occurrence, by the feature's name.
    private func places(_ article: Article, _ change: (inout TFIDFParameters) -> Void = { _ in }) throws -> [String: [String]] {
        var parameters = TFIDFParameters()
        change(&parameters)
        let model = try TFIDFVectorizer(parameters).fitted(to: ArticleBatch([article]), context: TrainingContext())
        var places: [String: [String]] = [:]
        for occurrence in model.occurrences(in: article) {
            let field = Array((occurrence.field == .title ? article.title : article.text).utf8)
            places[model.featureName(occurrence.feature), default: []].append(
                String(decoding: field[occurrence.utf8Range], as: UTF8.self))
        }
        return places
    }

    @Test func `N-grams are found where they stand`() throws {
        let places = try places(Article(title: "Export CONTROLS", text: "New export-controls: 5G, Straße — export  controls!"))
        #expect(places["export controls"] == ["Export CONTROLS", "export-controls", "export  controls"])
        #expect(places["5g strasse"] == ["5G, Straße"])
        #expect(places["strasse"] == ["Straße"])
        #expect(places["export"] == ["Export", "export", "export"])
    }

    @Test func `Composed and ignorable characters lie within`() throws {
        let text = "Cafe\u{301}-bar, co\u{AD}op \u{AD}x İ 中国 ไทย"
        let places = try places(Article(text: text)) { $0.compounds = .both }
        #expect(places["café"]?.map(\.scalarList) == ["Cafe\u{301}".scalarList])
        #expect(places["café-bar"]?.map(\.scalarList) == ["Cafe\u{301}-bar".scalarList])
        #expect(places["coop"]?.map(\.scalarList) == ["co\u{AD}op".scalarList])
        #expect(places["x"] == ["x"])
        #expect(places["中 国"] == ["中国"])
        #expect(places["ท"] == ["ท"])
    }

    @Test func `N-grams of characters name the words they touch`() throws {
        let places = try places(Article(text: "Über mut")) {
            $0.wordNgrams = nil
            $0.characterNgrams = LengthRange(2...4)
        }
        #expect(places["\" üb\""] == ["Über"])
        #expect(places["\"er \""] == ["Über"])
        #expect(places["\" mut\""] == ["mut"])
        #expect(places["\"t \""] == ["mut"])
    }

    @Test func `Stop words and wholes of compounds do not lead astray`() throws {
        let places = try places(Article(text: "The e-commerce of the U.S. and the end")) {
            $0.compounds = .both
            $0.stopWords = .english
        }
        #expect(places["e-commerce"] == ["e-commerce"])
        #expect(places["u.s"] == ["U.S"])
        #expect(places["commerce u"] == ["commerce of the U"])
        #expect(places["u end"] == ["U.S. and the end"])
        #expect(places["end"] == ["end"])
    }

    @Test func `Occurrences come in order`() throws {
        let article = Article(title: "b a", text: "a b a")
        let model = try TFIDFVectorizer().fitted(to: ArticleBatch([article]), context: TrainingContext())
        let found = model.occurrences(in: article)
        #expect(found.count == 8)
        let keys = found.map { ($0.field == .title ? 0 : 1, $0.utf8Range.lowerBound, $0.utf8Range.upperBound) }
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test func `A field of no weight has no occurrences`() throws {
        let places = try places(Article(title: "title", text: "body")) { $0.titleWeight = 0 }
        #expect(places == ["body": ["body"]])
    }
}
