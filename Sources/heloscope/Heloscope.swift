import ArgumentParser
import Glibc
import SenderIdentity

/// The command.
///
/// Its subcommands are grouped by the people who need them.
@main
struct Heloscope: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heloscope",
        abstract: "See your mail server the way the receiving server sees it.",
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(
                name: "I send mail",
                subcommands: [
                    Check.self, Listen.self, Explain.self, Letter.self, Pool.self,
                ]),
            CommandGroup(name: "I receive mail", subcommands: [Guard.self, Receivers.self]),
            CommandGroup(name: "I run many", subcommands: [Serve.self]),
        ]
    )

    /// Parses and runs; every error ends as one line, a hint and the right exit code.
    static func main() async {
        // A reader that goes away, as `head` does, must not kill us before we can say so.
        signal(SIGPIPE, SIG_IGN)
        // A file larger than allowed is an error of its own, not a death by signal.
        signal(SIGXFSZ, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as UserError {
            StandardError.write(failure.text)
            leave(failure.exitCode)
        } catch let code as ArgumentParser.ExitCode {
            leave(code.rawValue)
        } catch {
            exit(withError: error)
        }
    }

    private static func leave(_ code: Int32) -> Never {
        Glibc.exit(code)
    }
}

enum Version {
    static let text = "0.1.0"
}
