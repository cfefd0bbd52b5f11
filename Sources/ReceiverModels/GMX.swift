import SenderIdentity

extension Receiver {
    /// GMX and the houses that share its servers: web.de, 1&1, mail.com.
    package static let gmx = Receiver(
        id: "gmx",
        name: "GMX, web.de, mail.com",
        rules: [
            Rule(
                id: "ptr",
                setting: nil,
                isOnByDefault: true,
                stage: .connect,
                source: .page(
                    "GMX postmaster: email policy (postmaster.gmx.com/en/email-policy); the reply"
                        + " from public samples", .documented),
                summary: "The address must have a PTR record whose name does not look generic or"
                    + " dynamic. It should be the HELO name, and that fully qualified; a departure"
                    + " from this alone is not known to be refused.",
                replies: gmxDemand.replies,
                because: [.noPointer, .pointerLooksGeneric],
                judgement: gmxDemand.judge
            )
        ]
    )

    // The last two of the reply's five lines; the others name the server and say «not available».
    private static let badPointer = ReplyTemplate(
        554, nil,
        "Bad DNS PTR resource record. For explanation visit"
            + " https://postmaster.gmx.net/en/case?c=r0601&i=ip…")

    private static let gmxDemand = PointerDemand(
        missing: .reply(badPointer), unconfirmed: .notKnown, generic: .reply(badPointer))
}
