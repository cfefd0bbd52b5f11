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
                source: .page("public samples of replies", .observed),
                summary: "«we do not accept mail from hosts with dynamic IP or generic DNS"
                    + " PTR-records»; the code in front of it is not in the samples.",
                because: [.pointerLooksGeneric],
                judgement: PointerDemand(
                    missing: .notKnown, unconfirmed: .accepts, generic: .ownWords
                ).judge
            )
        ]
    )
}
