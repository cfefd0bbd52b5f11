import SenderIdentity

extension Receiver {
    /// Mail.ru: no PTR names that look like an access line's.
    package static let mailRu = Receiver(
        id: "mail-ru",
        name: "Mail.ru",
        rules: [
            Rule(
                id: "generic-ptr",
                setting: nil,
                isOnByDefault: true,
                stage: .rcpt,
                source: .page("public samples of replies, of 2014", .observed),
                summary: "The PTR name must not look like that of an access line.",
                replies: generic.replies,
                because: [.pointerLooksGeneric],
                judgement: generic.judge
            )
        ]
    )

    private static let generic = PointerDemand(
        missing: .notKnown, unconfirmed: .accepts,
        generic: .reply(
            ReplyTemplate(
                550, nil,
                "Sorry, we do not accept mail from hosts with dynamic IP or generic DNS"
                    + " PTR-records. … your host {client} …")))
}
