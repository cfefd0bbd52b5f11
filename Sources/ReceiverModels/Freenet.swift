import SenderIdentity

extension Receiver {
    /// freenet.de: PTR and address records must agree.
    package static let freenet = Receiver(
        id: "freenet",
        name: "freenet.de",
        rules: [
            Rule(
                id: "ptr",
                setting: nil,
                isOnByDefault: true,
                stage: .rcpt,
                source: .page("public samples of replies", .observed),
                summary: "The address must have a PTR record that is consistent with the forward"
                    + " zone.",
                replies: freenetDemand.replies,
                because: [
                    .noPointer, .pointerPointsElsewhere, .pointerNameDoesNotExist,
                    .pointerNotAHostname,
                ],
                judgement: freenetDemand.judge
            )
        ]
    )

    private static let inconsistent = ReplyTemplate(
        550, nil, "Inconsistent/Missing DNS PTR record (RFC 1912 2.1) …")

    private static let freenetDemand = PointerDemand(
        missing: .reply(inconsistent), unconfirmed: .reply(inconsistent))
}
