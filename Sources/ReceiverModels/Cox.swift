import SenderIdentity

extension Receiver {
    /// Cox.
    package static let cox = Receiver(
        id: "cox",
        name: "Cox",
        rules: [
            Rule(
                id: "ptr",
                setting: nil,
                isOnByDefault: true,
                stage: .connect,
                source: .page(
                    "Cox Postmaster Administration"
                        + " (cox.com/business/support/cox-postmaster-administration.html), CXDNS",
                    .documented),
                summary: "The address must have a PTR record.",
                replies: coxDemand.replies,
                because: [.noPointer, .reverseLookupFailed],
                judgement: coxDemand.judge
            )
        ]
    )

    private static let coxDemand = PointerDemand(
        missing: .reply(ReplyTemplate(554, nil, "… rejected - no rDNS")),
        unconfirmed: .notKnown,
        failed: .reply(ReplyTemplate(421, nil, "DNS check failure - try again later")))
}
