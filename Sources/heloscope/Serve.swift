import ArgumentParser
import FilterProtocols
import Glibc
import Logging
import LookupEngine
import MailListener
import NetNames
import Reports
import Resolution
import SenderIdentity
import ServiceLifecycle
import Settings
import UnixSignals
import WebService

/// The web page and the API.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the web page and the JSON API.",
        usage: "heloscope serve [--settings FILE] [OPTIONS]")

    @Option(
        help: ArgumentHelp("Settings, such as /etc/heloscope.toml.", valueName: "file"))
    var settings: String?

    @Option(help: ArgumentHelp("Listen there instead.", valueName: "addr:port"))
    var listen: String?

    @Option(
        help: ArgumentHelp("Offer one-time mail addresses, answered there.", valueName: "addr:port")
    )
    var smtp: String?

    @OptionGroup
    var source: SourceArguments

    @Flag(help: "Print a settings file with every key and its default.")
    var sampleSettings = false

    func run() async throws {
        if sampleSettings {
            try StandardOutput.write(SampleSettings.text)
            return
        }
        let settings = try SettingsFile.read(self.settings)
        var options = try options(settings.serve)
        var mail: MailListener.Options?
        if smtp != nil || settings.serve.smtp {
            mail = try ListenerSettings.options(
                settings.listen, listen: smtp.map { ($0, "--smtp") })
            options.mailDomain = mail?.settings.hostname
        }
        var logger = Logger(label: "heloscope") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .info
        let log = logger
        let share = Descriptors.share(
            [options.maxConnections] + (mail.map { [$0.maxConnections] } ?? []))
        if share.isShort {
            log.warning(
                "fewer connections than max-connections: raise the limit of open files",
                metadata: [
                    "connections": "\(share.connections.map(String.init).joined(separator: "+"))",
                    "open-files": "\(share.files)",
                ])
        }
        options.maxConnections = share.connections[0]
        mail?.maxConnections = share.connections[share.connections.count - 1]
        let (web, smtp) = (options, mail)
        try await source.withEvidence(settings.dns, isPublic: true) { evidence in
            let server: WebServer
            do {
                server = try WebServer(
                    web, source: evidence, logger: log, clock: { Int64(time(nil)) },
                    month: { Receivers.month },
                    onListening: { port in
                        log.info("listening", metadata: ["port": "\(port)"])
                        ServiceManager.tellReady()
                    })
            } catch let error as StoreError {
                throw UserError.inputOutput(
                    "database \(Files.shown(web.database)): \(error.what)", hint: error.hint)
            }
            do {
                try await ServiceGroup(
                    configuration: .init(
                        services: [server] + (smtp.map { [Self.listener($0, server, log)] } ?? []),
                        gracefulShutdownSignals: [.sigterm, .sigint, .sighup], logger: log)
                ).run()
            } catch let error as MailListener.CannotListen {
                throw UserError.inputOutput(
                    "cannot listen on \(smtp?.host ?? "") port \(smtp?.port ?? 0):"
                        + " \(error.reason)",
                    hint: "choose another address and port: --smtp 127.0.0.1:2525")
            } catch let error as ListeningError {
                throw UserError.inputOutput(
                    "cannot listen on \(shownArgument(listen ?? settings.serve.listen)):"
                        + " \(error.reason)",
                    hint: "choose another address and port: --listen 127.0.0.1:8081")
            }
        }
    }

    /// The listener that answers one-time addresses; nothing is looked up for others.
    private static func listener(
        _ options: MailListener.Options, _ server: WebServer, _ log: Logger
    ) -> any Service {
        MailListener(
            options, logger: log,
            begin: { _ in
                SessionJudge(
                    prepare: { _ in },
                    decide: { client, recipient in
                        switch await server.mail(to: recipient, from: client.subject) {
                        case .told(let reply): SMTPDecision(reply)
                        case .failed: .unknown
                        case .unknown:
                            .make(
                                550, 1, 1,
                                "No such address: they are made on the web page, for one mail each")
                        }
                    }, ended: { _ in })
            },
            onListening: { port in
                log.info("listening for mail", metadata: ["at": "\(options.host):\(port)"])
            })
    }

    private func options(_ serve: Settings.Serve) throws -> WebServer.Options {
        var address = try ListeningArgument.address(
            listen ?? serve.listen, key: listen == nil ? "serve.listen" : "--listen")
        if let descriptor = ServiceManager.passedSocket { address = .descriptor(descriptor) }
        var options = WebServer.Options(address: address)
        options.publicURL = try PublicURL.parse(serve.publicURL)
        options.database = serve.database
        options.reportDays = serve.reportDays
        options.maxReports = serve.maxReports
        options.maxMegabytes = serve.maxMegabytes
        for family in [IPAddress.Family.v4, .v6] where !serve.blockLists.isEmpty {
            options.blockLists[family] = try BlockListArguments.zones(
                serve.blockLists, for: family)
        }
        options.maxChecks = serve.maxChecks
        options.maxConnections = serve.maxConnections
        options.maxConnectionsPerClient = serve.maxConnectionsPerClient
        options.checksPerMinute = serve.checksPerMinute
        options.burst = serve.burst
        options.checksPerHour = serve.checksPerHour
        options.trustedProxies = try serve.trustedProxies.map { text in
            if let block = AddressBlock(text) { return block }
            if let address = IPAddress(text),
                let block = AddressBlock(base: address, prefixLength: address.bitWidth)
            {
                return block
            }
            throw UserError.usage(
                "serve.trusted-proxies: not an address or block: \(shownArgument(text))",
                hint: "such as \"192.0.2.1\" or \"192.0.2.0/24\"")
        }
        return options
    }
}

