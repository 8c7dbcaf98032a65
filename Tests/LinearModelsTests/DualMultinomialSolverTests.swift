import LinearAlgebra
import Testing

@testable import LinearModels

@Suite struct DualMultinomialSolverTests {
    /// A problem of unit rows with classes that depend on them.
    private func problem(
        samples: Int, features: Int, classCount: Int, seed: UInt64
    ) -> (matrix: SparseMatrix, classes: [Int], weights: [Double]) {
        var generator = RandomGenerator(seed: seed)
        let matrix = unitRows(randomFeatures(rows: samples, columns: features, perRow: 6, seed: seed + 1))
        let truth = (0..<(features * classCount)).map { _ in 4 * generator.nextNormal() }
        var scores = [Double](repeating: 0, count: samples * classCount)
        matrix.multiply(truth, k: classCount, into: &scores)
        let classes = (0..<samples).map { i in
            (0..<classCount).max { scores[i * classCount + $0] < scores[i * classCount + $1] }!
        }
        let noisy = classes.map { generator.nextUniform() < 0.1 ? generator.nextInt(below: classCount) : $0 }
        return (matrix, noisy, (0..<samples).map { _ in 0.2 + generator.nextUniform() })
    }

    /// The objective of a solution in double precision.
    private func objective(
        _ solution: LinearSolution, _ matrix: SparseMatrix, _ classes: [Int], weights: [Double]?, c: Double, intercept: Bool
    ) -> Double {
        var objective = SoftmaxObjective(
            matrix: matrix, classes: classes, classCount: solution.outputCount, sampleWeights: weights,
            inverseRegularization: c, fitsIntercept: intercept)
        var gradient = [Double](repeating: 0, count: objective.parameterCount)
        return objective.evaluate(at: Array(solution.weights) + (intercept ? solution.intercepts : []), gradient: &gradient)
    }

    /// From above, and no farther than the tolerance; the reported gap is honest.
    @Test(arguments: [2, 3, 4, 7, 35], [true, false]) func reachesTheOptimumOfLBFGS(classCount: Int, intercept: Bool) throws {
        let (matrix, classes, weights) = problem(samples: 120, features: 40, classCount: classCount, seed: UInt64(classCount))
        for c in [0.1, 1, 20] {
            let exact = try LogisticSolver.multinomial(
                matrix: matrix, classes: classes, classCount: classCount, sampleWeights: weights,
                options: LogisticOptions(inverseRegularization: c, tolerance: 1e-9, fitsIntercept: intercept))
            for tolerance in [1e-3, 1e-5] {
                let solution = try DualMultinomialSolver.solve(
                    matrix: matrix, classes: classes, classCount: classCount, sampleWeights: weights,
                    options: DualOptions(
                        inverseRegularization: c, tolerance: tolerance, maximumEpochs: 1000, fitsIntercept: intercept))
                let value = objective(solution, matrix, classes, weights: weights, c: c, intercept: intercept)
                #expect(solution.converged && solution.remaining <= tolerance)
                #expect(value >= exact.objective * (1 - 1e-9))
                #expect(value <= exact.objective * (1 + tolerance + 1e-6))
                #expect(abs(solution.objective - value) <= 2e-6 * value)
                #expect(abs(solution.intercepts.reduce(0, +)) < 1e-4)
            }
        }
    }

    /// A problem on which plain coordinate ascent takes hundreds of passes.
    @Test func largeCostsTakeFewPasses() throws {
        let (matrix, classes, weights) = problem(samples: 400, features: 300, classCount: 5, seed: 8)
        let solution = try DualMultinomialSolver.solve(
            matrix: matrix, classes: classes, classCount: 5, sampleWeights: weights,
            options: DualOptions(inverseRegularization: 300, tolerance: 1e-4))
        #expect(solution.converged && solution.iterations < 100)
        let exact = try LogisticSolver.multinomial(
            matrix: matrix, classes: classes, classCount: 5, sampleWeights: weights,
            options: LogisticOptions(inverseRegularization: 300, tolerance: 1e-8))
        let value = objective(solution, matrix, classes, weights: weights, c: 300, intercept: true)
        #expect(value <= exact.objective * (1 + 1.01e-4))
    }

