import LinearAlgebra

/// Folds of a few labelled articles.
enum LabelFolds {
    /// A fold for each article, every class spread as evenly as it goes; at most so many folds as there are articles.
    static func stratified(classes: [Int], foldCount: Int, seed: UInt64) -> [Int] {
        var generator = RandomGenerator(seed: seed)
        let foldCount = max(1, min(foldCount, classes.count))
        var folds = [Int](repeating: 0, count: classes.count)
        var next = 0
        for c in Set(classes).sorted() {
            var members = classes.indices.filter { classes[$0] == c }
            generator.shuffle(&members)
            for member in members {
                folds[member] = next % foldCount
                next += 1
            }
        }
        return folds
    }
}
