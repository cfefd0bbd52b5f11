import ReceiverModels
import SPF
import SenderIdentity

/// One step of the test, as the outbound test's tree shows it: status, what, how long.
struct StepRow {
    let title: String
    let status: Status
    let detail: String
    /// What is wrong, in sentences; nothing where the headline already says it.
    let messages: [String]
    let milliseconds: Int?
    /// The groups of findings that the step is about.
    let groups: Set<FindingGroup>
    /// The one finding that it is about, where its group has a row for each.
    var only: Finding?
    /// What a page has more of, further down.
    var section: Section?
    /// How many of the lists asked the step's faults are about.
    var share: String?

    enum Section: String {
        case receivers
    }

    enum Status: String {
        case ok, note, warning, fail, unknown
        case notTested = "not-tested"

        var mark: String {
            switch self {
            case .ok: "ok"
            case .note: "note"
            case .warning: "warn"
            case .fail: "FAIL"
            case .unknown: "?"
            case .notTested: "–"
            }
        }

        init(_ severity: Severity) {
            switch severity {
            case .ok: self = .ok
            case .undetermined: self = .unknown
            case .notice: self = .note
            case .warning: self = .warning
            case .error: self = .fail
            }
        }

        fileprivate var weight: Int {
            switch self {
            case .notTested: 0
            case .ok: 1
            case .note: 2
            case .warning: 3
            case .unknown: 4
            case .fail: 5
            }
        }
    }

    /// The findings that the step is about.
    func findings(in report: Report) -> [Verdict.GradedFinding] {
        report.verdict.findings.filter { graded in
            only.map { $0 == graded.finding } ?? groups.contains(graded.finding.code.group)
        }
    }

    /// What shows the pages of a step that failed, in place of its codes: all of them where there is
    /// room, else those of its faults, at least of the first one.
    /// - Returns: nil where nothing failed, or nothing fits.
    func explanation(in report: Report, room: Int) -> String? {
        guard status == .fail else { return nil }
        var codes: [String] = []
        var faults: [String] = []
        for graded in findings(in: report) where graded.severity != .ok {
            let code = graded.finding.code.rawValue
            if !codes.contains(code) { codes.append(code) }
            if graded.severity == .error, !faults.contains(code) { faults.append(code) }
        }
        let texts = [codes, faults, Array(faults.prefix(1))].map { shown in
            let rest = codes.count - shown.count
            return (share.map { $0 + ": " } ?? "") + Self.command(shown)
                + (rest > 0 ? " (\(rest) more)" : "")
        }
        return texts.first { $0.utf8.count <= room }
    }

    /// The command that shows the pages of findings.
    static func command(_ codes: [String]) -> String {
        "heloscope explain " + codes.joined(separator: " ")
    }

    static func all(in report: Report, showsAll: Bool) -> [StepRow] {
        let own = [
            address(report), reverse(report), forward(report), helo(report), pool(report),
            receivers(report, showsAll: showsAll),
            blockLists(report, showsAll: showsAll),
        ]
        return own.compactMap { $0 } + spf(report) + [limits(report)].compactMap { $0 }
    }

    /// Shown only where the address has a special purpose.
    private static func address(_ report: Report) -> StepRow? {
        note("Address", .address, report)
    }

    /// Shown only where lists were asked; how to ask them is said with `--all`.
    private static func blockLists(_ report: Report, showsAll: Bool) -> StepRow? {
        guard !report.facts.blockLists.isEmpty else {
            guard showsAll else { return nil }
            return StepRow(
                title: "Block lists", status: .notTested, detail: BlockListRow.howToTest,
                messages: [], milliseconds: nil, groups: [])
        }
        let graded = report.verdict.findings.filter { $0.finding.code.group == .blockLists }
        let concerned = graded.filter { $0.severity != .ok }
        let headline = Headline(report).lines.first
        var messages = concerned.map { Messages.message(for: $0.finding, in: report.facts) }
            .filter { $0 != headline }
        let rest = messages.count - shownMessages
        if rest > 0 { messages = messages.dropLast(rest) + ["… and \(rest) more (--all)"] }
        return StepRow(
            title: "Block lists",
            status: graded.map { Status($0.severity) }.max { $0.weight < $1.weight } ?? .ok,
            detail: BlockListRow.summary(report), messages: messages,
            milliseconds: milliseconds(of: graded.flatMap(\.finding.observations), report),
            groups: [.blockLists], share: BlockListRow.share(report))
    }

    /// Shown only where something was left out.
    private static func limits(_ report: Report) -> StepRow? {
        note("Limits", .limits, report)
    }

    private static func note(_ title: String, _ group: FindingGroup, _ report: Report) -> StepRow? {
        let graded = report.verdict.findings.filter { $0.finding.code.group == group }
        guard let first = graded.first else { return nil }
        return StepRow(
            title: title, status: Status(first.severity), detail: first.finding.code.rawValue,
            messages: graded.map { Messages.message(for: $0.finding, in: report.facts) },
            milliseconds: nil, groups: [group])
    }

    private static func reverse(_ report: Report) -> StepRow {
        row(
            "Reverse DNS", [.pointerStatus, .pointerForm, .reverseTree], report,
            ok: "\(report.facts.pointer.question) PTR", notTested: "")
    }

