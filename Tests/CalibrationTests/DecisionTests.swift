import Testing
import TextClassification

@testable import Calibration

@Suite struct DecisionTests {
    @Test func placeholder() {}
}
