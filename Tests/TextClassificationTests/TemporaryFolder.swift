import Foundation

/// A folder of its own for a test, removed with the value.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let base = FileManager.default.temporaryDirectory
        path = base.appending(path: "sectorkit-test-\(UUID().uuidString)").path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    func path(_ name: String) -> String { path + "/" + name }

    var contents: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }

    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path(name)))) }

    func makePipe(_ name: String) -> Bool { unsafe mkfifo(path(name), 0o600) == 0 }

    func makeLink(_ name: String, to target: String) -> Bool { unsafe symlink(target, path(name)) == 0 }

    func makeWritable(_ isWritable: Bool) { _ = unsafe chmod(path, isWritable ? 0o700 : 0o500) }

    /// Gives a file a length without writing it; false where the file system does not take it.
    func setLength(_ name: String, _ length: Int64) -> Bool { unsafe truncate(path(name), off_t(length)) == 0 }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Calls `body` while no file may grow beyond a number of bytes; the signal that comes with it is ignored.
func limitingFiles(to byteCount: UInt, _ body: () throws -> Void) rethrows {
    let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
    let previousHandler = signal(SIGXFSZ, SIG_IGN)
    var previous = rlimit()
    _ = unsafe getrlimit(resource, &previous)
    var limit = previous
    limit.rlim_cur = byteCount
    _ = unsafe setrlimit(resource, &limit)
    defer {
        _ = unsafe setrlimit(resource, &previous)
        signal(SIGXFSZ, previousHandler)
    }
    try body()
}
