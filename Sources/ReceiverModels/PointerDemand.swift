import SenderIdentity

/// What a provider demands of the PTR record, as its pages or samples of its replies have it.
///
/// How a provider looks names up is not published; it is taken that any PTR name may be the one,
/// and that what could not be looked up here cannot be told.
struct PointerDemand: Sendable {
    enum Answer: Sendable {
        case accepts
        case reply(ReplyTemplate)
        /// The wording, or the code in front of it, is not known.
        case ownWords
        /// The mail is taken with this mark.
        case mark(String)
        /// The demand is published, what follows is not.
        case notKnown
        /// It goes by lists of its own.
        case ownData
    }

    let missing: Answer
    let unconfirmed: Answer
    /// The PTR look-up failed for the time being.
    let failed: Answer
    /// Every PTR name holds a word for access lines, such as `dyn`.
    let generic: Answer
    /// What remains.
    let confirmed: Answer

    init(
        missing: Answer, unconfirmed: Answer, failed: Answer = .notKnown,
        generic: Answer = .accepts, confirmed: Answer = .accepts
    ) {
        self.missing = missing
        self.unconfirmed = unconfirmed
        self.failed = failed
        self.generic = generic
        self.confirmed = confirmed
    }

    var replies: [ReplyTemplate] {
        var replies: [ReplyTemplate] = []
        for answer in [missing, unconfirmed, failed, generic, confirmed] {
            if case .reply(let reply) = answer, !replies.contains(reply) { replies.append(reply) }
        }
        return replies
    }

    var scores: [Score] {
        var scores: [Score] = []
        for answer in [missing, unconfirmed, failed, generic, confirmed] {
            if case .mark(let mark) = answer {
                let score = Score(thousandths: nil, marks: [mark])
                if !scores.contains(score) { scores.append(score) }
            }
        }
        return scores
    }

    @Sendable
    func judge(_ facts: IdentityFacts, _ settings: ReceiverSettings) -> Judgement {
        switch facts.pointer.lookup?.outcome {
        case nil: return .cannotTell(.notAsked)
        case .failed(let failure):
            if case .notKnown = failed { return .cannotTell(.lookupFailed(failure)) }
            if failure.isOurOwn { return .cannotTell(.lookupFailed(failure)) }
            return judgement(failed, [.reverseLookupFailed])
        case .noData, .noSuchName: return judgement(missing, [.noPointer])
        case .answers: break
        }
        if facts.confirmedName == nil {
            if case .accepts = unconfirmed { return generically(facts) }
            if facts.pointer.skipped > 0 { return .cannotTell(.namesSkipped) }
            for name in facts.pointer.names {
                if case .unknown(let failure) = name.match {
                    return .cannotTell(.lookupFailed(failure))
                }
            }
            return judgement(unconfirmed, unconfirmedCodes(in: facts))
        }
        return generically(facts)
    }

    /// Providers publish no exact rule for generic names: only what every such filter holds for one
    /// is told, and what some may is left open.
    private func generically(_ facts: IdentityFacts) -> Judgement {
        if case .accepts = generic { return judgement(confirmed, []) }
        let names = facts.pointer.names
        if names.allSatisfy({ $0.genericRule == nil }) { return judgement(confirmed, []) }
        if names.allSatisfy({ $0.genericRule == .accessLineWord }), facts.pointer.skipped == 0 {
            return judgement(generic, [.pointerLooksGeneric])
        }
        return .cannotTell(.notKnown)
    }

    private func judgement(_ answer: Answer, _ codes: [FindingCode]) -> Judgement {
        switch answer {
        case .accepts: .accepts
        case .reply(let reply): .replies(reply, because: codes)
        case .ownWords: .refusesInItsOwnWords(because: codes)
        case .mark(let mark): .scores(Score(thousandths: nil, marks: [mark]), because: codes)
        case .notKnown: .cannotTell(.notKnown)
        case .ownData: .cannotTell(.receiversOwnData)
        }
    }
}

extension RuleSource {
    /// A page or a collection of replies read in the month of this release.
    static func page(_ document: String, _ basis: Basis) -> RuleSource {
        RuleSource(document, version: nil, checked: "2026-11", basis: basis)
    }
}
