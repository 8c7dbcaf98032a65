import FoundationEssentials
import Mustache

/// The templates of all pages, as they stand in `Templates/`; they are compiled into the program `sectorkit-pages`.
///
/// Every value that a template inserts is escaped for the place where it stands: no template has an unescaped tag. A content security
/// policy in each page forbids what is not in it.
public struct PageTemplates {
    /// Text between tags and in quoted attributes.
    ///
    /// Scalar by scalar: the library's own type looks at characters, and a quotation mark with an accent is none to it, but one to a
    /// browser.
    struct MarkupText: MustacheContentType {
        func escapeText(_ text: String) -> String {
            text.replacingScalars { scalar in
                switch scalar {
                case "<": "&lt;"
                case ">": "&gt;"
                case "&": "&amp;"
                case "\"": "&quot;"
                case "'": "&#39;"
                // What HTML does not allow, even as a reference.
                case "\0": "\u{FFFD}"
                default: nil
                }
            }
        }
    }

    /// JSON within a script element, whatever it holds.
    struct ScriptData: MustacheContentType {
        func escapeText(_ text: String) -> String {
            text.replacingScalars { scalar in
                switch scalar {
                case "<": "\\u003c"
                case ">": "\\u003e"
                case "&": "\\u0026"
                case "\u{2028}": "\\u2028"
                case "\u{2029}": "\\u2029"
                default: nil
                }
            }
        }
    }

    /// Every file of `Templates/` by the name that templates call it by.
    static let sources: [String: [UInt8]] = [
        "axes": PackageResources.axes_mustache, "benchmark": PackageResources.benchmark_mustache,
        "data": PackageResources.data_mustache, "evaluation": PackageResources.evaluation_mustache,
        "evaluation_js": PackageResources.evaluation_js, "head": PackageResources.head_mustache,
        "page_css": PackageResources.page_css, "segment": PackageResources.segment_mustache,
        "table": PackageResources.table_mustache, "topics": PackageResources.topics_mustache,
        "topics_css": PackageResources.topics_css, "topics_js": PackageResources.topics_js,
    ]

    private let library: MustacheLibrary

    public init() throws {
        // The library keeps content types by name, in one place for the whole process; these names mean the same to everybody here.
        MustacheContentTypes.register(MarkupText(), named: "PAGE")
        MustacheContentTypes.register(ScriptData(), named: "SCRIPT")
        var library = MustacheLibrary()
        for (name, bytes) in Self.sources { try library.register(String(decoding: bytes, as: UTF8.self), named: name) }
        self.library = library
    }

    /// A page.
    /// - Parameter content: a JSON object: the template's name under `template`, and under `values` what it inserts, by name.
    /// - Throws: `DecodingError` for other bytes, `UnknownTemplate` for another name.
    public func html(of content: some Sequence<UInt8>) throws -> String {
        let request = try JSONDecoder().decode(Request.self, from: Data(content))
        guard let text = library.render(request.values.mapValues(\.value), withTemplate: request.template) else {
            throw UnknownTemplate(name: request.template)
        }
        return text
    }

    /// There is no template of this name.
    public struct UnknownTemplate: Error, Equatable {
        public let name: String
    }

    private struct Request: Decodable {
        let template: String
        let values: [String: Value]
    }

    /// A value of any shape, as the library takes it.
    private struct Value: Decodable {
        let value: Any

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                value = text
            } else if let isSo = try? container.decode(Bool.self) {
                value = isSo
            } else if let number = try? container.decode(Int.self) {
                value = number
            } else if let values = try? container.decode([Value].self) {
                value = values.map(\.value)
            } else {
                value = try container.decode([String: Value].self).mapValues(\.value)
            }
        }
    }
}

extension String {
    fileprivate func replacingScalars(_ replacement: (Unicode.Scalar) -> String?) -> String {
        var text = ""
        text.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            if let new = replacement(scalar) { text += new } else { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}
