import LinearAlgebra
import TextClassification

/// Targets with labels of the given rates.
func randomTargets(_ task: ClassificationTask, count: Int, rates: [Double], seed: UInt64) -> Targets {
    var generator = RandomGenerator(seed: seed)
    var targets = Targets(task: task, labelCount: rates.count)
    let total = rates.reduce(0, +)
    for _ in 0..<count {
        switch task {
        case .multi:
            targets.append(
                positive: rates.indices.filter { generator.nextUniform() < rates[$0] },
                missing: generator.nextUniform() < 0.1 ? [0] : [])
        case .single:
            var remaining = generator.nextUniform() * total
            let label = rates.indices.first { label in
                remaining -= rates[label]
                return remaining < 0
            }
            targets.append(positive: [label ?? 0])
        }
    }
    return targets
}

/// A text of random words.
func randomText(_ wordCount: Int, _ generator: inout RandomGenerator) -> [String] {
    (0..<wordCount).map { _ in "w\(generator.nextInt(below: 5000))" }
}
