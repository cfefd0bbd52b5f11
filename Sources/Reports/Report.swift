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
    /// Whether the user named the receivers; then all of them are shown.
    package let hasChosenReceivers: Bool
    /// What planned records change, where the report is of a plan.
    package private(set) var comparison: Comparison?

    /// Derives everything from the evidence.
    /// - Parameters:
    ///   - subject: Who is judged.
    ///   - evidence: What was looked up.
    ///   - profile: How findings are graded.
    ///   - receivers: The receivers that the user named; nil for all.
    ///   - settings: The settings chosen, by the receiver's id.
    ///   - failOn: From which severity on the exit code is 1.
    package init(
        subject: Subject, evidence: Evidence, profile: SeverityProfile = .standard,
        receivers: [Receiver]? = nil, settings: [String: ReceiverSettings] = [:],
        failOn: Severity = .error
    ) {
        let simulated = receivers ?? Receiver.all
        facts = IdentityFacts(subject: subject, evidence: evidence)
        verdict = Verdict(Check.findings(in: facts), facts: facts, profile: profile)
        replies = Simulation.replies(for: facts, by: simulated, settings: settings)
        plan = RemedyPlan(
            for: facts, verdict: verdict, evidence: evidence, receivers: simulated,
            settings: settings)
        hasChosenReceivers = receivers != nil
        self.evidence = evidence
        self.failOn = failOn
    }

    /// The same report with what has changed since another one of the same client.
    package func compared(to before: Report) -> Report {
        var report = self
        report.comparison = Comparison(of: self, to: before)
        return report
    }

    /// That a plan is judged, where no comparison with DNS as it is shows it: evidence that was saved
    /// with planned records has their side alone.
    var plannedNote: String? {
        evidence.holdsPlan && comparison == nil
            ? "With planned records: DNS itself may say otherwise." : nil
    }

    package var exitCode: Int32 { verdict.exitCode(failOn: failOn) }
}
