package import ReceiverModels
package import SenderIdentity

/// What has to be looked up for one decision: no more than the rules can make use of.
///
/// To be the planner of a `CollectionRun`: it is asked again after every observation.
package struct GuardPlan: Hashable, Sendable {
    package let subject: Subject

    package init(for request: GuardRequest, under rules: GuardRules) {
        preconditionFailure("not written yet")
    }

    /// Every question wanted so far, answered ones included.
    package func questions(knowing evidence: Evidence) -> [PlannedQuestion] {
        preconditionFailure("not written yet")
    }

    /// Whether no answer that is still on its way could change the decision.
    package func isSettled(by evidence: Evidence) -> Bool { preconditionFailure("not written yet") }

    /// What follows from the evidence, and how long it may be believed.
    package func outcome(of evidence: Evidence) -> GuardOutcome {
        preconditionFailure("not written yet")
    }
}

/// The result of the look-ups for one key of the cache.
package struct GuardOutcome: Hashable, Sendable {
    package let facts: GuardFacts
    /// How long the DNS itself vouches for it: the smallest TTL of all it rests on; nil for a
    /// failure, about which DNS says nothing.
    package let lifetime: Duration?
    /// Whether any server answered anything: when none did, the fault may be ours.
    package let heardAnything: Bool

    package init(facts: GuardFacts, lifetime: Duration?, heardAnything: Bool) {
        self.facts = facts
        self.lifetime = lifetime
        self.heardAnything = heardAnything
    }
}
