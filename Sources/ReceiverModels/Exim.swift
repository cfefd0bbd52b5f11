import NetNames
import SenderIdentity

extension Receiver {
    /// Exim: all PTR names, both families.
    package static let exim = Receiver(
        id: "exim",
        name: "Exim",
        settings: [
            ReceiverSetting(
                "host_lookup_order", values: ["bydns:byaddr", "bydns"],
                meaning: "whether the C library is asked when DNS gave no usable name"),
            ReceiverSetting(
                "version", values: ["4.97", "4.96"],
                meaning: "4.97 and later skip PTR names with other bytes than a host name has"),
        ],
        rules: [
            Rule(
                id: "helo-syntax",
                setting: nil,
                isOnByDefault: true,
                stage: .helo,
                source: source("spec.txt, helo_allow_chars; smtp_in.c"),
                summary: "HELO must be letters, digits, dots and hyphens in any order, or a literal"
                    + " that holds an address.",
                change: ConfigurationChange("exim.conf", "helo_accept_junk_hosts = *"),
                replies: syntaxReplies,
                because: [.heloMalformed],
                judgement: syntax
            ),
            Rule(
                id: "reverse_host_lookup",
                setting: "verify = reverse_host_lookup",
                isOnByDefault: false,
                stage: .connect,
                source: source("spec.txt, section 44.8; host.c, acl.c"),
                summary: "One of the PTR names must have the address, in either family. One failed"
                    + " forward look-up defers, even where another name has matched.",
                change: ConfigurationChange(
                    "exim.conf, ACL of acl_smtp_connect", "require verify = reverse_host_lookup"),
                replies: [prohibition, temporaryProblem],
                because: [
                    .noPointer, .reverseLookupFailed, .pointerPointsElsewhere,
                    .pointerNameDoesNotExist, .pointerForwardUnknown, .pointerNotAHostname,
                ],
                judgement: reverseHostLookup
            ),
            Rule(
                id: "verify-helo",
                setting: "verify = helo",
                isOnByDefault: false,
                stage: .helo,
                source: source("spec.txt, section 44.8; smtp_in.c, acl.c"),
                summary: "HELO must be a PTR name that leads back, have the client's address, or be"
                    + " a literal that begins with it. A failed look-up refuses, too.",
                change: ConfigurationChange(
                    "exim.conf, ACL of acl_smtp_helo", "require verify = helo"),
                replies: [prohibition] + syntaxReplies,
                because: [
                    .heloMalformed, .heloBareAddress, .heloLiteralMismatch, .heloLocalhost,
                    .heloResolvesElsewhere, .heloResolvesToLoopback, .heloDoesNotResolve,
                    .heloLookupFailed,
                ],
                judgement: verifyHELO
            ),
            Rule(
                id: "helo_verify_hosts",
                setting: "helo_verify_hosts",
                isOnByDefault: false,
                stage: .helo,
                source: source("spec.txt, helo_verify_hosts; smtp_in.c"),
                summary: "The same test as verify = helo, for the hosts listed and with replies of"
                    + " its own; a failed reverse look-up defers.",
                change: ConfigurationChange("exim.conf", "helo_verify_hosts = *"),
                replies: [mismatch, mismatchForNow] + syntaxReplies,
                because: [
                    .heloMalformed, .heloBareAddress, .heloLiteralMismatch, .heloLocalhost,
                    .heloResolvesElsewhere, .heloResolvesToLoopback, .heloDoesNotResolve,
                    .heloLookupFailed,
                ],
                judgement: verifyHosts
            ),
        ]
    )

    private static func source(_ document: String) -> RuleSource {
        RuleSource(document, version: "4.96", checked: "2026-11", basis: .proven)
    }

