package import Foundation
package import Testing

/// Expected output in a file.
///
/// `HELOSCOPE_RECORD=1` writes the files anew, and the run fails.
package enum Golden {
    package static var isRecording: Bool {
        ProcessInfo.processInfo.environment["HELOSCOPE_RECORD"] == "1"
    }

    package static func expect(
        _ actual: String, in file: URL, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        if isRecording {
            try Data(actual.utf8).write(to: file)
            Issue.record("recorded \(file.lastPathComponent)", sourceLocation: sourceLocation)
            return
        }
        guard Fixtures.exists(file) else {
            Issue.record("no golden file \(file.path())", sourceLocation: sourceLocation)
            return
        }
        let expected = try Fixtures.text(of: file)
        guard actual != expected else { return }
        Issue.record(
            "\(file.path()) differs:\n\(difference(expected, actual))",
            sourceLocation: sourceLocation)
    }

    /// The first lines that differ, expected ones with `-`, actual ones with `+`.
    private static func difference(_ expected: String, _ actual: String) -> String {
        let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
        var lines: [String] = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, let line, _): lines.append("-\(offset + 1): \(line)")
            case .insert(let offset, let line, _): lines.append("+\(offset + 1): \(line)")
            }
        }
        return lines.prefix(40).joined(separator: "\n")
    }
}
