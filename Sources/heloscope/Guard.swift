import ArgumentParser
import Glibc
import GuardDecisions
import GuardService
import Logging
import LookupEngine
import ReceiverModels
import Resolution
import SenderIdentity
import Settings
import UnixSignals

/// The guard in front of a mail server.
struct Guard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guard",
        abstract: "Judge clients live, in front of your mail server.",
        usage: "heloscope guard [--settings FILE] [--policy ADDR] [OPTIONS]")

    @Option(help: ArgumentHelp("Settings, such as /etc/heloscope.toml.", valueName: "file"))
    var settings: String?

    @Option(
        help: ArgumentHelp(
            "Postfix policy service at ADDR:PORT or unix:PATH.", valueName: "addr"))
    var policy: [String] = []

    @Option(help: ArgumentHelp("Milter.", valueName: "addr"))
    var milter: [String] = []

    @Option(help: ArgumentHelp("Lines for Exim's readsocket.", valueName: "addr"))
    var exim: [String] = []

    @Option(help: ArgumentHelp("Decisions, health and metrics over HTTP.", valueName: "addr"))
    var http: [String] = []

    @Option(
        help: ArgumentHelp(
            "honest, fcrdns-required or strict-helo.", valueName: "name"))
    var profile: String?

    @Flag(help: "Accept everything; log what would have been done.")
    var dryRun = false

    @Flag(help: "Policy service on standard input and output, for spawn(8).")
    var spawn = false

    @Flag(help: "OpenSMTPD filter on standard input and output.")
    var opensmtpdFilter = false

    @Flag(help: "Check the settings and end.")
    var check = false

    @Option(
        help: ArgumentHelp("Ask the resolver at ADDR[#PORT]; repeatable.", valueName: "addr"))
    var resolver: [String] = []

    @Option(
        help: ArgumentHelp("Answer from this zone file; repeatable.", valueName: "file"))
    var zone: [String] = []

    @Option(
        help: ArgumentHelp(
            "With --zone: faults to add, for tests.", valueName: "file", visibility: .hidden))
    var faults: String?

    @Flag(
        help: ArgumentHelp(
            "Look up private and documentation addresses too, for tests.", visibility: .hidden))
    var specialRanges = false

    @Option(help: ArgumentHelp("Event loops.", valueName: "count", visibility: .hidden))
    var threads: Int?

    func run() async throws {
        if spawn { GuardProcess.separateErrors() }
        let plan = try GuardSetup(self)
        let configuration = try plan.configuration()
        if check {
            _ = try plan.options(needsListener: false)
            for warning in configuration.rules.warnings + plan.notes {
                StandardError.write("heloscope: note: \(warning)\n")
            }
            try StandardOutput.write("The settings are fine.\n")
            return
        }
        GuardProcess.raiseDescriptorLimit()
        let log = Self.logger
        for warning in configuration.rules.warnings { log.warning("\(warning)") }
        let options = try plan.options()
        do {
            let server = try await GuardServer(options, configuration, logger: log)
            if spawn || opensmtpdFilter {
                try await serveStandardStreams(server, plan)
            } else {
                try await serve(server, plan)
            }
        } catch let error as GuardService.ListeningError {
            throw UserError.inputOutput(
                "cannot use \(shownArgument(error.what)): \(error.reason)",
                hint: Self.hint(for: error.reason))
        }
    }

    /// What helps against the system's words.
    private static func hint(for reason: String) -> String {
        let says = { (number: CInt) in reason.contains(String(cString: strerror(number))) }
        if says(EADDRINUSE) { return "somebody listens there already: ss -ltnp shows who" }
        if says(ENOENT) { return "make the directory that it stands in" }
        if says(EACCES) || says(EPERM) {
            return "ports below 1024 need CAP_NET_BIND_SERVICE, files a directory to write to"
        }
        return "choose another address, or another path"
    }

    private func serveStandardStreams(_ server: GuardServer, _ plan: GuardSetup) async throws {
        // smtpd ends its filter by closing the streams; it would wait for one that drains.
        let signals =
            spawn
            ? await UnixSignalsSequence(trapping: .sighup, .sigterm, .sigint)
            : await UnixSignalsSequence(trapping: .sighup)
        let watch = Task {
            for await signal in signals {
                if signal == .sighup {
                    await reload(server, plan)
                } else {
                    await server.shutDown()
                }
            }
        }
        defer { watch.cancel() }
        do {
            try await server.serve(
                spawn ? .policy : .openSMTPD, input: STDIN_FILENO, output: STDOUT_FILENO)
        } catch {
            throw UserError.inputOutput(
                "cannot serve standard input and output",
                hint: "they have to be pipes or sockets, as spawn(8) and smtpd give them")
        }
        watch.cancel()
        await watch.value
        await server.shutDown()
    }

    private func serve(_ server: GuardServer, _ plan: GuardSetup) async throws {
        // Signals wait from here on, so that none that comes while we start ends us.
        let signals = await UnixSignalsSequence(trapping: .sighup, .sigterm, .sigint)
        _ = try await server.listen()
        ServiceManager.tellReady()
        for await signal in signals {
            guard signal == .sighup else { break }
            await reload(server, plan)
        }
        ServiceManager.tell("STOPPING=1")
        await server.shutDown()
    }

    private func reload(_ server: GuardServer, _ plan: GuardSetup) async {
        ServiceManager.tellReloading()
        do {
            let new = try GuardSetup(self)
            let configuration = try new.configuration()
            for warning in configuration.rules.warnings { Self.logger.warning("\(warning)") }
            if new.needsRestart(after: plan) {
                Self.logger.warning(
                    "listeners, limits, caches, resolvers, log and log-file change with a restart")
            }
            await server.reload(configuration)
            Self.logger.info("reloaded")
        } catch {
            server.keptOldConfiguration()
            let known = error as? UserError
            Self.logger.error(
                "the settings stay the old ones",
                metadata: [
                    "reason": "\(known?.what ?? "\(error)")", "hint": "\(known?.hint ?? "")",
                ])
        }
        ServiceManager.tellReady()
    }

    private static let logger: Logger = {
        var logger = Logger(label: "heloscope") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .info
        return logger
    }()
}
