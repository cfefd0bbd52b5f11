import SenderIdentity

extension Receiver {
    /// mox: refuses an unresolvable name in the old HELO verb; iprev only tips the balance.
    package static let mox = Receiver(
        id: "mox",
        name: "mox",
        settings: [
            ReceiverSetting(
                "verb", values: ["EHLO", "HELO"],
                meaning: "The command by which the client says its name.")
        ],
        rules: [
            Rule(
                id: "helo-resolves",
                setting: nil,
                isOnByDefault: true,
                stage: .helo,
                source: .read("smtpserver/server.go", "0.0.17"),
                summary: "A name given by HELO, not by EHLO, must have an address.",
                repliesWith: { $0.has("verb", "HELO") ? [doesNotResolve] : [] },
                because: [.heloDoesNotResolve],
                judgement: heloResolves
            ),
            Rule(
                id: "iprev",
                setting: nil,
                isOnByDefault: true,
                stage: .data,
                source: .read("iprev/iprev.go, smtpserver/analyze.go", "0.0.17"),
                summary: "A PTR name must lead back. Alone a failure does nothing; a mail of an"
                    + " unknown sender that looks like junk besides is deferred.",
                replies: [tieBreaker],
                scores: ["fail", "temperror", "permerror"].map {
                    Score(thousandths: nil, marks: ["iprev=\($0)"])
                },
                because: [
                    .noPointer, .reverseLookupFailed, .pointerPointsElsewhere,
                    .pointerNameDoesNotExist, .pointerForwardUnknown, .pointerNotAHostname,
                ],
                judgement: { facts, _ in iprevMark(facts) }
            ),
        ]
    )

    private static let doesNotResolve = ReplyTemplate(
        550, "5.5.0", "your ehlo domain does not resolve to an IP address")
    private static let tieBreaker = ReplyTemplate(451, "4.3.0", "error processing")

    @Sendable
    private static func heloResolves(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        guard settings.has("verb", "HELO") else { return .accepts }
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        switch helo.argument.form {
        case .name, .singleLabel, .localhost: break
        case .literal, .bareAddress, .malformed: return .cannotTell(.notKnown)
        }
        switch helo.match {
        case .doesNotResolve: return .replies(doesNotResolve, because: [.heloDoesNotResolve])
        case .toClient, .elsewhere, .loopback, .unknown: return .accepts
        case .notAsked: return .cannotTell(.notAsked)
        }
    }
}

/// iprev as RFC 8601 §3 has it, over all PTR names and both families: a mark in the header.
func iprevMark(_ facts: IdentityFacts) -> Judgement {
    guard let lookup = facts.pointer.lookup else { return .cannotTell(.notAsked) }
    if let failure = lookup.outcome.failure, failure.isOurOwn {
        return .cannotTell(.lookupFailed(failure))
    }
    if facts.pointer.hasOddName { return .cannotTell(.notKnown) }
    if facts.confirmedName == nil, facts.pointer.skipped > 0 { return .cannotTell(.namesSkipped) }
    if let failure = facts.pointer.ownForwardFailure, facts.confirmedName == nil {
        return .cannotTell(.lookupFailed(failure))
    }
    let codes: [FindingCode]
    switch facts.iprev {
    case .pass: return .accepts
    case .permerror: codes = [.noPointer]
    case .temperror, .fail:
        codes =
            lookup.outcome.failure == nil ? unconfirmedCodes(in: facts) : [.reverseLookupFailed]
    }
    return .scores(
        Score(thousandths: nil, marks: ["iprev=\(facts.iprev.keyword)"]), because: codes)
}
