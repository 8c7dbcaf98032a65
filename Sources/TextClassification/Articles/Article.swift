/// One document to train on, to evaluate with or to tag: a title, a body, and what is known about its labels.
public struct Article: Sendable, Equatable {
    /// The identifier given by its source; readers fall back to the line or file name.
    public var id: String
    /// The headline, or an empty string.
    public var title: String
    /// The body.
    public var text: String
    /// What a person judged; `nil` where nobody did, `[]` where somebody found that no label applies.
    public var labels: [String]?
    /// Labels that nobody judged on this article although others were judged.
    public var unjudged: [String]
    /// The date as its source spells it (ISO 8601 is expected where order matters), or `nil`.
    public var date: String?
    /// What the article has in the field by which articles are to be kept together, such as its outlet; `nil` where none was asked for.
    public var group: String?

    public init(
        id: String = "", title: String = "", text: String, labels: [String]? = nil, unjudged: [String] = [],
        date: String? = nil, group: String? = nil
    ) {
        self.id = id
        self.title = title
        self.text = text
        self.labels = labels
        self.unjudged = unjudged
        self.date = date
        self.group = group
    }
}
