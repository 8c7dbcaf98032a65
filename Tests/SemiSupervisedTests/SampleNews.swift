import LinearAlgebra
import StandardPlugins
import TextClassification

@testable import SemiSupervised

/// Articles made of words of four subjects, so that few labels and many articles without can be told apart.
struct SampleNews {
    static let names = ["cooking", "football", "space", "trains"]
    private static let words = [
        "oven flour butter onion garlic recipe simmer sauce whisk bake dough pepper kitchen stew roast spoon",
        "goal striker keeper penalty league match referee stadium fans coach transfer defender corner kick derby cup",
        "rocket orbit satellite launch moon astronaut capsule booster telescope planet crater lander probe thruster comet solar",
        "locomotive platform signal track carriage station freight timetable conductor tunnel junction sleeper gauge diesel tram shunting",
    ].map { $0.split(separator: " ").map(String.init) }
    private static let filler = "people said today new more year time first week city report group part place number week plan"
        .split(separator: " ").map(String.init)

    var generator: RandomGenerator

    init(seed: UInt64) { generator = RandomGenerator(seed: seed) }

    /// An article of the given subjects, five words of each, and fillers.
    mutating func text(_ subjects: [Int]) -> String {
        var words: [String] = []
        for subject in subjects {
            for _ in 0..<5 { words.append(Self.words[subject][generator.nextInt(below: Self.words[subject].count)]) }
        }
        for _ in 0..<6 { words.append(Self.filler[generator.nextInt(below: Self.filler.count)]) }
        generator.shuffle(&words)
        return words.joined(separator: " ")
    }

    /// So many labelled articles a subject.
    mutating func labelled(_ count: Int) -> [Article] {
        (0..<4 * count).map { number in
            Article(id: "\(number)", text: text([number % 4]), labels: [Self.names[number % 4]])
        }
    }

    mutating func batch(_ count: Int) -> ArticleBatch {
        ArticleBatch((0..<count).map { number in Article(text: text([number % 4])) })
    }
}
