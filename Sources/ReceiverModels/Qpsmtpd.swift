import NetNames
import SenderIdentity

extension Receiver {
    /// qpsmtpd with its plugins fcrdns and helo.
    package static let qpsmtpd = Receiver(
        id: "qpsmtpd",
        name: "qpsmtpd",
        settings: [
            ReceiverSetting(
                "policy", values: ["lenient", "rfc", "strict"],
                meaning: "How many of the plugin helo's tests are run.")
        ],
        rules: [
            Rule(
                id: "fcrdns",
                setting: "plugin fcrdns",
                isOnByDefault: false,
                stage: .data,
                source: .read("plugins/fcrdns", "df5b04d"),
                summary: "A PTR name must have the address or one in its /24; it costs karma and is"
                    + " written into Authentication-Results.",
                change: ConfigurationChange("config/plugins", "fcrdns"),
                scores: [unconfirmed],
                because: [
                    .noPointer, .pointerPointsElsewhere, .pointerNameDoesNotExist,
                    .pointerNotAHostname,
                ],
                judgement: forwardConfirmed
            ),
            Rule(
                id: "helo",
                setting: "plugin helo",
                isOnByDefault: false,
                stage: .helo,
                source: .read("plugins/helo", "df5b04d"),
                summary: "lenient: neither localhost nor a bare address. rfc: a fully-qualified"
                    + " name that exists, and a PTR record. strict: no literal, and HELO leads to"
                    + " the client's network or shares two labels with a PTR name.",
                change: ConfigurationChange("config/plugins", "helo policy strict"),
                repliesWith: heloReplies,
                because: [
                    .noPointer, .reverseLookupFailed, .heloMalformed, .heloNotFQDN,
                    .heloBareAddress, .heloLiteralMatches, .heloLocalhost, .heloDoesNotResolve,
                    .heloUnrelatedToPointer,
                ],
                judgement: heloTests
            ),
        ]
    )

    private static let unconfirmed = Score(thousandths: nil, marks: ["iprev=fail"])
    private static let localhost = ReplyTemplate(550, nil, "You are not localhost")
    /// Its test of literals comes before that of plain addresses, and cuts off a first and a last
    /// byte that are no brackets: no plain address is the client's any more.
    private static let forgedAddress = ReplyTemplate(550, nil, "Forged IPs not accepted here")
    private static let notQualified = ReplyTemplate(
        550, nil, "HELO name is not fully qualified. Read RFC 2821")
    private static let oddCharacters = ReplyTemplate(
        550, nil, "HELO name contains invalid FQDN characters. Read RFC 1035")
    private static let noSuchHost = ReplyTemplate(550, nil, "HELO hostname does not exist")
    private static let noReverse = ReplyTemplate(550, nil, "no rDNS for {client}")
    private static let reverseError = ReplyTemplate(
        550, nil, "error getting reverse DNS for {client}")
    private static let literal = ReplyTemplate(
        550, nil, "RFC 2821 allows an address literal, but we do not")
    private static let noMatch = ReplyTemplate(550, nil, "That HELO hostname fails FCrDNS")

    /// Names are tried until one has addresses; one with an underscore or without a dot fails.
    @Sendable
    private static func forwardConfirmed(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        switch facts.pointer.lookup?.outcome {
        case nil: return .cannotTell(.notAsked)
        case .failed(let failure): return .cannotTell(.lookupFailed(failure))
        case .noData, .noSuchName: return .scores(unconfirmed, because: [.noPointer])
        case .answers: break
        }
        if facts.pointer.count > 1 {
            // Which name is the first to have addresses depends on the order.
            if facts.pointer.everyNameConfirms, !facts.pointer.hasOddName { return .accepts }
            return .cannotTell(.notKnown)
        }
        guard let name = facts.pointer.names.first else { return .cannotTell(.notAsked) }
        if case .unknown(let failure) = name.match { return .cannotTell(.lookupFailed(failure)) }
        let isNear = name.addresses.addresses.contains {
            $0 == facts.subject.address || $0.sharesIPv4Network(with: facts.subject.address)
        }
        if isNear, name.name.labelCount > 1, !facts.pointer.hasOddName { return .accepts }
        let codes = unconfirmedCodes(of: [name])
        return .scores(unconfirmed, because: codes.isEmpty ? [.pointerNotAHostname] : codes)
    }

    @Sendable
    private static func heloReplies(_ settings: ReceiverSettings) -> [ReplyTemplate] {
        let lenient = [localhost, forgedAddress]
        let rfc = [notQualified, oddCharacters, noSuchHost, noReverse, reverseError]
        if settings.has("policy", "strict") { return lenient + rfc + [literal, noMatch] }
        return settings.has("policy", "rfc") ? lenient + rfc : lenient
    }

    @Sendable
    private static func heloTests(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        switch helo.argument.form {
        case .localhost where helo.argument.name?.labelCount == 1:
            return .replies(localhost, because: [.heloLocalhost])
        case .bareAddress: return .replies(forgedAddress, because: [.heloBareAddress])
        default: break
        }
        let isStrict = settings.has("policy", "strict")
        guard isStrict || settings.has("policy", "rfc") else { return .accepts }
        switch helo.argument.form {
        case .literal(.v4):
            return reverse(facts)
                ?? (isStrict ? .replies(literal, because: [.heloLiteralMatches]) : .accepts)
        case .singleLabel: return .replies(notQualified, because: [.heloNotFQDN])
        case .malformed(.underscore), .malformed(.character):
            return .replies(oddCharacters, because: [.heloMalformed])
        case .literal, .malformed: return .cannotTell(.notKnown)
        case .name, .localhost, .bareAddress: break
        }
        if case .noSuchName? = helo.addresses?.a?.outcome {
            return .replies(noSuchHost, because: [.heloDoesNotResolve])
        }
        if let refusal = reverse(facts) { return refusal }
        return isStrict ? matching(helo, facts) : .accepts
    }

    /// The refusal for the reverse side; a failed look-up refuses for good, too.
    private static func reverse(_ facts: IdentityFacts) -> Judgement? {
        switch facts.pointer.lookup?.outcome {
        case nil: .cannotTell(.notAsked)
        case .failed(let failure) where failure.isOurOwn: .cannotTell(.lookupFailed(failure))
        case .failed: .replies(reverseError, because: [.reverseLookupFailed])
        case .noSuchName: .replies(noReverse, because: [.noPointer])
        case .noData: .replies(reverseError, because: [.noPointer])
        case .answers: nil
        }
    }

    private static func matching(_ helo: HELOFacts, _ facts: IdentityFacts) -> Judgement {
        let client = facts.subject.address
        let isNear = helo.addresses?.addresses.contains {
            $0 == client || $0.sharesIPv4Network(with: client)
                // Six of the eight groups of an IPv6 address.
                || ($0.family == .v6 && $0.bytes.prefix(12) == client.bytes.prefix(12))
        }
        if isNear == true { return .accepts }
        let tail = helo.argument.name?.suffix(labels: 2)
        if tail != nil, facts.pointer.names.contains(where: { $0.name.suffix(labels: 2) == tail }) {
            return .accepts
        }
        if facts.pointer.skipped > 0 { return .cannotTell(.namesSkipped) }
        if case .unknown(let failure) = helo.match { return .cannotTell(.lookupFailed(failure)) }
        return .replies(noMatch, because: [.heloUnrelatedToPointer])
    }
}
