import ArgumentParser
import FilterProtocols
import Logging
import MailListener
import Reports
import SenderIdentity
import ServiceLifecycle
import Settings
import UnixSignals
import WebService

/// The SMTP listener: a server connects, and is told how it looks to receivers.
struct Listen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let your server connect, and see what receivers see.",
        usage: "heloscope listen [--listen ADDR:PORT] [OPTIONS]")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json

        // The help has them in one line.
        static let allValueStrings: [String] = []
    }

    @Option(help: ArgumentHelp("Settings, such as /etc/heloscope.toml.", valueName: "file"))
    var settings: String?

    @Option(
        help: ArgumentHelp("Listen there; 0.0.0.0:2525 if nothing else.", valueName: "addr:port"))
    var listen: String?

    @OptionGroup
    var listener: ListenerArguments

    @Flag(help: "End after one session, with the exit code of check.")
    var once = false

    @OptionGroup
    var source: SourceArguments

    @Option(help: "text|json; json prints a line for each session.")
    var format: Format = .text

    @Flag(help: "Show every member, receiver and finding.")
    var all = false

    @Option(help: ArgumentHelp("Exit 1 from notice|warning|error on.", valueName: "what"))
    var failOn: Check.Threshold = .error

    func run() async throws {
        let settings = try SettingsFile.read(self.settings)
        let options = try options(settings.listen)
        var code: Int32 = 0
        try await source.withEvidence(settings.dns, isPublic: false) { evidence in
            let (sessions, announcement) = AsyncStream.makeStream(of: [Report].self)
            let threshold = failOn.severity
            let gate = CheckGate(most: options.maxConnections)
            let server = MailListener(
                options, logger: Logger(label: "heloscope") { _ in SwiftLogNoOpLogHandler() },
                begin: { address in
                    let visit = MailVisit(address: address) { subject in
                        Report(
                            subject: subject,
                            evidence: try await gate.run {
                                try await evidence.collect(subject) { _ in }
                            },
                            failOn: threshold)
                    }
                    return Self.judge(visit) { announcement.yield($0) }
                },
                onListening: { port in
                    Self.invite(options, port: port)
                    ServiceManager.tellReady()
                })
            let group = ServiceGroup(
                configuration: .init(
                    services: [.init(service: server)],
                    gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: Logger(label: "heloscope") { _ in SwiftLogNoOpLogHandler() }))
            code = try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask {
                    defer { announcement.finish() }
                    do {
                        try await group.run()
                    } catch let error as MailListener.CannotListen {
                        throw UserError.inputOutput(
                            "cannot listen on \(options.host) port \(options.port): \(error.reason)",
                            hint: "choose another address and port: --listen 0.0.0.0:2525")
                    }
                }
                var code: Int32 = 0
                for await reports in sessions {
                    for report in reports { try show(report) }
                    guard once, let last = reports.last else { continue }
                    code = last.exitCode
                    await group.triggerGracefulShutdown()
                    break
                }
                try await tasks.waitForAll()
                return code
            }
        }
        if code != 0 { throw ArgumentParser.ExitCode(code) }
    }

    private func options(_ settings: Settings.Listen) throws -> MailListener.Options {
        var options = try ListenerSettings.options(
            listener.laid(over: settings), listen: listen.map { ($0, "--listen") })
        let share = Descriptors.share([options.maxConnections])
        if share.isShort {
            StandardError.write(
                "heloscope: \(share.connections[0]) connections at most:"
                    + " the limit of open files is \(share.files)\n")
        }
        options.maxConnections = share.connections[0]
        return options
    }

    private func show(_ report: Report) throws {
        switch format {
        case .text:
            let options = TextReport.Options(
                width: StandardOutput.width, isColored: StandardOutput.isColored, showsAll: all)
            try StandardOutput.write(SMTPReport.seen(report) + "\n\n")
            try StandardOutput.write(TextReport.render(report, options))
            // Many follow each other.
            if !once { try StandardOutput.write("\n") }
        case .json: try StandardOutput.write(try ReportJSON.render(report, onOneLine: true))
        }
    }

    /// Says on standard error what happens, and gives the reports when it is over.
    private static func judge(
        _ visit: MailVisit, _ end: @escaping @Sendable ([Report]) -> Void
    ) -> SessionJudge {
        let say: @Sendable (String) -> Void = {
            StandardError.write("heloscope: \(visit.address): \($0)\n")
        }
        say("connected")
        return SessionJudge(
            prepare: { client in
                let tls = client.isSecured ? ", over TLS" : ""
                if let sender = client.sender {
                    say("MAIL FROM:<\(shown(sender))>")
                } else {
                    say("\(client.isExtended ? "EHLO" : "HELO") \(shown(client.helo))\(tls)")
                }
                visit.prepare(client)
            },
            decide: { client, recipient in
                let decision = await visit.decide(client)
                say("RCPT TO:<\(shown(recipient))>: replied \(shown(decision))")
                return decision
            },
            ended: { why in
                say("gone (\(why.map(words) ?? "hung up"))")
                Task { end(await visit.reports()) }
            })
    }

    /// A stranger's bytes for a terminal, as HELO arguments are shown.
    private static func shown(_ bytes: [UInt8]) -> String { HELOArgument(bytes).text }

    private static func shown(_ decision: SMTPDecision) -> String {
        switch decision {
        case .tell(let answer), .refuse(let answer):
            String(decoding: answer.encoded.prefix { $0 != 0x0d }, as: UTF8.self)
        }
    }

    private static func words(_ end: SMTPSession.End) -> String {
        switch end {
        case .quit: "QUIT"
        case .inputClosed: "hung up"
        case .idle: "silent for too long"
        case .shutdown: "the listener ends"
        case .tooManyErrors: "too many errors"
        case .tooManyCommands: "too many commands"
        case .tooManyRecipients: "too many recipients"
        case .lineTooLong: "a line without end"
        case .tooFarAhead: "too much sent ahead"
        case .chunk: "BDAT, which is not offered"
        case .foreign: "no mail server"
        }
    }

    /// What to do at the sending server.
    private static func invite(_ options: MailListener.Options, port: Int) {
        let name = options.settings.hostname
        let tls = options.settings.offersTLS ? ", STARTTLS offered" : ""
        StandardError.write(
            """
            heloscope: listening on \(options.host) port \(port) as \(name)\(tls); it takes no mail
              At the sending server, with HOST for this host's name or [address]:
                Postfix, Exim, Sendmail  echo test | sendmail -f you@your.domain test@HOST
                any, with swaks          swaks -s HOST -p \(port) -f you@your.domain -t test@HOST

            """
                + (port == 25 ? "" : "  Mail servers deliver to port 25: \(Self.portHint)\n"))
    }

    private static let portHint = "use --listen 0.0.0.0:25, or forward that port here."
}
