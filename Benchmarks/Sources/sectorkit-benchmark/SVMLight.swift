import ArgumentParser
import FoundationEssentials
import Glibc
import LinearAlgebra

/// Rows and classes as text, `class column:value …`, classes and columns from 1: what scikit-learn and LIBLINEAR read.
enum SVMLight {
    /// The class of every line: its position among the sorted different lines.
    static func classes(_ labelFile: String) throws -> [Int] {
        let names = try Files.lines(labelFile).map { String(decoding: $0, as: UTF8.self) }
        let sorted = Set(names).sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
        let positions = Dictionary(uniqueKeysWithValues: zip(sorted, 0...))
        return names.map { positions[$0] ?? 0 }
    }

    /// Writes the rows, columns ascending, with a column of ones behind the others: an intercept that is penalised, since
    /// LIBLINEAR knows no other.
    static func write(_ rows: SparseMatrix, classes: [Int], to path: String) throws {
        guard classes.count == rows.rowCount else { throw ValidationError("\(classes.count) labels for \(rows.rowCount) lines") }
        guard let file = unsafe fopen(path, "w") else { throw ValidationError("cannot write \(path)") }
        for i in 0..<rows.rowCount {
            var line = "\(classes[i] + 1)"
            for e in rows.row(i).sorted(by: { rows.columnIndices[$0] < rows.columnIndices[$1] }) {
                line += " \(rows.columnIndices[e] + 1):\(rows.values[e])"
            }
            line += " \(rows.columnCount + 1):1\n"
            unsafe fputs(line, file)
        }
        guard unsafe fclose(file) == 0 else { throw ValidationError("cannot write \(path)") }
    }

    static func read(_ path: String) throws -> (rows: SparseMatrix, classes: [Int]) {
        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        var classes: [Int] = []
        let bytes = try Files.bytes(path) + [0]
        unsafe bytes.withUnsafeBufferPointer { buffer in
            guard var position = unsafe UnsafeRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self) else { return }
            var end: UnsafeMutablePointer<CChar>?
            while unsafe position.pointee != 0 {
                classes.append(unsafe strtol(position, &end, 10) - 1)
                unsafe position = UnsafePointer(end!)
                while unsafe position.pointee == CChar(32) {
                    columns.append(Int32(unsafe strtol(position, &end, 10) - 1))
                    values.append(unsafe strtof(end! + 1, &end))
                    unsafe position = UnsafePointer(end!)
                }
                offsets.append(values.count)
                unsafe position += 1
            }
        }
        let columnCount = Int(columns.max() ?? -1) + 1
        return (SparseMatrix(rowOffsets: offsets, columnIndices: columns, values: values, columnCount: columnCount), classes)
    }
}
