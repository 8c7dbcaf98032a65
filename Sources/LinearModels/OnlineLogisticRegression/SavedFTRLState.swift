import TextClassification

/// What FTRL-Proximal goes on from, as a model file holds it: z and n of the features that were seen, in the precision they are learnt in.
struct SavedFTRLState: Sendable {
    /// What was reached, beside z and n.
    struct Settings: Codable, Sendable, Equatable {
        var task: ClassificationTask
        var learningRate: Double
        var smoothing: Double
        /// The penalties of the last pass.
        var l1: Double
        var l2: Double
        /// How often every row was visited.
        var passCount: Int

        init(task: ClassificationTask, options: FTRLOptions, passCount: Int) {
            self.task = task
            learningRate = Double(options.learningRate)
            smoothing = Double(options.smoothing)
            l1 = Double(options.l1)
            l2 = Double(options.l2)
            self.passCount = passCount
        }

        var options: FTRLOptions {
            FTRLOptions(learningRate: Float(learningRate), smoothing: Float(smoothing), l1: Float(l1), l2: Float(l2))
        }

        fileprivate var isValid: Bool {
            [learningRate, smoothing].allSatisfy { $0.isFinite && $0 > 0 } && [l1, l2].allSatisfy { $0.isFinite && $0 >= 0 }
                && 1...1000 ~= passCount
        }
    }

    let settings: Settings
    /// Ascending; the number of features stands for the intercept.
    let features: ModelArray<UInt32>
    /// [feature][z, n][label].
    let numbers: ModelArray<Float>

    private enum Section {
        static let settings = "state-settings"
        static let features = "state-features"
        static let numbers = "state"
    }

    init(settings: Settings, features: ModelArray<UInt32>, numbers: ModelArray<Float>) {
        self.settings = settings
        self.features = features
        self.numbers = numbers
    }

    func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try writer.add(Section.settings, json: settings)
        writer.add(Section.features, features)
        writer.add(Section.numbers, numbers)
    }

    /// The state in a model file; `nil` where it was left out. That the features are in order is looked at when they are used.
    static func read(_ reader: ModelReader, labelCount: Int) throws(ModelFileError) -> SavedFTRLState? {
        guard reader.has(Section.settings) else { return nil }
        let settings = try reader.value(Section.settings, of: Settings.self)
        guard settings.isValid else { throw reader.malformed(Section.settings, "has a number out of range") }
        let features = try reader.array(Section.features, of: UInt32.self)
        return SavedFTRLState(
            settings: settings, features: features,
            numbers: try reader.array(Section.numbers, of: Float.self, count: features.count * 2 * labelCount))
    }
}
