import NetNames
import SenderIdentity

extension Receiver {
    /// Haraka with its plugins fcrdns and helo.checks; every `reject.…` is false by default.
    ///
    /// Clients with private addresses are exempt.
    package static let haraka = Receiver(
        id: "haraka",
        name: "Haraka",
        rules: [
            Rule(
                id: "no_rdns",
                setting: "fcrdns.ini reject.no_rdns",
                isOnByDefault: false,
                stage: .connect,
                source: fcrdnsSource,
                summary: "The address must have a PTR record.",
                change: .haraka("fcrdns", "no_rdns"),
                replies: [noReverse, reverseTimeout, reverseError],
                because: [.noPointer, .reverseLookupFailed],
                judgement: noReverseDNS
            ),
            Rule(
                id: "no_fcrdns",
                setting: "fcrdns.ini reject.no_fcrdns",
                isOnByDefault: false,
                stage: .connect,
                source: fcrdnsSource,
                summary: "A PTR name below a top-level domain of the Public Suffix List must have"
                    + " the address, or one in the same IPv4 /24. Failed forward look-ups count as"
                    + " no address.",
                change: .haraka("fcrdns", "no_fcrdns"),
                replies: [noMatch],
                because: [
                    .pointerPointsElsewhere, .pointerNameDoesNotExist, .pointerForwardUnknown,
                    .pointerNotAHostname,
                ],
                judgement: noForwardConfirmation
            ),
            Rule(
                id: "invalid_tld",
                setting: "fcrdns.ini reject.invalid_tld",
                isOnByDefault: false,
                stage: .connect,
                source: fcrdnsSource,
                summary: "Every PTR name must end in a top-level domain of the Public Suffix List.",
                change: .haraka("fcrdns", "invalid_tld"),
                replies: [invalidTopLevel],
                because: [.pointerNotAHostname],
                judgement: invalidTopLevelDomain
            ),
            Rule(
                id: "bare_ip",
                setting: "helo.checks.ini reject.bare_ip",
                isOnByDefault: false,
                stage: .helo,
                source: heloSource,
                summary: "HELO must not be an address without brackets.",
                change: .haraka("helo.checks", "bare_ip"),
                replies: [bareAddress],
                because: [.heloBareAddress],
                judgement: HarakaHELO.bareAddress
            ),
            Rule(
                id: "valid_hostname",
                setting: "helo.checks.ini reject.valid_hostname",
                isOnByDefault: false,
                stage: .helo,
                source: heloSource,
                summary: "HELO must be a literal, or a name with a dot below a public suffix;"
                    + " .local, .lan and .corp are tolerated.",
                change: .haraka("helo.checks", "valid_hostname"),
                replies: [notQualified, invalidName],
                because: [.heloMalformed, .heloNotFQDN, .heloBareAddress, .heloLocalhost],
                judgement: HarakaHELO.validHostname
            ),
            Rule(
                id: "literal_mismatch",
                setting: "helo.checks.ini reject.literal_mismatch",
                isOnByDefault: false,
                stage: .helo,
                source: heloSource,
                summary: "A literal must be in the client's IPv4 /24; IPv6 literals always fail.",
                change: .haraka("helo.checks", "literal_mismatch"),
                replies: [literalElsewhere],
                because: [.heloLiteralMatches, .heloLiteralMismatch],
                judgement: HarakaHELO.literalMismatch
            ),
            Rule(
                id: "rdns_match",
                setting: "helo.checks.ini reject.rdns_match",
                isOnByDefault: false,
                stage: .helo,
                source: heloSource,
                summary: "HELO must be the first PTR name, or share its organizational domain; the"
                    + " name is not looked up forward. Literals are never refused.",
                change: .haraka("helo.checks", "rdns_match"),
                replies: [heloNotReverse],
                because: [.noPointer, .reverseLookupFailed, .heloUnrelatedToPointer],
                judgement: HarakaHELO.reverseMatch
            ),
            Rule(
                id: "forward_dns",
                setting: "helo.checks.ini reject.forward_dns",
                isOnByDefault: false,
                stage: .helo,
                source: heloSource,
                summary: "HELO must have the client's address, or share the first PTR name's"
                    + " organizational domain.",
                change: .haraka("helo.checks", "forward_dns"),
                replies: [heloNoForward, heloInvalidForForward, heloTimeout],
                because: [
                    .heloMalformed, .heloNotFQDN, .heloBareAddress, .heloLocalhost,
                    .heloResolvesElsewhere,
                ],
                judgement: HarakaHELO.forwardMatch
            ),
        ]
    )

    private static let fcrdnsSource = RuleSource.read(
        "haraka-plugin-fcrdns, index.js", "fcrdns 1.2.1")
    private static let heloSource = RuleSource.read(
        "haraka-plugin-helo.checks, index.js", "helo.checks 1.0.3")