    @Test func agreesWithScikitLearn() throws {
        let fixture = try Fixture("multinomial")
        let optimum = try #require(fixture.objective)
        let classes = try #require(fixture.classes)
        let c = fixture.inverseRegularization
        let solution = try DualMultinomialSolver.solve(
            matrix: fixture.matrix, classes: classes, classCount: 4, sampleWeights: fixture.sampleWeights,
            options: DualOptions(inverseRegularization: c, tolerance: 2e-6, maximumEpochs: 1000))
        let value = objective(solution, fixture.matrix, classes, weights: fixture.sampleWeights, c: c, intercept: true)
        #expect(value <= optimum * (1 + 3e-6))
        let scores = fixture.scores(weights: Array(solution.weights), intercepts: solution.intercepts)
        #expect(Fixture.argmax(scores, k: 4) == fixture.predictions)
    }

    @Test func resultsDependOnTheSeedAlone() throws {
        let (matrix, classes, _) = problem(samples: 600, features: 60, classCount: 5, seed: 9)
        let one = try DualMultinomialSolver.solve(matrix: matrix, classes: classes, classCount: 5)
        let three = try DualMultinomialSolver.solve(
            matrix: matrix, classes: classes, classCount: 5, options: DualOptions(threads: 3))
        let other = try DualMultinomialSolver.solve(
            matrix: matrix, classes: classes, classCount: 5, options: DualOptions(seed: 1))
        #expect(one == three)
        #expect(one.weights != other.weights)
        #expect(abs(one.objective - other.objective) < 2e-4 * one.objective)
    }

    /// Recorded here, by the solvers as they were when rows were in double precision, from rows rounded to single precision. A change means
    /// that every model trained from now on differs; another machine must not change it.
    @Test func weightsAreTheSameBitsEverywhere() throws {
        // No function of the C library has a part in the problem either.
        var generator = RandomGenerator(seed: 11)
        var matrix = SparseMatrix(columnCount: 30)
        for i in 0..<100 {
            for column in 0..<30 where generator.nextInt(below: 5) == 0 {
                matrix.append(column: Int32(column), value: Float(1 + generator.nextInt(below: 9)))
            }
            matrix.endRow()
            matrix.scaleRow(i, by: 1 / max(1, matrix.squaredNorm(ofRow: i)).squareRoot())
        }
        let classes = (0..<100).map { _ in generator.nextInt(below: 5) }
        let weights = (0..<100).map { _ in 0.5 + Double(generator.nextInt(below: 8)) / 8 }
        let solution = try DualMultinomialSolver.solve(
            matrix: matrix, classes: classes, classCount: 5, sampleWeights: weights, options: DualOptions(maximumEpochs: 5))
        let targets = classes.flatMap { own in (0..<5).map { Int8($0 == own ? 1 : 0) } }
        let digests = try DualBinaryLoss.allCases.map { loss in
            digest(
                try DualBinarySolver.solve(
                    matrix: matrix, targets: targets, labelCount: 5, sampleWeights: weights, loss: loss,
                    options: DualOptions(maximumEpochs: 5)))
        }
        #expect(digest(solution) == 7_971_384_259_462_269_015)
        #expect(digests == [5_652_852_930_020_345_943, 11_889_426_955_833_149_527, 10_189_650_396_509_866_071])
    }

