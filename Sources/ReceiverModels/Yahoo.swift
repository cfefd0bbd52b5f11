import SenderIdentity

extension Receiver {
    /// Yahoo and AOL: reverse DNS counts for the reputation; no reply is published.
    package static let yahoo = Receiver(
        id: "yahoo",
        name: "Yahoo",
        rules: [
            Rule(
                id: "ptr",
                setting: nil,
                isOnByDefault: true,
                stage: .data,
                source: .page(
                    "Yahoo Sender Hub: sender best practices (senders.yahooinc.com), as others quote"
                        + " it", .documented),
                summary: "Forward and reverse DNS must be valid, the PTR name meaningful and not"
                    + " generic; the lack of it lowers the sender's reputation.",
                scores: yahooDemand.scores,
                because: [
                    .noPointer, .pointerPointsElsewhere, .pointerNameDoesNotExist,
                    .pointerNotAHostname, .pointerLooksGeneric,
                ],
                judgement: yahooDemand.judge
            )
        ]
    )

    private static let yahooDemand = PointerDemand(
        missing: .mark("lower reputation"), unconfirmed: .mark("lower reputation"),
        generic: .mark("lower reputation"))
}
