/// Which trial comes next and on how much of the corpus: asynchronous successive halving with one worker.
struct HalvingSchedule {
    private let last: Int
    private let isLoss: Bool
    private let trialLimit: Int?
    private var trialCount = 0
    /// The trials that were judged at each rung, with their scores, lower for better.
    private var judged: [[(trial: Int, cost: Double)]]
    private var promoted: [Set<Int>]

    init(last: Int, isLoss: Bool, trialLimit: Int?) {
        self.last = last
        self.isLoss = isLoss
        self.trialLimit = trialLimit
        judged = Array(repeating: [], count: last + 1)
        promoted = Array(repeating: [], count: last + 1)
    }

    /// The next step; `nil` when no more trials are allowed and none deserves to go on.
    var next: (trial: Int, rung: Int)? {
        // What has to be beaten is measured first.
        if trialCount == 0 { return trialLimit == 0 ? nil : (0, last) }
        for rung in (0..<last).reversed() {
            let count = judged[rung].count / Tuner.reduction
            let best = judged[rung].sorted { ($0.cost, $0.trial) < ($1.cost, $1.trial) }.prefix(count)
            if let trial = best.first(where: { !promoted[rung].contains($0.trial) && $0.cost.isFinite })?.trial {
                return (trial, rung + 1)
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