    /// FNV-1a over the bits of weights and intercepts.
    private func digest(_ solution: LinearSolution) -> UInt64 {
        (Array(solution.weights) + solution.intercepts).reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ $1.bitPattern) &* 0x100_0000_01B3 }
    }

    /// Warm starts end where cold ones do, in any order of C.
    @Test func pathsReachEveryOptimum() throws {
        let (matrix, classes, weights) = problem(samples: 150, features: 40, classCount: 4, seed: 4)
        let values = [3, 0.1, 30, 1]
        let path = try DualMultinomialSolver.path(
            matrix: matrix, classes: classes, classCount: 4, sampleWeights: weights, inverseRegularizations: values,
            options: DualOptions(tolerance: 1e-5, maximumEpochs: 1000))
        for (solution, c) in zip(path, values) {
            let exact = try LogisticSolver.multinomial(
                matrix: matrix, classes: classes, classCount: 4, sampleWeights: weights,
                options: LogisticOptions(inverseRegularization: c, tolerance: 1e-9))
            let value = objective(solution, matrix, classes, weights: weights, c: c, intercept: true)
            #expect(solution.converged)
            #expect(value <= exact.objective * (1 + 1.2e-5))
        }
    }

    @Test func samplesOfNoWeightAndClassesOfNoSampleDoNoHarm() throws {
        let (matrix, classes, _) = problem(samples: 200, features: 30, classCount: 3, seed: 6)
        let weights = (0..<200).map { $0 % 2 == 0 ? 1.0 : 0.0 }
        let even = (0..<100).map { $0 * 2 }
        let options = DualOptions(tolerance: 1e-5, maximumEpochs: 1000)
        // Class 3 does not occur.
        let all = try DualMultinomialSolver.solve(
            matrix: matrix, classes: classes, classCount: 4, sampleWeights: weights, options: options)
        let half = try DualMultinomialSolver.solve(
            matrix: matrix.selectingRows(even), classes: even.map { classes[$0] }, classCount: 3, options: options)
        let exact = try LogisticSolver.multinomial(
            matrix: matrix, classes: classes, classCount: 4, sampleWeights: weights, options: LogisticOptions(tolerance: 1e-9))
        for solution in [all, exact] {
            #expect(solution.intercepts[3] == -1000 && (0..<30).allSatisfy { solution.weights[$0 * 4 + 3] == 0 })
            #expect(abs(solution.objective / half.objective - 1) < 2e-5)
            #expect(abs(solution.intercepts[0...2].reduce(0, +)) < 1e-4)
        }
    }

    @Test func oneClassNeedsNoWeights() throws {
        let matrix = randomFeatures(rows: 5, columns: 3, perRow: 2, seed: 1)
        let solution = try DualMultinomialSolver.solve(matrix: matrix, classes: [1, 1, 1, 1, 1], classCount: 3)
        #expect(solution.weights.allSatisfy { $0 == 0 } && solution.intercepts == [-1000, 0, -1000] && solution.converged)
        let none = try LogisticSolver.multinomial(matrix: SparseMatrix(columnCount: 3), classes: [], classCount: 2)
        #expect(none.weights.count == 6 && none.intercepts == [0, 0])
    }

    /// A column given twice is the sum of both.
    @Test func repeatedColumnsAddUp() throws {
        let (matrix, classes, _) = problem(samples: 100, features: 20, classCount: 3, seed: 10)
        var split = SparseMatrix(columnCount: 20)
        for i in 0..<100 {
            for part: Float in [0.25, 0.75] {
                for e in matrix.row(i) { split.append(column: matrix.columnIndices[e], value: matrix.values[e] * part) }
            }
            split.endRow()
        }
        let options = DualOptions(inverseRegularization: 20, tolerance: 1e-5, maximumEpochs: 1000)
        let one = try DualMultinomialSolver.solve(matrix: matrix, classes: classes, classCount: 3, options: options)
        let two = try DualMultinomialSolver.solve(matrix: split, classes: classes, classCount: 3, options: options)
        #expect(two.converged && abs(one.objective / two.objective - 1) < 2e-5)
    }

    @Test func errorsAreThrown() throws {
        var (matrix, classes, _) = problem(samples: 50, features: 10, classCount: 3, seed: 7)
        #expect(throws: LinearSolverError.cancelled) {
            try DualMultinomialSolver.solve(matrix: matrix, classes: classes, classCount: 3, shouldContinue: { false })
        }
        matrix.scaleRow(matrix.rowOffsets.firstIndex { $0 > 0 }! - 1, by: .infinity)
        #expect(throws: LinearSolverError.notFinite) {
            try DualMultinomialSolver.solve(matrix: matrix, classes: classes, classCount: 3)
        }
    }

    @Test func aLimitOfEpochsIsKept() throws {
        let (matrix, classes, _) = problem(samples: 300, features: 40, classCount: 3, seed: 8)
        let solution = try DualMultinomialSolver.solve(
            matrix: matrix, classes: classes, classCount: 3,
            options: DualOptions(inverseRegularization: 10, tolerance: 1e-6, maximumEpochs: 2))
        #expect(!solution.converged && solution.iterations == 2 && solution.remaining > 1e-6)
    }
}

/// The matrix with every column of a row once and rows of length 1 (or empty).
func unitRows(_ matrix: SparseMatrix) -> SparseMatrix {
    var result = SparseMatrix(columnCount: matrix.columnCount)
    for i in 0..<matrix.rowCount {
        var row: [Int32: Double] = [:]
        for e in matrix.row(i) { row[matrix.columnIndices[e], default: 0] += Double(matrix.values[e]) }
        let norm = row.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for (column, value) in row.sorted(by: { $0.key < $1.key }) { result.append(column: column, value: Float(value / norm)) }
        result.endRow()
    }
    return result
}
