/// Finds out which article was the first with an identifier: a table of positions, which knows the identifiers by their hashes and
/// looks at them where those agree.
struct IdentifierTable {
    /// Of an article the upper half of its hash and, below, its position + 1; 0 where there is none.
    private var entries = [UInt64](repeating: 0, count: 1 << 10)
    private var count = 0

    /// Adds an article unless an earlier one has its identifier.
    ///
    /// - Parameters:
    ///   - hash: that of the identifier, the same wherever it is the same.
    ///   - identifiers: those of all articles so far, this one included.
    /// - Returns: the position of the earlier one.
    mutating func insert(_ position: Int, hash: Int, identifiers: [String]) -> Int? {
        if 2 * count >= entries.count { grow() }
        let tag = UInt64(bitPattern: Int64(hash)) >> 32
        let mask = entries.count - 1
        var place = Int(tag) & mask
        while entries[place] != 0 {
            let earlier = Int(entries[place] & 0xFFFF_FFFF) - 1
            if entries[place] >> 32 == tag, identifiers[earlier] == identifiers[position] { return earlier }
            place = (place + 1) & mask
        }
        entries[place] = tag << 32 | UInt64(UInt32(position + 1))
        count += 1
        return nil
    }

    private mutating func grow() {
        let old = entries
        entries = [UInt64](repeating: 0, count: 4 * old.count)
        let mask = entries.count - 1
        for entry in old where entry != 0 {
            var place = Int(entry >> 32) & mask
            while entries[place] != 0 { place = (place + 1) & mask }
            entries[place] = entry
        }
    }
}
