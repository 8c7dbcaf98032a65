/// How far a benchmark is, on a terminal.
struct BenchmarkProgress: Sendable {
    let cellCount: Int
    /// Cells that are done, those of the journal included.
    private(set) var doneCount = 0
    private(set) var reusedCount = 0
    private var measuredCount = 0
    private var set = ""
    private var recipe = ""
    private let start = ContinuousClock.now

    init(work: ResolvedPlan) {
        cellCount = work.sets.indices.reduce(0) { count, set in
            count + work.recipes.indices.count { work.isMeant($0, for: set) }
        }
    }

    mutating func begin(set: String) {
        self.set = set
        recipe = ""
        show("reading")
    }

    mutating func begin(recipe: String) {
        self.recipe = recipe
        show("starting")
    }

    mutating func reuse() {
        doneCount += 1
        reusedCount += 1
    }

    mutating func finish() {
        doneCount += 1
        measuredCount += 1
    }

    mutating func skip(_ count: Int) { doneCount += count }

    /// Shows what is being done: `3 of 60: R8, words: features (about 12 min left)`.
    func show(_ phase: String) {
        let place = recipe.isEmpty ? set : "\(set), \(recipe)"
        var line = "\(min(doneCount + 1, cellCount)) of \(cellCount): \(place): \(phase)"
        if measuredCount > 0 {
            let seconds = Double((ContinuousClock.now - start).components.seconds)
            let left = seconds / Double(measuredCount) * Double(cellCount - doneCount)
            line += left < 90 ? " (about \(left.fixed(0)) s left)" : " (about \((left / 60).fixed(0)) min left)"
        }
        Console.showProgress(line)
    }
}
