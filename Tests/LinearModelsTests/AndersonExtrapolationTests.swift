import Testing

@testable import LinearModels

@Suite struct AndersonExtrapolationTests {
    /// x ← limit + rate (x − limit), with two rates a problem: five steps more than determine the limit.
    @Test(arguments: [true, false]) func findsTheLimitOfAnAffineMap(isJoint: Bool) {
        let limit: [SIMD4<Float>] = (0..<8).map { SIMD4(Float($0), 1 - Float($0), 2, 0.5 * Float($0)) }
        let rates: [Float] = [0.8, 0.2, 0.8, 0.2]
        let samples: [Int32] = [3, 0, 1, 2]
        var extrapolation = AndersonExtrapolation(width: 2, isJoint: isJoint)
        var iterate = [SIMD4<Float>](repeating: .zero, count: 8)
        extrapolation.add(iterate, of: samples)
        while !extrapolation.isReady {
            for e in iterate.indices { iterate[e] = limit[e] + rates[e / 2] * (iterate[e] - limit[e]) }
            extrapolation.add(iterate, of: samples)
        }
        let guess = extrapolation.takeGuess()
        var far: Float = 0
        var near: Float = 0
        for (place, i) in samples.enumerated() {
            for v in 0..<2 {
                let e = Int(i) * 2 + v
                let (last, guessed) = (iterate[e] - limit[e], guess[place * 2 + v] - limit[e])
                far += (last * last).sum()
                near += (guessed * guessed).sum()
            }
        }
        #expect(near < 1e-3 * far)
        #expect(!extrapolation.isReady)
    }

    @Test func restingIteratesStay() {
        let iterate = [SIMD4<Float>(1, 2, 3, 4), SIMD4<Float>(5, 6, 7, 8)]
        var extrapolation = AndersonExtrapolation(width: 1, isJoint: false)
        while !extrapolation.isReady { extrapolation.add(iterate, of: [1]) }
        #expect(extrapolation.takeGuess() == [iterate[1]])
    }
}
