import ArgumentParser
import Reports
import SenderIdentity

/// Writes to the one who has to act.
struct Letter: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write to the one who has to act: the ISP or the receiver.",
        usage: "heloscope letter --to isp|receiver [ADDRESS] [--helo NAME] [OPTIONS]")

    @Option(help: "To whom: isp or receiver.")
    var to: Recipient

    @OptionGroup
    var subject: SubjectArguments

    @OptionGroup
    var source: SourceArguments

    enum Recipient: String, ExpressibleByArgument, CaseIterable {
        case isp, receiver

        // The help's own words name them.
        static let allValueStrings: [String] = []

        var letterRecipient: Reports.Letter.Recipient {
            switch self {
            case .isp: .isp
            case .receiver: .receiver
            }
        }
    }

    func run() async throws {
        let (subject, evidence) = try await source.collect(subject)
        // Letters are about PTR and HELO: what saved evidence says of block lists is left out.
        let report = Report(subject: subject.asking([]), evidence: evidence)
        do {
            try StandardOutput.write(
                try Reports.Letter.text(to: to.letterRecipient, about: report))
        } catch let refusal as Reports.Letter.Refusal {
            throw Self.error(refusal)
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
