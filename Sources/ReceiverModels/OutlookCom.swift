import SenderIdentity

extension Receiver {
    /// Outlook.com, the consumers' mailboxes: reverse DNS is demanded, the reply is not published.
    package static let outlookCom = Receiver(
        id: "outlook-com",
        name: "Outlook.com",
        rules: [
            Rule(
                id: "ptr",
                setting: nil,
                isOnByDefault: true,
                stage: .connect,
                source: .page(
                    "Outlook.com postmaster: policies, practices and guidelines, as others quote it",
                    .documented),
                summary: "The address must have valid reverse DNS; addresses of access lines may be"
                    + " refused.",
                replies: outlookDemand.replies,
                because: [.pointerLooksGeneric],
                judgement: outlookDemand.judge
            )
        ]
    )

    private static let outlookDemand = PointerDemand(
        missing: .notKnown, unconfirmed: .notKnown,
        generic: .reply(ReplyTemplate(550, nil, "DY-001 …")))
}
