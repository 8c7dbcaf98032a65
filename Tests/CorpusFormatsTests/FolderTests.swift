import Foundation
import Testing
import TextClassification

@testable import CorpusFormats

/// A temporary folder with the given files, removed with its owner.
private final class Folder {
    let path: String

    init(_ files: [String: [UInt8]]) throws {
        path = FileManager.default.temporaryDirectory.path + "/sectorkit-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, bytes) in files {
            let folder = (path + "/" + name as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
        }
    }

    convenience init(texts: [String: String]) throws { try self.init(texts.mapValues { Array($0.utf8) }) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func read(_ format: ArticleFormat? = nil, policy: ArticleReader.Policy = .strict) throws -> ReadArticles {
        var options = ReadingOptions()
        options.format = format
        return try ArticleReader(options: options, policy: policy).read(.path(path))
    }

    /// The message of the error of reading, with `DIR` for the path.
    func message(_ format: ArticleFormat? = nil) -> String {
        CorpusFormatsTests.message { _ = try read(format) }.replacingOccurrences(of: path, with: "DIR")
    }
}

@Suite struct Folders {
    @Test func readsATableAndItsFiles() throws {
        let folder = try Folder([
            "labels.csv": Array("file,labels,title\nb.txt,trade;cyber,T\nsub/a.txt,,\n".utf8), "b.txt": Array("B\0".utf8),
            "sub/a.txt": Array("\u{FEFF}A\r\n".utf8), "c.txt.gz": gzipped(Array("C".utf8)), "README.md": [1], "d.txt": [],
        ])
        let read = try folder.read()
        #expect(
            Array(read.articles) == [
                Article(id: "b.txt", title: "T", text: "B\0", labels: ["trade", "cyber"]),
                Article(id: "sub/a.txt", text: "A\r\n", labels: []),
                Article(id: "c.txt.gz", text: "C"),
                Article(id: "d.txt", text: ""),
            ])
        #expect(read.format == .directoryWithTable)
        #expect(read.locations[1] == SourceLocation(file: folder.path + "/sub/a.txt"))
    }

    @Test func saysWhatIsWrongWithTheTable() throws {
        let missing = try Folder(texts: ["labels.csv": "file,labels\na.txt,x\nb.txt,\n", "b.txt": "B"])
        #expect(
            missing.message() == "DIR/labels.csv:2: cannot read the file \"DIR/a.txt\": No such file or directory")
        let skipped = try missing.read(policy: .skip(maximumProblems: 1))
        #expect(skipped.articles.map(\.id) == ["b.txt"])
        #expect(skipped.problemCount == 1)
        #expect(
            try Folder(texts: ["labels.csv": "file,labels\n../x.txt,x\n"]).message()
                == "DIR/labels.csv:2: cannot read the file \"../x.txt\": the table may only name files within its folder")
        #expect(
            try Folder(texts: ["labels.csv": "name,labels\n"]).message()
                == "DIR/labels.csv:1: no column \"file\" for the names of the files; the columns are \"name\", \"labels\"")
        #expect(
            try Folder(texts: ["labels.csv": "file,topic\n"]).message()
                == "DIR/labels.csv:1: no column \"labels\" for the labels; the columns are \"file\", \"topic\" "
                + "(name another with --label-field)")
        #expect(
            try Folder(texts: ["labels.csv": "file,labels\na.txt\n"]).message()
                == "DIR/labels.csv:2: the record has 1 field, the header has 2")
        #expect(
            try Folder(texts: ["labels.csv": "file,labels\na.txt,\na.txt,\n", "a.txt": "A"]).message()
                == "DIR/a.txt: the identifier \"a.txt\" is already that of the article at DIR/a.txt")
        #expect(
            try Folder(texts: ["labels.csv": ""]).message()
                == "DIR/labels.csv is empty; it needs a header with the columns file,labels")
        #expect(try Folder(texts: ["labels.csv": "file,labels\n"]).message() == "DIR holds no articles")
    }

    @Test func readsOneFolderALabel() throws {
        let folder = try Folder(texts: [
            "trade/2.txt": "two", "trade/1.txt": "one", "cyber/1.txt": "three", "cyber/.hidden": "no", ".git/config": "no",
            "notes.md": "no",
        ])
        let read = try folder.read()
        #expect(
            Array(read.articles) == [
                Article(id: "cyber/1.txt", text: "three", labels: ["cyber"]),
                Article(id: "trade/1.txt", text: "one", labels: ["trade"]),
                Article(id: "trade/2.txt", text: "two", labels: ["trade"]),
            ])
        #expect(read.format == .directoryPerLabel)
    }

    @Test func saysThatAFolderIsOfNeitherKind() throws {
        let advice = "; a folder needs a table labels.csv with the columns file,labels, or one subfolder a label"
        let start = "cannot tell the articles of the folder DIR: "
        #expect(try Folder([:]).message() == start + "it has no articles" + advice)
        #expect(try Folder(texts: ["a.txt": ""]).message() == start + "it has text files, but no labels.csv" + advice)
        #expect(
            try Folder(texts: ["a.txt": "", "b/c.txt": ""]).message()
                == start + "it has both text files and subfolders, but no labels.csv" + advice)
        #expect(try Folder(texts: ["a.txt": ""]).message(.directoryPerLabel) == start + "it has no subfolders" + advice)
        #expect(try Folder(texts: ["a/b.txt": ""]).message(.directoryWithTable) == start + "it has no labels.csv" + advice)
        #expect(
            try Folder(texts: ["a/b.txt": ""]).message(.jsonl) == "cannot open DIR: it is a folder, and the format is to be jsonl"
        )
    }

    @Test func readsFilesByTheirNames() throws {
        let folder = try Folder([
            "a.jsonl.gz": gzipped(Array("{\"text\": \"x\"}\n".utf8)), "b.csv": Array("text\ny\n".utf8), "c.txt": Array("z".utf8),
        ])
        func read(_ name: String) throws -> ReadArticles { try ArticleReader().read(.path(folder.path + "/" + name)) }
        #expect(try Array(read("a.jsonl.gz").articles) == [Article(id: "1", text: "x")])
        #expect(try Array(read("b.csv").articles) == [Article(id: "2", text: "y")])
        #expect(try Array(read("c.txt").articles) == [Article(id: "c.txt", text: "z")])
        #expect(
            message { _ = try read("d.csv") } == "cannot open \(folder.path)/d.csv: No such file or directory")
        #expect(ArticleInput(argument: "-") == .standardInput)
    }

    @Test func filesThatAreTooLongAreReported() throws {
        let folder = try Folder(texts: ["x/a.txt": String(repeating: "a", count: 50), "x/b.txt": "b"])
        var options = ReadingOptions()
        options.maximumLine = 10
        let read = try ArticleReader(options: options, policy: .skip(maximumProblems: 1)).read(.path(folder.path))
        #expect(read.articles.map(\.text) == ["b"])
        #expect(read.problems.map(\.kind) == [.fileTooLong(maximum: 10)])
    }
}
