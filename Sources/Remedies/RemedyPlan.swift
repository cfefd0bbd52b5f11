package import ReceiverModels
package import SenderIdentity

/// What to do, in order: who, what exactly, why, and what it changes.
package struct RemedyPlan: Sendable {
    package let steps: [RemedyStep]
    /// What the receivers do once every record and setting of the plan is in place; nil where the
    /// plan changes neither.
    package let after: [SimulatedReply]?

    /// Plans the remedy of the facts, and simulates it.
    package init(
        for facts: IdentityFacts, verdict: Verdict, evidence: Evidence,
        receivers: [Receiver] = Receiver.all, settings: [String: ReceiverSettings] = [:]
    ) {
        let steps = Planner(facts: facts, verdict: verdict).steps
        self.steps = steps
        let change = PlannedChange(steps)
        after =
            change.isEmpty
            ? nil
            : Simulation.replies(
                for: change.facts(after: facts, evidence), by: receivers, settings: settings)
    }

    /// Rules that refused, deferred or wavered before and accept after the plan.
    package func accepted(among before: [SimulatedReply]) -> [SimulatedReply] {
        guard let after else { return [] }
        return zip(before, after).compactMap { old, new in
            old.outcome != .accept && old.outcome != .cannotTell && new.outcome == .accept
                ? new : nil
        }
    }

    /// Rules that still do not accept after the plan, though they could be told before.
    package func stillRefusing(among before: [SimulatedReply]) -> [SimulatedReply] {
        guard let after else { return [] }
        return zip(before, after).compactMap { old, new in
            [.accept, .cannotTell].contains(old.outcome) || new.outcome == .accept ? nil : new
        }
    }
}
