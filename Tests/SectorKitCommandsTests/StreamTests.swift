import Foundation
import Testing

/// Streams: results come at once, in order, and are the same for any number of threads.
struct StreamTests {
    let workspace = Result { try Workspace() }

    @Test func threadsDoNotMatter() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds(Samples.articles(40))
        try workspace.write("stream.jsonl", Samples.jsonl(Samples.articles(2000)))
        let counts = ["1", "2", "8"]
        var models: Set<Data> = []
        for count in counts {
            #expect(
                try workspace.run(
                    "train", "--seeds", seeds, "-o", "m\(count)", "--threads", count, "--recipe", "words-and-characters"
                ).status == 0)
            models.insert(try workspace.bytes("m\(count)"))
        }
        #expect(models.count == 1)
        var tagged: Set<Data> = []
        for count in counts {
            let run = try workspace.runWithModel("predict", "--format", "jsonl", "--threads", count, "stream.jsonl")
            #expect(run.status == 0)
            tagged.insert(run.outputBytes)
        }
        #expect(tagged.count == 1)
        #expect(try #require(tagged.first).split(separator: 0x0A).count == 2000)
    }

    /// An answer comes when its line has come, not when the pipe is closed.
    @Test(arguments: ["1", "2", "4"])
    func slowPipe(threads: String) throws {
        let workspace = try workspace.get()
        let process = workspace.process(
            ["predict", "--format", "jsonl", "--threads", threads, "--model", try SharedModel.multi.get().path])
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        process.end(after: 30)
        for (number, article) in Samples.articles(5).enumerated() {
            input.fileHandleForWriting.write(Data((article.line + "\n").utf8))
            var answer = Data()
            while answer.last != 0x0A {
                let more = output.fileHandleForReading.availableData
                if more.isEmpty { break }
                answer += more
            }
            #expect(String(decoding: answer, as: UTF8.self).hasPrefix("{\"id\":\"n\(number)\""))
        }
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.status == 0)
    }

    /// Whoever reads has gone, and nothing more comes in for a while: the program ends all the same.
    @Test func closedOutputOfASlowPipe() throws {
        let workspace = try workspace.get()
        let process = workspace.process([
            "predict", "--format", "jsonl", "--threads", "2", "--model", try SharedModel.multi.get().path,
        ])
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.end(after: 30)
        let line = Data("{\"text\": \"oven\"}\n".utf8)
        input.fileHandleForWriting.write(line)
        #expect(!output.fileHandleForReading.availableData.isEmpty)
        try output.fileHandleForReading.close()
        input.fileHandleForWriting.write(line)
        process.waitUntilExit()
        #expect(process.status == 0)
    }

    /// Many small files are one stream.
    @Test func manyFiles() throws {
        let workspace = try workspace.get()
        let articles = Samples.articles(60)
        for article in articles { try workspace.write("\(article.id!).txt", article.text) }
        let names = articles.map { "\($0.id!).txt" }
        let model = try SharedModel.multi.get().path
        let one = try workspace.run(["predict", "--model", model, "--format", "tsv", "--threads", "1"] + names)
        let four = try workspace.run(["predict", "--model", model, "--format", "tsv", "--threads", "4"] + names)
        #expect(one.outputBytes == four.outputBytes)
        #expect(one.identifiers == names)
    }
}
