import DNSModel
package import SenderIdentity

/// The look-up plan with planned records laid over the real source.
///
/// What the overlay answers is never asked; its answers are added when the plan wants them, so that
/// the questions they lead to are asked as well. A planned alias that leads out of the overlay is
/// joined with what the source has at its end.
package struct OverlaidPlan: Sendable {
    package let subject: Subject
    package let overlay: Overlay?

    package init(subject: Subject, overlay: Overlay?) {
        self.subject = subject
        self.overlay = overlay
    }

    /// What to ask the real source to know both sides, without the planned records and with them.
    package func questionsForBoth(knowing evidence: Evidence) -> [PlannedQuestion] {
        guard overlay != nil else { return questions(knowing: evidence) }
        let real = LookupPlan.questions(for: subject, knowing: evidence)
        let known = Set(real.map(\.question))
        return real + questions(knowing: evidence).filter { !known.contains($0.question) }
    }

    /// What to ask the real source, given what it answered so far.
    package func questions(knowing evidence: Evidence) -> [PlannedQuestion] {
        let plan = LookupPlan.questions(for: subject, knowing: laid(over: evidence))
        guard let overlay else { return plan }
        return plan.compactMap { planned in
            guard let reply = overlay.reply(to: planned.question) else { return planned }
            return Self.response(reply).danglingEnd(of: planned.question).map {
                planned.asking(Question($0, planned.question.type))
            }
        }
    }

    /// The evidence with the overlay's answers to everything the plan wants.
    package func laid(over evidence: Evidence) -> Evidence {
        guard let overlay else { return evidence }
        var laid = Evidence(startedAt: evidence.startedAt, sources: evidence.sources)
        laid.walk = evidence.walk
        laid.registration = evidence.registration
        // The rest was asked to know the other side; here the plan answers.
        for observation in evidence.observations
        where overlay.reply(to: observation.question) == nil {
            laid.add(Self.changed(observation, by: overlay) ?? observation)
        }
        var hasGrown = true
        while hasGrown {
            hasGrown = false
            for planned in LookupPlan.questions(for: subject, knowing: laid)
            where laid.observation(of: planned.question) == nil {
                guard let answer = Self.answer(to: planned, from: overlay, knowing: laid)
                else { continue }
                laid.add(answer)
                hasGrown = true
            }
        }
        return laid
    }

    /// The overlay's answer, once the end of its chain is known.
    private static func answer(
        to planned: PlannedQuestion, from overlay: Overlay, knowing evidence: Evidence
    ) -> Observation? {
        guard let reply = overlay.reply(to: planned.question) else { return nil }
        var response = response(reply)
        if let end = response.danglingEnd(of: planned.question) {
            guard let (_, rest) = evidence.observation(of: Question(end, planned.question.type))
            else { return nil }
            guard let known = rest.response, rest.outcome.failure == nil else {
                return Observation(
                    question: planned.question, stage: planned.stage,
                    failure: rest.outcome.failure ?? .lame, attempts: [], elapsed: rest.elapsed)
            }
            response = Response(
                code: known.code, isAuthoritative: true,
                answers: response.answers + known.answers, authority: known.authority)
        }
        return Observation(
            question: planned.question, stage: planned.stage, response: response, attempts: [],
            elapsed: .zero)
    }

    /// A real answer whose chain the plan cuts, or whose denied name the plan creates; no server
    /// gave it any more.
    private static func changed(_ old: Observation, by overlay: Overlay) -> Observation? {
        guard let response = old.response, overlay.reply(to: old.question) == nil else {
            return nil
        }
        let source = WorldReply(
            code: response.code, isAuthoritative: response.isAuthoritative,
            answers: response.answers, authority: response.authority)
        let laid = overlay.laid(over: source, for: old.question)
        guard laid != source else { return nil }
        return Observation(
            question: old.question, stage: old.stage, response: Self.response(laid),
            attempts: [], elapsed: old.elapsed)
    }

    private static func response(_ reply: WorldReply) -> Response {
        Response(
            code: reply.code, isAuthoritative: reply.isAuthoritative, answers: reply.answers,
            authority: reply.authority)
    }
}
