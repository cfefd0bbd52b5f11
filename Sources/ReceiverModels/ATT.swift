import SenderIdentity

extension Receiver {
    /// AT&T and the domains it keeps, such as bellsouth.net.
    package static let att = Receiver(
        id: "att",
        name: "AT&T",
        rules: [
            Rule(
                id: "ptr",
                setting: nil,
                isOnByDefault: true,
                stage: .connect,
                source: .page("public samples of replies", .observed),
                summary: "The address must have a PTR record.",
                replies: attDemand.replies,
                because: [.noPointer],
                judgement: attDemand.judge
            )
        ]
    )

    private static let attDemand = PointerDemand(
        missing: .reply(
            ReplyTemplate(
                550, "5.7.1",
                "Connections not accepted from servers without a valid sender domain. … Fix reverse"
                    + " DNS for {client}")),
        unconfirmed: .notKnown,
        // Of old samples: «failure in DNS look-up».
        failed: .notKnown)
}
