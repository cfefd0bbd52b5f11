import NetNames
import SenderIdentity

extension Receiver {
    /// Postfix: one PTR name from the C library, its addresses in the client's own family.
    package static let postfix = Receiver(
        id: "postfix",
        name: "Postfix",
        settings: [
            ReceiverSetting(
                "unknown_client_reject_code", values: ["450", "550"],
                meaning: "the code for clients without a (confirmed) host name"),
            ReceiverSetting(
                "unknown_hostname_reject_code", values: ["450", "550"],
                meaning: "the code for HELO names that do not resolve"),
            ReceiverSetting(
                "smtpd_delay_reject", values: ["yes", "no"],
                meaning: "whether replies wait until RCPT TO"),
            .searchList,
        ],
        rules: [
            Rule(
                id: "helo-syntax",
                setting: nil,
                isOnByDefault: true,
                stage: .helo,
                source: source("smtpd.c"),
                summary: "HELO and EHLO need an argument, whatever it is.",
                replies: PostfixHELO.commandReplies,
                because: [.heloMalformed],
                judgement: PostfixHELO.command
            ),
            Rule(
                id: "reject_unknown_client_hostname",
                setting: "reject_unknown_client_hostname",
                isOnByDefault: false,
                stage: .rcpt,
                stageWith: connectStage,
                source: source("postconf(5), smtpd_peer.c, smtpd_check.c"),
                summary: "The address must have a PTR record, and the first PTR name must have the"
                    + " address. What fails for now defers whatever the code is set to, unless a search"
                    + " list makes an absence of it.",
                change: .postfix("client", "reject_unknown_client_hostname"),
                repliesWith: { PostfixClient.hostnameReplies($0).all },
                because: [
                    .noPointer, .reverseLookupFailed, .pointerPointsElsewhere,
                    .pointerNameDoesNotExist, .pointerForwardUnknown, .pointerNotAHostname,
                ],
                judgement: PostfixClient.unknownHostname
            ),
            Rule(
                id: "reject_unknown_reverse_client_hostname",
                setting: "reject_unknown_reverse_client_hostname",
                isOnByDefault: false,
                stage: .rcpt,
                stageWith: connectStage,
                source: source("postconf(5), smtpd_peer.c, smtpd_check.c"),
                summary: "The address must have a PTR record whose name is a host name; the name is"
                    + " not looked up forward. What fails for now defers whatever the code is set"
                    + " to.",
                change: .postfix("client", "reject_unknown_reverse_client_hostname"),
                repliesWith: { PostfixClient.reverseReplies($0).all },
                because: [.noPointer, .reverseLookupFailed, .pointerNotAHostname],
                judgement: PostfixClient.unknownReverseHostname
            ),
            Rule(
                id: "reject_unknown_helo_hostname",
                setting: "reject_unknown_helo_hostname",
                isOnByDefault: false,
                stage: .rcpt,
                stageWith: PostfixHELO.unknownHostnameStage,
                source: source("postconf(5), smtpd_check.c, dns_lookup.c"),
                summary: "HELO must have an A, AAAA or MX record, no matter which address; a"
                    + " literal only has to be well formed. What fails for now defers whatever the"
                    + " code is set to.",
                change: .postfix("helo", "reject_unknown_helo_hostname"),
                repliesWith: PostfixHELO.unknownReplies,
                because: [
                    .heloMalformed, .heloBareAddress, .heloLocalhost, .heloDoesNotResolve,
                    .heloLookupFailed,
                ],
                judgement: PostfixHELO.unknownHostname
            ),
            Rule(
                id: "reject_invalid_helo_hostname",
                setting: "reject_invalid_helo_hostname",
                isOnByDefault: false,
                stage: .rcpt,
                stageWith: PostfixHELO.syntaxStage,
                source: source("postconf(5), smtpd_check.c, valid_hostname.c"),
                summary: "HELO must be a host name, a bare address or a well-formed literal; no"
                    + " look-up is made.",
                change: .postfix("helo", "reject_invalid_helo_hostname"),
                repliesWith: PostfixHELO.invalidReplies,
                because: [.heloMalformed],
                judgement: PostfixHELO.invalidHostname
            ),
            Rule(
                id: "reject_non_fqdn_helo_hostname",
                setting: "reject_non_fqdn_helo_hostname",
                isOnByDefault: false,
                stage: .rcpt,
                stageWith: PostfixHELO.syntaxStage,
                source: source("postconf(5), smtpd_check.c, valid_hostname.c"),
                summary: "HELO must be a host name with a dot in it or a well-formed literal; no"
                    + " look-up is made.",
                change: .postfix("helo", "reject_non_fqdn_helo_hostname"),
                repliesWith: PostfixHELO.nonQualifiedReplies,
                because: [.heloMalformed, .heloNotFQDN, .heloBareAddress, .heloLocalhost],
                judgement: PostfixHELO.nonQualifiedHostname
            ),
        ]
    )

