/// A division of `0 ..< count` into sets that can be joined (union-find with path halving; the smallest member stands for a set).
struct DisjointSets: Sendable, Equatable {
    private var parents: [Int]

    init(count: Int) {
        parents = Array(0..<count)
    }

    /// The smallest member of an element's set.
    mutating func representative(of element: Int) -> Int {
        var element = element
        while parents[element] != element {
            parents[element] = parents[parents[element]]
            element = parents[element]
        }
        return element
    }

    mutating func join(_ a: Int, _ b: Int) {
        let first = representative(of: a)
        let second = representative(of: b)
        parents[max(first, second)] = min(first, second)
    }

    /// The number of each element's set, counted from 0 in the order of their first members.
    mutating func numbers() -> [Int] {
        var numbers: [Int] = []
        var count = 0
        for element in parents.indices {
            let first = representative(of: element)
            if first == element {
                numbers.append(count)
                count += 1
            } else {
                numbers.append(numbers[first])
            }
        }
        return numbers
    }
}
