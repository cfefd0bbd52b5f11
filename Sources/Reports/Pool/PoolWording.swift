import DNSModel
import NetNames
import ReceiverModels
import SPF
import SenderIdentity

/// The sentences of a pool's report.
struct PoolWording {
    let report: PoolReport

    private var matrix: PoolMatrix { report.matrix }
    private var total: Int { matrix.hosts.count }

    /// The verdict and why.
    var headline: (status: Headline.StatusWord, lines: [String]) {
        switch matrix.spfObstacle {
        case .fault(let fault)?:
            return (.fail, ["The \(Self.record(fault)) cannot be used: \(Self.reason(fault))."])
        case .unlisted(let term)?:
            return (.unknown, ["The hosts of \(heloText) could not be listed from \(text(term))."])
        case nil: break
        }
        if let failure = matrix.heloFailure {
            return (
                .unknown,
                ["The addresses of \(heloText) could not be found out: \(Causes.phrase(failure))"]
            )
        }
        guard total > 0 else {
            return (.fail, [noHosts])
        }
        let asked = matrix.hosts.contains { $0.facts.isAsked }
        guard asked else {
            return (.note, ["Special-purpose addresses only: no public PTR record can exist."])
        }
        let faulty = matrix.withoutPointer.count + matrix.notConfirmed.count
        if faulty > 0 {
            var causes: [String] = []
            let missing = matrix.withoutPointer.count
            if missing > 0 { causes.append("\(missing) without a PTR record") }
            let others = matrix.notConfirmed.count
            if others > 0 { causes.append("\(others) whose PTR name does not lead back") }
            return (
                .fail,
                [
                    "\(faulty) of \(hosts(total)) not forward-confirmed: "
                        + causes.joined(separator: ", ")
                ]
            )
        }
        if let fault = sentence(about: otherFaults, "with another fault") {
            return (.fail, fault)
        }
        // An error of every such host, and so of the exit code.
        let refused = matrix.hosts.count { $0.spf?.result == .fail }
        if refused > 0 {
            return (
                .fail,
                [
                    "\(refused) of \(hosts(total)) not allowed by SPF; \(confirmedText)"
                        + " forward-confirmed."
                ]
            )
        }
        if !matrix.unknown.isEmpty {
            return (
                .unknown,
                ["\(matrix.unknown.count) of \(hosts(total)) could not be looked up."]
            )
        }
        let open = matrix.hosts.count { !$0.verdict.openQuestions.isEmpty }
        if open > 0, total == matrix.confirmed {
            return (
                .unknown,
                [
                    "\(confirmedText) forward-confirmed; of \(open) not everything could be"
                        + " found out."
                ]
            )
        }
        if let failed = matrix.allowance?.failed, !failed.isEmpty {
            return (
                .unknown,
                [
                    "\(confirmedText) forward-confirmed, but not all are known:"
                        + " \(failed.count) look-up\(failed.count == 1 ? "" : "s") of the SPF"
                        + " record failed."
                ]
            )
        }
        if let unknown {
            return (
                .unknown, ["\(confirmedText) forward-confirmed, but not all are known: \(unknown)."]
            )
        }
        if let weakness = sentence(about: weaknesses, "with a weakness") {
            return (.warn, weakness)
        }
        return (.ok, ["\(confirmedText) forward-confirmed."] + coverage)
    }

    /// Hosts with a proven fault that is none of PTR records and none of SPF.
    private var otherFaults: [(host: PoolMatrix.Host, finding: Finding)] {
        matrix.hosts.compactMap { host in
            guard case .fault(let finding) = host.verdict.outcome, finding.code.group != .spf,
                ![.permerror, .fail].contains(host.facts.iprev)
            else { return nil }
            return (host, finding)
        }
    }

    private var weaknesses: [(host: PoolMatrix.Host, finding: Finding)] {
        matrix.hosts.compactMap { host in
            guard case .weakness(let finding) = host.verdict.outcome else { return nil }
            return (host, finding)
        }
    }

