import SenderIdentity

extension Receiver {
    /// Titan and Neo: Postfix's words, seen in samples.
    package static let titan = Receiver(
        id: "titan",
        name: "Titan, Neo",
        rules: [
            Rule(
                id: "ptr",
                setting: nil,
                isOnByDefault: true,
                stage: .rcpt,
                source: .page("public samples of replies", .observed),
                summary: "The address must be forward-confirmed.",
                replies: titanDemand.replies,
                because: [
                    .noPointer, .reverseLookupFailed, .pointerPointsElsewhere,
                    .pointerNameDoesNotExist, .pointerNotAHostname,
                ],
                judgement: titanDemand.judge
            )
        ]
    )

    private static let cannotFind = ReplyTemplate(
        450, "4.7.25", "Client host rejected: cannot find your hostname, [{client}]")

    private static let titanDemand = PointerDemand(
        missing: .reply(cannotFind), unconfirmed: .reply(cannotFind), failed: .reply(cannotFind))
}
