import SenderIdentity

extension Receiver {
    /// GoDaddy's hosted mail.
    package static let goDaddy = Receiver(
        id: "godaddy",
        name: "GoDaddy",
        rules: [
            Rule(
                id: "ptr",
                setting: nil,
                isOnByDefault: true,
                stage: .connect,
                source: .page("public samples of replies", .observed),
                summary: "The address must have reverse DNS.",
                replies: goDaddyDemand.replies,
                because: [.noPointer, .reverseLookupFailed],
                judgement: goDaddyDemand.judge
            )
        ]
    )

    private static let failed = ReplyTemplate(
        421, nil, "Temporarily rejected. Reverse DNS for this IP failed. IB108")

    private static let goDaddyDemand = PointerDemand(
        missing: .reply(failed), unconfirmed: .notKnown, failed: .reply(failed))
}
