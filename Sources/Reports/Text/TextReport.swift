import NetNames
import ReceiverModels
import Remedies
import SenderIdentity

/// The report for a terminal.
///
/// Printing rules: verdict first; then who the client is, the steps, who does what; tables last. The first 24 lines at 80 columns carry verdict, cause, owner and record. Nothing is
/// wider than the terminal. Every name is printed in its escaped form.
package struct TextReport {
    package struct Options: Sendable {
        /// Columns of the terminal.
        package let width: Int
        package let isColored: Bool
        /// Show every member, receiver and finding.
        package let showsAll: Bool

        package init(width: Int = 80, isColored: Bool = false, showsAll: Bool = false) {
            self.width = width
            self.isColored = isColored
            self.showsAll = showsAll
        }
    }

    private let report: Report
    private let options: Options
    private var page: TextPage

    package static func render(_ report: Report, _ options: Options = Options()) -> String {
        var text = TextReport(report, options)
        text.headline()
        text.identity()
        text.steps()
        text.comparison()
        text.plan()
        text.receivers()
        text.keeper()
        text.members()
        text.blockLists()
        text.findings()
        text.senderPolicy()
        text.footer()
        return text.page.text
    }

    private init(_ report: Report, _ options: Options) {
        self.report = report
        self.options = options
        page = TextPage(width: options.width, isColored: options.isColored)
    }

    private var facts: IdentityFacts { report.facts }

    private mutating func headline() {
        let headline = Headline(report)
        let style: TextPage.Style =
            switch headline.status {
            case .ok: .good
            case .fail: .bad
            case .warn, .unknown: .doubtful
            case .note: .strong
            }
        let lead = headline.status.rawValue + "  "
        for (index, line) in headline.lines.enumerated() {
            page.paragraph(
                .init(index == 0 ? lead : spaces(lead.utf8.count), style), line,
                index == 0 ? .strong : .plain)
        }
        if let note = report.plannedNote { page.paragraph(.init(spaces(lead.utf8.count)), note) }
    }

    // MARK: Who the client is

    private mutating func identity() {
        guard facts.isAsked, let name = facts.pointer.names.first else {
            if facts.isAsked { page.blank() }
            return
        }
        page.blank()
        row("Outbound IP address", "\(facts.subject.address)")
        let more = facts.pointer.count > 1 ? "  and \(facts.pointer.count - 1) more" : ""
        row("PTR record", "\(facts.confirmedName ?? name.name)\(more)")
        row(facts.subject.address.family == .v4 ? "A record" : "AAAA record", forwardText)
        if let helo = facts.helo { row("HELO", heloText(helo)) }
        page.blank()
    }

    private mutating func row(_ label: String, _ text: String) {
        page.paragraph(.init(column(label, 21), .dim), text)
    }

    private var forwardText: String {
        let result = "iprev=\(facts.iprev.keyword)"
        switch facts.iprev {
        case .pass: return "\(column("\(facts.subject.address)", 20)) forward-confirmed, \(result)"
        case .fail, .temperror, .permerror:
            let found = facts.pointer.names.flatMap(\.addresses.addresses)
            let isOpen = facts.pointer.names.contains(where: \.isUnknown)
            let shown = found.isEmpty ? (isOpen ? "not found out" : "none") : Causes.list(found)
            return "\(column(shown, 20)) not confirmed, \(result)"
        }
    }

    private func heloText(_ helo: HELOFacts) -> String {
        var parts: [String] = []
        let count = helo.addressCount
        let counted = count == 1 ? "1 address" : "\(count) addresses"
        switch helo.match {
        case .toClient:
            parts.append(count == 1 ? "leads to this address" : "\(counted), this one among them")
        case .elsewhere: parts.append("\(counted), not this one")
        case .loopback: parts.append("a loopback address")
        case .doesNotResolve: parts.append("no address")
        case .unknown(let failure): parts.append(Causes.phrase(failure))
        case .notAsked: parts.append(Causes.shown(helo.argument))
        }
        switch helo.relation {
        case .equals(_, let isConfirmed)?:
            parts.append(isConfirmed ? "equals the PTR name" : "equals an unconfirmed PTR name")
        case .sameOrganization?: parts.append("same organization")
        case .unrelated?: parts.append("another organization than the PTR name")
        case nil: break
        }
        return parts.joined(separator: "; ")
    }

    // MARK: Steps

    private mutating func steps() {
        guard facts.isAsked else { return }
        for step in StepRow.all(in: report, showsAll: options.showsAll) {
            let style: TextPage.Style =
                switch step.status {
                case .ok: .good
                case .fail: .bad
                case .warning, .unknown: .doubtful
                case .note, .notTested: .dim
                }
            let head = column(" \(step.status.mark)", 6)
            let tail = step.milliseconds.map { "\($0) ms" } ?? ""
            let room = page.width - 6 - 14 - 10
            let detail =
                step.explanation(in: report, room: tail.isEmpty ? room + 10 : room) ?? step.detail
            page.line(
                .init(head, style), .init(column(step.title, 14)),
                .init(tail.isEmpty ? detail : column(detail, room) + "  "),
                .init(tail.isEmpty ? "" : spaces(8 - tail.utf8.count) + tail, .dim))
            for message in step.messages { page.paragraph(.init(spaces(20)), message, .dim) }
        }
    }

    // MARK: Receivers

    private mutating func receivers() {
        guard facts.isAsked else { return }
        page.blank()
        page.line(.init(receiversTitle, .strong))
        for row in ReceiverRow.all(in: report, showsAll: options.showsAll) {
            page.paragraph(.init(column(row.word, 8), style(of: row.word)), row.subject)
            for line in row.lines {
                page.paragraph(.init(spaces(10)), line, .dim)
            }
            if !row.because.isEmpty, options.showsAll || report.hasChosenReceivers {
                let codes = row.because.map(\.rawValue).joined(separator: ", ")
                page.paragraph(.init(spaces(10)), "because of \(codes)", .dim)
            }
        }
        if let outlook = PlanRow.outlook(report, showsAll: options.showsAll) {
            page.paragraph(.init(column("then", 8), .strong), outlook)
        }
        for alternative in PlanRow.alternatives(report, showsAll: options.showsAll) {
            page.paragraph(.init(column("instead", 8), .strong), alternative)
        }
    }

    private var receiversTitle: String {
        let shown = ReceiverRow.shown(in: report, showsAll: options.showsAll)
        let refuses = shown.contains { ![.accept, .cannotTell].contains($0.outcome) }
        guard refuses else { return "Who would refuse it: none of these rules" }
        if case .fault(let finding) = report.verdict.outcome, finding.code == .noPointer {
            return "Some servers refuse such mail, others treat it as spam:"
        }
        return "Who would refuse it"
    }

    private func style(of word: String) -> TextPage.Style {
        switch word {
        case "refuse": .bad
        case "accept": .good
        default: .doubtful
        }
    }

    // MARK: The plan

    private mutating func plan() {
        page.blank()
        page.line(.init("What to do", .strong))
        plan(PlanRow.all(in: report))
        let optional = PlanRow.optional(in: report)
        guard options.showsAll, !optional.isEmpty else { return }
        page.blank()
        page.line(.init("Good to have", .strong))
        plan(optional, isOptional: true)
    }

    private mutating func plan(_ rows: [PlanRow], isOptional: Bool = false) {
        let length = (rows.map { $0.owner.utf8.count }.max() ?? 0) + 2
        for (index, row) in rows.enumerated() {
            let lead = column("\(index + 1) \(row.owner)", length + 2)
            page.paragraph(.init(lead, .strong), row.sentence)
            for record in row.records { page.record(record, indent: length + 2) }
            if let verification = row.verification {
                page.paragraph(.init(spaces(length + 2)), "verify: " + verification, .dim)
            }
            if let command = row.command {
                page.paragraph(.init(spaces(length + 2)), command, .dim)
            }
            guard options.showsAll else { continue }
            details(row.details, indent: length + 2, isOptional: isOptional)
        }
    }

    private mutating func details(_ details: StepDetails, indent: Int, isOptional: Bool) {
        let lead = TextPage.Span(spaces(indent))
        // As far left as they go, so that most fit on a line.
        let pasted = TextPage.Span(spaces(4))
        if let why = details.why { page.paragraph(lead, "why: " + why, .dim) }
        if let wait = details.wait { page.paragraph(lead, "wait: " + wait, .dim) }
        if !details.update.isEmpty {
            // Broken inside its quotes a TXT record would be a syntax error once pasted.
            let room = page.width - pasted.text.utf8.count
            let fits = details.update.allSatisfy { $0.utf8.count <= room }
            // That option prints the plan, and what is good to have is no part of it.
            let pointer = isOptional ? "" : " (heloscope check … --nsupdate)"
            if fits || !isOptional {
                page.paragraph(lead, "or by nsupdate" + pointer + (fits ? ":" : ""), .dim)
            }
            if fits { for line in details.update { page.line(pasted, .init(line, .dim)) } }
        }
        for setting in details.settings {
            let note = setting.note.map { " (\($0))" } ?? ""
            page.paragraph(lead, "\(setting.server), \(setting.place)\(note):", .dim)
            page.paragraph(pasted, setting.line)
        }
        for instruction in details.provider {
            page.paragraph(lead, ProviderWording.text(instruction), .dim)
            if let command = instruction.command {
                page.paragraph(pasted, command)
            }
        }
    }

    // MARK: What planned records change

    private mutating func comparison() {
        guard let comparison = report.comparison else { return }
        page.blank()
        page.line(.init("With the planned records", .strong))
        let rows = comparison.rows(showsAll: options.showsAll)
        let length = (rows.map { $0.label.unicodeScalars.count }.max() ?? 0) + 2
        for row in rows { page.paragraph(.init(column(row.label, length)), row.text) }
    }

    // MARK: The reverse zone's keeper

    private mutating func keeper() {
        let rows = KeeperRow.all(in: report, showsAll: options.showsAll)
        guard !rows.isEmpty else { return }
        page.blank()
        page.line(.init(KeeperRow.title, .strong))
        for row in rows { page.paragraph(.init(column(row.label, 10), .dim), row.text) }
    }

    /// The section alone, for a reader who asked for nothing else, and whatever sets the exit code.
    /// - Parameters:
    ///   - report: The report; its evidence holds a walk.
    ///   - options: As for the whole report.
    /// - Returns: The text.
    package static func renderKeeper(_ report: Report, _ options: Options = .init()) -> String {
        var text = TextReport(report, options)
        text.page.line(.init(KeeperRow.title, .strong))
        for row in KeeperRow.all(in: report, showsAll: options.showsAll) {
            text.page.paragraph(.init(column(row.label, 10), .dim), row.text)
        }
        if case .undetermined = report.verdict.outcome {
            text.page.blank()
            text.headline()
        }
        for graded in report.verdict.findings
        where graded.finding.code.group == .reverseTree || graded.severity.reaches(report.failOn) {
            text.page.blank()
            text.page.paragraph(
                .init(column(StepRow.Status(graded.severity).mark, 6), .doubtful),
                Messages.message(for: graded.finding, in: report.facts))
            text.page.line(
                .init(spaces(6) + "heloscope explain \(graded.finding.code.rawValue)", .dim))
        }
        return text.page.text
    }

    // MARK: Tables

    /// Members shown without `--all`: enough to see the naming scheme.
    private static let shownMembers = 3

    private mutating func members() {
        guard !facts.members.isEmpty else { return }
        page.blank()
        let room = max(5, page.width - 22 - 19)
        page.line(
            .init(column("Behind the HELO name", 22), .strong),
            .init(column("PTR", room), .strong), .init(" confirmed  = HELO", .strong))
        let shown =
            options.showsAll ? facts.members : Array(facts.members.prefix(Self.shownMembers))
        for member in shown {
            let address =
                member.address == facts.subject.address
                ? "\(member.address) (this)" : "\(member.address)"
            page.line(
                .init(column(address, 22)), .init(column(pointerText(member), room)),
                .init(" " + column(confirmedText(member), 11) + equalText(member)))
        }
        let rest = facts.members.count - shown.count
        if rest > 0 {
            let pattern = Set(facts.members.map(pattern))
            page.line(.init("… \(rest) more\(pattern.count == 1 ? " alike" : "") (--all)", .dim))
        }
    }

    private func pattern(_ member: MemberFacts) -> String {
        confirmedText(member) + equalText(member)
    }

    private func equalText(_ member: MemberFacts) -> String {
        member.equalsHELO.map { $0 ? "yes" : "no" } ?? "?"
    }

    private func pointerText(_ member: MemberFacts) -> String {
        switch member.status {
        case .confirmed(let name), .notConfirmed(let name): "\(name)"
        case .noPointer: "none"
        case .unknown(let failure): Causes.phrase(failure)
        case .notAsked: "not looked up"
        }
    }

    private func confirmedText(_ member: MemberFacts) -> String {
        switch member.status {
        case .confirmed: "yes"
        case .notConfirmed, .noPointer: "no"
        case .unknown, .notAsked: "?"
        }
    }

    private mutating func blockLists() {
        guard options.showsAll, !facts.blockLists.isEmpty else { return }
        page.blank()
        page.line(.init("Block lists", .strong))
        for row in BlockListRow.all(in: report) {
            let text = row.detail.isEmpty ? row.zone : "\(row.zone): \(row.detail)"
            page.paragraph(.init(column(row.word, 13)), text)
            for quote in row.quotes { page.paragraph(.init(spaces(13)), quote, .dim) }
        }
    }

    private mutating func findings() {
        guard options.showsAll else { return }
        page.blank()
        page.line(.init("Findings", .strong))
        for graded in report.verdict.findings {
            page.paragraph(
                .init(column(graded.severity.rawValue, 13)),
                Messages.message(for: graded.finding, in: facts))
            page.line(.init(spaces(13) + graded.finding.code.rawValue, .dim))
        }
    }

    private mutating func senderPolicy() {
        let traces = SPFTrace.all(in: report)
        guard options.showsAll, !traces.isEmpty else { return }
        page.blank()
        page.paragraph(.init(""), SPFTrace.preface, .strong)
        for trace in traces {
            page.paragraph(.init(""), trace.title)
            for row in trace.rows {
                let lead = spaces(2 + 2 * min(row.depth, 5)) + column(row.status, 10)
                page.paragraph(.init(lead), row.text)
                if !row.detail.isEmpty {
                    page.paragraph(.init(spaces(lead.utf8.count)), row.detail, .dim)
                }
            }
            page.paragraph(.init(spaces(2)), trace.summary, .dim)
        }
    }

    private mutating func footer() {
        guard let code = FooterCode.code(for: report) else { return }
        page.blank()
        let references = FooterCode.references(for: code)
        let hint = StepRow.command([code.rawValue])
        page.line(.init(references.isEmpty ? hint : "\(references) · \(hint)", .dim))
    }
}