    private static let prohibition = ReplyTemplate(550, nil, "Administrative prohibition")
    private static let temporaryProblem = ReplyTemplate(
        451, nil, "Temporary local problem - please try later")
    private static let invalidArgument = ReplyTemplate(
        501, nil, "Syntactically invalid EHLO argument(s)")
    private static let unexpectedFailure = ReplyTemplate(
        421, nil, "Unexpected failure, please try later")
    private static let syntaxReplies = [invalidArgument, unexpectedFailure]
    private static let mismatchText = "EHLO argument does not match calling host"
    private static let mismatch = ReplyTemplate(550, nil, mismatchText)
    private static let mismatchForNow = ReplyTemplate(451, nil, mismatchText)

    @Sendable
    private static func syntax(_ facts: IdentityFacts, _ settings: ReceiverSettings) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        switch EximSyntax.helo(helo.argument.raw) {
        case .valid: return .accepts
        case .invalid: return .replies(invalidArgument, because: [.heloMalformed])
        case .fatal: return .replies(unexpectedFailure, because: [.heloMalformed])
        }
    }

    /// The ACL condition on the client; in acl_smtp_connect its replies stand for the banner.
    @Sendable
    private static func reverseHostLookup(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        EximReverse.judgement(of: facts, settings) { reverse in
            switch reverse {
            case .confirmed: .accepts
            case .failed(let codes): .replies(prohibition, because: codes)
            case .deferred(let codes): .replies(temporaryProblem, because: codes)
            case .cannotTell(let reason): .cannotTell(reason)
            }
        }
    }

    /// The ACL condition `verify = helo`: it knows no temporary outcome, a failed look-up refuses.
    @Sendable
    private static func verifyHELO(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        verified(facts, settings, failed: prohibition, deferred: prohibition)
    }

    /// The host list, with replies of its own; a deferred reverse look-up makes them temporary.
    @Sendable
    private static func verifyHosts(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        verified(facts, settings, failed: mismatch, deferred: mismatchForNow)
    }

    /// Whether the HELO argument belongs to the client (smtp_in.c); any one of three passes.
    ///
    /// The second is not asked here: such a name's own addresses hold the client's, so that the third
    /// passes too.
    ///
    /// 1. A literal whose text begins with the client's address: `[192.0.2.60]` passes for
    ///    192.0.2.6, and no `IPv6:` tag is skipped. Nothing is looked up for a literal.
    /// 2. The argument is one of the names that the reverse look-up confirmed.
    /// 3. The argument's own addresses hold the client's.
    private static func verified(
        _ facts: IdentityFacts, _ settings: ReceiverSettings, failed: ReplyTemplate,
        deferred: ReplyTemplate
    ) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        let raw = helo.argument.raw
        let syntax = syntax(facts, settings)
        guard syntax == .accepts else { return syntax }
        if raw.first == Ascii.openBracket {
            let begins = raw.dropFirst().starts(with: Array(facts.subject.address.description.utf8))
            return begins ? .accepts : .replies(failed, because: [.heloLiteralMismatch])
        }
        let name = String(decoding: raw, as: UTF8.self)
        let forward =
            helo.argument.name == nil
            ? EximForward.nothing : EximForward(name, helo.addresses)
        if case .addresses(let found) = forward, found.contains(facts.subject.address) {
            return .accepts
        }
        if case .cannotTell(let reason) = forward { return .cannotTell(reason) }
        let code = unverifiedCode(helo)
        if failed == deferred { return .replies(failed, because: [code]) }
        return EximReverse.judgement(of: facts, settings) { reverse in
            switch reverse {
            case .cannotTell(let reason): .cannotTell(reason)
            case .deferred: .replies(deferred, because: [code])
            case .confirmed, .failed: .replies(failed, because: [code])
            }
        }
    }

    private static func unverifiedCode(_ helo: HELOFacts) -> FindingCode {
        switch (helo.argument.form, helo.match) {
        case (.bareAddress, _): .heloBareAddress
        case (.localhost, _): .heloLocalhost
        case (_, .elsewhere): .heloResolvesElsewhere
        case (_, .loopback): .heloResolvesToLoopback
        case (_, .doesNotResolve): .heloDoesNotResolve
        case (_, .unknown): .heloLookupFailed
        // A name that leads to the client is refused for its form, which Exim does not look up.
        case (_, .toClient), (_, .notAsked): .heloMalformed
        }
    }
}
