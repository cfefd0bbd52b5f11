import NetNames
import ReceiverModels
import Remedies
import SenderIdentity

/// The report as JSON, version 1: docs/schema/report-v1.json describes it.
///
/// Names are in presentation form, so that every byte of a hostile name is printable ASCII.
package enum ReportJSON {
    package static func render(_ report: Report, onOneLine: Bool = false) throws -> String {
        String(
            decoding: try JSONText.encode(ReportDocument(report), onOneLine: onOneLine),
            as: UTF8.self)
    }
}

struct ReportDocument: Encodable {
    let version = 1
    let subject: SubjectDocument
    let startedAt: String
    let sources: [EvidenceDocument.Source]
    let verdict: VerdictDocument
    let iprev: IPRevDocument?
    let ptr: PointerDocument?
    let helo: HELODocument?
    let members: [MemberDocument]
    let keeper: KeeperDocument?
    let walk: WalkDocument?
    /// Absent where no registry was asked, or none had an answer.
    let registration: RegistrationDocument?
    /// Absent where no list was asked.
    let blockLists: [BlockListDocument]?
    let spf: [SPFDocument]
    let findings: [FindingDocument]
    let receivers: [ReplyDocument]
    let remedies: RemediesDocument
    /// What planned records change (`--overlay`).
    let comparison: ComparisonDocument?
    let observations: [EvidenceDocument.Observation]

    init(_ report: Report) {
        let facts = report.facts
        subject = SubjectDocument(facts)
        startedAt = Timestamp.text(report.evidence.startedAt)
        sources = report.evidence.sources.map(EvidenceDocument.Source.init)
        verdict = VerdictDocument(report)
        iprev = facts.isAsked ? IPRevDocument(facts) : nil
        ptr = facts.isAsked ? PointerDocument(facts.pointer) : nil
        helo = facts.helo.map(HELODocument.init)
        members = facts.members.map(MemberDocument.init)
        keeper = facts.reverseTree?.keeper.map { KeeperDocument($0, facts) }
        walk = facts.reverseTree.map { WalkDocument($0.trace) }
        registration = report.evidence.registration.map(RegistrationDocument.init)
        blockLists =
            facts.blockLists.isEmpty ? nil : facts.blockLists.map(BlockListDocument.init)
        spf = facts.spf.map(SPFDocument.init)
        findings = report.verdict.findings.map { FindingDocument($0, facts) }
        receivers = report.replies.map { ReplyDocument($0, facts) }
        remedies = RemediesDocument(report)
        comparison = report.comparison.map(ComparisonDocument.init)
        observations = report.evidence.observations.enumerated().map {
            EvidenceDocument.Observation($1, id: $0)
        }
    }
}

struct SubjectDocument: Encodable {
    let address: String
    let family: String
    let specialPurpose: String?
    let helo: String?
    /// Without brackets; empty for the null reverse-path.
    let mailFrom: String?

    init(_ facts: IdentityFacts) {
        address = facts.subject.address.description
        family = facts.subject.address.family.rawValue
        specialPurpose = facts.purpose?.kind.rawValue
        helo = facts.subject.helo?.text
        mailFrom = facts.subject.mailFrom.map { $0.isNull ? "" : SPFWording.shown($0.raw) }
    }
}

struct VerdictDocument: Encodable {
    let outcome: String
    /// The finding behind the outcome, if one is.
    let finding: String?
    let lines: [String]
    let undetermined: [OpenQuestionDocument]
    let exitCode: Int32

    init(_ report: Report) {
        let verdict = report.verdict
        lines = Headline(report).lines + [report.plannedNote].compactMap { $0 }
        undetermined = verdict.openQuestions.map(OpenQuestionDocument.init)
        exitCode = report.exitCode
        switch verdict.outcome {
        case .fault(let cause): (outcome, finding) = ("fault", cause.code.rawValue)
        case .weakness(let cause): (outcome, finding) = ("weakness", cause.code.rawValue)
        case .undetermined: (outcome, finding) = ("undetermined", nil)
        case .sharedPool:
            (outcome, finding) = ("shared-pool", FindingCode.sharedPoolByDesign.rawValue)
        case .nothingToFix: (outcome, finding) = ("nothing-to-fix", nil)
        case .notTested: (outcome, finding) = ("not-tested", nil)
        }
    }
}

struct OpenQuestionDocument: Encodable {
    let about: String
    let cause: String
    /// The block list concerned, if it is about one.
    let zone: String?

    init(_ question: Verdict.OpenQuestion) {
        if case .blockList(let list, _) = question { zone = list.description } else { zone = nil }
        switch question {
        case .reverse(let failure): (about, cause) = ("reverse", failure.rawValue)
        case .forward(let failure): (about, cause) = ("forward", failure.rawValue)
        case .helo(let failure): (about, cause) = ("helo", failure.rawValue)
        case .topology(let failure, _): (about, cause) = ("topology", failure.rawValue)
        case .blockList(_, let doubt):
            (about, cause) = ("block-list", BlockListDocument.word(doubt))
        case .spf(let failure): (about, cause) = ("spf", failure.rawValue)
        case .skippedNames(let count): (about, cause) = ("skipped-names", "\(count)")
        }
    }
}

struct IPRevDocument: Encodable {
    let result: String
    let name: String?

    init(_ facts: IdentityFacts) {
        result = facts.iprev.keyword
        name = facts.confirmedName?.description
    }
}

struct FindingDocument: Encodable {
    let code: String
    let group: String
    let severity: String
    let message: String
    let observations: [Int]

    init(_ graded: Verdict.GradedFinding, _ facts: IdentityFacts) {
        code = graded.finding.code.rawValue
        group = graded.finding.code.group.rawValue
        severity = graded.severity.rawValue
        message = Messages.message(for: graded.finding, in: facts)
        observations = graded.finding.observations.map(\.rawValue)
    }
}