    private static let noReverse = ReplyTemplate(554, nil, "client [{client}] rejected; no rDNS")
    private static let reverseTimeout = ReplyTemplate(
        421, nil, "client [{client}] rDNS lookup timeout")
    private static let reverseError = ReplyTemplate(
        421, nil, "client [{client}] rDNS lookup error (…)")
    private static let noMatch = ReplyTemplate(554, nil, "Sorry, no FCrDNS match found")
    private static let invalidTopLevel = ReplyTemplate(
        554, nil, "client [{client}] rejected; invalid TLD in rDNS (…)")
    fileprivate static let bareAddress = ReplyTemplate(550, nil, "Invalid address format in HELO")
    fileprivate static let notQualified = ReplyTemplate(
        550, nil, "HELO host must be a FQDN or address literal (RFC 5321 2.3.5)")
    fileprivate static let invalidName = ReplyTemplate(550, nil, "HELO host name invalid")
    fileprivate static let literalElsewhere = ReplyTemplate(
        550, nil, "HELO IP literal not in the same /24 as your IP address")
    fileprivate static let heloNotReverse = ReplyTemplate(550, nil, "HELO host does not match rDNS")
    fileprivate static let heloNoForward = ReplyTemplate(
        550, nil, "HELO host has no forward DNS match")
    fileprivate static let heloInvalidForForward = ReplyTemplate(
        550, nil, "Invalid HELO host cannot achieve forward DNS match")
    fileprivate static let heloTimeout = ReplyTemplate(
        450, nil, "DNS timeout resolving your HELO hostname")

    @Sendable
    private static func noReverseDNS(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        switch facts.pointer.lookup?.outcome {
        case nil: .cannotTell(.notAsked)
        case .failed(let failure) where failure.isOurOwn: .cannotTell(.lookupFailed(failure))
        case .failed(.timeout): .replies(reverseTimeout, because: [.reverseLookupFailed])
        case .failed: .replies(reverseError, because: [.reverseLookupFailed])
        case .noData, .noSuchName: .replies(noReverse, because: [.noPointer])
        case .answers: facts.pointer.hasOddName ? .cannotTell(.notKnown) : .accepts
        }
    }

    @Sendable
    private static func noForwardConfirmation(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        switch facts.pointer.lookup?.outcome {
        case nil: return .cannotTell(.notAsked)
        // Without PTR names the plugin goes by reject.no_rdns; whether it comes here is not known.
        case .failed, .noData, .noSuchName: return .cannotTell(.notKnown)
        case .answers: break
        }
        if facts.pointer.hasOddName { return .cannotTell(.notKnown) }
        let client = facts.subject.address
        let isConfirmed = facts.pointer.names.contains { name in
            RegistrableDomain.endsInListedTopLevel(name.name)
                && name.addresses.addresses.contains {
                    $0 == client || $0.sharesIPv4Network(with: client)
                }
        }
        if isConfirmed { return .accepts }
        if facts.pointer.skipped > 0 { return .cannotTell(.namesSkipped) }
        if let failure = facts.pointer.ownForwardFailure {
            return .cannotTell(.lookupFailed(failure))
        }
        let codes = unconfirmedCodes(in: facts)
        return .replies(noMatch, because: codes.isEmpty ? [.pointerNotAHostname] : codes)
    }

    @Sendable
    private static func invalidTopLevelDomain(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        switch facts.pointer.lookup?.outcome {
        case nil: return .cannotTell(.notAsked)
        case .failed, .noData, .noSuchName: return .accepts
        case .answers: break
        }
        if facts.pointer.hasOddName { return .cannotTell(.notKnown) }
        let isListed = facts.pointer.names.allSatisfy {
            RegistrableDomain.endsInListedTopLevel($0.name)
        }
        if !isListed { return .replies(invalidTopLevel, because: [.pointerNotAHostname]) }
        return facts.pointer.skipped > 0 ? .cannotTell(.namesSkipped) : .accepts
    }
}

extension ConfigurationChange {
    /// A refusal of a plugin that config/plugins has to name, too.
    fileprivate static func haraka(_ plugin: String, _ reject: String) -> ConfigurationChange {
        ConfigurationChange("config/\(plugin).ini", "[reject]", "\(reject)=true")
    }
}

