import LinearAlgebra

/// Random texts of the scalars that are hard to cut into words.
struct RandomText {
    var random: RandomGenerator

    init(seed: UInt64) { random = RandomGenerator(seed: seed) }

    /// Ranges of scalars with how often they are drawn.
    private static let ranges: [(weight: Int, ranges: [ClosedRange<UInt32>])] = [
        (20, [0x61...0x7A, 0x41...0x5A, 0x30...0x39]),
        (12, [0x20...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7F, 0x00...0x1F]),
        (6, [0x27...0x27, 0x2D...0x2F, 0x26...0x26, 0x2010...0x2011, 0x2019...0x2019, 0xA7...0xA7, 0x5F...0x5F]),
        (14, [0x300...0x36F, 0x1AB0...0x1ACE, 0x1DC0...0x1DFF, 0x20D0...0x20F0, 0xFE20...0xFE2F]),
        (8, [0xC0...0x24F, 0x1E00...0x1EFF]),
        (6, [0x370...0x3FF, 0x1F00...0x1FFF, 0x400...0x52F]),
        (6, [0x1100...0x11FF, 0xA960...0xA97C, 0xD7B0...0xD7FB, 0x3131...0x318E]),
        (4, [0xAC00...0xD7A3]),
        (8, [0x900...0x97F, 0x980...0x9FF, 0xB80...0xBFF, 0xC80...0xCFF, 0xD00...0xD7F, 0xD80...0xDFF]),
        (6, [0xE01...0xE5B, 0xE80...0xEDF, 0x1000...0x109F, 0x1780...0x17F9, 0xF00...0xFDA]),
        (6, [0x3041...0x30FF, 0x4E00...0x4E80, 0x3400...0x3410, 0xF900...0xFA20, 0x2F800...0x2FA1D, 0x20000...0x20020]),
        (6, [0xAD...0xAD, 0x200B...0x200F, 0x2060...0x2064, 0x34F...0x34F, 0xFE00...0xFE0F, 0xE0100...0xE0110, 0xFEFF...0xFEFF]),
        (3, [0x5D0...0x5EA, 0x591...0x5C7, 0x620...0x660]),
        (4, [0x130...0x131, 0xDF...0xDF, 0x1E9E...0x1E9E, 0x345...0x345, 0x17F...0x17F, 0x212A...0x212B, 0xFB00...0xFB06]),
        (3, [0x1D15E...0x1D172, 0x1F600...0x1F64F, 0x1F3FB...0x1F3FF, 0x2200...0x22FF, 0x3D...0x3D, 0x338...0x338]),
        (3, [0x110...0x111, 0xE6...0xE6, 0xF8...0xF8, 0x142...0x142, 0x1FC...0x1FF, 0xFE...0xFE]),
        (4, [0x11000...0x11FFF, 0x1E900...0x1E94A, 0x10400...0x1044F]),
        (3, [0x0...0xD7FF, 0xE000...0x10FFFF]),
    ]
    private static let totalWeight = ranges.reduce(0) { $0 + $1.weight }

    /// A scalar whose properties did not change since the Unicode version of the tables.
    mutating func scalar() -> Unicode.Scalar {
        while true {
            var choice = random.nextInt(below: Self.totalWeight)
            for (weight, ranges) in Self.ranges {
                choice -= weight
                guard choice < 0 else { continue }
                let range = ranges[random.nextInt(below: ranges.count)]
                let value = range.lowerBound + UInt32(random.nextInt(below: Int(range.upperBound - range.lowerBound) + 1))
                if let scalar = Unicode.Scalar(value), scalar.isOfTables { return scalar }
                break
            }
        }
    }

    mutating func string(scalarCount: Int) -> String {
        var view = String.UnicodeScalarView()
        for _ in 0..<scalarCount { view.append(scalar()) }
        return String(view)
    }

    /// UTF-8 with bytes changed, inserted and removed, among them lead bytes without continuation, overlong forms and surrogates.
    mutating func malformed(scalarCount: Int) -> [UInt8] {
        var bytes = Array(string(scalarCount: scalarCount).utf8)
        for _ in 0..<1 + random.nextInt(below: 4) {
            let place = random.nextInt(below: bytes.count + 1)
            switch random.nextInt(below: 6) {
            case 0 where place < bytes.count: bytes[place] = UInt8(random.nextInt(below: 256))
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2: bytes.insert(UInt8(0x80 + random.nextInt(below: 128)), at: place)
            case 3: bytes.removeLast(min(bytes.count, random.nextInt(below: 3)))
            case 4:
                let bad: [[UInt8]] = [
                    [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xFF],
                    [0xE0, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
                ]
                bytes.insert(contentsOf: bad[random.nextInt(below: bad.count)], at: place)
            default: bytes.insert(0, at: place)
            }
        }
        return bytes
    }
}

extension Unicode.Scalar {
    /// Whether it was assigned in the Unicode version of the tables (14), or is not yet.
    var isOfTables: Bool {
        guard let age = properties.age else { return true }
        return age.major <= 14
    }
}
