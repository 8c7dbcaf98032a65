import LinearAlgebra

/// The orders in which a dual solver visits its samples.
///
/// Samples are shuffled once, and so laid out in memory; every epoch then visits blocks of neighbours in a new random order. That
/// converges like a full shuffle, and reads memory in sequence.
struct SampleOrder {
    /// The number of neighbours visited one after another.
    static let blockLength = 32

    /// Which sample lies at each place.
    let layout: [Int]
    private var generator: RandomGenerator
    private var blocks: [Range<Int>]

    init(sampleCount: Int, seed: UInt64) {
        generator = RandomGenerator(seed: seed)
        layout = generator.permutation(sampleCount)
        blocks = stride(from: 0, to: sampleCount, by: Self.blockLength).map { $0..<min(sampleCount, $0 + Self.blockLength) }
    }

    /// The places to visit in the next epoch.
    mutating func next() -> [Range<Int>] {
        generator.shuffle(&blocks)
        return blocks
    }
}
