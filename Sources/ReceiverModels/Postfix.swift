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
                judgement: PostfixHELO.command
            ),
            Rule(
                id: "reject_unknown_client_hostname",
                setting: "reject_unknown_client_hostname",
                isOnByDefault: false,
                stage: .rcpt,
                stageWith: { _, settings in rejectStage(.connect, settings) },
                source: source("postconf(5), smtpd_peer.c, smtpd_check.c"),
                judgement: PostfixClient.unknownHostname
            ),
            Rule(
                id: "reject_unknown_reverse_client_hostname",
                setting: "reject_unknown_reverse_client_hostname",
                isOnByDefault: false,
                stage: .rcpt,
                stageWith: { _, settings in rejectStage(.connect, settings) },
                source: source("postconf(5), smtpd_peer.c, smtpd_check.c"),
                judgement: PostfixClient.unknownReverseHostname
            ),
            Rule(
                id: "reject_unknown_helo_hostname",
                setting: "reject_unknown_helo_hostname",
                isOnByDefault: false,
                stage: .rcpt,
                stageWith: PostfixHELO.unknownHostnameStage,
                source: source("postconf(5), smtpd_check.c, dns_lookup.c"),
                judgement: PostfixHELO.unknownHostname
            ),
            Rule(
                id: "reject_invalid_helo_hostname",
                setting: "reject_invalid_helo_hostname",
                isOnByDefault: false,
                stage: .rcpt,
                stageWith: { _, settings in rejectStage(.helo, settings) },
                source: source("postconf(5), smtpd_check.c, valid_hostname.c"),
                judgement: PostfixHELO.invalidHostname
            ),
            Rule(
                id: "reject_non_fqdn_helo_hostname",
                setting: "reject_non_fqdn_helo_hostname",
                isOnByDefault: false,
                stage: .rcpt,
                stageWith: { _, settings in rejectStage(.helo, settings) },
                source: source("postconf(5), smtpd_check.c, valid_hostname.c"),
                judgement: PostfixHELO.nonQualifiedHostname
            ),
        ]
    )

    private static func source(_ document: String) -> RuleSource {
        RuleSource(document, version: "3.7.11", checked: "2026-11", basis: .proven)
    }

    /// With smtpd_delay_reject, the default, every reply waits for RCPT.
    @Sendable
    private static func rejectStage(
        _ own: SMTPStage, _ settings: ReceiverSettings
    ) -> SMTPStage {
        settings.has("smtpd_delay_reject", "no") ? own : .rcpt
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
        let replies = Replies("7.25", "Client host rejected: cannot find your hostname", settings)
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
        let replies = Replies(
            "7.1", "Client host rejected: cannot find your reverse hostname", settings)
        return ofName(in: facts, settings, replies) { _ in .accepts }
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
    private struct Replies {
        let temporary: ReplyTemplate
        let permanent: ReplyTemplate

        init(_ detail: String, _ text: String, _ settings: ReceiverSettings) {
            temporary = ReplyTemplate(450, "4." + detail, text + ", [{client}]")
            permanent =
                settings.has("unknown_client_reject_code", "550")
                ? ReplyTemplate(550, "5." + detail, text + ", [{client}]") : temporary
        }
    }
}
