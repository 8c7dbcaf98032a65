import Foundation
import Glibc
import LinearAlgebra
import Testing

@testable import CorpusFormats

/// All that a source gives, read in pieces of a size.
func contents(_ source: consuming ByteSource, piece: Int = 1 << 16) throws -> [UInt8] {
    var source = source
    var bytes: [UInt8] = []
    while try source.read(piece, into: &bytes) {}
    return bytes
}

/// A gzip member that stores the bytes without compressing them.
func gzipped(_ bytes: [UInt8]) -> [UInt8] {
    func littleEndian(_ value: UInt32, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> UInt32(8 * $0) & 255) } }
    var crc = ~UInt32(0)
    for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var start = 0
    repeat {
        let block = bytes[start..<min(bytes.count, start + 60_000)]
        start += block.count
        result.append(start == bytes.count ? 1 : 0)
        result += littleEndian(UInt32(block.count), 2) + littleEndian(~UInt32(block.count) & 0xFFFF, 2) + block
    } while start < bytes.count
    return result + littleEndian(~crc, 4) + littleEndian(UInt32(bytes.count), 4)
}

/// What `gzip -9` makes of a sentence written forty times.
private let compressed = Data(
    base64Encoded: "H4sIAAAAAAACAwvJSFXIzczLLC5JLSpWSEwvSk1NUcjPU0hUKEksykxL01MIGVUxqmJUxaiKURVEqAAAiU36C1AFAAA=")!
private let sentence = "The ministers agreed on a tariff. "

@Suite struct ByteSourceReading {
    @Test(arguments: [1, 7, 1 << 16])
    func inflates(piece: Int) throws {
        let text = Array(String(repeating: sentence, count: 40).utf8)
        #expect(try contents(ByteSource(bytes: Array(compressed), name: "a.gz"), piece: piece) == text)
        let two = Array(compressed) + gzipped(Array("second\n".utf8)) + gzipped([]) + [0, 0, 0]
        #expect(try contents(ByteSource(bytes: two, name: "a.gz"), piece: piece) == text + Array("second\n".utf8))
    }

