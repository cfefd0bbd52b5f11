import SenderIdentity

extension Receiver {
    /// MagicMail, an appliance of many regional providers.
    package static let magicMail = Receiver(
        id: "magicmail",
        name: "MagicMail",
        rules: [
            Rule(
                id: "ptr",
                setting: "reverse DNS check",
                isOnByDefault: false,
                stage: .connect,
                source: .page(
                    "LinuxMagic: best practices (linuxmagic.com/best_practices); the reply from public"
                        + " samples", .observed),
                summary: "The address must have a PTR record; a DNS error defers the mail in words"
                    + " that are not known.",
                replies: magicMailDemand.replies,
                because: [.noPointer],
                judgement: magicMailDemand.judge
            )
        ]
    )

    private static let magicMailDemand = PointerDemand(
        missing: .reply(
            ReplyTemplate(
                550, nil,
                "This system will not accept messages from servers/devices with no reverse DNS."
                    + " IP=[{client}]")),
        unconfirmed: .accepts)
}
