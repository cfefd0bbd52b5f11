import NetNames
import SenderIdentity

extension Receiver {
    /// Microsoft 365 (Exchange Online Protection): the published PTR rule is for IPv6 alone.
    package static let microsoft365 = Receiver(
        id: "microsoft-365",
        name: "Microsoft 365",
        rules: [
            Rule(
                id: "ipv6-ptr",
                setting: nil,
                isOnByDefault: true,
                stage: .rcpt,
                source: .page(
                    "Microsoft Learn: anonymous inbound email over IPv6"
                        + " (mail-flow-inbound-ipv6-support-about)", .documented),
                summary: "A sending IPv6 address must have a PTR record. Where the name leads is"
                    + " not said.",
                replies: [noReverseOverIPv6, noReverseOverIPv6ForGood],
                because: [.noPointer],
                judgement: pointerOverIPv6
            ),
            Rule(
                id: "bad-helo",
                setting: nil,
                isOnByDefault: true,
                stage: .helo,
                source: .page("Exchange Online: non-delivery reports, 5.7.506", .documented),
                summary: "The HELO name must not be that of the recipient's own server.",
                replies: [badHELO],
                because: [],
                judgement: heloIsNotRecipients
            ),
        ]
    )

    private static let noReverseOverIPv6 = ReplyTemplate(
        450, "4.7.25",
        "Service unavailable, sending IPv6 address [{client}] must have reverse DNS record")
    // In samples of replies; when it takes the place of the temporary one is not known.
    private static let noReverseOverIPv6ForGood = ReplyTemplate(
        550, "5.7.25",
        "Access denied, the sending IPv6 address [{client}] must have a reverse DNS record")
    private static let badHELO = ReplyTemplate(550, "5.7.506", "Access Denied, Bad HELO")

    @Sendable
    private static func pointerOverIPv6(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        guard facts.subject.address.family == .v6 else { return .accepts }
        return PointerDemand(missing: .reply(noReverseOverIPv6), unconfirmed: .accepts)
            .judge(facts, settings)
    }

    /// A name that leads to the client, or is its own, is not the recipient's; about others only the
    /// recipient knows.
    @Sendable
    private static func heloIsNotRecipients(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        guard helo.argument.name != nil else { return .accepts }
        if helo.match == .toClient { return .accepts }
        switch helo.relation {
        case .equals?, .sameOrganization?: return .accepts
        case .unrelated?, nil: return .cannotTell(.receiversOwnData)
        }
    }
}
