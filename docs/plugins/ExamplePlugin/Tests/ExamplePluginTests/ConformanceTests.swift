import Testing
import TextClassification
import TextClassificationTesting

@testable import ExamplePlugin

@Suite struct ConformanceTests {
    @Test func `The classifier conforms`() {
        #expect(ConformanceSuite().failures(of: LogOdds(.init())) == [])
    }

    @Test func `The tokeniser conforms`() {
        #expect(ConformanceSuite().failures(of: WordStems(.init())) == [])
    }
}
