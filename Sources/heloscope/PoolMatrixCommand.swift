import ArgumentParser
import NetNames
import ReceiverModels
import Reports
import SenderIdentity

/// `heloscope pool HELO-NAME|SPF-DOMAIN|FILE`: the matrix of all hosts.
struct PoolMatrixCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "matrix",
        abstract: "All addresses of a pool against its HELO name.",
        usage: "heloscope pool HELO-NAME|SPF-DOMAIN|FILE [--helo NAME] [OPTIONS]")

    @Argument(
        help: ArgumentHelp(
            "A HELO name, an SPF domain, or a file with a line per host: ADDRESS or BLOCK, then its HELO.",
            valueName: "name"))
    var pool: String

    @Option(help: ArgumentHelp("What hosts without a name of their own say.", valueName: "name"))
    var helo: String?

    @Flag(
        inversion: .prefixedNo,
        help: "Take the name as an SPF domain, or as a HELO name; else its SPF record decides.")
    var spf: Bool?

    @Option(
        help: ArgumentHelp(
            "Evaluate SPF for this domain instead of the HELO name.", valueName: "domain"))
    var mailFrom: String?

    @OptionGroup
    var source: SourceArguments

    @OptionGroup
    var receivers: ReceiverArguments

    @Option(help: "text|json|markdown.")
    var format: Check.Format = .text

    @Flag(help: "Show every host and receiver.")
    var all = false

    @Option(
        help: ArgumentHelp("Exit 1 from notice|warning|error on.", valueName: "what"))
    var failOn: Check.Threshold = .error

    func run() async throws {
        guard ![.html, .svg].contains(format) else {
            throw UserError.usage(
                "a pool has no page and no picture", hint: "--format text, json or markdown")
        }
        let choice = try receivers.choice()
        let target = try target()
        let evidence = try await source.collect(on: target)
        let report = PoolReport(
            on: target, evidence: evidence, receivers: choice?.receivers ?? Receiver.all,
            settings: choice?.settings ?? [:], failOn: failOn.severity)
        switch format {
        case .text:
            let options = TextReport.Options(
                width: StandardOutput.width, isColored: StandardOutput.isColored, showsAll: all)
            try StandardOutput.write(PoolText.render(report, options))
        case .json: try StandardOutput.write(try PoolJSON.render(report))
        case .markdown: try StandardOutput.write(PoolMarkdown.render(report))
        case .html, .svg: break
        }
        if report.exitCode != 0 { throw ArgumentParser.ExitCode(report.exitCode) }
    }

    /// A word with a slash, or one that is a file here, is a file; anything else a HELO name.
    private func target() throws -> PoolTarget {
        let said = try helo.map { try SubjectArguments.heloArgument($0) }
        let sender = try mailFrom.map { text in
            let address = text.utf8.contains(UInt8(ascii: "@")) ? text : "postmaster@" + text
            return try MailFromArgument.parse(address, helo: said)
        }
        if Files.isFile(pool) || pool.utf8.contains(Ascii.slash) {
            guard spf == nil else {
                throw UserError.usage(
                    "--spf and --no-spf go with a name, not with a file", hint: "leave it out")
            }
            let clients = try PoolFile.clients(in: pool, helo: said)
            return .clients(
                clients.map { Subject(address: $0.address, helo: $0.helo, mailFrom: sender) })
        }
        guard let name = DomainName(pool), HostnameDefect.allowsLookup(of: name),
            name.labelCount > 1, (try? IPAddress(parsing: pool.utf8)) == nil
        else {
            throw UserError.usage(
                "neither a file nor a HELO name: \(shownArgument(pool))",
                hint: "give a name such as out.example.net, or a file with one address a line")
        }
        if spf == true { return .spfDomain(name, helo: said, mailFrom: sender) }
        guard helo == nil else {
            throw UserError.usage(
                "--helo goes with a file or --spf: the name \(shownArgument(pool)) is the HELO name itself",
                hint: "leave --helo out, or list the addresses in a file")
        }
        return spf == false ? .heloName(name, mailFrom: sender) : .name(name, mailFrom: sender)
    }
}
