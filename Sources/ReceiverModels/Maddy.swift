import NetNames
import SenderIdentity

extension Receiver {
    /// maddy's check `require_matching_rdns`: EHLO must be the first PTR name.
    package static let maddy = Receiver(
        id: "maddy",
        name: "maddy",
        settings: [
            ReceiverSetting(
                "fail_action", values: ["quarantine", "reject"],
                meaning: "What happens to a mail that fails the check.")
        ],
        rules: [
            Rule(
                id: "require_matching_rdns",
                setting: "require_matching_rdns",
                isOnByDefault: false,
                stage: .connect,
                source: .read("internal/check/dns/dns.go", "0.9.4"),
                summary: "EHLO must equal the first PTR name; the name is not looked up forward."
                    + " Not in the shipped configuration.",
                change: ConfigurationChange(
                    "maddy.conf", "check {", "    require_matching_rdns", "}"),
                repliesWith: { isRejecting($0) ? [noPointer, mismatch, failure] : [] },
                scoresWith: { isRejecting($0) ? [] : [quarantine] },
                because: [
                    .noPointer, .reverseLookupFailed, .heloMalformed, .heloBareAddress,
                    .heloLiteralMatches, .heloLocalhost, .heloSameOrganization,
                    .heloUnrelatedToPointer,
                ],
                judgement: matchingReverse
            )
        ]
    )

    private static let noPointer = ReplyTemplate(550, "5.7.25", "No PTR record found")
    private static let mismatch = ReplyTemplate(
        550, "5.7.25", "rDNS name does not match source hostname")
    private static let failure = ReplyTemplate(450, "4.7.25", "DNS error during policy check")
    private static let quarantine = Score(thousandths: nil, marks: ["quarantine"])

    private static func isRejecting(_ settings: ReceiverSettings) -> Bool {
        settings.has("fail_action", "reject")
    }

    @Sendable
    private static func matchingReverse(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        let isRejecting = isRejecting(settings)
        let effect = { (reply: ReplyTemplate, code: FindingCode) -> Judgement in
            isRejecting
                ? .replies(reply, because: [code]) : .scores(quarantine, because: [code])
        }
        switch facts.pointer.lookup?.outcome {
        case nil: return .cannotTell(.notAsked)
        case .failed(let failed) where failed.isOurOwn: return .cannotTell(.lookupFailed(failed))
        case .failed: return effect(failure, .reverseLookupFailed)
        case .noData, .noSuchName: return effect(noPointer, .noPointer)
        case .answers: break
        }
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        if facts.pointer.hasOddName { return .cannotTell(.notKnown) }
        return .ofFirstName(in: facts, settings) { name in
            isSame(helo.argument.raw, name.name) ? .accepts : effect(mismatch, code(helo))
        }
    }

    /// Equal without case and without dots at the end.
    private static func isSame(_ argument: [UInt8], _ name: DomainName) -> Bool {
        var argument = argument[...]
        while argument.last == Ascii.dot { argument.removeLast() }
        return argument.map(Ascii.lowercased) == "\(name)".utf8.map(Ascii.lowercased)
    }

    private static func code(_ helo: HELOFacts) -> FindingCode {
        switch (helo.argument.form, helo.relation) {
        case (.literal, _): .heloLiteralMatches
        case (.bareAddress, _): .heloBareAddress
        case (.localhost, _): .heloLocalhost
        case (_, .sameOrganization?), (_, .equals?): .heloSameOrganization
        case (_, .unrelated?): .heloUnrelatedToPointer
        case (_, nil): .heloMalformed
        }
    }
}