    private static func forward(_ report: Report) -> StepRow {
        let pointer = report.facts.pointer
        let confirmed = "\(pointer.confirmedNames.count) of \(pointer.count) names confirmed"
        return row(
            "Forward", [.pointerForward], report, ok: confirmed, notTested: "not tested: no name")
    }

    private static func helo(_ report: Report) -> StepRow {
        guard let helo = report.facts.helo else {
            return StepRow(
                title: "HELO", status: .notTested, detail: "not tested: no HELO name was given",
                messages: [howToLearn], milliseconds: nil, groups: [])
        }
        let name = Causes.shown(helo.argument)
        let client = report.facts.subject.address
        let leads = helo.match == .toClient ? "\(name) → \(client)" : name
        let ok = leads.utf8.count <= shownName ? leads : "leads to \(client)"
        return row(
            "HELO", [.heloForm, .heloAndClient, .heloAlias, .heloAndPointer], report, ok: ok,
            notTested: "")
    }

    static let howToLearn =
        "The mail server's setting or a Received header has the name; add --helo NAME."

    /// Longer than this, the HELO name itself is left out of its row: it was typed a moment ago.
    private static let shownName = 50

    private static func pool(_ report: Report) -> StepRow? {
        let members = report.facts.members
        guard !members.isEmpty else { return nil }
        let more = (report.facts.helo?.addressCount ?? 0) - members.count
        let confirmed = members.filter { $0.confirmedName != nil }.count
        let equal = members.filter { $0.equalsHELO == true }.count
        let graded = report.verdict.findings.first { $0.finding.code.group == .topology }
        let isShared = graded?.finding.code == .sharedPoolByDesign
        return StepRow(
            title: isShared ? "Pool" : "Hosts", status: graded.map { Status($0.severity) } ?? .note,
            detail: "\(confirmed) of \(members.count) confirmed,"
                + " \(equal) of \(members.count) PTR = HELO" + (more > 0 ? "; \(more) more" : ""),
            messages: [],
            milliseconds: milliseconds(of: graded?.finding.observations ?? [], report),
            groups: [.topology])
    }

    /// What all rules do together.
    ///
    /// Not a fault of the client: those have their own rows. What planned records change stands in a
    /// section of its own.
    private static func receivers(_ report: Report, showsAll: Bool) -> StepRow? {
        guard report.facts.isAsked, showsAll || report.comparison == nil else { return nil }
        let isRefused = report.replies.contains { [.refuse, .defer].contains($0.outcome) }
        return StepRow(
            title: "Receivers", status: isRefused ? .note : .ok,
            detail: ReceiverRow.counts(report.replies), messages: [], milliseconds: nil, groups: [],
            section: .receivers)
    }

    /// One row for each identity that was checked.
    private static func spf(_ report: Report) -> [StepRow] {
        report.verdict.findings.compactMap { graded in
            guard case .spf(let identity, _) = graded.finding.kind,
                let spf = report.facts.spf.first(where: { $0.identity == identity })
            else { return nil }
            let isFault = graded.severity == .error || graded.severity == .warning
            let message = Messages.message(for: graded.finding, in: report.facts)
            let isHeadline = Headline(report).lines.first == message
            return StepRow(
                title: spf.identity == .helo ? "SPF HELO" : "SPF MAIL FROM",
                status: Status(graded.severity),
                detail: spf.result == .pass
                    ? "pass: \(SPFWording.term(spf))" : graded.finding.code.rawValue,
                messages: isFault && !isHeadline ? [message] : [],
                milliseconds: milliseconds(of: graded.finding.observations, report),
                groups: [.spf], only: graded.finding)
        }
    }

    private static func row(
        _ title: String, _ groups: Set<FindingGroup>, _ report: Report, ok: String,
        notTested: String
    ) -> StepRow {
        let graded = report.verdict.findings.filter { groups.contains($0.finding.code.group) }
        let status = graded.map { Status($0.severity) }.max { $0.weight < $1.weight } ?? .notTested
        let concerned = graded.filter { $0.severity != .ok }
        var detail = notTested
        if status == .ok { detail = ok }
        if !concerned.isEmpty {
            var codes: [String] = []
            for code in concerned.map(\.finding.code.rawValue) where !codes.contains(code) {
                codes.append(code)
            }
            detail = codes.joined(separator: ", ")
        }
        let headline = Headline(report).lines
        var messages: [String] = []
        for item in concerned where item.severity == .error || item.severity == .warning {
            let message = Messages.message(for: item.finding, in: report.facts)
            if !headline.contains(message), !messages.contains(message) { messages.append(message) }
        }
        return StepRow(
            title: title, status: status, detail: detail,
            messages: Array(messages.prefix(shownMessages)),
            milliseconds: milliseconds(of: graded.flatMap(\.finding.observations), report),
            groups: groups)
    }

    /// Sentences per step; the rest is in the list of findings (`--all`).
    private static let shownMessages = 2

    /// The longest look-up behind the step, which is what it cost: they run side by side.
    private static func milliseconds(of ids: [ObservationID], _ report: Report) -> Int? {
        let longest = ids.compactMap { report.evidence[id: $0]?.elapsed }.max() ?? .zero
        let (seconds, attoseconds) = longest.components
        let value = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        return value > 0 ? value : nil
    }
}
