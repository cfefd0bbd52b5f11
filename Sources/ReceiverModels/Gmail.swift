import NetNames
import SenderIdentity

extension Receiver {
    /// Gmail's published rule for every sender: a PTR name that leads back to the address.
    ///
    /// HELO only has to be an argument; nothing compares it. The replies about the PTR record come
    /// after DATA in public samples.
    package static let gmail = Receiver(
        id: "gmail",
        name: "Gmail",
        rules: [
            Rule(
                id: "ptr",
                setting: nil,
                isOnByDefault: true,
                stage: .data,
                source: RuleSource(
                    "Email sender guidelines (support.google.com/mail/answer/81126)",
                    version: nil, checked: "2026-11", basis: .documented),
                summary: "A PTR name must lead back to the address. Which of the replies comes, a"
                    + " permanent or a temporary one, Gmail chooses by volume and reputation.",
                replies: [noReverse, noReverseOverIPv6, rateLimited, noReverseForNow],
                because: [
                    .noPointer, .pointerPointsElsewhere, .pointerNameDoesNotExist,
                    .pointerNotAHostname,
                ],
                judgement: gmailJudgement
            ),
            Rule(
                id: "helo-syntax",
                setting: nil,
                isOnByDefault: true,
                stage: .helo,
                source: RuleSource(
                    "SMTP error codes of Gmail (support.google.com/a/answer/3726730)",
                    version: nil, checked: "2026-11", basis: .documented),
                summary: "HELO must have a valid argument; what else than an empty one is invalid"
                    + " is not published.",
                replies: [emptyHELO, invalidHELO],
                because: [.heloMalformed],
                judgement: gmailHELO
            ),
        ]
    )

    private static let noReverse = ReplyTemplate(
        550, "5.7.25",
        "[{client}] The IP address sending this message does not have a PTR record setup, or the"
            + " corresponding forward DNS entry does not point to the sending IP …")
    private static let noReverseOverIPv6 = ReplyTemplate(
        550, "5.7.1",
        "[{client}] Our system has detected that this message does not meet IPv6 sending"
            + " guidelines regarding PTR records and authentication …")

    // The published page has 451, samples of replies have 421.
    private static let rateLimited = ReplyTemplate(
        421, "4.7.23",
        "[{client}] The sending IP address for this message doesn't have a PTR record, or the PTR"
            + " record's forward DNS entry doesn't match the sending IP address … rate limited")
    private static let noReverseForNow = ReplyTemplate(
        421, "4.7.0",
        "[{client}] The IP address sending this message does not have a PTR record, or the"
            + " corresponding forward DNS entry does not point to the sending IP …")
    private static let emptyHELO = ReplyTemplate(
        501, "5.5.4", "Empty HELO/EHLO argument not allowed …")
    private static let invalidHELO = ReplyTemplate(
        501, "5.5.4", "HELO/EHLO argument … invalid …")

    @Sendable
    private static func gmailHELO(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        switch helo.argument.form {
        case .name, .literal: return .accepts
        case .malformed(.empty): return .replies(emptyHELO, because: [.heloMalformed])
        case .singleLabel, .localhost, .bareAddress, .malformed: return .cannotTell(.notKnown)
        }
    }

    @Sendable
    private static func gmailJudgement(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        let reply = facts.subject.address.family == .v4 ? noReverse : noReverseOverIPv6
        switch facts.pointer.lookup?.outcome {
        case nil: return .cannotTell(.notAsked)
        case .failed(let failure): return .cannotTell(.lookupFailed(failure))
        case .noData, .noSuchName: return .replies(reply, because: [.noPointer])
        case .answers: break
        }
        if facts.confirmedName != nil { return .accepts }
        if facts.pointer.skipped > 0 { return .cannotTell(.namesSkipped) }
        for name in facts.pointer.names {
            if case .unknown(let failure) = name.match {
                return .cannotTell(.lookupFailed(failure))
            }
        }
        return .replies(reply, because: unconfirmedCodes(in: facts))
    }
}

/// The codes that say why no PTR name leads back.
func unconfirmedCodes(in facts: IdentityFacts) -> [FindingCode] {
    unconfirmedCodes(of: facts.pointer.names)
}

/// The codes that say why none of these PTR names leads back.
func unconfirmedCodes(of names: [PointerNameFacts]) -> [FindingCode] {
    var codes: [FindingCode] = []
    for name in names {
        let code: FindingCode? =
            switch name.match {
            case .elsewhere: .pointerPointsElsewhere
            case .noSuchName, .noAddress, .otherFamilyUnknown: .pointerNameDoesNotExist
            case .unknown: .pointerForwardUnknown
            case .notAsked: .pointerNotAHostname
            case .confirmed: nil
            }
        if let code, !codes.contains(code) { codes.append(code) }
    }
    return codes
}
