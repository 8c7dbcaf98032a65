/// How figures grow with the number of articles that were trained on.
public struct LearningCurveFigures: Sendable {
    /// A figure at one size.
    public struct Point: Sendable {
        public let articleCount: Double
        public let value: Double
        public let lower: Double
        public let upper: Double

        public init(articleCount: Double, value: Double, lower: Double, upper: Double) {
            self.articleCount = articleCount
            self.value = value
            self.lower = lower
            self.upper = upper
        }
    }

    /// One figure over all sizes.
    public struct Series: Sendable {
        public let name: String
        /// Whether it is that of one label, and not of all together.
        public let isLabel: Bool
        public let points: [Point]
        /// At sizes that nobody measured.
        public let projections: [Point]
        /// What that means, in words.
        public let verdict: String

        public init(name: String, isLabel: Bool, points: [Point], projections: [Point], verdict: String) {
            self.name = name
            self.isLabel = isLabel
            self.points = points
            self.projections = projections
            self.verdict = verdict
        }
    }

    /// Averages over labels first, of which the first one is drawn with its interval.
    public let series: [Series]
    /// How it was measured.
    public let note: String

    public init(series: [Series], note: String) {
        self.series = series
        self.note = note
    }
}
