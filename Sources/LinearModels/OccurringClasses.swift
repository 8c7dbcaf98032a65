/// The classes that a sample of positive weight has.
///
/// A class that nobody has draws its intercept to −∞ and its weights to zero, which no solver reaches: the problem is solved without
/// it, and it gets the limit.
struct OccurringClasses {
    /// The intercept of a class that does not occur: with it the class has probability 0.
    static let absentIntercept = -1000.0

    private let occurring: [Int]
    private let classCount: Int

    init(_ classes: [Int], classCount: Int, sampleWeights: [Double]?) {
        var occurs = [Bool](repeating: false, count: classCount)
        for i in classes.indices where sampleWeights.map({ $0[i] != 0 }) ?? true { occurs[classes[i]] = true }
        occurring = occurs.indices.filter { occurs[$0] }
        self.classCount = classCount
    }

    /// How many classes occur.
    var count: Int { occurring.count }

    /// The classes renumbered without those that do not occur; samples of those, which have weight 0, get class 0.
    func renumbered(_ classes: [Int]) -> [Int] {
        var number = [Int](repeating: 0, count: classCount)
        for (new, old) in occurring.enumerated() { number[old] = new }
        return classes.map { number[$0] }
    }

    /// A solution for all classes from one for those that occur.
    func expanded(_ solution: LinearSolution) -> LinearSolution {
        var expanded = solution
        expanded.weights = SolvedWeights([Double](repeating: 0, count: solution.featureCount * classCount))
        expanded.intercepts = [Double](repeating: Self.absentIntercept, count: classCount)
        for (new, old) in occurring.enumerated() {
            expanded.intercepts[old] = solution.intercepts[new]
            for j in 0..<solution.featureCount {
                expanded.weights[j * classCount + old] = solution.weights[j * count + new]
            }
        }
        return expanded
    }

    /// A solution for the occurring classes from one for all.
    func reduced(_ solution: LinearSolution) -> LinearSolution {
        var reduced = solution
        reduced.intercepts = occurring.map { solution.intercepts[$0] }
        reduced.weights = SolvedWeights(
            (0..<solution.featureCount).flatMap { j in occurring.map { solution.weights[j * classCount + $0] } })
        return reduced
    }

    /// The solution where all samples have one class, or there are none: every weight zero.
    func trivial(featureCount: Int, solverName: String) -> LinearSolution {
        let intercepts = (0..<classCount).map { occurring.isEmpty || occurring.contains($0) ? 0 : Self.absentIntercept }
        let report = LinearSolution.Report(objective: 0, converged: true, iterations: 0, remaining: 0)
        return LinearSolution(
            weights: SolvedWeights([Double](repeating: 0, count: featureCount * classCount)), intercepts: intercepts,
            solverName: solverName,
            reports: [report])
    }
}