    private static func source(_ document: String) -> RuleSource {
        RuleSource(document, version: "3.7.11", checked: "2026-11", basis: .proven)
    }

    /// With smtpd_delay_reject, the default, every reply waits for RCPT.
    @Sendable
    private static func connectStage(
        _ judgement: Judgement, _ settings: ReceiverSettings
    ) -> SMTPStage {
        settings.has("smtpd_delay_reject", "no") ? .connect : .rcpt
    }
}

extension ConfigurationChange {
    /// The restriction alone in its list; an admin adds it to what is there.
    fileprivate static func postfix(_ list: String, _ restriction: String) -> ConfigurationChange {
        ConfigurationChange("main.cf", "smtpd_\(list)_restrictions = \(restriction)")
    }
}

/// The restrictions on the client's host name.
///
/// At connect Postfix asks getnameinfo for the PTR name and getaddrinfo for its addresses in the
/// client's family (smtpd_peer.c). A temporary failure always gives 450; what is absent or does not
/// lead back gives `unknown_client_reject_code`.
enum PostfixClient {
    /// The name must exist and lead back.
    @Sendable
    static func unknownHostname(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        let replies = hostnameReplies(settings)
        return ofName(in: facts, settings, replies) { name in
            switch LibcForward(name.match) {
            case .confirmed: return .accepts
            case .mismatch(let code): return .replies(replies.permanent, because: [code])
            case .permanentFailure:
                return .replies(replies.permanent, because: [.pointerForwardUnknown])
            case .temporaryFailure(let failure) where failure.isOurOwn:
                return .cannotTell(.lookupFailed(failure))
            case .temporaryFailure:
                let temporary = Judgement.replies(
                    replies.temporary, because: [.pointerForwardUnknown])
                // A repeated AAAA look-up stays temporary (glibc 2.36, seen), an A look-up does not.
                guard facts.subject.address.family == .v4 else { return temporary }
                return .onSearchList(
                    settings, absent: temporary,
                    present: .replies(replies.permanent, because: [.pointerForwardUnknown]))
            case .notAsked: return .cannotTell(.notAsked)
            }
        }
    }

    /// A usable PTR name is enough; nothing is looked up forward (since Postfix 2.3).
    @Sendable
    static func unknownReverseHostname(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        let replies = reverseReplies(settings)
        return ofName(in: facts, settings, replies) { _ in .accepts }
    }

    static func hostnameReplies(_ settings: ReceiverSettings) -> Replies {
        Replies("7.25", "Client host rejected: cannot find your hostname", settings)
    }

    static func reverseReplies(_ settings: ReceiverSettings) -> Replies {
        Replies("7.1", "Client host rejected: cannot find your reverse hostname", settings)
    }

    /// What both have in common: a name must come, and be a host name to glibc and to Postfix.
    private static func ofName(
        in facts: IdentityFacts, _ settings: ReceiverSettings, _ replies: Replies,
        _ judge: (PointerNameFacts) -> Judgement
    ) -> Judgement {
        switch facts.pointer.lookup?.outcome {
        case nil: .cannotTell(.notAsked)
        case .failed(let failure) where failure.isOurOwn: .cannotTell(.lookupFailed(failure))
        case .failed(let failure):
            .replies(
                LibcResolver.isPermanent(failure) ? replies.permanent : replies.temporary,
                because: [.reverseLookupFailed])
        case .noData, .noSuchName: .replies(replies.permanent, because: [.noPointer])
        case .answers:
            .ofFirstName(in: facts, settings) { name in
                // Whatever Postfix takes for a host name, the C library has handed on.
                PostfixSyntax.isHostname(name.name.description.utf8)
                    ? judge(name) : .replies(replies.permanent, because: [.pointerNotAHostname])
            }
        }
    }

    /// One text with two codes; the enhanced code's first digit follows the reply code.
    struct Replies {
        let temporary: ReplyTemplate
        let permanent: ReplyTemplate

        var all: [ReplyTemplate] {
            permanent == temporary ? [temporary] : [permanent, temporary]
        }

        init(_ detail: String, _ text: String, _ settings: ReceiverSettings) {
            temporary = ReplyTemplate(450, "4." + detail, text + ", [{client}]")
            permanent =
                settings.has("unknown_client_reject_code", "550")
                ? ReplyTemplate(550, "5." + detail, text + ", [{client}]") : temporary
        }
    }
}