/// The plugin helo.checks.
private enum HarakaHELO {
    @Sendable
    static func bareAddress(_ facts: IdentityFacts, _ settings: ReceiverSettings) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        if case .bareAddress = helo.argument.form {
            return .replies(Receiver.bareAddress, because: [.heloBareAddress])
        }
        return .accepts
    }

    @Sendable
    static func validHostname(_ facts: IdentityFacts, _ settings: ReceiverSettings) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        switch validity(of: helo.argument) {
        case .valid, .literal, .tolerated: return .accepts
        case .unproven: return .cannotTell(.notKnown)
        case .notQualified(let code): return .replies(Receiver.notQualified, because: [code])
        case .invalid(let code): return .replies(Receiver.invalidName, because: [code])
        }
    }

    @Sendable
    static func literalMismatch(_ facts: IdentityFacts, _ settings: ReceiverSettings) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        switch helo.argument.form {
        case .literal(let address), .malformed(.untaggedLiteral(let address)):
            if address.sharesIPv4Network(with: facts.subject.address) { return .accepts }
            let isOwn = address == facts.subject.address
            return .replies(
                Receiver.literalElsewhere,
                because: [isOwn ? .heloLiteralMatches : .heloLiteralMismatch])
        default: return .accepts
        }
    }

    @Sendable
    static func reverseMatch(_ facts: IdentityFacts, _ settings: ReceiverSettings) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        switch helo.argument.form {
        case .literal, .malformed(.empty), .malformed(.untaggedLiteral): return .accepts
        case .malformed(.trailingDot), .malformed(.emptyLabel), .malformed(.hyphenAtEdge):
            return .cannotTell(.notKnown)
        default: break
        }
        let code: FindingCode =
            switch facts.pointer.lookup?.outcome {
            case .failed: .reverseLookupFailed
            case .noData, .noSuchName: .noPointer
            case .answers, nil: .heloUnrelatedToPointer
            }
        return comparingFirstName(facts) { isMatch in
            isMatch ? .accepts : .replies(Receiver.heloNotReverse, because: [code])
        }
    }

    @Sendable
    static func forwardMatch(_ facts: IdentityFacts, _ settings: ReceiverSettings) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        switch validity(of: helo.argument) {
        case .literal: return .accepts
        case .unproven: return .cannotTell(.notKnown)
        case .notQualified(let code), .invalid(let code):
            return .replies(Receiver.heloInvalidForForward, because: [code])
        case .valid, .tolerated: break
        }
        switch helo.match {
        case .toClient: return .accepts
        case .notAsked: return .cannotTell(.notAsked)
        case .unknown(let failure) where failure == .timeout || failure.isOurOwn:
            return .cannotTell(.lookupFailed(failure))
        case .elsewhere, .loopback:
            return comparingFirstName(facts) { isMatch in
                isMatch
                    ? .accepts
                    : .replies(Receiver.heloNoForward, because: [.heloResolvesElsewhere])
            }
        // Without an address some versions refuse and others only note it.
        case .doesNotResolve, .unknown:
            return comparingFirstName(facts) { $0 ? .accepts : .cannotTell(.notKnown) }
        }
    }

    /// Whether HELO is the PTR name that came first, or of its organizational domain.
    private static func comparingFirstName(
        _ facts: IdentityFacts, _ judge: (Bool) -> Judgement
    ) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        switch facts.pointer.lookup?.outcome {
        case nil: return .cannotTell(.notAsked)
        case .failed(let failure) where failure.isOurOwn: return .cannotTell(.lookupFailed(failure))
        // The host is then called NXDOMAIN or DNSERROR, which no HELO equals.
        case .failed, .noData, .noSuchName: return judge(false)
        case .answers: break
        }
        if facts.pointer.hasOddName { return .cannotTell(.notKnown) }
        return .ofFirstName(in: facts, .defaults) { name in
            if Array("\(name.name)".utf8) == helo.argument.raw { return judge(true) }
            guard let own = helo.argument.name else { return judge(false) }
            return judge(
                RegistrableDomain.endsInListedTopLevel(own)
                    && RegistrableDomain.areSame(name.name, own))
        }
    }

    private enum Validity {
        case valid
        case literal
        /// Below a private top-level domain that the shipped settings let pass.
        case tolerated
        case notQualified(FindingCode)
        case invalid(FindingCode)
        case unproven
    }

    private static let toleratedTopLevels = ["local", "lan", "corp"].compactMap { DomainName($0) }

    private static func validity(of argument: HELOArgument) -> Validity {
        switch argument.form {
        case .literal, .malformed(.untaggedLiteral): .literal
        case .bareAddress(let address):
            address.family == .v6 ? .notQualified(.heloBareAddress) : .invalid(.heloBareAddress)
        case .singleLabel: .notQualified(.heloNotFQDN)
        case .localhost where argument.name?.labelCount == 1: .notQualified(.heloLocalhost)
        case .name, .localhost, .malformed(.underscore), .malformed(.numeric):
            validity(of: argument.name)
        case .malformed(.empty), .malformed(.brokenLiteral): .invalid(.heloMalformed)
        case .malformed: .unproven
        }
    }

    private static func validity(of name: DomainName?) -> Validity {
        guard let name else { return .unproven }
        if toleratedTopLevels.contains(where: { name.isSubdomain(of: $0) }) { return .tolerated }
        let isRegistrable =
            RegistrableDomain.endsInListedTopLevel(name) && RegistrableDomain.of(name) != nil
        return isRegistrable ? .valid : .invalid(.heloMalformed)
    }
}
