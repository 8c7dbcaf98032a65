import Foundation
import Glibc
import LinearAlgebra
import Testing

@testable import CorpusFormats

/// The records of a text with their lines, read with blocks of a size, and the problems.
private func records(
    _ text: String, _ splitter: (any RecordSplitter)? = nil, blockSize: Int = 1 << 16, maximum: Int = 1 << 20
) throws -> (records: [String], lines: [Int], problems: [String]) {
    var reader = RecordReader(
        ByteSource(bytes: Array(text.utf8), name: "m"), splitter: splitter, blockSize: blockSize, maximumRecord: maximum)
    var block = RecordBlock()
    var result: (records: [String], lines: [Int], problems: [String]) = ([], [], [])
    while try reader.next(into: &block) {
        result.records += block.records.map { String(decoding: block.bytes[$0], as: UTF8.self) }
        result.lines += block.lines
        result.problems += block.problems.map(\.description)
    }
    return result
}

@Suite struct RecordReading {
    @Test func splitsLines() throws {
        #expect(try records("a\r\nb\n\n\rc\r\rd\n").records == ["a", "b", "", "\rc\r\rd"])
        #expect(try records("a\nlast").records == ["a", "last"])
        #expect(try records("a\r\nlast\r").records == ["a", "last"])
        #expect(try records("").records == [])
        #expect(try records("\n").records == [""])
        #expect(try records("a\0b\nc").records == ["a\0b", "c"])
    }

    @Test(arguments: [1, 2, 3, 5, 8, 13, 1000])
    func piecesDoNotMatter(blockSize: Int) throws {
        let lines = (0..<40).map { String(repeating: "x", count: $0 % 7) }
        let text = lines.joined(separator: "\n")
        let read = try records(text, blockSize: blockSize)
        #expect(read.records == lines)
        #expect(read.lines == Array(1...40))
        let table = "a,b\r\n\"x,\"\"y\"\"\n\r\nz\",2\n\n3,\"\"\n\"4\",\"5\"\r\n"
        let rows = try records(table, TableSplitter(separator: ASCII.comma), blockSize: blockSize)
        #expect(rows.records == ["a,b", "\"x,\"\"y\"\"\n\r\nz\",2", "", "3,\"\"", "\"4\",\"5\""])
        #expect(rows.lines == [1, 2, 5, 6, 7])
        let array = " [ {\"a\": [\"]\", \"\\\"}\"]},\n\n{},\n 1, \"a,b\" ,[2,{}]\n] \n"
        let elements = try records(array, JSONElementSplitter(), blockSize: blockSize)
        #expect(elements.records == ["{\"a\": [\"]\", \"\\\"}\"]}", "{}", "1", "\"a,b\"", "[2,{}]"])
        #expect(elements.lines == [1, 3, 4, 4, 4])
    }

    @Test(arguments: [1, 4, 1000])
    func skipsWhatIsTooLong(blockSize: Int) throws {
        let text = "ab\n" + String(repeating: "x", count: 50) + "\ncd\n" + String(repeating: "y", count: 51)
        let read = try records(text, blockSize: blockSize, maximum: 10)
        #expect(read.records == ["ab", "cd"])
        #expect(read.lines == [1, 3])
        #expect(
            read.problems == [
                "m:2: the record has 50 bytes; at most 10 are allowed (--maximum-line)",
                "m:4: the record has 51 bytes; at most 10 are allowed (--maximum-line)",
            ])
        let table = "a,b\n\"" + String(repeating: "x\n", count: 20) + "\",1\n2,3\n"
        let rows = try records(table, TableSplitter(separator: ASCII.comma), blockSize: blockSize, maximum: 10)
        #expect(rows.records == ["a,b", "2,3"])
        #expect(rows.lines == [1, 23])
        #expect(rows.problems == ["m:2: the record has 44 bytes; at most 10 are allowed (--maximum-line)"])
    }

    @Test func saysWhereAnArrayIsMalformed() {
        func error(_ text: String) -> String { message { _ = try records(text, JSONElementSplitter()) } }
        #expect(error("\n[{}\n{}]") == "m:3: not valid JSON: expected , or ] behind the object")
        #expect(error("[{}] x") == "m:1: not valid JSON: expected nothing behind the array")
        #expect(error("\n7") == "m:2: not valid JSON: expected an array of objects, [{\"text\": …}, …]")
        #expect(error("[{},\n{}\n") == "m:3: the array is not closed with ] (is the file cut off?)")
        #expect(error("{} {}\n[]") == "m:2: not valid JSON: expected another object or the end")
    }

    @Test func givesWhatStandsBeforeAnError() throws {
        var reader = RecordReader(
            ByteSource(bytes: Array("[{}, {} x".utf8), name: "m"), splitter: JSONElementSplitter(), blockSize: 100,
            maximumRecord: 100)
        var block = RecordBlock()
        #expect(try reader.next(into: &block))
        #expect(block.records.count == 2)
        var isThrown = false
        do { _ = try reader.next(into: &block) } catch { isThrown = true }
        #expect(isThrown)
    }

    @Test func givesLinesOfASlowPipeAtOnce() throws {
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        defer { close(ends[0]) }
        func send(_ text: String) {
            let bytes = Array(text.utf8)
            #expect(unsafe Glibc.write(ends[1], bytes, bytes.count) == bytes.count)
        }
        send("one\ntwo\nthr")
        let source = ByteSource(descriptor: ends[0], name: "pipe")
        var reader = RecordReader(source, splitter: nil, blockSize: 1 << 16, maximumRecord: 1 << 20)
        var block = RecordBlock()
        func next() throws -> [String] {
            #expect(try reader.next(into: &block))
            return block.records.map { String(decoding: block.bytes[$0], as: UTF8.self) }
        }
        #expect(try next() == ["one", "two"])
        send("ee\n")
        #expect(try next() == ["three"])
        send("four")
        close(ends[1])
        #expect(try next() == ["four"])
        #expect(try reader.next(into: &block) == false)
    }

    @Test func aHundredMegabyteLineIsSkipped() throws {
        var bytes = Array("{\"text\": \"a\"}\n{\"text\": \"".utf8)
        bytes += [UInt8](repeating: 0x78, count: 100_000_000)
        bytes += Array("\"}\n{\"text\": \"b\"}\n".utf8)
        let read = try ArticleReader(policy: .skip(maximumProblems: 5)).read(.bytes(bytes, name: "big.jsonl"))
        #expect(read.articles.map(\.text) == ["a", "b"])
        #expect(read.articles.map(\.id) == ["1", "3"])
        #expect(
            read.problems.map(\.description) == [
                "big.jsonl:2: the record has 100000012 bytes; at most 64000000 are allowed (--maximum-line)"
            ])
    }
}
