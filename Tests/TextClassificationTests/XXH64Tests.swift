import Testing

@testable import TextClassification

@Suite struct XXH64Tests {
    @Test(
        arguments: [
            ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
            ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
        ] as [(String, UInt64)])
    func `Published values of texts`(text: String, hash: UInt64) {
        #expect(XXH64.hash(Array(text.utf8)) == hash)
    }

    /// The buffer and the values of the reference implementation's own check (xxhsum, `XSUM_sanityCheck`), seed 0; every length up
    /// to 31 ends in another mixture of steps.
    @Test(
        arguments: [
            (1, 0xE934_A84A_DB05_2768), (4, 0x9136_A0DC_A574_57EE), (14, 0x8282_DCC4_994E_35C8), (222, 0xB641_AE8C_B691_C174),
            (2243, 0x6580_659B_3A2F_D03D),
        ] as [(Int, UInt64)])
    func `Published values of the reference's buffer`(length: Int, hash: UInt64) {
        var generator: UInt64 = 2_654_435_761
        let buffer = (0..<length).map { _ in
            defer { generator = generator &* 11_400_714_785_074_694_797 }
            return UInt8(generator >> 56)
        }
        #expect(XXH64.hash(buffer) == hash)
    }

    @Test(arguments: [0, 1, 31, 32, 33, 1000, 32_767, 32_768, 32_769, 100_000])
    func `Appended in parts of any length the bytes have the hash of the whole`(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 0x9E37_79B1 >> 7) }
        for partLength in [1, 7, 32, 40_000] {
            var hash = XXH64()
            var start = 0
            while start < count {
                let end = min(count, start + partLength)
                hash.append(bytes.span.extracting(start..<end))
                start = end
            }
            #expect(hash.value == XXH64.hash(bytes), "parts of \(partLength)")
        }
        var single = XXH64()
        for byte in bytes { single.append(byte) }
        #expect(single.value == XXH64.hash(bytes))
    }

    @Test(arguments: [0, 1, 31, 32, 33, 64, 1000])
    func `Zeros behind the bytes count as bytes`(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 0x9E37_79B1 >> 7) }
        for zeroCount in [0, 1, 31, 32, 63] {
            let padded = bytes + [UInt8](repeating: 0, count: zeroCount)
            #expect(XXH64.hash(unsafe bytes.span.bytes, zeroCount: zeroCount) == XXH64.hash(padded))
        }
    }

    @Test func `Hexadecimal has sixteen digits`() {
        #expect(hexadecimal(0xABC) == "0000000000000abc")
        #expect(hexadecimal(.max) == "ffffffffffffffff")
    }
}
