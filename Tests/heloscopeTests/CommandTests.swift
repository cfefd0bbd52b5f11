import Foundation
import Glibc
import TestSupport
import Testing

/// The command as its users run it: scripts of commands and what they must print and return.
@Suite(.timeLimit(.minutes(1)))
struct CommandTests {
    @Test(arguments: CommandScript.names)
    func `does what the script says`(name: String) async throws {
        for step in try CommandScript.steps(name) {
            let run = try await Command.run(step.arguments)
            #expect(run.exitCode == step.exitCode, "\(step.command)\n\(run.error)\(run.output)")
            for line in step.output {
                #expect(
                    run.output.contains(line), "\(step.command)\nmisses: \(line)\n\(run.output)")
            }
            for line in step.error {
                #expect(run.error.contains(line), "\(step.command)\nmisses: \(line)\n\(run.error)")
            }
            for line in step.absent {
                #expect(!(run.output + run.error).contains(line), "\(step.command)\nhas: \(line)")
            }
        }
    }

    @Test func `refuses bad input with one line and a hint, and asks nothing`() async throws {
        let article = ["--zone", "Examples/no-ptr.zone"]
        let cases: [[String]] = [
            ["999.1.1.1"], ["1.2.3"], ["01.2.3.4"], ["1.2.3.4/33"], ["::g"], [""],
            ["192.0.2.1", "--helo", "a\r\nb"], ["192.0.2.1", "--helo", "a\nb"],
            ["192.0.2.1", "--helo", String(repeating: "a", count: 256)],
            ["192.0.2.1", "--resolver", "dns.example.org"],
            ["192.0.2.1", "--resolver", "192.0.2.53#99999"],
            ["192.0.2.1", "--zone", "/nonexistent/file.zone"],
            ["192.0.2.1", "--zone", "Tests/Fixtures/commands/malformed.zone"],
            ["192.0.2.1", "--evidence", "Tests/Fixtures/commands/malformed.zone"],
            ["192.0.2.1", "--faults", "Examples/no-ptr.zone"] + article,
            ["192.0.2.1", "--overlay", "Tests/Fixtures/commands/malformed.zone"] + article,
            ["--helo", "mail.example.org"], [],
            ["192.0.2.1", "--dnsbl", "zen..example.org"], ["192.0.2.1", "--dnsbl", ""],
            ["192.0.2.1", "--dnsbl", "defualt"], ["192.0.2.1", "--dnsbl", "192.0.2.53"],
            ["192.0.2.1", "--dnsbl", "https://bl.example.org/"],
            ["192.0.2.1", "--dnsbl", "bl.example.org\r\n"], ["--dnsbl", "bl.example.org"],
            ["192.0.2.1", "--dnsbl", String(repeating: "a.", count: 100) + "example"],
            ["192.0.2.1"] + (1...11).flatMap { ["--dnsbl", "bl\($0).example.org"] },
        ]
        for arguments in cases {
            // A resolver that nobody may be asked: nothing listens there, and a look-up would take
            // longer than a usage error may.
            let hasSource = arguments.contains { $0.hasPrefix("--") && $0 != "--helo" }
            let source = hasSource ? [] : ["--resolver", "127.0.0.1#9"]
            let run = try await Command.run(["check"] + arguments + source)
            #expect(run.exitCode == 64, "\(arguments)")
            #expect(run.output.isEmpty, "\(arguments)")
            let lines = run.error.split(separator: "\n")
            #expect(lines.count == 2, "\(arguments): \(run.error)")
            #expect(lines.first?.hasPrefix("heloscope: ") == true, "\(arguments): \(run.error)")
            #expect(lines.last?.hasPrefix("  hint: ") == true, "\(arguments): \(run.error)")
            #expect(run.error.utf8.allSatisfy { $0 == 0x0a || $0 >= 0x20 && $0 != 0x7f })
        }
    }

    @Test func `names file and line of a malformed zone`() async throws {
        let file = "Tests/Fixtures/commands/malformed.zone"
        let run = try await Command.run(["check", "192.0.2.1", "--zone", file])
        #expect(run.error.hasPrefix("heloscope: \(file):4: "), "\(run.error)")
    }

    @Test func `replays saved evidence to the byte, in every format`() async throws {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "heloscope-\(UUID().uuidString).json").path()
        defer { try? FileManager.default.removeItem(atPath: file) }
        for format in ["text", "json", "markdown"] {
            let saved = try await Command.run(
                [
                    "check", "157.56.110.65", "--helo",
                    "na01-bn1-obe.outbound.protection.outlook.com", "--zone",
                    "Examples/exchange-online.zone", "--save-evidence", file, "--format", format,
                ])
            let replayed = try await Command.run(["check", "--evidence", file, "--format", format])
            #expect(saved.output == replayed.output)
            #expect(saved.exitCode == replayed.exitCode)
        }
    }

    @Test func `evidence of a plan says so wherever it is replayed, and is no letter's`()
        async throws
    {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "heloscope-\(UUID().uuidString).json").path()
        defer { try? FileManager.default.removeItem(atPath: file) }
        _ = try await Command.run(
            [
                "check", "198.51.100.25", "--helo", "mail.example.org", "--zone",
                "Examples/no-ptr.zone", "--overlay", "Examples/no-ptr-planned.zone",
                "--save-evidence", file,
            ])
        for format in ["text", "json", "markdown", "html"] {
            let replayed = try await Command.run(["check", "--evidence", file, "--format", format])
            #expect(replayed.output.contains("With planned records"), "\(format)")
        }
        let nagios = try await Command.run(["check", "--evidence", file, "--nagios"])
        #expect(nagios.output.hasPrefix("HELOSCOPE OK: with planned records: Nothing to fix"))
        for recipient in ["isp", "receiver", "provider"] {
            let letter = try await Command.run(["letter", "--to", recipient, "--evidence", file])
            #expect(letter.exitCode == 64, "\(letter.output)")
            #expect(letter.error.contains("planned records are not in DNS"))
        }
    }

    @Test func `replays block lists, and asks saved evidence for others`() async throws {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "heloscope-\(UUID().uuidString).json").path()
        defer { try? FileManager.default.removeItem(atPath: file) }
        let zones = ["--zone", "Examples/no-ptr.zone", "--zone", "Examples/block-lists.zone"]
        let saved = try await Command.run(
            ["check", "198.51.100.26", "--dnsbl", "default", "--save-evidence", file] + zones)
        #expect(saved.exitCode == 1)
        #expect(saved.output.contains("198.51.100.26 is listed at zen.spamhaus.org: 127.0.0.10"))
        let replayed = try await Command.run(["check", "--evidence", file])
        #expect(replayed.output == saved.output && replayed.exitCode == saved.exitCode)
        let again = try await Command.run(["check", "198.51.100.26", "--evidence", file])
        #expect(again.output == saved.output)
        let walked = try await Command.run(["check", "--evidence", file, "--keeper"])
        #expect(walked.exitCode == 64 && walked.error.contains("holds no walk"))
        let one = try await Command.run(["check", "--evidence", file, "--dnsbl", "bl.spamcop.net"])
        #expect(one.exitCode == 0 && one.output.contains("not on 1 list asked"), "\(one.output)")
        let other = try await Command.run([
            "check", "--evidence", file, "--dnsbl", "bl.example.org",
        ])
        #expect(other.exitCode == 75)
        #expect(other.output.contains("the saved evidence does not hold it"), "\(other.output)")
        // A letter is about PTR and HELO, whatever a list says.
        let letter = try await Command.run(["letter", "--to", "isp", "--evidence", file])
        let without = try await Command.run(["letter", "--to", "isp", "198.51.100.26"] + zones)
        #expect(letter.exitCode == without.exitCode && letter.error == without.error)
    }

    @Test func `colors a terminal only, and never under NO_COLOR`() async throws {
        let plain = try await Command.run([
            "check", "198.51.100.25", "--zone", "Examples/no-ptr.zone",
        ])
        #expect(!plain.output.utf8.contains(0x1b))
    }

    @Test(arguments: ["", "check", "listen", "explain", "guard", "letter", "receivers", "serve"])
    func `has a help of at most 24 lines`(command: String) async throws {
        let run = try await Command.run(command.isEmpty ? ["--help"] : [command, "--help"])
        #expect(run.exitCode == 0)
        #expect(run.output.filter { $0 == "\n" }.count <= 24, "\(run.output)")
        #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(run.output)")
    }

    @Test func `reports a full disk with exit code 74`() async throws {
        let run = try await Command.run(
            ["check", "198.51.100.25", "--zone", "Examples/no-ptr.zone"], output: "/dev/full")
        #expect(run.exitCode == 74)
        #expect(run.error.contains("No space left on device"))
    }

    @Test func `writes evidence to a device as it is, and never replaces it`() async throws {
        let run = try await Command.run(
            [
                "check", "198.51.100.25", "--zone", "Examples/no-ptr.zone", "--save-evidence",
                "/dev/full",
            ])
        #expect(run.exitCode == 74)
        var status = stat()
        #expect(stat("/dev/full", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    }

    @Test func `follows a link to the file it writes`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "real.json")
        let link = folder.appending(path: "link.json")
        try Data().write(to: file)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
        let run = try await Command.run(
            [
                "check", "198.51.100.25", "--zone", "Examples/no-ptr.zone", "--save-evidence",
                link.path(),
            ])
        #expect(run.exitCode == 1)
        #expect(try Data(contentsOf: file).count > 100)
        let kind = try FileManager.default.attributesOfItem(atPath: link.path())[.type]
        #expect(kind as? FileAttributeType == .typeSymbolicLink)
    }

    @Test func `never writes half a file of evidence`() async throws {
        let run = try await Command.run(
            [
                "check", "198.51.100.25", "--zone", "Examples/no-ptr.zone", "--save-evidence",
                "/nonexistent/folder/file.json",
            ])
        #expect(run.exitCode == 74)
        #expect(run.error.contains("cannot write '/nonexistent/folder/file.json'"))
    }
}
