/// What the template `table` inserts.
struct TableView: Encodable {
    struct Cell: Encodable {
        let text: String
        let isNumeric: Bool
    }
    struct Failure: Encodable {
        let text: String
        let span: Int
    }
    struct Row: Encodable {
        let name: String
        let cells: [Cell]
        let failure: Failure?
    }
    let header: [Cell]
    let rows: [Row]

    /// A table whose rows begin with their name; one with fewer cells than the header holds a name and what failed.
    init(header: [String], isNumeric: [Bool], rows: [[String]]) {
        self.header = zip(header, isNumeric).map { Cell(text: $0, isNumeric: $1) }
        self.rows = rows.map { row in
            let isFailure = row.count < header.count
            return Row(
                name: row[0], cells: isFailure ? [] : zip(row, isNumeric).dropFirst().map { Cell(text: $0, isNumeric: $1) },
                failure: isFailure && row.count > 1 ? Failure(text: row[1], span: header.count - 1) : nil)
        }
    }
}
