import Foundation
import TestSupport

/// Runs the built command beside the test bundle.
enum Command {
    struct Run {
        let exitCode: Int32
        let output: String
        let error: String
    }

    /// Waits on a thread that no other test needs.
    static func run(_ arguments: [String], output: String? = nil) async throws -> Run {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result { try runAndWait(arguments, output: output) })
            }
        }
    }

    private static func runAndWait(_ arguments: [String], output: String?) throws -> Run {
        let process = Process()
        process.executableURL = try binary()
        process.arguments = arguments
        process.currentDirectoryURL = Fixtures.package
        var environment = ProcessInfo.processInfo.environment
        environment["COLUMNS"] = "80"
        environment["NO_COLOR"] = nil
        process.environment = environment
        let standardOutput = Pipe()
        let standardError = Pipe()
        process.standardError = standardError
        if let output {
            process.standardOutput = FileHandle(forWritingAtPath: output)
        } else {
            process.standardOutput = standardOutput
        }
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // Nothing here prints more than a pipe holds to both at once.
        let bytes =
            output == nil ? standardOutput.fileHandleForReading.readDataToEndOfFile() : Data()
        let errors = standardError.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Run(
            exitCode: process.terminationStatus, output: String(decoding: bytes, as: UTF8.self),
            error: String(decoding: errors, as: UTF8.self))
    }

    private struct NotBuilt: Error {}

    private static func binary() throws -> URL {
        let folder = Bundle.main.bundleURL
        for candidate in [folder, folder.deletingLastPathComponent()] {
            let file = candidate.appending(path: "heloscope")
            if Fixtures.exists(file) { return file }
        }
        // The test runner is the toolchain's own program; the bundle is one of its arguments.
        for argument in CommandLine.arguments where argument.hasSuffix(".xctest") {
            let file = URL(filePath: argument).deletingLastPathComponent()
                .appending(path: "heloscope")
            if Fixtures.exists(file) { return file }
        }
        let file = Fixtures.package.appending(path: ".build/debug/heloscope")
        guard Fixtures.exists(file) else { throw NotBuilt() }
        return file
    }
}