/// Reading the settings file.
enum SettingsFile {
    /// Settings are written by hand.
    private static let longest = 1 << 20

    static func read(_ path: String?) throws -> Settings {
        guard let path else { return Settings() }
        let bytes = try Files.read(path, limit: longest, what: "settings")
        do {
            return try Settings(toml: String(decoding: bytes, as: UTF8.self))
        } catch {
            let key = error.key.isEmpty ? "" : shownArgument(error.key) + " "
            throw UserError.usage(
                "settings \(Files.shown(path)): \(key)\(error.problem)",
                hint: error.hint.isEmpty ? "heloscope serve --sample-settings" : error.hint)
        }
    }
}

/// What reports are linked as.
enum PublicURL {
    /// - Returns: Scheme and host without a final slash; empty for relative links.
    /// - Throws: ``UserError`` for anything but `http://HOST`, `https://HOST`, each with a port or
    ///   without.
    static func parse(_ text: String) throws -> String {
        guard !text.isEmpty else { return "" }
        let bytes = Array(text.utf8)
        let scheme = ["https://", "http://"].first { bytes.starts(with: Array($0.utf8)) }
        var host = bytes.dropFirst(scheme?.utf8.count ?? 0)
        if host.last == UInt8(ascii: "/") { host.removeLast() }
        guard scheme != nil, isHost(host) else {
            throw UserError.usage(
                "serve.public-url: not an address of a site: \(shownArgument(text))",
                hint: "such as https://check.example.org, without a path")
        }
        return (scheme ?? "") + String(decoding: host, as: UTF8.self)
    }

    /// A name or an address, with a port or without (RFC 3986 §3.2).
    private static func isHost(_ text: ArraySlice<UInt8>) -> Bool {
        var host = text
        if let colon = text.lastIndex(of: Ascii.colon), !text.hasSuffixBracket {
            let port: UInt16? = Ascii.decimal(text[(colon + 1)...])
            guard port != nil else { return false }
            host = text[..<colon]
        }
        if host.first == Ascii.openBracket, host.last == Ascii.closeBracket {
            return (try? IPAddress(parsing: host.dropFirst().dropLast()))?.family == .v6
        }
        guard (try? IPAddress(parsing: host)) == nil else { return !host.contains(Ascii.colon) }
        guard let name = DomainName(String(decoding: host, as: UTF8.self)) else { return false }
        return !name.isRoot && HostnameDefect.allowsLookup(of: name)
            && host.allSatisfy {
                Ascii.isLetter($0) || Ascii.isDigit($0)
                    || $0 == Ascii.hyphen || $0 == Ascii.dot
            }
    }
}

extension ArraySlice<UInt8> {
    /// Whether the last colon stands inside brackets.
    fileprivate var hasSuffixBracket: Bool { last == Ascii.closeBracket }
}

/// `ADDR:PORT`, `[ADDR]:PORT`.
enum ListeningArgument {
    static func address(_ text: String, key: String) throws -> ListeningAddress {
        let (host, port) = try parts(text, key: key)
        return .address(host: host, port: port)
    }

    static func parts(_ text: String, key: String) throws -> (host: String, port: Int) {
        let bytes = Array(text.utf8)
        if let colon = bytes.lastIndex(of: Ascii.colon),
            let port: UInt16 = Ascii.decimal(bytes[(colon + 1)...])
        {
            var host = bytes[..<colon]
            if host.first == Ascii.openBracket, host.last == Ascii.closeBracket {
                host = host.dropFirst().dropLast()
            } else if host.contains(Ascii.colon) {
                host = []
            }
            if (try? IPAddress(parsing: host)) != nil {
                return (String(decoding: host, as: UTF8.self), Int(port))
            }
        }
        throw UserError.usage(
            "\(key): not an address with a port: \(shownArgument(text))",
            hint: "such as 127.0.0.1:8080 or [::1]:8080")
    }
}
