import LinearAlgebra
import TextClassification

/// Made-up scores and probabilities of three labels, higher where the label is right, with labels that nobody judged.
struct LabelledScores {
    static let labelCount = 3
    let targets: Targets
    /// Articles × labels.
    let scores: [Double]

    init(_ task: ClassificationTask, count: Int = 120, seed: UInt64) {
        var random = RandomGenerator(seed: seed)
        func noise() -> Double { Double(random.nextInt(below: 2001) - 1000) / 250 }
        var targets = Targets(task: task, labelCount: Self.labelCount)
        var scores: [Double] = []
        for article in 0..<count {
            let labels = task == .single ? [article % 3] : [[0], [], [1, 2], [2], []][article % 5]
            if article % 12 == 11 {
                targets.appendUnlabelled()
            } else {
                targets.append(positive: labels, missing: task == .multi && article % 7 == 3 && !labels.contains(1) ? [1] : [])
            }
            for label in 0..<Self.labelCount { scores.append((labels.contains(label) ? 1.5 : -1.5) + noise()) }
        }
        self.targets = targets
        self.scores = scores
    }

    /// Probabilities instead of scores: the logistic function, divided by the sum in single-label tasks.
    var probabilities: [Double] {
        var probabilities = scores.map { sigmoid($0) }
        guard targets.task == .single else { return probabilities }
        for start in stride(from: 0, to: probabilities.count, by: Self.labelCount) {
            let sum = probabilities[start..<start + Self.labelCount].reduce(0, +)
            for place in start..<start + Self.labelCount { probabilities[place] /= sum }
        }
        return probabilities
    }

    /// The numbers with others where nobody judged.
    func changedWhereMissing(_ numbers: [Double]) -> [Double] {
        zip(numbers, targets.values).map { number, judgement in judgement < 0 ? (number > 0.5 ? 0.01 : 0.99) : number }
    }

    /// Few articles, of one kind or with equal numbers.
    static func degenerate(_ task: ClassificationTask) -> [(name: String, numbers: [Double], targets: Targets)] {
        func targets(_ count: Int, _ positive: (Int) -> [Int]) -> Targets {
            var targets = Targets(task: task, labelCount: labelCount)
            for article in 0..<count { targets.append(positive: positive(article)) }
            return targets
        }
        var unlabelled = Targets(task: task, labelCount: labelCount)
        for _ in 0..<4 { unlabelled.appendUnlabelled() }
        let twenty = (0..<60).map { Double($0 % 7) / 10 }
        return [
            ("labels without positives", twenty, targets(20) { _ in task == .single ? [0] : [] }),
            ("labels without negatives", twenty, targets(20) { _ in task == .single ? [1] : [0, 1, 2] }),
            ("one article", [0.1, 0.9, 0.3], targets(1) { _ in [1] }),
            ("no article", [], targets(0) { _ in [] }),
            ("equal numbers", [Double](repeating: 0.5, count: 60), targets(20) { [$0 % 3] }),
            ("no judged article", [Double](repeating: 0.4, count: 12), unlabelled),
        ]
    }
}