    /// `2 of 7 hosts with another fault: helo-does-not-resolve`, and the first of them.
    private func sentence(
        about concerned: [(host: PoolMatrix.Host, finding: Finding)], _ what: String
    ) -> [String]? {
        guard let first = concerned.first else { return nil }
        var codes: [String] = []
        for code in concerned.map(\.finding.code.rawValue) where !codes.contains(code) {
            codes.append(code)
        }
        let message = Messages.message(for: first.finding, in: first.host.facts)
        return [
            "\(concerned.count) of \(hosts(total)) \(what): \(codes.joined(separator: ", "))",
            "\(first.host.facts.subject.address): \(message)",
        ]
    }

    /// `the A records of out.example.net: SERVFAIL`, where that family could not be looked up.
    private var unknown: String? {
        matrix.unknownAddresses.map {
            "the \($0.family == .v4 ? "A" : "AAAA") records of \(heloText):"
                + " \(Causes.phrase($0.failure))"
        }
    }

    private var noHosts: String {
        guard case .spfDomain(let domain, _, _) = matrix.target else {
            return "\(heloText) has no address: there is no pool behind it."
        }
        return "No SPF record of \(domain) allows an address: there is no pool behind it."
    }

    // MARK: The record that names the hosts

    /// `exists:%{i}.example.net`, with the domain where the record is not the one asked about, and how
    /// many more there are.
    private func text(_ term: SPFReport.Term) -> String {
        var text = SPFWording.shown(term.text)
        if case .spfDomain(let domain, _, _) = matrix.target, domain != term.domain {
            text += " of \(term.domain)"
        }
        let others = (matrix.allowance?.unlisted ?? 0) - 1
        return others > 0 ? "\(text) and \(others) more term\(others == 1 ? "" : "s")" : text
    }

    /// `SPF record of example.net`.
    private static func record(_ fault: SPFAllowance.Fault) -> String {
        if case .several = fault.kind { return "SPF records of \(fault.domain)" }
        return "SPF record of \(fault.domain)"
    }

    private static func reason(_ fault: SPFAllowance.Fault) -> String {
        switch fault.kind {
        case .syntax(let error):
            "\(SPFWording.phrase(error.kind)) in \(SPFWording.shown(error.term))"
        case .several(let count): "there are \(count)"
        case .leadsNowhere(let term): "\(SPFWording.shown(term)) leads to no record"
        case .leadsBack(let term, let domain):
            "\(SPFWording.shown(term)) leads back to \(domain)"
        }
    }

    /// What to do where a record keeps the domain from naming hosts.
    private func step(against obstacle: PoolMatrix.SPFObstacle) -> Step {
        switch obstacle {
        case .fault(let fault):
            if case .several(let count) = fault.kind {
                return Step(
                    owner: "you", text: "merge the \(count) SPF records of \(fault.domain) into one"
                )
            }
            return Step(owner: "you", text: "mend the \(Self.record(fault))")
        case .unlisted:
            return Step(
                owner: "you", text: "if you know them, list them in a file, one ADDRESS a line:",
                commands: ["heloscope pool FILE"])
        }
    }

    /// Sentences about records that cannot be used, for programs.
    var recordFaults: [String]? {
        matrix.allowance?.faults.map { "\(Self.record($0)): \(Self.reason($0))" }
    }

    private var confirmedText: String {
        if total == 1, matrix.confirmed == 1 { return "The only host is" }
        let verb = matrix.confirmed == 1 ? "is" : "are"
        return matrix.confirmed == total
            ? "All \(hosts(total)) are" : "\(matrix.confirmed) of \(hosts(total)) \(verb)"
    }

    private var coverage: [String] {
        guard matrix.hasHELO else { return ["No HELO name was given: give one with --helo NAME."] }
        if matrix.equalToHELO == total { return ["Each says its PTR name in HELO."] }
        let figures =
            "The HELO name leads to \(matrix.covered) of them; PTR = HELO for"
            + " \(matrix.equalToHELO)."
        guard matrix.isSharedByDesign else { return [figures] }
        return [
            figures + " Shared by design: refusing it because HELO and PTR differ departs from"
                + " RFC 5321 §4.1.4"
        ]
    }

    private func hosts(_ count: Int) -> String { "\(count) host\(count == 1 ? "" : "s")" }

    private var heloText: String {
        if case .spfDomain(let domain, _, _) = matrix.target { return "\(domain)" }
        return matrix.target.heloNames.first.map { "\($0)" } ?? "the list"
    }

