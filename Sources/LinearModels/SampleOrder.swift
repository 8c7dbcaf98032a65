import LinearAlgebra

/// The orders in which a dual solver visits its samples.
///
/// Samples are shuffled once, and so laid out in memory; every pass then visits blocks of neighbours in a new random order. That
/// converges like a full shuffle, and reads memory in sequence.
struct SampleOrder {
    /// The number of neighbours visited one after another.
    static let blockLength = 32

    /// Which sample lies at each place.
    let layout: [Int]
    private var generator: RandomGenerator
    private var blocks: [Range<Int32>]

    init(sampleCount: Int, seed: UInt64) {
        precondition(sampleCount <= Int(Int32.max), "\(sampleCount) samples are too many for 32-bit indices")
        generator = RandomGenerator(seed: seed)
        layout = generator.permutation(sampleCount)
        blocks = stride(from: 0, to: sampleCount, by: Self.blockLength).map {
            Int32($0)..<Int32(min(sampleCount, $0 + Self.blockLength))
        }
    }

    /// The places to visit in the next pass over all.
    mutating func next() -> [Int32] {
        generator.shuffle(&blocks)
        return Array(blocks.joined())
    }
}
