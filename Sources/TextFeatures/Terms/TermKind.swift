/// Which n-grams of a text are terms.
enum TermKind: Sendable, Equatable {
    /// Runs of so many words.
    case words(ClosedRange<Int>)
    /// Runs of so many characters within a word (see `CharacterNodes`).
    case characters(ClosedRange<Int>)
}