    @Test func saysThatGzipIsDamaged() {
        let whole = gzipped(Array("some text".utf8))
        for length in 2..<whole.count {
            #expect(
                message { _ = try contents(ByteSource(bytes: Array(whole[..<length]), name: "a.gz")) }
                    == "a.gz is not a whole gzip file: it ends in the middle (is it cut off?)")
        }
        var changed = whole
        changed[17] ^= 1
        #expect(
            message { _ = try contents(ByteSource(bytes: changed, name: "a.gz")) }
                == "a.gz is not a whole gzip file: incorrect data check")
        #expect(
            message { _ = try contents(ByteSource(bytes: whole + [1], name: "a.gz")) }
                == "a.gz is not a whole gzip file: it has other bytes behind its end")
    }

    @Test func anyChangedByteIsHarmless() {
        let whole = Array(compressed)
        for position in 2..<whole.count {
            for change in [1, 0x80, 0xFF] as [UInt8] {
                var changed = whole
                changed[position] ^= change
                // Either an error or some bytes; the header holds times and names that nothing depends on.
                _ = try? contents(ByteSource(bytes: changed, name: "a.gz"))
            }
        }
    }

    @Test func removesByteOrderMarks() throws {
        let utf16 = { (text: String, isBig: Bool) in
            text.utf16.flatMap { isBig ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] }
        }
        let text = "Việt 😀"
        let expected = Array(text.utf8)
        #expect(try contents(ByteSource(bytes: [0xEF, 0xBB, 0xBF] + expected, name: "")) == expected)
        #expect(try contents(ByteSource(bytes: [0xEF, 0xBB, 0xBF], name: "")) == [])
        #expect(try contents(ByteSource(bytes: [0xEF, 0xBB], name: "")) == [0xEF, 0xBB])
        #expect(try contents(ByteSource(bytes: utf16("\u{FEFF}" + text, false), name: "")) == expected)
        #expect(try contents(ByteSource(bytes: utf16("\u{FEFF}" + text, true), name: "")) == expected)
        #expect(try contents(ByteSource(bytes: gzipped([0xEF, 0xBB, 0xBF] + expected), name: "")) == expected)
    }

    @Test func transcodes() throws {
        let bytes: [UInt8] = [0x63, 0xE9, 0x80, 0x93, 0xFF, 0x81]
        #expect(try contents(ByteSource(bytes: bytes, name: "", encoding: .latin1)) == Array("cé\u{80}\u{93}ÿ\u{81}".utf8))
        #expect(try contents(ByteSource(bytes: bytes, name: "", encoding: .windows1252)) == Array("cé€“ÿ\u{81}".utf8))
        let text = "aé€😀\u{10FFFF}"
        for piece in 1...5 {
            let little = text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
            let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
            #expect(
                try contents(ByteSource(bytes: little, name: "", encoding: .utf16LittleEndian), piece: piece) == Array(text.utf8))
            #expect(try contents(ByteSource(bytes: big, name: "", encoding: .utf16BigEndian), piece: piece) == Array(text.utf8))
        }
        // A low surrogate alone, a high one before a letter, a high one and half a code unit at the end.
        let broken: [UInt8] = [0x00, 0xDC, 0x00, 0xD8, 0x61, 0x00, 0x00, 0xD8, 0x61]
        let repaired = try contents(ByteSource(bytes: broken, name: "", encoding: .utf16LittleEndian))
        #expect(String(decoding: repaired, as: UTF8.self) == "\u{FFFD}\u{FFFD}a\u{FFFD}")
    }

    @Test func namesEncodings() {
        #expect(TextEncoding(name: "UTF-8") == .utf8)
        #expect(TextEncoding(name: "ISO-8859-1") == .latin1)
        #expect(TextEncoding(name: "cp1252") == .windows1252)
        #expect(TextEncoding(name: "UTF-16BE") == .utf16BigEndian)
        #expect(TextEncoding(name: "ebcdic") == nil)
        for encoding in TextEncoding.allCases { #expect(TextEncoding(name: encoding.rawValue) == encoding) }
    }

    @Test func saysThatAFileIsMissing() {
        #expect(
            message { _ = try ByteSource(path: "/nonexistent/a.jsonl") }
                == "cannot open /nonexistent/a.jsonl: No such file or directory")
    }
}

@Suite struct UTF8Repairing {
    @Test func repairsAsTheStandardLibraryDoes() {
        var random = RandomGenerator(seed: 3)
        let interesting: [UInt8] = [
            0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0,
            0xF1,
            0xF3, 0xF4, 0xF5, 0xFF,
        ]
        for round in 0..<6000 {
            let length = Int(random.next() % 12)
            let padding = [UInt8](repeating: 0x61, count: round % 3 == 0 ? Int(random.next() % 70) : 0)
            let bytes = padding + (0..<length).map { _ in interesting[Int(random.next() % UInt64(interesting.count))] } + padding
            let expected = String(decoding: bytes, as: UTF8.self)
            var repaired: [UInt8] = []
            let count = UTF8Repair.appendRepaired(bytes.span, 0..<bytes.count, to: &repaired)
            #expect(repaired == Array(expected.utf8), "\(bytes)")
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            #expect((UTF8Repair.firstMalformed(in: bytes.span, 0..<bytes.count) == nil) == isValid)
            #expect(isValid == (count == 0))
        }
    }

    @Test func countsWhatItRepairs() throws {
        let bytes =
            Array("{\"text\": \"ok\"}\n{\"id\": \"".utf8) + [0xFF] + Array("\", \"text\": \"caf".utf8) + [0xE9]
            + Array("\"}\n".utf8)
        let read = try ArticleReader().read(.bytes(bytes, name: "a.jsonl"))
        #expect(read.articles.map(\.text) == ["ok", "caf\u{FFFD}"])
        #expect(read.articles[1].id == "\u{FFFD}")
        #expect(read.repairCount == 2)
        #expect(read.firstRepair == SourceLocation(file: "a.jsonl", line: 2))
    }
}
