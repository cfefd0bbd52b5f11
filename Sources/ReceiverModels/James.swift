import SenderIdentity

extension Receiver {
    /// Apache James with ResolvableEhloHelo, which the admin adds to the chain.
    ///
    /// Its sibling ReverseEqualsEhloHelo overloads a method that its parent never calls, so that in
    /// this version it does the same.
    package static let james = Receiver(
        id: "james",
        name: "Apache James",
        rules: [
            Rule(
                id: "resolvable-ehlo-helo",
                setting: "ResolvableEhloHeloHandler",
                isOnByDefault: false,
                stage: .rcpt,
                source: .read("ResolvableEhloHeloHandler.java", "20bf8083e3"),
                summary: "HELO must have an address; which one is not compared.",
                change: ConfigurationChange(
                    "smtpserver.xml, handlerchain",
                    #"<handler class="org.apache.james.smtpserver.fastfail.ResolvableEhloHeloHandler"/>"#
                ),
                replies: [cannotResolve],
                because: [.heloDoesNotResolve],
                judgement: resolvable
            )
        ]
    )

    private static let cannotResolve = ReplyTemplate(
        501, "5.5.4", "Provided EHLO/HELO {helo} can not resolved.")

    @Sendable
    private static func resolvable(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        switch helo.argument.form {
        case .name, .singleLabel: break
        case .bareAddress: return .accepts
        // Java's own host file knows localhost; literals and odd names nobody has tried.
        case .localhost, .literal, .malformed: return .cannotTell(.notKnown)
        }
        switch helo.match {
        case .toClient, .elsewhere, .loopback: return .accepts
        case .doesNotResolve: return .replies(cannotResolve, because: [.heloDoesNotResolve])
        case .unknown(let failure): return .cannotTell(.lookupFailed(failure))
        case .notAsked: return .cannotTell(.notAsked)
        }
    }
}
