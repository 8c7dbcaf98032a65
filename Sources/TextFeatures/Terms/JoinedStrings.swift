import CKernels

/// The strings of several sequences as one table.
struct JoinedStrings {
    private(set) var table = TermTable(capacity: 0)
    private(set) var documentFrequencies: [Int32] = [0]
    /// The node in the table of each node of each sequence.
    private var nodes: [[UInt32]] = []

    /// Takes the tables of the sequences.
    init(_ sequences: inout [TermSequence]) {
        for position in sequences.indices {
            let frequencies = sequences[position].documentFrequencies
            let own = sequences[position].removeTable()
            if position == 0 {
                table = own
                documentFrequencies = frequencies
                nodes.append((0..<UInt32(own.count)).map { $0 })
                continue
            }
            let found = table.add(own)
            documentFrequencies.append(contentsOf: repeatElement(0, count: table.count - documentFrequencies.count))
            for (node, frequency) in zip(found, frequencies) { documentFrequencies[Int(node)] += frequency }
            nodes.append(found)
        }
        documentFrequencies[0] = 0
    }

    /// The nodes that become candidates, in their order; and for each sequence the candidate that each of its nodes is, or 0.
    func candidates(
        _ sequences: [TermSequence], bases: [Int], minimumFrequency: Int, favouredEnd: Int
    ) -> (nodes: [UInt32], numbers: [[UInt32]]) {
        var isFavoured = [Bool](repeating: false, count: table.count)
        for (number, sequence) in sequences.enumerated() where bases[number] < favouredEnd {
            for position in 0..<min(sequence.count, favouredEnd - bases[number]) {
                isFavoured[Int(nodes[number][Int(sequence.terms[position] & ~SK_REPEATED)])] = true
            }
        }
        var candidates: [UInt32] = []
        var numbers = [UInt32](repeating: 0, count: table.count)
        for node in 1..<table.count where Int(documentFrequencies[node]) >= minimumFrequency || isFavoured[node] {
            // Those that stand in no article were only read, not counted.
            guard documentFrequencies[node] > 0 else { continue }
            candidates.append(UInt32(node))
            numbers[node] = UInt32(candidates.count)
        }
        return (candidates, nodes.map { $0.map { numbers[Int($0)] } })
    }
}
