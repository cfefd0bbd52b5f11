package import ReceiverModels
package import Remedies
package import SenderIdentity

/// Everything a check found, in one value; every format is a function of it.
package struct Report: Sendable {
    package let facts: IdentityFacts
    package let verdict: Verdict
    package let replies: [SimulatedReply]
    package let plan: RemedyPlan
    package let evidence: Evidence
    /// The threshold behind the exit code.
    package let failOn: Severity

    package init(
        subject: Subject, evidence: Evidence, profile: SeverityProfile = .standard,
        receivers: [Receiver] = Receiver.all, failOn: Severity = .error
    ) {
        facts = IdentityFacts(subject: subject, evidence: evidence)
        verdict = Verdict(Check.findings(in: facts), facts: facts, profile: profile)
        replies = Simulation.replies(for: facts, by: receivers)
        plan = RemedyPlan(
            for: facts, verdict: verdict, evidence: evidence, receivers: receivers)
        self.evidence = evidence
        self.failOn = failOn
    }

    package var exitCode: Int32 { verdict.exitCode(failOn: failOn) }
}
