import SenderIdentity

extension Receiver {
    /// Comcast (Xfinity): a PTR record, and one that does not change often.
    package static let comcast = Receiver(
        id: "comcast",
        name: "Comcast",
        rules: [
            Rule(
                id: "ptr",
                setting: nil,
                isOnByDefault: true,
                stage: .connect,
                source: .page(
                    "Comcast: error codes (postmaster.comcast.net/smtp-error-codes.php); the"
                        + " permanent reply from samples of 2008", .documented),
                summary: "The address must have a PTR record with valid reverse DNS.",
                replies: comcastDemand.replies,
                because: [.noPointer, .reverseLookupFailed],
                judgement: comcastDemand.judge
            )
        ]
    )

    private static let comcastDemand = PointerDemand(
        missing: .reply(
            ReplyTemplate(
                554, nil,
                "… comcast {client} Comcast requires that all mail servers must have a PTR record"
                    + " with a valid Reverse DNS entry…")),
        unconfirmed: .notKnown,
        failed: .reply(ReplyTemplate(421, nil, "- [Reverse DNS failure : Try again later]")))
}
