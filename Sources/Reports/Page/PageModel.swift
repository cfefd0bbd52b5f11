import DNSModel
import NetNames
import ReceiverModels
import Remedies
import SenderIdentity

/// A report as a page shows it: plain values in the page's order, for any template.
///
/// Texts are as they are in the report; the template escapes them. Only ``picture`` is markup.
package struct PageModel: Sendable {
    package let title: String
    /// `ok`, `fail`, `warn`, `unknown` or `note`.
    package let status: String
    package let statusWord: String
    package let verdict: String
    /// Why, a sentence each.
    package let reasons: [String]
    package let subject: [Pair]
    package let picture: String
    package let steps: [Step]
    /// Rules that do anything but accept, the worst first.
    package let receivers: [Receiver]
    package let accepting: [Receiver]
    package let acceptingCount: Int
    package let owners: [Owner]
    /// What nobody demands and is good to have.
    package let optional: [Owner]
    /// What the simulation says will follow.
    package let outlook: String?
    /// What could be done instead, with what would follow.
    package let alternatives: [String]
    /// What planned records change, where the report is of a plan.
    package let comparison: [Pair]
    /// Who keeps the reverse zone; nothing without a walk.
    package let keeper: [Pair]
    package let policies: [Policy]
    package let members: [Member]
    package let observations: [Observation]
    package let letters: [Text]
    /// The report in other forms, to copy.
    package let copies: [Text]
    package let lookedUp: String
    /// The finding whose article explains the verdict.
    package let article: String?

    package struct Pair: Sendable {
        package let name: String
        package let value: String
    }

    /// A step of the tree.
    package struct Step: Sendable {
        package let title: String
        package let status: String
        package let mark: String
        package let detail: String
        package let milliseconds: String?
        package let messages: [String]
        package let findings: [Finding]
        /// The page's section with more of it.
        package let section: String?
        /// The first fault stands open.
        package let isOpen: Bool
    }

    package struct Finding: Sendable {
        package let code: String
        package let severity: String
        package let message: String
    }

    package struct Receiver: Sendable {
        package let outcome: String
        package let name: String
        package let lines: [String]
    }

    /// One who has to act, and what.
    package struct Owner: Sendable {
        package let name: String
        package let steps: [PlannedStep]
    }

    package struct PlannedStep: Sendable {
        package let number: Int
        package let sentence: String
        package let records: String?
        package let verification: String?
        package let why: String?
        package let wait: String?
        /// How it is done: an update of the zone, a server's setting, a provider's own way.
        package let ways: [Way]
    }

    /// A way to do it, and the line or command for it.
    package struct Way: Sendable {
        package let name: String
        package let text: String?
    }

    package struct Member: Sendable {
        package let address: String
        package let name: String
        package let confirmed: String
        package let equalsHELO: String
    }

    package struct Observation: Sendable {
        package let question: String
        package let outcome: String
        package let data: String
        package let servers: String
        package let milliseconds: String
    }

    /// An evaluation of SPF, term by term.
    package struct Policy: Sendable {
        package let title: String
        package let summary: String
        package let rows: [Row]

        package struct Row: Sendable {
            package let outcome: String
            package let term: String
            package let found: String
        }
    }

    package struct Text: Sendable {
        package let name: String
        package let text: String
    }
}

extension PageModel {
    /// Derives the page from the report.
    package init(_ report: Report) throws {
        let facts = report.facts
        let headline = Headline(report)
        let helo = facts.subject.helo.map { " as \($0.text)" } ?? ""
        title = "\(headline.status.rawValue): \(facts.subject.address)\(helo)"
        status = headline.status.rawValue.lowercased()
        statusWord = headline.status.rawValue
        verdict = headline.lines.first ?? ""
        reasons = headline.lines.dropFirst() + [report.plannedNote].compactMap { $0 }
        subject = Self.subject(report)
        picture = PictureSVG.render(IdentityPicture(report))
        steps = Self.steps(report)
        let all = Self.receivers(report)
        receivers = all.filter { $0.outcome != "accept" }
        accepting = all.filter { $0.outcome == "accept" }
        acceptingCount = accepting.count
        owners = Self.owners(PlanRow.all(in: report))
        optional = Self.owners(PlanRow.optional(in: report))
        outlook = PlanRow.outlook(report, showsAll: true)
        alternatives = PlanRow.alternatives(report, showsAll: true)
        comparison = (report.comparison?.rows(showsAll: true) ?? []).map {
            Pair(name: $0.label, value: $0.text)
        }
        keeper = KeeperRow.all(in: report, showsAll: true).map {
            Pair(name: $0.label, value: $0.text)
        }
        policies = SPFTrace.all(in: report).map(Self.policy)
        members = facts.members.map(Self.member)
        observations = report.evidence.observations.map(Self.observation)
        letters = Self.letters(report)
        copies = [
            Text(name: "Text", text: TextReport.render(report, .init(showsAll: true))),
            Text(name: "Markdown", text: MarkdownReport.render(report)),
            Text(name: "JSON", text: try ReportJSON.render(report)),
        ]
        lookedUp = Timestamp.text(report.evidence.startedAt)
        article = FooterCode.code(for: report)?.rawValue
    }

