import SenderIdentity

extension Receiver {
    /// Hosts behind Cloudmark's gateway, such as Forpsi and Aruba.
    package static let cloudmark = Receiver(
        id: "cloudmark",
        name: "Cloudmark Gateway",
        rules: [
            Rule(
                id: "ptr",
                setting: nil,
                isOnByDefault: false,
                stage: .connect,
                source: .page(
                    "samples of replies: «bizsmtp», as a hoster explains it (support.forpsi.com, a3068)",
                    .observed),
                summary: "The address must have a PTR record, at hosts that demand it.",
                replies: cloudmarkDemand.replies,
                because: [.noPointer],
                judgement: cloudmarkDemand.judge
            )
        ]
    )

    private static let cloudmarkDemand = PointerDemand(
        missing: .reply(
            ReplyTemplate(554, nil, "… bizsmtp … no DNS reverse for {client}")),
        unconfirmed: .notKnown)
}
