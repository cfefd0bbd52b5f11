import NetNames
import SenderIdentity

extension Receiver {
    /// rspamd with the rules it ships: symbols and scores, added to a mail's total.
    ///
    /// Authenticated users and local addresses are exempt. Scores are those of the shipped groups.
    package static let rspamd = Receiver(
        id: "rspamd",
        name: "rspamd",
        rules: [
            Rule(
                id: "rdns",
                setting: "RDNS_NONE",
                isOnByDefault: true,
                stage: .data,
                source: .read("rules/misc.lua, hfilter.lua", "eaac8e914"),
                summary: "Where the mail server names no confirmed host, rspamd asks for a PTR"
                    + " record itself and takes the first name unseen: only no PTR record and a"
                    + " failed look-up count.",
                scores: [none, failed],
                because: [.noPointer, .reverseLookupFailed],
                judgement: reverse
            ),
            Rule(
                id: "hfilter",
                setting: "hfilter",
                isOnByDefault: true,
                stage: .data,
                source: .read("src/plugins/lua/hfilter.lua", "eaac8e914"),
                summary: "HELO must be a fully-qualified name that has the client's address, and"
                    + " neither it nor the PTR name may look like an access line's.",
                change: ConfigurationChange(
                    "local.d/hfilter.conf", "helo_enabled = false;", "hostname_enabled = false;"),
                scores: hfilterScores,
                because: [
                    .pointerLooksGeneric, .heloMalformed, .heloNotFQDN, .heloBareAddress,
                    .heloLiteralMatches, .heloLocalhost, .heloName, .heloResolvesElsewhere,
                    .heloResolvesToLoopback, .heloDoesNotResolve,
                ],
                judgement: hostFilter
            ),
        ]
    )

    private static let none = Score(
        thousandths: 4500, marks: ["RDNS_NONE", "HFILTER_HOSTNAME_UNKNOWN"])
    private static let failed = Score(
        thousandths: 4500, marks: ["RDNS_DNSFAIL", "RDNS_NONE", "HFILTER_HOSTNAME_UNKNOWN"])
    private static let badAddress = Score(thousandths: 4500, marks: ["HFILTER_HELO_BADIP"])
    private static let bareAddress = Score(thousandths: 3000, marks: ["HFILTER_HELO_BAREIP"])
    private static let notQualified = Score(thousandths: 2000, marks: ["HFILTER_HELO_NOT_FQDN"])
    private static let elsewhere = Score(thousandths: 1000, marks: ["HFILTER_HELO_IP_A"])
    private static let nowhere = Score(
        thousandths: 1300, marks: ["HFILTER_HELO_IP_A", "HFILTER_HELO_NORES_A_OR_MX"])

    /// Points of the symbols HFILTER_HELO_1 to 5 and HFILTER_HOSTNAME_1 to 5.
    private static let patternThousandths = [500, 1000, 2000, 2500, 3000]

    private static func pattern(_ side: String, _ weight: Int) -> Score {
        Score(
            thousandths: patternThousandths[weight - 1], marks: ["HFILTER_\(side)_\(weight)"])
    }

    private static let hfilterScores =
        [badAddress, bareAddress, notQualified, elsewhere, nowhere]
        + ["HELO", "HOSTNAME"].flatMap { side in (1...5).map { pattern(side, $0) } }

    @Sendable
    private static func reverse(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        switch facts.pointer.lookup?.outcome {
        case nil: .cannotTell(.notAsked)
        case .failed(let failure) where failure.isOurOwn: .cannotTell(.lookupFailed(failure))
        case .failed: .scores(failed, because: [.reverseLookupFailed])
        case .noData, .noSuchName: .scores(none, because: [.noPointer])
        case .answers: .accepts
        }
    }

    /// 1. An address for HELO, bracketed or not, counts at once.
    /// 2. Patterns of HELO against those of the PTR name: the heavier one counts, HELO's if equal.
    /// 3. Only a HELO without a pattern is looked up.
    @Sendable
    private static func hostFilter(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        guard case .answers = facts.pointer.lookup?.outcome, !facts.pointer.names.isEmpty else {
            return judgement(helo, hostWeight: 0)
        }
        return .ofFirstName(in: facts, settings) { name in
            judgement(helo, hostWeight: RspamdPatterns.weight(of: name.name))
        }
    }

    private static func judgement(_ helo: HELOFacts, hostWeight: Int) -> Judgement {
        let address: IPAddress?
        switch helo.argument.form {
        case .bareAddress(let one): address = one
        case .literal(let one): address = one
        case .name, .singleLabel, .localhost, .malformed: address = nil
        }
        if let address {
            // What it makes of an IPv6 address in HELO nobody has tried.
            guard address.family == .v4 else { return .cannotTell(.notKnown) }
            let code: FindingCode =
                if case .bareAddress = helo.argument.form {
                    .heloBareAddress
                } else {
                    .heloLiteralMatches
                }
            return added(
                RspamdPatterns.isBad(address) ? badAddress : bareAddress, [code], hostWeight)
        }
        switch helo.argument.form {
        case .malformed(.trailingDot), .malformed(.numeric), .malformed(.brokenLiteral),
            .malformed(.untaggedLiteral), .malformed(.empty):
            return .cannotTell(.notKnown)
        default: break
        }
        let weight = RspamdPatterns.heloWeight(of: helo.argument.raw)
        if weight > 0 {
            let code: FindingCode =
                switch helo.argument.form {
                case .localhost: .heloLocalhost
                case .singleLabel: .heloNotFQDN
                default: .heloName
                }
            return weight >= hostWeight
                ? .scores(pattern("HELO", weight), because: [code])
                : .scores(pattern("HOSTNAME", hostWeight), because: [.pointerLooksGeneric])
        }
        if case .malformed = helo.argument.form {
            return added(notQualified, [.heloMalformed], hostWeight)
        }
        switch helo.match {
        // A failed look-up adds nothing.
        case .toClient, .unknown: return added(nil, [], hostWeight)
        case .notAsked: return .cannotTell(.notAsked)
        case .elsewhere: return added(elsewhere, [.heloResolvesElsewhere], hostWeight)
        case .loopback: return added(elsewhere, [.heloResolvesToLoopback], hostWeight)
        case .doesNotResolve:
            let hasNoMX = helo.mx?.outcome.absence != nil
            return added(hasNoMX ? nowhere : elsewhere, [.heloDoesNotResolve], hostWeight)
        }
    }

    private static func added(
        _ score: Score?, _ codes: [FindingCode], _ hostWeight: Int
    ) -> Judgement {
        guard hostWeight > 0 else {
            return score.map { .scores($0, because: codes) } ?? .accepts
        }
        let host = pattern("HOSTNAME", hostWeight)
        return .scores(
            Score(
                thousandths: (score?.thousandths ?? 0) + (host.thousandths ?? 0),
                marks: (score?.marks ?? []) + host.marks),
            because: codes + [.pointerLooksGeneric])
    }
}
