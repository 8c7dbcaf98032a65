import Testing

@testable import SectorKitCommands

/// Small parts of the commands.
struct SupportTests {
    @Test(arguments: [
        ("1", 1), ("500kB", 500_000), ("500k", 500_000), ("64MB", 64_000_000), ("1.5MB", 1_500_000), ("2gb", 2_000_000_000),
        ("7B", 7),
    ])
    func sizes(text: String, bytes: Int) throws {
        #expect(try #require(ByteSize(argument: text)).bytes == bytes)
    }

    @Test(arguments: ["", "0", "0.1B", "-1", "MB", "1MiB", "nan", "inf", "1e3", "1 MB", "9999999999GB", "٣MB"])
    func refusedSizes(text: String) {
        #expect(ByteSize(argument: text) == nil)
    }

    @Test func sizesAsText() {
        #expect([1, 1500, 64_000_000, 3_000_000_000].map { "\(ByteSize(bytes: $0))" } == ["1B", "1500B", "64MB", "3GB"])
    }

    @Test func numbers() {
        #expect(0.9996.fixed(3) == "1.000")
        #expect((-0.0001).fixed(3) == "0.000")
        #expect((-1.25).fixed(1) == "-1.3")
        #expect(12.0.fixed(0) == "12")
        #expect(0.5.signed(2) == "+0.50" && (-0.5).signed(2) == "-0.50")
        #expect(Double.nan.fixed(2) == "nan" && Double.infinity.fixed(2) == "inf")
    }

    /// Columns of numbers are aligned to the right, whatever their headings; all others to the left.
    @Test func tables() {
        var table = TextTable(header: "label", "count", "terms")
        table.append("a", "7", "5g, x")
        table.append("Việt", "1234", "y")
        #expect(table.text == "  label  count  terms\n  a          7  5g, x\n  Việt    1234  y")
    }

    @Test func controlCharacters() {
        #expect("a\u{1B}[31mb\nc\u{9B}d\té".withoutControlCharacters == "a [31mb\nc d é")
    }
}
