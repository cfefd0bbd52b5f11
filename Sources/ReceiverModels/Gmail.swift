import NetNames
import SenderIdentity

extension Receiver {
    /// Gmail's published rule for every sender: a PTR name that leads back to the address.
    ///
    /// No HELO rule is published. The replies come after DATA in public samples.
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
                judgement: gmailJudgement
            )
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
    var codes: [FindingCode] = []
    for name in facts.pointer.names {
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
