import CorpusFormats

enum TextEncoding: String { case utf8 = "utf-8" }

extension ReadingOptions {
    var encoding: TextEncoding {
        get { .utf8 }
        set {}
    }
    var stripsHTML: Bool {
        get { false }
        set {}
    }
}
