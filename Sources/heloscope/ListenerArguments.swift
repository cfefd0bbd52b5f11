import ArgumentParser
import FilterProtocols
import Glibc
import MailListener
import Settings

/// Where and as whom the listener answers: the settings, and what the command line changes.
struct ListenerArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Its name in the greeting; the host's own.", valueName: "name"))
    var hostname: String?

    @Option(help: "refuse|accept: the verdict comes at RCPT, or at DATA.")
    var reply: Reply?

    @Option(help: ArgumentHelp("For STARTTLS: the chain, PEM.", valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("Its private key, PEM.", valueName: "file"))
    var privateKey: String?

    enum Reply: String, ExpressibleByArgument, CaseIterable {
        case refuse, accept

        // The help has them in its own words.
        static let allValueStrings: [String] = []
    }

    /// The settings with what the command line says instead.
    func laid(over settings: Settings.Listen) -> Settings.Listen {
        var changed = settings
        changed.hostname = hostname ?? changed.hostname
        changed.reply = reply?.rawValue ?? changed.reply
        changed.certificate = certificate ?? changed.certificate
        changed.privateKey = privateKey ?? changed.privateKey
        return changed
    }
}

/// What settings mean for the listener.
enum ListenerSettings {
    /// What the listener is told.
    /// - Parameters:
    ///   - settings: The file's, or what the command line made of them.
    ///   - listen: An address and port of the command line, with its option's name.
    /// - Returns: The options of the service.
    /// - Throws: ``UserError`` with exit code 64.
    static func options(
        _ settings: Settings.Listen, listen: (text: String, key: String)?
    ) throws -> MailListener.Options {
        let (host, port) = try ListeningArgument.parts(
            listen?.text ?? settings.address, key: listen?.key ?? "listen.address")
        let (chain, key) = (settings.certificate, settings.privateKey)
        guard chain.isEmpty == key.isEmpty else {
            throw UserError.usage(
                "STARTTLS needs a certificate and its private key; one of them is missing",
                hint: "give --certificate and --private-key, or neither")
        }
        var options = MailListener.Options(
            host: host, port: port,
            settings: SMTPSettings(
                hostname: try hostname(settings.hostname),
                mode: SMTPSettings.Mode(rawValue: settings.reply) ?? .refuse,
                offersTLS: !chain.isEmpty))
        options.maxConnections = settings.maxConnections
        options.maxConnectionsPerClient = settings.maxConnectionsPerClient
        guard !chain.isEmpty else { return options }
        do {
            options.tls = try TLSMaterial.context(certificate: chain, privateKey: key)
        } catch let error as TLSMaterial.Unusable {
            throw UserError.usage(
                "\(Files.shown(error.path)): \(error.reason)",
                hint: "give PEM files, the key without a passphrase")
        }
        return options
    }

    /// Longer names cannot exist (RFC 1035 §2.3.4).
    private static let longestName = 253

    /// The name to greet with; it stands in replies and in mail addresses.
    private static func hostname(_ text: String) throws -> String {
        let name = text.isEmpty ? own() : text
        let isUsual = { (byte: UInt8) in
            byte > 0x20 && byte < 0x7f && !"<>()[]\\,;:@\"".utf8.contains(byte)
        }
        guard !name.isEmpty, name.utf8.count <= longestName, name.utf8.allSatisfy(isUsual) else {
            throw UserError.usage(
                "not a host name: \(shownArgument(name))",
                hint: "give the listener's own, such as --hostname probe.example.org")
        }
        return name
    }

    private static func own() -> String {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return "localhost" }
        let name = String(
            decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return name.isEmpty ? "localhost" : name
    }
}
