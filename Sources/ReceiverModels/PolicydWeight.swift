import SenderIdentity

extension Receiver {
    /// policyd-weight, a policy service for Postfix: points for HELO and PTR, beside those for the
    /// sender's domain and block lists, which are not simulated.
    package static let policydWeight = Receiver(
        id: "policyd-weight",
        name: "policyd-weight",
        rules: [
            Rule(
                id: "weight",
                setting: "check_policy_service",
                isOnByDefault: true,
                stage: .rcpt,
                source: .read("policyd-weight", "18d2e97"),
                summary: "HELO and sender domain should lead to the client, HELO should equal the"
                    + " PTR name and be neither an address nor an access line's. From 1.0 on, block"
                    + " lists and sender domain counted in, the mail is refused. It runs where Postfix"
                    + " asks it: check_policy_service inet:127.0.0.1:12525.",
                replies: [refusal, noEntries],
                scores: [heloLeads, heloLeadsNot, equal, unequal, numeric, dynamic],
                because: [
                    .noPointer, .pointerLooksGeneric, .heloBareAddress, .heloResolvesElsewhere,
                    .heloDoesNotResolve, .heloUnrelatedToPointer,
                ],
                judgement: weigh
            )
        ]
    )

    private static let refusal = ReplyTemplate(
        550, nil,
        "Mail appeared to be SPAM or forged…; MTA helo: {helo}, MTA hostname:"
            + " {pointer}[{client}] (helo/hostname mismatch)")
    private static let noEntries = ReplyTemplate(
        450, nil, "No DNS entries for your MTA, HELO and Domain…")
    private static let heloLeads = Score(thousandths: -2000, marks: ["HELO leads to the client"])
    private static let heloLeadsNot = Score(
        thousandths: 1500, marks: ["HELO does not lead to the client"])
    private static let equal = Score(thousandths: -1250, marks: ["PTR = HELO"])
    private static let unequal = Score(thousandths: 1500, marks: ["PTR is not HELO"])
    private static let numeric = Score(thousandths: 2500, marks: ["numeric HELO"])
    private static let dynamic = Score(thousandths: 3750, marks: ["dynamic PTR"])

    @Sendable
    private static func weigh(_ facts: IdentityFacts, _ settings: ReceiverSettings) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        guard let lookup = facts.pointer.lookup else { return .cannotTell(.notAsked) }
        if let failure = lookup.outcome.failure { return .cannotTell(.lookupFailed(failure)) }
        if facts.pointer.skipped > 0 { return .cannotTell(.namesSkipped) }
        var parts: [Score] = []
        var codes: [FindingCode] = []
        switch helo.argument.form {
        case .bareAddress:
            parts = [heloLeadsNot, numeric]
            codes = [.heloBareAddress]
        case .literal, .malformed: return .cannotTell(.notKnown)
        case .name, .singleLabel, .localhost:
            switch helo.match {
            case .toClient: parts = [heloLeads]
            case .unknown(let failure): return .cannotTell(.lookupFailed(failure))
            case .notAsked: return .cannotTell(.notAsked)
            // The hosts behind its MX records, which count too, were not looked up.
            case .elsewhere where helo.hasMX, .loopback where helo.hasMX,
                .doesNotResolve where helo.hasMX:
                return .cannotTell(.notKnown)
            case .elsewhere, .loopback, .doesNotResolve:
                parts = [heloLeadsNot]
                codes = [
                    helo.match == .doesNotResolve ? .heloDoesNotResolve : .heloResolvesElsewhere
                ]
            }
        }
        if case .equals? = helo.relation {
            parts.append(equal)
        } else {
            parts.append(unequal)
            codes.append(facts.pointer.names.isEmpty ? .noPointer : .heloUnrelatedToPointer)
        }
        if facts.pointer.names.contains(where: { $0.genericRule != nil }) {
            guard facts.pointer.names.allSatisfy({ $0.genericRule == .accessLineWord }) else {
                return .cannotTell(.notKnown)
            }
            parts.append(dynamic)
            codes.append(.pointerLooksGeneric)
        }
        let total = parts.compactMap(\.thousandths).reduce(0, +)
        if total <= 0 { return .accepts }
        return .scores(Score(thousandths: total, marks: parts.flatMap(\.marks)), because: codes)
    }
}
