package import NetNames
import SPF

/// The whole in one value: the graded findings, what stays open, and the outcome.
package struct Verdict: Hashable, Sendable {
    package let findings: [GradedFinding]
    package let outcome: Outcome
    /// What was needed and could not be found out.
    package let openQuestions: [OpenQuestion]

    package struct GradedFinding: Hashable, Sendable {
        package let finding: Finding
        package let severity: Severity
    }

    package enum Outcome: Hashable, Sendable {
        /// Proven faults; the first one is the headline.
        case fault(Finding)
        /// Something needed could not be found out, and nothing worse is proven.
        case undetermined(OpenQuestion)
        /// Nothing to fix: a shared pool by design.
        case sharedPool(PoolFacts)
        /// Works, with a weakness; the first one is the headline.
        case weakness(Finding)
        case nothingToFix
        /// A private or otherwise special address, not looked up.
        case notTested
    }

    package enum OpenQuestion: Hashable, Sendable {
        case reverse(LookupFailure)
        case forward(LookupFailure)
        case helo(LookupFailure)
        /// Too many PTR names: those evaluated do not confirm, the others were not looked at.
        case skippedNames(Int)
        /// Whether hosts share the HELO name by design.
        case topology(LookupFailure, member: IPAddress?)
        /// Whether the address is on this block list.
        case blockList(BlockListZone, BlockListDoubt)
        /// What SPF says about MAIL FROM, which somebody asked for.
        case spf(LookupFailure)

        /// Whether PTR and HELO have nothing to do with it.
        package var isAboutCompanion: Bool {
            switch self {
            case .blockList, .spf: true
            case .reverse, .forward, .helo, .skippedNames, .topology: false
            }
        }
    }

    package init(
        _ findings: [Finding], facts: IdentityFacts, profile: SeverityProfile = .standard
    ) {
        self.findings = findings.map {
            GradedFinding(finding: $0, severity: profile.severity(of: $0, in: facts))
        }
        openQuestions = Self.openQuestions(in: facts)
        outcome = Self.outcome(of: self.findings, openQuestions: openQuestions, facts: facts)
    }

    private static func outcome(
        of findings: [GradedFinding], openQuestions: [OpenQuestion], facts: IdentityFacts
    ) -> Outcome {
        if !facts.isAsked { return .notTested }
        if let fault = first(.error, in: findings) {
            return .fault(headline(for: fault, among: findings))
        }
        let identity = openQuestions.first { !$0.isAboutCompanion }
        if let identity { return .undetermined(identity) }
        if let weakness = first(.warning, in: findings) {
            return .weakness(headline(for: weakness, among: findings))
        }
        // A list or SPF that could not be asked is the headline only where PTR and HELO have none.
        if let open = openQuestions.first { return .undetermined(open) }
        if case .sharedPool(let pool) = facts.topology { return .sharedPool(pool) }
        return .nothingToFix
    }

    private static func first(_ severity: Severity, in findings: [GradedFinding]) -> Finding? {
        for index in findings.indices where findings[index].severity == severity {
            return findings[index].finding
        }
        return nil
    }

    /// The finding that names the cause, where the first one is only its consequence.
    private static func headline(for first: Finding, among findings: [GradedFinding]) -> Finding {
        let cause: FindingCode? =
            switch first.code {
            case .pointerNameDoesNotExist, .pointerPointsElsewhere:
                findings.map(\.finding.code).first {
                    $0 == .pointerMissingTrailingDot || $0 == .pointerNotAHostname
                }
            default: nil
            }
        guard let cause else { return first }
        return findings.first { $0.finding.code == cause }?.finding ?? first
    }

    private static func openQuestions(in facts: IdentityFacts) -> [OpenQuestion] {
        guard facts.isAsked else { return [] }
        var open: [OpenQuestion] = []
        switch facts.pointer.lookup?.outcome {
        case .failed(let failure): open.append(.reverse(failure))
        case nil: open.append(.reverse(.notRecorded))
        case .answers where facts.confirmedName == nil:
            for name in facts.pointer.names {
                if case .unknown(let failure) = name.match { open.append(.forward(failure)) }
            }
            if facts.pointer.skipped > 0 { open.append(.skippedNames(facts.pointer.skipped)) }
        case .answers, .noData, .noSuchName: break
        }
        if let helo = facts.helo, case .unknown(let failure) = helo.match {
            open.append(.helo(failure))
        }
        if case .undetermined(let failure, let member) = facts.topology,
            case .elsewhere? = facts.helo?.match
        {
            open.append(.topology(failure, member: member))
        }
        for list in facts.blockLists {
            if let doubt = list.doubt { open.append(.blockList(list.zone, doubt)) }
        }
        for index in facts.spf.indices
        where facts.spf[index].identity == .mailFrom && facts.spf[index].result == .temperror {
            open.append(.spf(facts.spf[index].failure ?? .notRecorded))
        }
        return open
    }
}

/// How a run ends (sysexits.h where it has a word for it).
package enum ExitCode {
    package static let success: Int32 = 0
    /// A proven finding reaches `--fail-on`.
    package static let fault: Int32 = 1
    /// EX_USAGE.
    package static let usage: Int32 = 64
    /// EX_SOFTWARE.
    package static let internalError: Int32 = 70
    /// EX_IOERR.
    package static let inputOutput: Int32 = 74
    /// EX_TEMPFAIL: something needed is undetermined.
    package static let undetermined: Int32 = 75
    /// 128 + SIGINT.
    package static let interrupted: Int32 = 130
}

extension Verdict {
    /// 1 if a proven finding reaches the threshold, else 75 if anything needed is open, else 0.
    package func exitCode(failOn threshold: Severity) -> Int32 {
        // What was not tested has neither passed nor failed.
        if outcome == .notTested { return ExitCode.success }
        if findings.contains(where: { $0.severity.reaches(threshold) }) { return ExitCode.fault }
        return openQuestions.isEmpty ? ExitCode.success : ExitCode.undetermined
    }
}