    /// The figures: a name and a value each.
    var figures: [(name: String, value: String)] {
        var figures: [(String, String)] = []
        switch matrix.target {
        case .heloName(let name, _), .name(let name, _):
            figures.append(("HELO name", "\(name)"))
            figures.append(("Hosts", "\(total), the addresses of that name"))
        case .spfDomain(let domain, _, _):
            figures.append(("SPF domain", "\(domain)"))
            figures.append(("Hosts", allowed))
        case .clients:
            figures.append(("Hosts", "\(total) listed"))
        }
        if matrix.skipped > 0, matrix.allowance == nil {
            figures.append(
                ("Left out", "\(matrix.skipped): at most \(PoolLimits.hosts) are looked at"))
        }
        if let unknown { figures.append(("Not found out", unknown)) }
        // Where they leave no host, the headline has them.
        if total > 0, let fault = recordFaults?.first {
            let others = (recordFaults?.count ?? 0) - 1
            figures.append(
                ("Cannot be used", "The \(fault)" + (others > 0 ? "; \(others) more" : "")))
        }
        // Of none no share can be told.
        guard total > 0 else { return figures }
        figures.append(("PTR record", share(total - matrix.withoutPointer.count - unknownPointers)))
        figures.append(("Confirmed", share(matrix.confirmed)))
        if matrix.hasHELO {
            figures.append(("HELO leads there", share(matrix.covered)))
            figures.append(("PTR = HELO", share(matrix.equalToHELO)))
            figures.append(("Same organization", share(matrix.sameOrganization)))
        }
        if let spf { figures.append(("SPF passes", spf)) }
        if let scheme = matrix.scheme {
            figures.append(("Naming scheme", "\(scheme.pattern), \(share(scheme.count))"))
        }
        for outlier in matrix.outliers.prefix(Self.shownOutliers) {
            let name = outlier.facts.confirmedName.map { "\($0)" } ?? ""
            figures.append(("Outlier", "\(outlier.facts.subject.address) \(name)"))
        }
        let hidden = matrix.outliers.count - Self.shownOutliers
        if hidden > 0 { figures.append(("Outlier", "\(hidden) more")) }
        return figures
    }

    /// How many of the addresses that the record allows are looked at.
    private var allowed: String {
        let blocks = matrix.allowance?.blocks ?? []
        guard !blocks.isEmpty else { return "none that can be listed" }
        let all =
            BlockSample.isCounted(blocks) ? Self.grouped(total + matrix.skipped) : "more than 2^32"
        var text =
            matrix.skipped > 0
            ? "\(Self.grouped(total)) of \(all), evenly from" : "\(Self.grouped(total)), all of"
        text += " \(blocks.count) block\(blocks.count == 1 ? "" : "s") that it allows"
        let unlisted = matrix.allowance?.unlisted ?? 0
        if unlisted > 0 {
            text += "; \(unlisted) term\(unlisted == 1 ? "" : "s") cannot be listed"
        }
        return text
    }

    /// The share that SPF passes, and whose record that is; nil where SPF was not evaluated.
    private var spf: String? {
        guard let first = matrix.hosts.compactMap(\.spf).first else { return nil }
        let whose = first.identity == .helo ? "HELO" : "MAIL FROM"
        let name = matrix.spfDomain.map { "\(whose) \($0)" } ?? "their \(whose) names"
        guard let passed = matrix.passedBySPF else { return "no record of \(name)" }
        let others = matrix.refusedBySPF.prefix(Self.shownOutliers).map {
            "\($0.facts.subject.address)"
        }
        let hidden = matrix.refusedBySPF.count - others.count
        return "\(share(passed)) for \(name)"
            + (others.isEmpty ? "" : "; not " + others.joined(separator: ", "))
            + (hidden > 0 ? " and \(hidden) more" : "")
    }

    /// `524,288`.
    private static func grouped(_ count: Int) -> String {
        var digits = Array(String(count))
        for place in stride(from: digits.count - 3, to: 0, by: -3) {
            digits.insert(",", at: place)
        }
        return String(digits)
    }

    /// Enough to see a pattern among those that leave the pattern.
    private static let shownOutliers = 3

    private var unknownPointers: Int {
        matrix.hosts.count {
            $0.facts.pointer.lookup.map { $0.outcome.failure != nil } ?? true
        }
    }

