import SenderIdentity

extension Receiver {
    /// The server that demands PTR = HELO: appliances and private providers, in words of their own.
    ///
    /// It departs from RFC 5321 §4.1.4. No forward look-up is made; any PTR name may be the one.
    package static let strictServer = Receiver(
        id: "strict",
        name: "a server that demands PTR = HELO",
        rules: [
            Rule(
                id: "ptr-equals-helo",
                setting: nil,
                isOnByDefault: false,
                stage: .rcpt,
                source: RuleSource(
                    "refusals reported by senders: «the host name does not match the IP address»",
                    version: nil, checked: "2026-11", basis: .observed),
                summary: "One of the PTR names must be the HELO name; no forward look-up is made."
                    + " It departs from RFC 5321 §4.1.4.",
                because: [
                    .noPointer, .heloMalformed, .heloBareAddress, .heloLiteralMatches,
                    .heloSameOrganization, .heloUnrelatedToPointer,
                ],
                judgement: pointerEqualsHELO
            )
        ]
    )

    @Sendable
    private static func pointerEqualsHELO(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        switch facts.pointer.lookup?.outcome {
        case nil: return .cannotTell(.notAsked)
        case .failed(let failure): return .cannotTell(.lookupFailed(failure))
        case .noData, .noSuchName: return .refusesInItsOwnWords(because: [.noPointer])
        case .answers: break
        }
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        if case .equals = helo.relation { return .accepts }
        if facts.pointer.skipped > 0 { return .cannotTell(.namesSkipped) }
        return .refusesInItsOwnWords(because: reasons(helo))
    }

    private static func reasons(_ helo: HELOFacts) -> [FindingCode] {
        switch (helo.argument.form, helo.relation) {
        case (_, .sameOrganization): [.heloSameOrganization]
        case (_, .unrelated): [.heloUnrelatedToPointer]
        case (.literal, _): [.heloLiteralMatches]
        case (.bareAddress, _): [.heloBareAddress]
        default: [.heloMalformed]
        }
    }
}
