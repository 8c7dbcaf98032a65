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

    @Test func `Hexadecimal has sixteen digits`() {
        #expect(hexadecimal(0xABC) == "0000000000000abc")
        #expect(hexadecimal(.max) == "ffffffffffffffff")
    }
}