    private static func subject(_ report: Report) -> [Pair] {
        let facts = report.facts
        var pairs = [Pair(name: "Outbound IP address", value: "\(facts.subject.address)")]
        if facts.isAsked {
            let names = facts.pointer.names.map { "\($0.name)" }.joined(separator: ", ")
            pairs.append(Pair(name: "PTR record", value: names.isEmpty ? "none" : names))
            pairs.append(Pair(name: "iprev", value: facts.iprev.keyword))
        }
        pairs.append(Pair(name: "HELO", value: facts.subject.helo?.text ?? "not given"))
        if let path = facts.subject.mailFrom {
            pairs.append(
                Pair(name: "MAIL FROM", value: "<\(String(decoding: path.raw, as: UTF8.self))>"))
        }
        return pairs
    }

    private static func steps(_ report: Report) -> [Step] {
        let rows = StepRow.all(in: report, showsAll: false)
        let fault: Int? =
            rows.firstIndex { $0.status == .fail }
            ?? rows.firstIndex { $0.status == .unknown || $0.status == .warning }
        return rows.enumerated().map { index, row in
            Step(
                title: row.title, status: row.status.rawValue, mark: row.status.mark,
                detail: row.detail, milliseconds: row.milliseconds.map { "\($0) ms" },
                messages: row.messages,
                findings: row.findings(in: report).map { finding($0, report) },
                section: row.section?.rawValue, isOpen: index == fault)
        }
    }

    private static func finding(_ graded: Verdict.GradedFinding, _ report: Report) -> Finding {
        Finding(
            code: graded.finding.code.rawValue, severity: graded.severity.rawValue,
            message: Messages.message(for: graded.finding, in: report.facts))
    }

    private static func receivers(_ report: Report) -> [Receiver] {
        guard report.facts.isAsked else { return [] }
        return ReceiverRow.each(in: report).map { row in
            Receiver(outcome: row.word, name: row.subject, lines: row.lines)
        }
    }

    private static func owners(_ rows: [PlanRow]) -> [Owner] {
        var owners: [(name: String, steps: [PlannedStep])] = []
        for (index, row) in rows.enumerated() {
            let task = PlannedStep(
                number: index + 1, sentence: row.sentence,
                records: row.records.isEmpty ? nil : row.records.joined(separator: "\n"),
                verification: row.verification, why: row.details.why, wait: row.details.wait,
                ways: ways(row.details))
            if let place = owners.firstIndex(where: { $0.name == row.owner }) {
                owners[place].steps.append(task)
            } else {
                owners.append((row.owner, [task]))
            }
        }
        return owners.map { Owner(name: $0.name, steps: $0.steps) }
    }

    private static func ways(_ details: StepDetails) -> [Way] {
        var ways: [Way] = []
        if !details.update.isEmpty {
            ways.append(Way(name: "By nsupdate", text: details.update.joined(separator: "\n")))
        }
        for setting in details.settings {
            let note = setting.note.map { " (\($0))" } ?? ""
            ways.append(
                Way(name: "\(setting.server), \(setting.place)\(note)", text: setting.line))
        }
        for instruction in details.provider {
            ways.append(
                Way(name: ProviderWording.text(instruction), text: instruction.command))
        }
        return ways
    }

    private static func policy(_ trace: SPFTrace) -> Policy {
        Policy(
            title: trace.title, summary: trace.summary,
            rows: trace.rows.map {
                .init(
                    outcome: $0.status, term: String(repeating: "› ", count: $0.depth) + $0.text,
                    found: $0.detail)
            })
    }

    private static func member(_ member: MemberFacts) -> Member {
        let (name, confirmed) =
            switch member.status {
            case .confirmed(let name): ("\(name)", "yes")
            case .notConfirmed(let name): ("\(name)", "no")
            case .noPointer: ("none", "no")
            case .unknown(let failure): (Causes.phrase(failure), "?")
            case .notAsked: ("not looked up", "?")
            }
        return Member(
            address: "\(member.address)", name: name, confirmed: confirmed,
            equalsHELO: member.equalsHELO.map { $0 ? "yes" : "no" } ?? "?")
    }

    private static func observation(_ observation: SenderIdentity.Observation) -> Observation {
        let data: String
        switch observation.outcome {
        case .answers(let answers):
            data = answers.data.map { MasterFilePrinter.data($0) }.joined(separator: ", ")
        case .noData(let absence), .noSuchName(let absence):
            data = absence.zone.map { "says the zone \($0)" } ?? ""
        case .failed(let failure): data = Causes.phrase(failure)
        }
        var servers: [String] = []
        for attempt in observation.attempts where !servers.contains(attempt.server) {
            servers.append(attempt.server)
        }
        return Observation(
            question: "\(observation.question)", outcome: outcomeWord(observation.outcome),
            data: data, servers: servers.joined(separator: ", "),
            milliseconds: Self.milliseconds(observation.elapsed))
    }

    private static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        return "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000) ms"
    }

    private static func letters(_ report: Report) -> [Text] {
        Letter.Recipient.allCases.compactMap { recipient in
            guard let text = try? Letter.text(to: recipient, about: report) else { return nil }
            return Text(name: recipient.rawValue, text: text)
        }
    }
}
