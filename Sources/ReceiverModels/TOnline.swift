import SenderIdentity

extension Receiver {
    /// T-Online: the host name must lead to an operator with an imprint; in effect an allow-list.
    package static let tOnline = Receiver(
        id: "t-online",
        name: "T-Online",
        rules: [
            Rule(
                id: "ptr",
                setting: nil,
                isOnByDefault: true,
                stage: .connect,
                source: .page(
                    "T-Online postmaster (postmaster.t-online.de), 4.1; the replies from public"
                        + " samples", .documented),
                summary: "The PTR name's domain must show who operates the server, with an imprint;"
                    + " addresses of access lines are refused, unknown ones until they are listed.",
                replies: [noReputation] + tOnlineDemand.replies,
                because: [.pointerLooksGeneric],
                judgement: tOnlineDemand.judge
            )
        ]
    )

    private static let noReputation = ReplyTemplate(
        554, nil, "IP={client} - None/bad reputation … (NOWL)")
    private static let dialUp = ReplyTemplate(
        554, nil,
        "IP={client} - Dialup/transient IP not allowed. Use a mailgateway or contact … (DIAL)")

    private static let tOnlineDemand = PointerDemand(
        missing: .ownData, unconfirmed: .ownData, generic: .reply(dialUp), confirmed: .ownData)
}