    /// `10 of 11 (90 %)`, rounded down: all of them is the only hundred.
    private func share(_ count: Int) -> String {
        "\(count) of \(total) (\(total == 0 ? 0 : count * 100 / total) %)"
    }

    /// What can be done, the fewest owners first.
    var steps: [Step] {
        var steps: [Step] = []
        let others = otherFaults.map(\.host)
        let faulty = matrix.withoutPointer + matrix.notConfirmed + others
        if !faulty.isEmpty {
            let shown = faulty.prefix(Self.shownFaults).map { host in
                let helo = host.facts.subject.helo?.name.flatMap { name in
                    // Pasted into a shell, a list's word must be no more than a host name.
                    HostnameDefect.of(name) == nil ? " --helo \(name)" : nil
                }
                return "heloscope check \(host.facts.subject.address)\(helo ?? "")"
            }
            steps.append(
                Step(
                    owner: "you",
                    text: others.isEmpty
                        ? "mend what is not forward-confirmed; each check has the record"
                        : "mend what is at fault; each check says how",
                    commands: shown, hidden: faulty.count - shown.count))
        }
        if !matrix.unknown.isEmpty || matrix.unknownAddresses != nil {
            steps.append(Step(owner: "you", text: "run it again later"))
        }
        if !matrix.refusedBySPF.isEmpty, let domain = matrix.spfDomain {
            let terms = matrix.refusedBySPF.prefix(Self.shownFaults).map { host in
                let address = host.facts.subject.address
                return (address.family == .v4 ? "ip4:" : "ip6:") + "\(address)"
            }
            steps.append(
                Step(
                    owner: "you",
                    text: "allow every host in the SPF record of \(domain), before its all",
                    commands: terms, hidden: matrix.refusedBySPF.count - terms.count))
        }
        guard matrix.hasHELO, matrix.heloFailure == nil, total > 0 else {
            if !steps.isEmpty { return steps }
            if let obstacle = matrix.spfObstacle { return [step(against: obstacle)] }
            return switch headline.status {
            case .unknown: [Step(owner: "you", text: "run it again later")]
            case .fail:
                [
                    Step(
                        owner: "you",
                        text: matrix.allowance == nil
                            ? "give the name addresses, or name another one"
                            : "name another domain, or list the hosts in a file")
                ]
            default: [Step(owner: "nobody", text: "nothing")]
            }
        }
        if matrix.equalToHELO < total {
            steps.append(
                Step(
                    owner: "mail server's admin",
                    text: "optional: let each host say its PTR name in HELO; that satisfies every"
                        + " rule here. The zones of such a pool:",
                    commands: ["heloscope pool plan --name-pattern PATTERN BLOCK…"]))
        }
        if !matrix.notCovered.isEmpty, matrix.target.heloNames.count == 1 {
            steps.append(publication)
        }
        return steps.isEmpty ? [Step(owner: "nobody", text: "nothing")] : steps
    }

    struct Step {
        let owner: String
        let text: String
        /// Commands to run.
        var commands: [String] = []
        /// Records as master-file lines.
        var records: [String] = []
        /// How many more of them there are.
        var hidden = 0
    }

    private static let shownFaults = 3
    private static let shownRecords = 3

    /// The HELO name with every host's address: what Exim and rspamd ask for.
    private var publication: Step {
        let name = matrix.target.heloNames[0]
        let missing = matrix.notCovered.map(\.facts.subject.address)
        let records = missing.prefix(Self.shownRecords).map {
            MasterFilePrinter.line(.init(name: name, ttl: 3600, data: .address($0)))
        }
        let size = Self.answerSize(of: name, total)
        let warning =
            size > Self.datagram
            ? ", but \(total) addresses make an answer of \(size) bytes, more than a datagram's"
                + " \(Self.datagram)" : ""
        return Step(
            owner: "you",
            text: "or: give the HELO name the addresses of all hosts, which satisfies Exim and"
                + " rspamd" + warning,
            records: Array(records), hidden: missing.count - records.count)
    }

    /// What fits unfragmented in a datagram (DNS Flag Day 2020).
    private static let datagram = 1232

    /// Header, question, and a compressed A record for each address.
    private static func answerSize(of name: DomainName, _ addresses: Int) -> Int {
        12 + name.wire.count + 4 + 16 * addresses
    }
}
