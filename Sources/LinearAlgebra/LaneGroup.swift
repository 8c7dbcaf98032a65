/// A few vectors of four numbers, kept in registers by the kernels: the outputs of a row of weights.
protocol LaneGroup {
    /// The number of vectors.
    static var width: Int { get }
    /// All zeros.
    init()
    /// The vectors at an address.
    @unsafe init(from source: UnsafePointer<SIMD4<Float>>)
    /// Adds x times the vectors at an address.
    @unsafe mutating func add(_ x: Float, times source: UnsafePointer<SIMD4<Float>>)
    /// Adds x times these vectors to those at an address.
    @unsafe func addProduct(with x: Float, to target: UnsafeMutablePointer<SIMD4<Float>>)
    /// Adds these vectors to those at an address.
    @unsafe func addTo(_ target: UnsafeMutablePointer<SIMD4<Float>>)
}

extension SIMD4<Float>: LaneGroup {
    static var width: Int { 1 }

    @unsafe @inline(__always)
    init(from source: UnsafePointer<SIMD4<Float>>) { self = unsafe source.pointee }

    @unsafe @inline(__always)
    mutating func add(_ x: Float, times source: UnsafePointer<SIMD4<Float>>) { unsafe self += x * source.pointee }

    @unsafe @inline(__always)
    func addProduct(with x: Float, to target: UnsafeMutablePointer<SIMD4<Float>>) { unsafe target.pointee += x * self }

    @unsafe @inline(__always)
    func addTo(_ target: UnsafeMutablePointer<SIMD4<Float>>) { unsafe target.pointee += self }
}

/// Two groups side by side.
struct LanePair<First: LaneGroup, Second: LaneGroup>: LaneGroup {
    private var first: First
    private var second: Second

    @inline(__always)
    static var width: Int { First.width + Second.width }

    @inline(__always)
    init() {
        first = First()
        second = Second()
    }

    @unsafe @inline(__always)
    init(from source: UnsafePointer<SIMD4<Float>>) {
        unsafe first = First(from: source)
        unsafe second = Second(from: source + First.width)
    }

    @unsafe @inline(__always)
    mutating func add(_ x: Float, times source: UnsafePointer<SIMD4<Float>>) {
        unsafe first.add(x, times: source)
        unsafe second.add(x, times: source + First.width)
    }

    @unsafe @inline(__always)
    func addProduct(with x: Float, to target: UnsafeMutablePointer<SIMD4<Float>>) {
        unsafe first.addProduct(with: x, to: target)
        unsafe second.addProduct(with: x, to: target + First.width)
    }

    @unsafe @inline(__always)
    func addTo(_ target: UnsafeMutablePointer<SIMD4<Float>>) {
        unsafe first.addTo(target)
        unsafe second.addTo(target + First.width)
    }
}

typealias Lanes1 = SIMD4<Float>
typealias Lanes2 = LanePair<Lanes1, Lanes1>
typealias Lanes3 = LanePair<Lanes2, Lanes1>
typealias Lanes4 = LanePair<Lanes2, Lanes2>
typealias Lanes5 = LanePair<Lanes4, Lanes1>
typealias Lanes6 = LanePair<Lanes4, Lanes2>
typealias Lanes7 = LanePair<Lanes4, Lanes3>
typealias Lanes8 = LanePair<Lanes4, Lanes4>
