extension Receiver {
    /// Apple iCloud: asks senders to publish reverse DNS, and says nothing of replies.
    package static let appleICloud = Receiver(
        id: "icloud",
        name: "Apple iCloud",
        rules: [
            Rule(
                id: "ptr",
                setting: nil,
                isOnByDefault: true,
                stage: .connect,
                source: .page(
                    "Postmaster information for iCloud Mail (support.apple.com/102322)",
                    .documented),
                summary: "The address should have reverse DNS with the sender's domain.",
                because: [],
                judgement: PointerDemand(missing: .notKnown, unconfirmed: .notKnown).judge
            )
        ]
    )
}
