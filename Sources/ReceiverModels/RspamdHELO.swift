import NetNames
import SenderIdentity

/// The tests of rspamd's hfilter: HELO, and the name of the client's host.
///
/// 1. An address for HELO, bracketed or not, counts at once.
/// 2. Patterns of HELO against those of the host's name: the heavier one counts, HELO's if equal.
/// 3. Only a HELO without a pattern must be a qualified name and is looked up.
enum RspamdHELO {
    private static let badAddress = Score(thousandths: 4500, marks: ["HFILTER_HELO_BADIP"])
    private static let bareAddress = Score(thousandths: 3000, marks: ["HFILTER_HELO_BAREIP"])
    private static let notQualified = Score(thousandths: 2000, marks: ["HFILTER_HELO_NOT_FQDN"])
    private static let elsewhere = Score(thousandths: 1000, marks: ["HFILTER_HELO_IP_A"])
    private static let nowhere = Score(
        thousandths: 1300, marks: ["HFILTER_HELO_IP_A", "HFILTER_HELO_NORES_A_OR_MX"])

    /// Points of the symbols HFILTER_HELO_1 to 5 and HFILTER_HOSTNAME_1 to 5.
    private static let patternThousandths = [500, 1000, 2000, 2500, 3000]

    static let scores =
        [badAddress, bareAddress, notQualified, elsewhere, nowhere]
        + ["HELO", "HOSTNAME"].flatMap { side in (1...5).map { pattern(side, $0) } }

    /// rspamc's own greeting, which is not judged.
    private static let exempt = Array("rspamc.local".utf8)

    private static func pattern(_ side: String, _ weight: Int) -> Score {
        Score(
            thousandths: patternThousandths[weight - 1], marks: ["HFILTER_\(side)_\(weight)"])
    }

    @Sendable
    static func judge(_ facts: IdentityFacts, _ settings: ReceiverSettings) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        let client = facts.subject.address
        let isNew = Rspamd.isNew(settings)
        let judge = { (hostWeight: Int) in
            judgement(helo, client: client, hostWeight: hostWeight, isNew: isNew)
        }
        guard case .answers = facts.pointer.lookup?.outcome, !facts.pointer.names.isEmpty else {
            return judge(0)
        }
        return .ofFirstName(in: facts, settings) { name in
            if isNew { return judge(RspamdPatterns.weight(of: name.name)) }
            switch Rspamd.Host(name) {
            case .named(let name): return judge(RspamdPatterns.weight(of: name))
            case .unknown: return judge(0)
            case .cannotTell(let reason):
                // Without a pattern it is all the same what the mail server says.
                return RspamdPatterns.weight(of: name.name) == 0 ? judge(0) : .cannotTell(reason)
            }
        }
    }

    private static func judgement(
        _ helo: HELOFacts, client: IPAddress, hostWeight: Int, isNew: Bool
    ) -> Judgement {
        let text = RspamdSyntax.withoutBrackets(helo.argument.raw)
        let code = code(of: helo.argument.form, client: client)
        if helo.argument.raw == exempt { return added(nil, [], hostWeight) }
        if RspamdSyntax.isBadAddress(text) { return added(badAddress, [code], hostWeight) }
        if RspamdSyntax.isAddress(text) { return added(bareAddress, [code], hostWeight) }
        let weight = RspamdPatterns.heloWeight(of: text)
        if weight > 0 {
            return weight >= hostWeight
                ? .scores(pattern("HELO", weight), because: [code])
                : .scores(pattern("HOSTNAME", hostWeight), because: [.pointerLooksGeneric])
        }
        guard RspamdSyntax.isQualified(text) else {
            return added(notQualified, [code], hostWeight)
        }
        return isNew
            ? comparing(helo, hostWeight: hostWeight)
            : lookingForAny(helo, hostWeight: hostWeight)
    }

    private static func code(of form: HELOArgument.Form, client: IPAddress) -> FindingCode {
        switch form {
        case .name: .heloName
        case .singleLabel: .heloNotFQDN
        case .localhost: .heloLocalhost
        case .bareAddress: .heloBareAddress
        case .literal(let address):
            address == client ? .heloLiteralMatches : .heloLiteralMismatch
        case .malformed: .heloMalformed
        }
    }

    /// Up to August 2026 the addresses are compared only where there are none: a name counts if
    /// neither look-up gives any, for whatever reason.
    private static func lookingForAny(_ helo: HELOFacts, hostWeight: Int) -> Judgement {
        var failed = false
        for lookup in [helo.addresses?.a, helo.addresses?.aaaa] {
            switch lookup?.outcome {
            case nil: return .cannotTell(.notAsked)
            case .answers: return added(nil, [], hostWeight)
            case .failed(let failure) where failure.isOurOwn:
                return .cannotTell(.lookupFailed(failure))
            case .failed: failed = true
            case .noData, .noSuchName: break
            }
        }
        let code: FindingCode = failed ? .heloLookupFailed : .heloDoesNotResolve
        switch helo.mx?.outcome {
        case nil: return .cannotTell(.notAsked)
        case .answers: return added(elsewhere, [code], hostWeight)
        case .failed(let failure) where failure.isOurOwn:
            return .cannotTell(.lookupFailed(failure))
        case .failed, .noData, .noSuchName: return added(nowhere, [code], hostWeight)
        }
    }

    private static func comparing(_ helo: HELOFacts, hostWeight: Int) -> Judgement {
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
