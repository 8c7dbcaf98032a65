import LinearModels
import Testing

@Suite struct SolvedWeightsTests {
    @Test func singlePrecisionStaysSingle() {
        var weights = SolvedWeights([Float(0.1), 2])
        #expect(Array(weights) == [Double(Float(0.1)), 2])
        weights[1] = 0.3
        #expect(weights.single == [0.1, 0.3])
        #expect(weights[1] == Double(Float(0.3)))
    }

    @Test func doublePrecisionIsKept() {
        var weights: SolvedWeights = [0.1, 2]
        weights[1] = 0.3
        #expect(Array(weights) == [0.1, 0.3])
        #expect(weights.single == [0.1, 0.3])
        #expect(SolvedWeights([Double]()).isEmpty)
    }
}
