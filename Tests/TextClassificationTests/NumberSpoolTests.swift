import Testing

@testable import TextClassification

@Suite struct NumberSpoolTests {
    @Test(arguments: [0, 4000, 1 << 30]) func `Numbers come back in their order, from memory or from a file`(limit: Int) throws {
        let spool = NumberSpool(memoryLimit: limit)
        var expected: [UInt32] = []
        for piece in 0..<50 {
            var numbers = (0..<UInt32(piece * 7)).map { $0 &* 2_654_435_761 }
            expected += numbers
            try spool.take(&numbers)
            #expect(numbers.isEmpty)
        }
        #expect(spool.count == expected.count)
        #expect(spool.isSpilled == (limit < 1 << 20))
        #expect(try spool.finished().elements == expected)
        #expect(spool.count == 0)
    }

    @Test func `No numbers are none`() throws {
        #expect(try NumberSpool(memoryLimit: 0).finished().count == 0)
    }

    @Test func `A folder that is not there is an error that names it`() {
        let spool = NumberSpool(memoryLimit: 0, directory: "/nowhere/at/all")
        var numbers: [UInt32] = [1]
        let error = #expect(throws: TemporaryFileError.self) { try spool.take(&numbers) }
        #expect(error?.description.contains("/nowhere/at/all") == true)
    }
}
