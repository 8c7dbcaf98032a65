import Glibc

/// What is said to people: standard error. Nothing here is coloured, whatever `NO_COLOR` says.
enum Console {
    /// Whether a line can be written over: on a terminal that is more than a teletype.
    private static var showsProgress: Bool {
        StandardStreams.isTerminal(StandardStreams.error) && Variables["TERM"] != "dumb"
    }

    /// Writes a line; failures have nobody to be told to. Control characters, which data may hold, do not reach the terminal.
    static func print(_ text: String) {
        write(text.withoutControlCharacters + "\n")
    }

    static func warn(_ text: String) {
        clearProgress()
        print("warning: " + text)
    }

    /// Replaces the current line, on a terminal.
    static func showProgress(_ text: String) {
        if showsProgress { write("\r\u{1B}[K" + text.withoutControlCharacters) }
    }

    static func clearProgress() {
        if showsProgress { write("\r\u{1B}[K") }
    }

    /// Tells somebody who waits that the program waits too.
    static func announceReading(_ what: String) {
        if StandardStreams.isTerminal(StandardStreams.input) {
            print("reading \(what) from the terminal; Ctrl-D on a line of its own ends it")
        }
    }

    private static func write(_ text: String) {
        _ = try? FileOutput(descriptor: StandardStreams.error).write(Array(text.utf8))
    }
}

extension String {
    /// The text with a space for every control character but the line feed.
    var withoutControlCharacters: String {
        func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control && scalar != "\n" }
        guard unicodeScalars.contains(where: isControl) else { return self }
        var scalars = UnicodeScalarView()
        scalars.append(contentsOf: unicodeScalars.map { isControl($0) ? " " : $0 })
        return String(scalars)
    }
}

/// A number with its noun: `1 article`, `2 articles`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// The variables of the environment.
enum Variables {
    static subscript(name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
