package import SenderIdentity

/// The look-up plan with planned records laid over the real source.
///
/// What the overlay answers is never asked; its answers are added when the plan wants them, so that
/// the questions they lead to are asked as well.
package struct OverlaidPlan: Sendable {
    package let subject: Subject
    package let overlay: Overlay?

    package init(subject: Subject, overlay: Overlay?) {
        self.subject = subject
        self.overlay = overlay
    }

    /// What to ask the real source, given what it answered so far.
    package func questions(knowing evidence: Evidence) -> [PlannedQuestion] {
        let plan = LookupPlan.questions(for: subject, knowing: laid(over: evidence))
        guard let overlay else { return plan }
        return plan.filter { overlay.reply(to: $0.question) == nil }
    }

    /// The evidence with the overlay's answers to everything the plan wants.
    package func laid(over evidence: Evidence) -> Evidence {
        guard let overlay else { return evidence }
        var laid = evidence
        var hasGrown = true
        while hasGrown {
            hasGrown = false
            for planned in LookupPlan.questions(for: subject, knowing: laid)
            where laid.observation(of: planned.question) == nil {
                guard let reply = overlay.reply(to: planned.question) else { continue }
                let response = Response(
                    code: reply.code, isAuthoritative: reply.isAuthoritative,
                    answers: reply.answers, authority: reply.authority)
                laid.add(
                    Observation(
                        question: planned.question, stage: planned.stage, response: response,
                        attempts: [], elapsed: .zero))
                hasGrown = true
            }
        }
        return laid
    }
}
