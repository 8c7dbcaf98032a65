import ArgumentParser
import LinearAlgebra
import TextClassification
import TopicModels

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

struct FitTopics: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit-topics",
        abstract: "Factorise a sparse matrix until its error is that of another program; print the times.",
        discussion: """
            The matrix lies in three files of little-endian numbers: STEM.ptr (64-bit offsets of rows), STEM.idx (32-bit columns) and \
            STEM.val (64-bit floating point). Times include the transposition and the start (NNDSVDa); the error is ‖X − W·H‖, and its \
            first figure is that of the first iteration which comes within the tolerance of --target.
            """)

    @Argument(help: "The files' common name.") var stem: String
    @Option(help: "The number of topics.") var topics = 20
    @Option(help: "The error to reach.") var target = 0.0
    @Option(help: "The most iterations.") var iterations = 600
    @Option(help: "The most threads.") var threads = 1
    @Option(help: "The seed of the start.") var seed: UInt64 = 0
    @Option(help: "frobenius or kullback-leibler.") var loss = "frobenius"
    @Option(help: "double or single.") var precision = "double"
    @Option(help: "Sweeps of coordinate descent an iteration.") var sweeps = FactorizationOptions().sweeps
    @Option(help: "Iterations before extrapolation starts; negative: never.")
    var extrapolationStart = FactorizationOptions().extrapolationStart ?? -1
    @Option(help: "The share of surplus topics; 0: none.") var surplus = NMFParameters().surplus
    @Option(help: "Iterations with surplus topics.") var surplusIterations = FactorizationOptions().surplusIterations
    @Flag(help: "Make no iterations in single precision before those in double.") var onlyDouble = false
    @Option(help: "Use so many rows.") var rows: Int?
    @Option(help: "Use so many columns, the first ones.") var columns: Int?

    func run() throws {
        let matrix = try read()
        var parameters = NMFParameters()
        parameters.topics = topics
        parameters.surplus = surplus
        var options = FactorizationOptions()
        if loss == "kullback-leibler" { options.loss = .kullbackLeibler }
        options.precision = precision == "single" ? .single : .double
        options.maximumIterations = iterations
        options.sweeps = sweeps
        options.extrapolationStart = extrapolationStart < 0 ? nil : extrapolationStart
        options.surplusIterations = surplusIterations
        options.startsInSinglePrecision = !onlyDouble
        options.tolerance = target > 0 ? 0 : options.tolerance
        let context = TrainingContext(seed: seed, threadCount: threads)
        let clock = ContinuousClock()
        let start = clock.now
        func seconds() -> Double { (clock.now - start) / .seconds(1) }
        let processorStart = Self.processorTime
        var processor: Double?

        let operation = SparseOperator(matrix)
        let factors = try NMF(parameters).initialFactors(of: operation, context: context)
        let startSeconds = seconds()
        // The error of a start that is not far is reached a little later than one that is exact.
        let limits = [(target * 1.001), (target * 1.0001), target].map { 0.5 * $0 * $0 }
        var reached = [Double?](repeating: nil, count: limits.count)
        let found = options.factorized(
            matrix, transposed: operation.transposed, w: factors.w, h: factors.h, topicCount: topics,
            threads: threads
        ) { _, objective in
            for (place, limit) in limits.enumerated() where reached[place] == nil && objective <= limit {
                reached[place] = seconds()
                if place == limits.count - 1 { processor = Self.processorTime - processorStart }
            }
            return target == 0 || reached[limits.count - 1] == nil
        }
        let all = seconds()
        // What is printed is not what the iterations computed, but the error of the factors by its definition.
        let error = (2 * FactorizationObjective(matrix, options: options).value(w: found.w, h: found.h)).squareRoot()
        func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "null" }
        printJSON([
            "start": startSeconds, "within1e-3": number(reached[0]), "within1e-4": number(reached[1]),
            "seconds": number(reached[2].flatMap { error <= target ? $0 : nil }),
            "all": all, "iterations": found.iterations, "error": error,
            "processorSeconds": number(processor.flatMap { error <= target ? $0 : nil }),
            "converged": found.converged, "rows": matrix.rowCount, "columns": matrix.columnCount,
            "elements": matrix.elementCount,
        ])
    }

    /// What all threads of this process have used of processors, in seconds.
    private static var processorTime: Double {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private func read() throws -> SparseMatrix {
        func numbers<Number: BitwiseCopyable>(_ suffix: String, _: Number.Type) throws -> [Number] {
            let bytes = try Files.bytes(stem + suffix)
            return unsafe bytes.withUnsafeBytes { unsafe Array($0.bindMemory(to: Number.self)) }
        }
        let offsets = try numbers(".ptr", Int64.self).map { Int($0) }
        let indices = try numbers(".idx", Int32.self)
        let values = try numbers(".val", Double.self).map { Float($0) }
        let columnCount = Int(indices.max() ?? -1) + 1
        let all = SparseMatrix(rowOffsets: offsets, columnIndices: indices, values: values, columnCount: columnCount)
        let rowLimit = min(all.rowCount, rows ?? all.rowCount)
        let columnLimit = min(columnCount, columns ?? columnCount)
        guard rowLimit < all.rowCount || columnLimit < columnCount else { return all }
        var part = SparseMatrix(columnCount: columnLimit)
        for row in 0..<rowLimit {
            for e in all.row(row) where Int(all.columnIndices[e]) < columnLimit {
                part.append(column: all.columnIndices[e], value: all.values[e])
            }
            part.endRow()
        }
        return part
    }
}
