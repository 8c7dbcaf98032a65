import Foundation
import Testing
import TextClassification

@Suite struct ComponentNotationTests {
    private let nested: [ComponentConfiguration] = [
        ComponentConfiguration("ridge"),
        ComponentConfiguration(
            "stacking",
            [
                "members": .components([
                    ComponentConfiguration("linear-svm", ["loss": .text("hinge")]), ComponentConfiguration("b"),
                ]),
                "note": .text("a \"b\", \\ (c) [d]"), "number": .text("10"), "share": .number(0.5), "count": .integer(-3),
                "is": .boolean(true), "word": .text("true"), "nothing": .none, "empty": .text(""), "accent": .text("Việt"),
            ]),
    ]

    @Test func `A list of components survives its text`() throws {
        let text = HyperparameterValue.components(nested).description
        #expect([ComponentConfiguration](hyperparameterValue: .text(text)) == nested)
        #expect(
            text.hasPrefix("ridge, stacking(accent=Việt, count=-3, empty=\"\", is=true, members=[linear-svm(loss=hinge), b], "))
    }

    @Test func `A list of components survives JSON`() throws {
        let value = HyperparameterValue.components(nested)
        let json = try JSONEncoder().encode(value)
        #expect(try JSONDecoder().decode(HyperparameterValue.self, from: json) == value)
    }

    @Test func `Spaces do not matter`() {
        #expect(
            [ComponentConfiguration](hyperparameterValue: .text("  a ( x = 1 ,y= \"z\" ) ,b(),  c ")) == [
                ComponentConfiguration("a", ["x": .integer(1), "y": .text("z")]), ComponentConfiguration("b"),
                ComponentConfiguration("c"),
            ])
    }

    @Test(arguments: [
        "", " ", ",", "a,", "a b", "a(", "a)", "a(x)", "a(x=)", "a(x=1", "a(x=1,)", "a(=1)", "a(x=1,x=2)", "a(x=\"1)", "a(x=\"\\",
        "a(x=[b)", "a(x=[])", "a(x=[b(y=[c(z=[d(u=[e])])])])", "a\"", "[a]",
    ])
    func `Other texts are none`(text: String) {
        #expect([ComponentConfiguration](hyperparameterValue: .text(text)) == nil)
    }

    @Test func `Numbers with commas between`() {
        #expect(NumberList(hyperparameterValue: .text("2, 0.5,1e-3"))?.numbers == [2, 0.5, 1e-3])
        #expect(NumberList(hyperparameterValue: .integer(3))?.numbers == [3])
        #expect(NumberList(hyperparameterValue: .text(" "))?.numbers == [])
        for text in ["1,", ",1", "1;2", "one"] { #expect(NumberList(hyperparameterValue: .text(text)) == nil) }
        #expect(NumberList([2, 0.5]).hyperparameterValue == .text("2,0.5"))
    }
}
