/// Which key stands for which label.
struct LabelKeys {
    static let none: Character = "0"
    static let unsure: Character = "?"
    static let undo: Character = "u"
    static let more: Character = "m"
    static let quit: Character = "q"

    /// The keys that labels may have, in order.
    static let available = "123456789abcdefghijklmnopqrstvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".filter { !"muq".contains($0) }

    let labels: [String]

    func label(of key: Character) -> Int? {
        Self.available.firstIndex(of: key).map { Self.available.distance(from: Self.available.startIndex, to: $0) }
            .flatMap { $0 < labels.count ? $0 : nil }
    }

    func key(of label: Int) -> Character { Self.available[Self.available.index(Self.available.startIndex, offsetBy: label)] }
}
