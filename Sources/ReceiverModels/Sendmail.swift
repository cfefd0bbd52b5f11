import SenderIdentity

extension Receiver {
    /// Sendmail: gethostbyaddr's one name, its addresses in the client's family.
    package static let sendmail = Receiver(
        id: "sendmail",
        name: "Sendmail",
        rules: [
            Rule(
                id: "require_rdns",
                setting: "FEATURE(`require_rdns')",
                isOnByDefault: false,
                stage: .mail,
                source: RuleSource(
                    "cf/README, proto.m4", version: "8.17.1.9", checked: "2026-11",
                    basis: .proven),
                judgement: requireReverseDNS
            )
        ]
    )

    private static let fixReverse = ReplyTemplate(
        550, "5.7.1", "Fix reverse DNS for {sendmail-client}")
    private static let doesNotResolve = ReplyTemplate(
        451, "4.1.8", "Client IP address {sendmail-client} does not resolve")
    private static let possiblyForged = ReplyTemplate(
        451, "4.1.8", "Possibly forged hostname for {sendmail-client}")

    /// By the macro {client_resolve}: OK passes, FAIL is permanent, TEMP and FORGED are temporary.
    ///
    /// A forward look-up that fails in any way is FORGED here (daemon.c).
    @Sendable
    private static func requireReverseDNS(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        switch facts.pointer.lookup?.outcome {
        case nil: .cannotTell(.notAsked)
        case .failed(let failure) where LibcResolver.isPermanent(failure):
            .replies(fixReverse, because: [.reverseLookupFailed])
        case .failed: .replies(doesNotResolve, because: [.reverseLookupFailed])
        case .noData, .noSuchName: .replies(fixReverse, because: [.noPointer])
        case .answers:
            .ofFirstName(in: facts) { name in
                guard LibcResolver.isUsable(name) else {
                    return .replies(fixReverse, because: [.pointerNotAHostname])
                }
                switch name.match {
                case .confirmed: return .accepts
                case .elsewhere:
                    return .replies(possiblyForged, because: [.pointerPointsElsewhere])
                case .noSuchName, .noAddress, .otherFamilyUnknown:
                    return .replies(possiblyForged, because: [.pointerNameDoesNotExist])
                case .unknown:
                    return .replies(possiblyForged, because: [.pointerForwardUnknown])
                case .notAsked: return .cannotTell(.notAsked)
                }
            }
        }
    }
}
