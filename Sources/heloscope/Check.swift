import ArgumentParser
import Pages
import Remedies
import Reports
import SenderIdentity

/// The main job: judge an address and a HELO name.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Judge a sending server's PTR, forward confirmation and HELO.",
        usage: "heloscope check [ADDRESS] [--helo NAME] [OPTIONS]")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, markdown, html, svg

        // The help has them in one line.
        static let allValueStrings: [String] = []
    }

    enum Threshold: String, ExpressibleByArgument, CaseIterable {
        case notice, warning, error

        // Left out of the help, where they would not fit the line.
        static let allValueStrings: [String] = []

        var severity: Severity {
            switch self {
            case .notice: .notice
            case .warning: .warning
            case .error: .error
            }
        }
    }

    @OptionGroup
    var subject: SubjectArguments

    @OptionGroup
    var blockLists: BlockListArguments

    @OptionGroup
    var source: SourceArguments

    @Option(
        help: ArgumentHelp("Lay planned records over the real answers.", valueName: "file"))
    var overlay: String?

    @OptionGroup
    var saved: EvidenceArguments

    @OptionGroup
    var keeper: KeeperArguments

    @OptionGroup
    var registration: RegistrationArguments

    @OptionGroup
    var receivers: ReceiverArguments

    @Option(help: "text|json|markdown|html|svg.")
    var format: Format = .text

    @Flag(help: "Show every member, receiver and finding.")
    var all = false

    @Option(
        help: ArgumentHelp("Exit 1 from notice|warning|error on.", valueName: "what"))
    var failOn: Threshold = .error

    // Left out of the help, which is full; `--all` names it where it serves.
    @Flag(
        help: ArgumentHelp(
            "Print the plan's records alone, as input for nsupdate.", visibility: .hidden))
    var nsupdate = false

    @Flag(help: "One line and exit code 0 to 3 for monitoring.")
    var nagios = false

    func run() async throws {
        try refuseContradictions()
        do {
            try await check()
        } catch let failure as UserError where nagios {
            // Monitoring knows 0 to 3 only: what cannot be tested is UNKNOWN.
            try StandardOutput.write("HELOSCOPE UNKNOWN: \(failure.what)\n")
            throw ArgumentParser.ExitCode(3)
        }
    }

    /// Options that cannot both be meant: told as such to monitoring, too, whose command is wrong.
    private func refuseContradictions() throws {
        guard nagios else { return }
        if nsupdate {
            throw UserError.usage(
                "--nsupdate and --nagios exclude each other", hint: "choose one output")
        }
        if overlay != nil {
            throw UserError.usage(
                "--nagios tells what DNS says, and --overlay what is planned",
                hint: "leave --overlay out")
        }
    }

    private func check() async throws {
        let choice = try receivers.choice()
        let collected = try await source.collect(
            subject, saved: saved, overlay: overlay, blockLists: blockLists, keeper: keeper,
            registration: registration, isMonitoring: nagios)
        let judged = { (evidence: Evidence) in
            Report(
                subject: collected.subject, evidence: evidence, receivers: choice?.receivers,
                settings: choice?.settings ?? [:], failOn: failOn.severity)
        }
        var report = judged(collected.evidence)
        if let unplanned = collected.unplanned {
            report = report.compared(to: judged(unplanned))
        }
        if nsupdate {
            guard let script = UpdateScript.whole(of: report.plan.steps) else {
                throw UserError(
                    what: "the plan has no record to update",
                    hint: "heloscope check without --nsupdate says what there is to do",
                    exitCode: SenderIdentity.ExitCode.fault)
            }
            try StandardOutput.write(script)
            return
        }
        if nagios {
            let line = NagiosReport(report)
            try StandardOutput.write(line.line)
            throw ArgumentParser.ExitCode(line.exitCode)
        }
        switch format {
        case .text:
            let options = TextReport.Options(
                width: StandardOutput.width, isColored: StandardOutput.isColored, showsAll: all)
            let isKeeperAlone = keeper.isAlone(collected.subject) && collected.evidence.walk != nil
            try StandardOutput.write(
                isKeeperAlone
                    ? TextReport.renderKeeper(report, options)
                    : TextReport.render(report, options))
        case .json: try StandardOutput.write(try ReportJSON.render(report))
        case .markdown: try StandardOutput.write(MarkdownReport.render(report))
        case .html:
            try StandardOutput.write(try PageRenderer().file(try PageModel(report)))
        case .svg:
            try StandardOutput.write(
                PictureSVG.render(IdentityPicture(report), isStandalone: true))
        }
        if report.exitCode != 0 { throw ArgumentParser.ExitCode(report.exitCode) }
        if keeper.isAlone(collected.subject), let tree = report.facts.reverseTree,
            tree.keeper == nil
        {
            throw ArgumentParser.ExitCode(SenderIdentity.ExitCode.undetermined)
        }
    }
}
