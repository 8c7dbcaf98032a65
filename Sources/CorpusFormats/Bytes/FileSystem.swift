import Glibc

/// What is in a folder: the handle on the system's directory calls.
enum FileSystem {
    enum Kind {
        case file, directory, other
    }

    /// What stands at a path, or `nil` when nothing does.
    static func kind(of path: String) -> Kind? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .directory
        case S_IFREG: return .file
        default: return .other
        }
    }

    /// The number of bytes of a file; `nil` for what is none.
    static func size(ofFile path: String) -> Int? {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// The names in a folder in the order of their bytes, hidden ones left out.
    static func names(in path: String) throws(CorpusFormatError) -> [String] {
        guard let directory = unsafe opendir(path) else { throw .cannotOpen(path: path, reason: systemErrorText()) }
        defer { _ = unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
