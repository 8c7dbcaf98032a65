import LinearAlgebra
import TextClassification

/// Articles of planted topics: each of `topicCount` topics has ten terms of its own, and an article is about one or two topics.
struct PlantedTopics {
    let rows: SparseMatrix
    /// The first topic of each article.
    let topics: [Int]
    static let ownTermCount = 10

    init(articleCount: Int = 240, topicCount: Int = 4, seed: UInt64 = 0) {
        var random = RandomGenerator(seed: seed)
        var rows = SparseMatrix(columnCount: topicCount * Self.ownTermCount + 5)
        var topics: [Int] = []
        for article in 0..<articleCount {
            let first = article % topicCount
            topics.append(first)
            var columns = Set<Int>()
            for _ in 0..<8 { columns.insert(first * Self.ownTermCount + random.nextInt(below: Self.ownTermCount)) }
            let second = random.nextInt(below: topicCount)
            for _ in 0..<2 { columns.insert(second * Self.ownTermCount + random.nextInt(below: Self.ownTermCount)) }
            // The last column stays empty.
            columns.insert(topicCount * Self.ownTermCount + random.nextInt(below: 4))
            let norm = Double(columns.count).squareRoot()
            for column in columns.sorted() { rows.append(column: Int32(column), value: Float(1 / norm)) }
            rows.endRow()
        }
        self.rows = rows
        self.topics = topics
    }
}

/// The positions of the largest numbers.
func largest(_ numbers: some Collection<Double>) -> Int {
    Array(numbers).enumerated().max { $0.element < $1.element }!.offset
}
