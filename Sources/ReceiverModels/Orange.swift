import SenderIdentity

extension Receiver {
    /// Orange and Wanadoo: replies are bare codes, whose meaning comes from third parties.
    package static let orange = Receiver(
        id: "orange",
        name: "Orange",
        rules: [
            Rule(
                id: "ptr",
                setting: nil,
                isOnByDefault: true,
                stage: .connect,
                source: orangeSource,
                summary: "The address must be forward-confirmed; a refusal carries OFR_107.",
                because: [
                    .noPointer, .pointerPointsElsewhere, .pointerNameDoesNotExist,
                    .pointerNotAHostname,
                ],
                judgement: PointerDemand(missing: .ownWords, unconfirmed: .ownWords).judge
            ),
            Rule(
                id: "helo",
                setting: nil,
                isOnByDefault: true,
                stage: .helo,
                source: orangeSource,
                summary: "HELO must be a fully-qualified name that resolves; a refusal carries an"
                    + " OFR_20x.",
                because: [.heloNotFQDN, .heloLocalhost, .heloDoesNotResolve],
                judgement: resolvingHELO
            ),
        ]
    )

    private static let orangeSource = RuleSource.page(
        "Orange postmaster (postmaster.orange.fr); the codes' meaning as third parties tell it",
        .inferred)

    @Sendable
    private static func resolvingHELO(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        switch (helo.argument.form, helo.match) {
        case (.name, .toClient), (.name, .elsewhere): return .accepts
        case (.name, .doesNotResolve):
            return .refusesInItsOwnWords(because: [.heloDoesNotResolve])
        case (.name, .unknown(let failure)): return .cannotTell(.lookupFailed(failure))
        case (.name, .notAsked): return .cannotTell(.notAsked)
        case (.singleLabel, _): return .refusesInItsOwnWords(because: [.heloNotFQDN])
        case (.localhost, _): return .refusesInItsOwnWords(because: [.heloLocalhost])
        case (.name, .loopback), (.literal, _), (.bareAddress, _), (.malformed, _):
            return .cannotTell(.notKnown)
        }
    }
}
