import TopicModels

/// Topics as one HTML page that needs nothing else: no file, no network, no library.
public struct TopicPage: Sendable {
    private let report: TopicReport

    public init(_ report: TopicReport) { self.report = report }

    /// The page. Texts come into it as JSON, and its script puts them there as text, never as markup.
    public var html: String {
        get throws {
            struct View {
                let title: String
                let json: String
            }
            return try PageTemplates().rendered("topics", View(title: "Topics", json: PageTemplates.json(report)))
        }
    }
}
