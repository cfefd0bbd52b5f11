package import Foundation

/// Files beside the tests.
package enum Fixtures {
    /// The package's folder, from this file's place in it.
    package static let package = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    package static let scenarios = package.appending(path: "Tests/Fixtures/scenarios")
    /// Inputs that the fuzzers found, a folder for each target.
    package static let corpus = package.appending(path: "Tests/Fixtures/corpus")

    package static func bytes(of file: URL) throws -> [UInt8] {
        Array(try Data(contentsOf: file))
    }

    package static func text(of file: URL) throws -> String {
        String(decoding: try bytes(of: file), as: UTF8.self)
    }

    /// The names of the folders in a folder, sorted.
    package static func folders(in folder: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }

    /// The files in a folder, sorted by name; none where there is no folder.
    package static func files(in folder: URL) -> [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted().map { folder.appending(path: $0) }
    }

    package static func exists(_ file: URL) -> Bool {
        FileManager.default.fileExists(atPath: file.path())
    }
}
