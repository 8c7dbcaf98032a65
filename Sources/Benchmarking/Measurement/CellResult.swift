/// What one recipe did on one data set.
public struct CellResult: Codable, Sendable, Equatable {
    /// For each test article, in the order of the corpus, the positions of the labels it was given.
    public let given: [[Int]]
    /// How many fits there were: 1, or one a fold.
    public let fitCount: Int
    /// Wall time of one fit, thresholds and calibration included; the mean over the fits.
    public let trainingSeconds: Double
    /// Processor time of one fit, all threads of this process and of its children; the mean over the fits.
    public let trainingProcessorSeconds: Double
    /// Test articles tagged in a second, from text in memory to decisions.
    public let articlesPerSecond: Double
    /// The greatest memory of the process and, at the end, of its children, in bytes: reading, training and tagging; `nil` where the system does not tell.
    public let peakBytes: Int?
    /// The size of the model file, the mean over the fits.
    public let modelBytes: Int
    /// How many processors other programs kept busy on average while the cell was measured; `nil` where the system does not tell.
    public var otherProcessors: Double?
    public let logLoss: Double
    public let expectedCalibrationError: Double
    /// Average precision over labels; `nil` where it is undefined.
    public let macroAveragePrecision: Double?
    /// What training warned of; the caller fills it in.
    public var warnings: [String]
}

extension CellResult {
    /// Decisions, articles × labels, as metrics want them.
    /// - Returns: `nil` when a label's position is out of range.
    public func decisions(labelCount: Int) -> [Bool]? {
        var decisions = [Bool](repeating: false, count: given.count * labelCount)
        for (article, labels) in given.enumerated() {
            for label in labels {
                guard 0..<labelCount ~= label else { return nil }
                decisions[article * labelCount + label] = true
            }
        }
        return decisions
    }
}
