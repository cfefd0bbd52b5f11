import SenderIdentity

extension Receiver {
    /// Postfix: one PTR name from the C library, its addresses in the client's own family.
    package static let postfix = Receiver(
        id: "postfix",
        name: "Postfix",
        rules: [
            Rule(
                id: "reject_unknown_client_hostname",
                setting: "reject_unknown_client_hostname",
                isOnByDefault: false,
                stage: .rcpt,
                source: postfixSource("postconf(5), smtpd_check.c"),
                judgement: unknownClientHostname
            ),
            Rule(
                id: "reject_unknown_reverse_client_hostname",
                setting: "reject_unknown_reverse_client_hostname",
                isOnByDefault: false,
                stage: .rcpt,
                source: postfixSource("postconf(5), smtpd_check.c"),
                judgement: unknownReverseClientHostname
            ),
        ]
    )

    private static func postfixSource(_ document: String) -> RuleSource {
        RuleSource(document, version: "3.7.11", checked: "2026-11", basis: .proven)
    }

    // With unknown_client_reject_code at its default 450, temporary and permanent read alike.
    private static let cannotFindHostname = ReplyTemplate(
        450, "4.7.25", "Client host rejected: cannot find your hostname, [{client}]")
    private static let cannotFindReverseHostname = ReplyTemplate(
        450, "4.7.1", "Client host rejected: cannot find your reverse hostname, [{client}]")

    /// The name must exist and lead back (smtpd_peer.c, smtpd_check.c).
    @Sendable
    private static func unknownClientHostname(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        switch facts.pointer.lookup?.outcome {
        case nil: .cannotTell(.notAsked)
        case .failed: .replies(cannotFindHostname, because: [.reverseLookupFailed])
        case .noData, .noSuchName: .replies(cannotFindHostname, because: [.noPointer])
        case .answers:
            .ofFirstName(in: facts) { name in
                guard LibcResolver.isUsable(name) else {
                    return .replies(cannotFindHostname, because: [.pointerNotAHostname])
                }
                switch name.match {
                case .confirmed: return .accepts
                case .elsewhere:
                    return .replies(cannotFindHostname, because: [.pointerPointsElsewhere])
                case .noSuchName, .noAddress, .otherFamilyUnknown:
                    return .replies(cannotFindHostname, because: [.pointerNameDoesNotExist])
                case .unknown:
                    return .replies(cannotFindHostname, because: [.pointerForwardUnknown])
                case .notAsked: return .cannotTell(.notAsked)
                }
            }
        }
    }

    /// A usable PTR name is enough; nothing is looked up forward (since Postfix 2.3).
    @Sendable
    private static func unknownReverseClientHostname(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        switch facts.pointer.lookup?.outcome {
        case nil: .cannotTell(.notAsked)
        case .failed: .replies(cannotFindReverseHostname, because: [.reverseLookupFailed])
        case .noData, .noSuchName: .replies(cannotFindReverseHostname, because: [.noPointer])
        case .answers:
            .ofFirstName(in: facts) { name in
                LibcResolver.isUsable(name)
                    ? .accepts
                    : .replies(cannotFindReverseHostname, because: [.pointerNotAHostname])
            }
        }
    }
}
