import Foundation
import Testing

@testable import HTMLReports
@testable import HTMLTemplates

extension PageContent {
    /// The page, made within this process as the program beside it makes it.
    var html: String {
        get throws { try PageTemplates().html(of: bytes) }
    }
}

@Suite struct PageContentTests {
    private struct Values: Encodable {
        var title = "<t>"
        var json = "{}"
        var missing: String?
    }

    @Test func `What a page shows crosses as JSON, and an unknown template is an error`() throws {
        let content = try PageContent(template: "topics", Values())
        #expect(
            String(decoding: content.bytes, as: UTF8.self)
                == #"{"template":"topics","values":{"json":"{}","title":"<t>"}}"#)
        #expect(try content.html.contains("<title>&lt;t&gt;</title>"))
        #expect(throws: PageTemplates.UnknownTemplate(name: "none")) { try PageContent(template: "none", Values()).html }
    }

    @Test(arguments: ["", "{", "[]", #"{"template":"topics"}"#, #"{"template":"topics","values":{"title":null}}"#])
    func `Other bytes are refused`(text: String) throws {
        #expect(throws: DecodingError.self) { try PageTemplates().html(of: Array(text.utf8)) }
    }
}
