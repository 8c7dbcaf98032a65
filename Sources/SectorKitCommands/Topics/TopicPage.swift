import TopicModels

/// Topics as one HTML page that needs nothing else: no file, no network, no library.
///
/// The data stands in the page as JSON in which `<`, `>` and `&` are escaped, and the script puts texts into the page as text, never
/// as markup. A content security policy forbids everything else.
struct TopicPage {
    private let report: TopicReport

    init(_ report: TopicReport) { self.report = report }

    var html: String {
        get throws {
            let data = Self.escaped(try JSONText.encoded(report, isPretty: false))
            return Self.head + Self.style + Self.body + "<script type=\"application/json\" id=\"data\">" + data + "</script>\n"
                + Self.script + "</body>\n</html>\n"
        }
    }

    /// JSON that can stand within a script element, whatever it holds.
    static func escaped(_ json: String) -> String {
        var text = ""
        text.reserveCapacity(json.utf8.count)
        for scalar in json.unicodeScalars {
            switch scalar {
            case "<": text += "\\u003c"
            case ">": text += "\\u003e"
            case "&": text += "\\u0026"
            case "\u{2028}": text += "\\u2028"
            case "\u{2029}": text += "\\u2029"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
