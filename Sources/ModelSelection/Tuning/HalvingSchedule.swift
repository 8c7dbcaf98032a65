/// Which trial comes next and on how much of the corpus: asynchronous successive halving with one worker.
///
/// The recipes to begin with come first, and the best third of them, one at least, goes up to all articles before anything is drawn: what is
/// known to be good is measured whole, however little time there is.
struct HalvingSchedule {
    private let last: Int
    private let isLoss: Bool
    private let trialLimit: Int?
    /// How many trials are of recipes to begin with.
    private let openingCount: Int
    private var trialCount = 0
    /// The trials that were judged at each rung, with their scores, lower for better.
    private var judged: [[(trial: Int, cost: Double)]]
    private var promoted: [Set<Int>]

    init(last: Int, isLoss: Bool, trialLimit: Int?, openingCount: Int = 1) {
        self.last = last
        self.isLoss = isLoss
        self.trialLimit = trialLimit
        self.openingCount = min(openingCount, trialLimit ?? openingCount)
        judged = Array(repeating: [], count: last + 1)
        promoted = Array(repeating: [], count: last + 1)
    }

    /// The next step; `nil` when no more trials are allowed and none deserves to go on.
    var next: (trial: Int, rung: Int)? {
        // What has to be beaten is measured first.
        if trialCount == 0 { return trialLimit == 0 ? nil : (0, last) }
        if trialCount < openingCount { return (trialCount, 0) }
        for rung in (0..<last).reversed() {
            // Of those to begin with and of all: the best third.
            let opening = judged[rung].filter { $0.trial < openingCount }
            let limits = [
                (opening, max(1, (openingCount - 1) / Tuner.reduction)), (judged[rung], judged[rung].count / Tuner.reduction),
            ]
            for (trials, count) in limits {
                let best = trials.sorted { ($0.cost, $0.trial) < ($1.cost, $1.trial) }.prefix(count)
                if let trial = best.first(where: { !promoted[rung].contains($0.trial) && $0.cost.isFinite })?.trial {
                    return (trial, rung + 1)
                }
            }
        }
        if let trialLimit, trialCount >= trialLimit { return nil }
        return (trialCount, 0)
    }

    mutating func finish(_ step: Tuner.Step) {
        if step.trial == trialCount { trialCount += 1 }
        if step.rung > 0, step.trial > 0 { promoted[step.rung - 1].insert(step.trial) }
        let cost = step.score.map { isLoss ? $0 : -$0 } ?? .infinity
        if step.trial > 0 { judged[step.rung].append((step.trial, cost)) }
    }
}
