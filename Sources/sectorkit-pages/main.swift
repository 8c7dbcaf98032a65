import Foundation
import HTMLTemplates

// Reads what a page shows from standard input, as JSON, and writes the page to standard output: `sectorkit` runs this program for
// `--report` and `--html`.
do {
    let content = try FileHandle.standardInput.readToEnd() ?? Data()
    try FileHandle.standardOutput.write(contentsOf: Data(PageTemplates().html(of: content).utf8))
} catch {
    FileHandle.standardError.write(Data("error: \(error)\n".utf8))
    exit(1)
}
