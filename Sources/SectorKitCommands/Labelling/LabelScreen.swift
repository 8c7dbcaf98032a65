import Glibc
import SemiSupervised
import TextClassification

/// What labelling shows: articles, the keys, what was learnt. On standard output, as text or as a JSON object a line.
struct LabelScreen {
    let keys: LabelKeys
    let task: ClassificationTask
    let isJSON: Bool
    /// Whether a line can be written over.
    let isTerminal: Bool

    /// How many lines of an article are shown at first.
    private static let shownLineCount = 14

    private struct Shown: Encodable {
        var event = "article"
        var id: String
        var title: String
        var text: String
        var uncertainty: Double
        var expectedGain: Double
    }

    private struct Learnt: Encodable {
        var event = "learnt"
        var answers: Int
        var changedShare: Double?
        var isSettled: Bool
    }

    func show(_ article: Article, _ suggestion: ActiveLearner.Suggestion?, status: String, showsAll: Bool) throws(any Error) {
        if isJSON {
            return try print(
                JSONText.encoded(
                    Shown(
                        id: article.id, title: article.title, text: article.text, uncertainty: suggestion?.uncertainty ?? 0,
                        expectedGain: suggestion?.expectedGain ?? 0), isPretty: false))
        }
        let width = min(100, max(20, Self.columnCount))
        var lines = [String(repeating: "-", count: width)]
        if !article.title.isEmpty { lines += Self.wrapped(article.title, width) + [""] }
        // Many archives repeat the headline in the first line.
        let hasTitle = !article.title.isEmpty && article.text.hasPrefix(article.title)
        let rest = hasTitle ? article.text.dropFirst(article.title.count).drop(while: \.isWhitespace) : article.text[...]
        let body = Self.wrapped(String(rest), width)
        let isCut = !showsAll && body.count > Self.shownLineCount + 2
        lines += isCut ? Array(body.prefix(Self.shownLineCount)) : body
        if isCut { lines.append("... \(counted(body.count - Self.shownLineCount, "more line")): press \(LabelKeys.more)") }
        lines.append("")
        lines += Self.wrapped(status, width)
        if let suggestion {
            let gain = (100 * suggestion.expectedGain).fixed(1)
            lines += Self.wrapped(
                "expected gain: \(gain) % of what is unsure in the archive lies near this article; "
                    + "unsure about it: \(suggestion.uncertainty.fixed(2))", width)
        }
        lines += keyLines(width)
        try print(lines.joined(separator: "\n"))
    }

    /// What the keys stand for, none of them broken over two lines.
    private func keyLines(_ width: Int) -> [String] {
        let answers = task == .multi ? ["[\(LabelKeys.none)] none", "[Enter] done"] : []
        let parts =
            keys.labels.indices.map { "[\(keys.key(of: $0))] \(keys.labels[$0])" } + answers
            + ["[\(LabelKeys.unsure)] unsure", "[\(LabelKeys.undo)] undo", "[\(LabelKeys.quit)] quit"]
        var lines: [String] = []
        for part in parts {
            if let last = lines.last, last.count + 2 + part.count <= width {
                lines[lines.count - 1] = last + "  " + part
            } else {
                lines.append(part)
            }
        }
        return lines
    }

    /// The labels that were pressed so far.
    func showChosen(_ labels: [Int]) throws {
        guard isTerminal, !isJSON else { return }
        try StandardOutput().write(Array(("\r\u{1B}[K> " + names(labels).withoutControlCharacters).utf8))
    }

    func showAnswer(_ labels: [Int]?) throws {
        guard !isJSON else { return }
        try print((isTerminal ? "\r\u{1B}[K" : "") + "> " + (labels.map(names) ?? "unsure"), keepingControls: isTerminal)
    }

    private func names(_ labels: [Int]) -> String {
        labels.isEmpty ? "none" : labels.map { keys.labels[$0] }.joined(separator: ", ")
    }

    func showLearnt(_ progress: LabellingProgress, answerCount: Int) throws {
        if isJSON {
            return try print(
                JSONText.encoded(
                    Learnt(answers: answerCount, changedShare: progress.changedShare, isSettled: progress.isSettled),
                    isPretty: false))
        }
        guard let changed = progress.changedShare else { return }
        try print("learnt from \(counted(answerCount, "answer")): \((100 * changed).fixed(1)) % of the archive's labels changed")
        if progress.isSettled {
            try print("hint: the last three rounds changed hardly any label; more answers may bring little")
        }
    }

    func say(_ text: String) throws {
        if isJSON { Console.print(text) } else { try print(text) }
    }

    private func print(_ text: String, keepingControls: Bool = false) throws(OutputError) {
        try StandardOutput().print(keepingControls ? text : text.withoutControlCharacters)
    }

    /// How wide the terminal is, or `COLUMNS` says.
    private static var columnCount: Int {
        var size = winsize()
        if unsafe ioctl(StandardStreams.output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return Variables["COLUMNS"].flatMap { Int($0) } ?? 80
    }

    /// The text in lines of at most `width` characters; paragraphs stay apart.
    static func wrapped(_ text: String, _ width: Int) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph -> [String] in
            var lines: [String] = []
            var line = ""
            for word in paragraph.split(whereSeparator: \.isWhitespace) {
                if !line.isEmpty, line.count + 1 + word.count > width {
                    lines.append(line)
                    line = ""
                }
                line += (line.isEmpty ? "" : " ") + word
                while line.count > width {
                    lines.append(String(line.prefix(width)))
                    line = String(line.dropFirst(width))
                }
            }
            return line.isEmpty && !lines.isEmpty ? lines : lines + [line]
        }
    }
}
