package import ReceiverModels
package import SenderIdentity

/// What to do, in order: who, what exactly, why, and what it changes.
package struct RemedyPlan: Sendable {
    package let steps: [RemedyStep]
    /// Records that nobody demands and that are good to have; not part of the plan.
    package let optional: [RemedyStep]
    /// What the receivers do once every record and setting of the plan is in place; nil where the
    /// plan changes neither, or leaves a name open that they will look at.
    package let after: [SimulatedReply]?
    /// Other ways that help, fewest owners first, then those that help with more receivers.
    package let alternatives: [Alternative]
    /// The provider who keeps the reverse zone, where DNS gives it away.
    package let provider: Provider.Match?

    /// More choices than this help nobody to choose.
    private static let mostAlternatives = 3

    /// Plans the remedy of the facts, and simulates it.
    package init(
        for facts: IdentityFacts, verdict: Verdict, evidence: Evidence,
        receivers: [Receiver] = Receiver.all, settings: [String: ReceiverSettings] = [:]
    ) {
        let planner = Planner(facts: facts, verdict: verdict, evidence: evidence)
        let steps = planner.steps
        self.steps = steps
        optional = planner.optionalSteps
        let simulated = { (change: PlannedChange) in
            Simulation.replies(
                for: change.facts(after: facts, evidence), by: receivers, settings: settings)
        }
        let change = PlannedChange(steps)
        after = change.isEmpty || steps.contains(where: \.leavesNameOpen) ? nil : simulated(change)
        provider = Provider.recognized(in: facts)
        // What the plan does anyway is no other way.
        let planned = Set(steps.map(\.action))
        let others = planner.alternatives.filter {
            // A delegation brings the same record to light by another hand.
            (PlannedChange($0.steps) != change || $0.kind == .delegateBlock)
                && !$0.steps.map(\.action).allSatisfy(planned.contains)
        }
        guard !others.isEmpty else {
            alternatives = []
            return
        }
        let before = Simulation.replies(for: facts, by: receivers, settings: settings)
        let ranked = others.map {
            Alternative(kind: $0.kind, steps: $0.steps, after: simulated(PlannedChange($0.steps)))
        }
        .map { (alternative: $0, helped: $0.accepted(among: before).count) }
        .filter { $0.helped > 0 }
        .sorted {
            ($0.alternative.owners.count, -$0.helped) < ($1.alternative.owners.count, -$1.helped)
        }
        alternatives = ranked.prefix(Self.mostAlternatives).map(\.alternative)
    }

    /// Rules that refused, deferred or wavered before and accept after the plan.
    package func accepted(among before: [SimulatedReply]) -> [SimulatedReply] {
        guard let after else { return [] }
        return Improvement.accepted(before, after)
    }

    /// Rules that still do not accept after the plan, though they could be told before.
    package func stillRefusing(among before: [SimulatedReply]) -> [SimulatedReply] {
        guard let after else { return [] }
        return Improvement.stillRefusing(before, after)
    }
}
