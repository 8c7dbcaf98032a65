import TopicModels

/// Topics as one HTML page that needs nothing else: no file, no network, no library.
public struct TopicPage: Sendable {
    private let report: TopicReport

    public init(_ report: TopicReport) { self.report = report }

    /// What the page shows. Texts come into it as JSON, and its script puts them there as text, never as markup.
    public var content: PageContent {
        get throws {
            struct View: Encodable {
                let title: String
                let json: String
            }
            return try PageContent(template: "topics", View(title: "Topics", json: PageContent.json(report)))
        }
    }
}
