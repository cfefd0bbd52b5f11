import Foundation
import TestSupport

/// A script: comment lines, commands, and what each must do.
///
///     # what it shows
///     $ check 198.51.100.25 --zone Examples/no-ptr.zone
///     exit 1
///     > a part of a line on standard output
///     ! a part of a line on standard error
///     - what must stand nowhere
enum CommandScript {
    struct Step {
        let command: String
        let arguments: [String]
        var exitCode: Int32 = 0
        var output: [String] = []
        var error: [String] = []
        var absent: [String] = []
    }

    private static let folder = Fixtures.package.appending(path: "Tests/Fixtures/commands")

    static let names: [String] = Fixtures.folders(in: folder).filter { $0.hasSuffix(".txt") }

    static func steps(_ name: String) throws -> [Step] {
        var steps: [Step] = []
        let text = try Fixtures.text(of: folder.appending(path: name))
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let rest = String(line.dropFirst(2))
            if line.hasPrefix("$ ") {
                let words = rest.split(separator: " ").map(String.init)
                steps.append(Step(command: rest, arguments: words))
                continue
            }
            let last = steps.count - 1
            if line.hasPrefix("exit "), let code = Int32(line.dropFirst(5)) {
                steps[last].exitCode = code
            } else if line.hasPrefix("> ") {
                steps[last].output.append(rest)
            } else if line.hasPrefix("! ") {
                steps[last].error.append(rest)
            } else if line.hasPrefix("- ") {
                steps[last].absent.append(rest)
            } else {
                throw Unreadable(line: String(line))
            }
        }
        return steps
    }

    struct Unreadable: Error {
        let line: String
    }
}
