import NetNames
import SenderIdentity

extension Receiver {
    /// authentication_milter, as Fastmail runs it: results for the header, never a refusal.
    package static let authenticationMilter = Receiver(
        id: "authentication_milter",
        name: "authentication_milter",
        rules: [
            Rule(
                id: "iprev",
                setting: "handler IPRev",
                isOnByDefault: true,
                stage: .data,
                source: .read("Mail::Milter::Authentication::Handler::IPRev", "8118580"),
                summary: "A PTR name must lead back. Anything else is «fail», also no PTR record"
                    + " and a failed look-up. It runs where \"handlers\" names IPRev.",
                scores: [Score(thousandths: nil, marks: ["iprev=fail"])],
                because: [
                    .noPointer, .reverseLookupFailed, .pointerPointsElsewhere,
                    .pointerNameDoesNotExist, .pointerForwardUnknown, .pointerNotAHostname,
                ],
                judgement: { facts, _ in iprev(facts) }
            ),
            Rule(
                id: "x-ptr",
                setting: "handler PTR",
                isOnByDefault: true,
                stage: .data,
                source: .read("Mail::Milter::Authentication::Handler::PTR", "8118580"),
                summary:
                    "HELO must equal a PTR name that leads back. It runs where \"handlers\" names"
                    + " PTR.",
                scores: [Score(thousandths: nil, marks: ["x-ptr=fail"])],
                because: [
                    .noPointer, .reverseLookupFailed, .heloMalformed, .heloSameOrganization,
                    .heloUnrelatedToPointer,
                ],
                judgement: pointerIsHELO
            ),
        ]
    )

    /// One level of CNAME is followed on either side; what deeper ones bring is not known.
    private static let followedAliases = 1

    private static func iprev(_ facts: IdentityFacts) -> Judgement {
        guard let lookup = facts.pointer.lookup else { return .cannotTell(.notAsked) }
        var codes: [FindingCode] = []
        switch lookup.outcome {
        case .failed(let failure) where failure.isOurOwn: return .cannotTell(.lookupFailed(failure))
        case .failed: codes = [.reverseLookupFailed]
        case .noData, .noSuchName: codes = [.noPointer]
        case .answers:
            if lookup.outcome.aliases.count > followedAliases { return .cannotTell(.notKnown) }
            let confirmed = facts.pointer.names.filter { $0.match == .confirmed }
            if confirmed.contains(where: { aliases(of: $0, facts) <= followedAliases }) {
                return .accepts
            }
            if !confirmed.isEmpty || hasUnusableName(facts) { return .cannotTell(.notKnown) }
            if facts.pointer.skipped > 0 { return .cannotTell(.namesSkipped) }
            if let failure = facts.pointer.ownForwardFailure {
                return .cannotTell(.lookupFailed(failure))
            }
            codes = unconfirmedCodes(in: facts)
        }
        return .scores(Score(thousandths: nil, marks: ["iprev=fail"]), because: codes)
    }

    private static func aliases(of name: PointerNameFacts, _ facts: IdentityFacts) -> Int {
        name.addresses.lookup(of: facts.subject.address.family)?.outcome.aliases.count ?? 0
    }

    /// An underscore is no obstacle to Perl's resolver; of other bytes nothing is known.
    private static func hasUnusableName(_ facts: IdentityFacts) -> Bool {
        facts.pointer.names.contains { name in
            if case .character(let byte) = name.defect { byte != Ascii.underscore } else { false }
        }
    }

    @Sendable
    private static func pointerIsHELO(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        let fail = { (code: FindingCode) -> Judgement in
            .scores(Score(thousandths: nil, marks: ["x-ptr=fail"]), because: [code])
        }
        let reverse = iprev(facts)
        if case .cannotTell = reverse { return reverse }
        let raw = helo.argument.raw.map(Ascii.lowercased)
        let isEqual = facts.pointer.confirmedNames.contains {
            "\($0)".utf8.map(Ascii.lowercased) == raw
        }
        if isEqual { return .accepts }
        if facts.pointer.skipped > 0 { return .cannotTell(.namesSkipped) }
        switch helo.relation {
        case .unrelated?: return fail(.heloUnrelatedToPointer)
        case .sameOrganization?, .equals?: return fail(.heloSameOrganization)
        case nil:
            if facts.pointer.lookup?.outcome.failure != nil { return fail(.reverseLookupFailed) }
            return fail(facts.pointer.names.isEmpty ? .noPointer : .heloMalformed)
        }
    }
}
