import ArgumentParser
import NetNames
import Remedies
import Reports
import SenderIdentity

/// Writes to the one who has to act.
struct Letter: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write to who has to act: ISP, provider or receiver.",
        usage: "heloscope letter --to WHOM [ADDRESS] [--helo NAME] [OPTIONS]")

    @Option(help: "To whom: isp, receiver or provider.")
    var to: Recipient

    @Option(
        help: ArgumentHelp(
            "To the ISP: delegate this block (RFC 2317).", valueName: "block"))
    var block: String?

    @Option(
        help: ArgumentHelp("Your name server for the block; repeatable.", valueName: "name"))
    var nameServer: [String] = []

    @OptionGroup
    var subject: SubjectArguments

    @OptionGroup
    var source: SourceArguments

    @OptionGroup
    var saved: EvidenceArguments

    @OptionGroup
    var keeper: KeeperArguments

    @OptionGroup
    var registration: RegistrationArguments

    enum Recipient: String, ExpressibleByArgument, CaseIterable {
        case isp, receiver, provider

        // The help's own words name them.
        static let allValueStrings: [String] = []

        var letterRecipient: Reports.Letter.Recipient {
            switch self {
            case .isp: .isp
            case .receiver: .receiver
            case .provider: .provider
            }
        }
    }

    func run() async throws {
        let servers = try delegatedServers()
        let collected = try await source.collect(
            subject, saved: saved, keeper: keeper, registration: registration)
        // Letters are about PTR and HELO: what saved evidence says of block lists is left out.
        let report = Report(
            subject: collected.subject.asking([]), evidence: collected.evidence)
        let delegation = try servers.map { try bothSides(of: $0.block, $0.names, report) }
        do {
            try StandardOutput.write(
                try Reports.Letter.text(
                    to: to.letterRecipient, about: report, delegation: delegation))
        } catch let refusal as Reports.Letter.Refusal {
            throw Self.error(refusal)
        }
    }

    /// The block and the servers of `--block` and `--name-server`, before anything is asked.
    private func delegatedServers() throws -> (block: AddressBlock, names: [DomainName])? {
        guard let block else {
            guard nameServer.isEmpty else {
                throw UserError.usage(
                    "--name-server needs the block it serves", hint: "add --block A.B.C.D/LENGTH")
            }
            return nil
        }
        guard to == .isp else {
            throw UserError.usage(
                "--block is for the letter to the ISP", hint: "heloscope letter --to isp")
        }
        guard let parsed = AddressBlock(block) else {
            throw UserError.usage(
                "not a block of addresses: \(shownArgument(block))",
                hint: "give its first address and its length, such as 198.51.100.24/29")
        }
        var names: [DomainName] = []
        for text in nameServer {
            guard let name = DomainName(text), HostnameDefect.of(name) == nil else {
                throw UserError.usage(
                    "not a name server's name: \(shownArgument(text))",
                    hint: "give a host name, such as ns1.example.org")
            }
            if !names.contains(name) { names.append(name) }
        }
        return (parsed, names)
    }

    private func bothSides(
        of block: AddressBlock, _ names: [DomainName], _ report: Report
    ) throws -> ClasslessDelegation {
        do throws(ClasslessDelegation.Failure) {
            return try ClasslessDelegation(
                block, servers: names, for: report.facts, plan: report.plan)
        } catch {
            throw Self.error(error, block)
        }
    }

    private static func error(
        _ failure: ClasslessDelegation.Failure, _ block: AddressBlock
    ) -> UserError {
        switch failure {
        case .notClassless:
            .usage(
                "RFC 2317 is for IPv4 blocks of /25 to /31",
                hint: block.prefixLength == block.base.bitWidth
                    ? "for one address leave --block out: its PTR record is all there is"
                    : "a larger block is delegated by NS records alone")
        case .outside(let address):
            .usage("\(address) lies outside the block", hint: "give the block it belongs to")
        case .noNameServer:
            .usage(
                "a delegation needs a name server",
                hint: "add --name-server NAME, twice if there are two")
        }
    }

    private static func error(_ refusal: Reports.Letter.Refusal) -> UserError {
        switch refusal {
        case .nothingForHolder:
            UserError(
                what: "there is nothing for the holder of the address to do",
                hint: "heloscope check says who has to act", exitCode: SenderIdentity.ExitCode.fault
            )
        case .faultOnSendingSide:
            UserError(
                what: "the receiver may be right: the sending side has a fault of its own",
                hint: "heloscope check says what to mend first",
                exitCode: SenderIdentity.ExitCode.fault)
        case .notEstablished:
            UserError(
                what: "the facts could not be established, so there is nothing to write",
                hint: "run heloscope check again later",
                exitCode: SenderIdentity.ExitCode.undetermined)
        case .nothingForReceiver:
            UserError(
                what: "no rule known here refuses this client: nothing to ask of the receiver",
                hint: "heloscope check --all shows every rule",
                exitCode: SenderIdentity.ExitCode.fault)
        case .providerUnknown:
            UserError(
                what: "DNS does not show a provider whose steps are known here",
                hint: "heloscope letter --to isp writes to the holder of the address",
                exitCode: SenderIdentity.ExitCode.fault)
        case .planned:
            UserError.usage(
                "a letter states what DNS says, and planned records are not in DNS",
                hint: "give evidence that was saved without --overlay")
        case .alreadyDelegated(let zone):
            UserError(
                what: "the reverse name is an alias into \(zone): its block is delegated already",
                hint: "without --block the letter is about the PTR record itself",
                exitCode: SenderIdentity.ExitCode.fault)
        case .nameUnknown:
            UserError.usage(
                "the record needs the mail server's own name, and none that fits is known",
                hint: "give a proper name with --helo NAME")
        case .heloUnknown:
            UserError.usage(
                "a letter to the receiver is about HELO, and none was given",
                hint: "add --helo NAME")
        }
    }
}
