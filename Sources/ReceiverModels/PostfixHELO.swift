import NetNames
import SenderIdentity

/// What Postfix makes of the HELO argument.
///
/// An argument in brackets is a literal to all three restrictions: only its syntax counts, never
/// whether it is the client's address.
enum PostfixHELO {
    private static let noArgument = ReplyTemplate(501, nil, "Syntax: EHLO hostname")
    private static let badEncoding = ReplyTemplate(500, "5.5.2", "Error: bad UTF-8 syntax")
    private static let notFoundForNow = rejected(450, "4.7.1", "Host not found", .defaults)

    /// A reply that repeats the argument; only once the command is done odd bytes are replaced.
    private static func rejected(
        _ code: Int, _ enhanced: String, _ why: String, _ settings: ReceiverSettings
    ) -> ReplyTemplate {
        let argument =
            settings.has("smtpd_delay_reject", "no") ? "{postfix-raw-helo}" : "{postfix-helo}"
        return ReplyTemplate(code, enhanced, "<\(argument)>: Helo command rejected: \(why)")
    }

    static let commandReplies = [noArgument, badEncoding]

    @Sendable
    static func invalidReplies(_ settings: ReceiverSettings) -> [ReplyTemplate] {
        [invalidName(settings), invalidAddress(settings)] + commandReplies
    }

    @Sendable
    static func nonQualifiedReplies(_ settings: ReceiverSettings) -> [ReplyTemplate] {
        [notQualified(settings), invalidAddress(settings)] + commandReplies
    }

    @Sendable
    static func unknownReplies(_ settings: ReceiverSettings) -> [ReplyTemplate] {
        [notFound(settings), notFoundForNow, invalidAddress(settings)] + commandReplies
    }

    private static func invalidName(_ settings: ReceiverSettings) -> ReplyTemplate {
        rejected(501, "5.5.2", "Invalid name", settings)
    }

    private static func invalidAddress(_ settings: ReceiverSettings) -> ReplyTemplate {
        rejected(501, "5.5.2", "invalid ip address", settings)
    }

    private static func notQualified(_ settings: ReceiverSettings) -> ReplyTemplate {
        rejected(504, "5.5.2", "need fully-qualified hostname", settings)
    }

    private static func notFound(_ settings: ReceiverSettings) -> ReplyTemplate {
        settings.has("unknown_hostname_reject_code", "550")
            ? rejected(550, "5.7.1", "Host not found", settings)
            : rejected(450, "4.7.1", "Host not found", settings)
    }

    /// The command itself wants an argument, whatever it is, and a line that is UTF-8
    /// (smtputf8_enable, on by default).
    @Sendable
    static func command(_ facts: IdentityFacts, _ settings: ReceiverSettings) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        let raw = helo.argument.raw
        if raw.isEmpty { return .replies(noArgument, because: [.heloMalformed]) }
        return String(validating: raw, as: UTF8.self) == nil
            ? .replies(badEncoding, because: [.heloMalformed]) : .accepts
    }

    /// A host name, one closing dot allowed, or a bare address.
    @Sendable
    static func invalidHostname(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        ofArgument(in: facts, settings) { argument in
            let name = PostfixSyntax.withoutClosingDot(argument.raw)
            if PostfixSyntax.isHostname(name) || PostfixSyntax.isAddress(name) { return .accepts }
            return .replies(invalidName(settings), because: [.heloMalformed])
        }
    }

    /// A host name with a dot in it; a bare address is none.
    @Sendable
    static func nonQualifiedHostname(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        ofArgument(in: facts, settings) { argument in
            let name = PostfixSyntax.withoutClosingDot(argument.raw)
            if PostfixSyntax.isHostname(name), name.contains(Ascii.dot) { return .accepts }
            return .replies(notQualified(settings), because: [formCode(argument)])
        }
    }

    /// The name has an A, AAAA or MX record; which address or exchange, nobody asks.
    ///
    /// 1. What is no host name is not found, without a query; a closing dot is enough.
    /// 2. A, AAAA, MX in this order; the first one that exists passes, a null MX too.
    /// 3. A temporary failure of any of them gives 450 whatever the code is set to, and only if
    ///    nothing else refuses (defer_if_permit).
    @Sendable
    static func unknownHostname(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        let notFound = notFound(settings)
        return ofArgument(in: facts, settings) { argument in
            guard PostfixSyntax.isHostname(argument.raw) else {
                return .replies(notFound, because: [formCode(argument)])
            }
            guard let helo = facts.helo, argument.name != nil else {
                return .replies(notFound, because: [.heloMalformed])
            }
            let lookups = [helo.addresses?.a, helo.addresses?.aaaa, helo.mx]
            let outcomes = lookups.map { $0?.outcome }
            // Our own failures count only where the answer would depend on them.
            for outcome in outcomes {
                switch outcome {
                case nil: return .cannotTell(.notAsked)
                case .answers: return .accepts
                case .failed(let failure) where failure.isOurOwn:
                    return .cannotTell(.lookupFailed(failure))
                case .failed, .noData, .noSuchName: continue
                }
            }
            let isTemporary = outcomes.contains { outcome in
                outcome?.failure.map { !LibcResolver.isPermanent($0) } == true
            }
            if isTemporary { return .replies(notFoundForNow, because: [.heloLookupFailed]) }
            return .replies(notFound, because: [existenceCode(helo)])
        }
    }

    /// The restriction waits for RCPT by default; the command itself never does.
    @Sendable
    static func syntaxStage(_ judgement: Judgement, _ settings: ReceiverSettings) -> SMTPStage {
        if case .replies(let reply, _) = judgement, commandReplies.contains(reply) { return .helo }
        return settings.has("smtpd_delay_reject", "no") ? .helo : .rcpt
    }

    /// A temporary failure is decided at RCPT, when everything else has permitted.
    @Sendable
    static func unknownHostnameStage(
        _ judgement: Judgement, _ settings: ReceiverSettings
    ) -> SMTPStage {
        if case .replies(_, because: [.heloLookupFailed]) = judgement { return .rcpt }
        return syntaxStage(judgement, settings)
    }

    private static func ofArgument(
        in facts: IdentityFacts, _ settings: ReceiverSettings,
        _ judge: (HELOArgument) -> Judgement
    ) -> Judgement {
        guard let argument = facts.helo?.argument else { return .cannotTell(.heloUnknown) }
        let syntax = command(facts, settings)
        guard syntax == .accepts else { return syntax }
        guard argument.raw.first == Ascii.openBracket else { return judge(argument) }
        if PostfixSyntax.isLiteral(argument.raw) { return .accepts }
        return .replies(invalidAddress(settings), because: [.heloMalformed])
    }

    /// Localhost stands for another finding than other names that do not exist.
    private static func existenceCode(_ helo: HELOFacts) -> FindingCode {
        switch helo.argument.form {
        case .localhost: .heloLocalhost
        case .name, .singleLabel, .bareAddress, .literal, .malformed: .heloDoesNotResolve
        }
    }

    /// The finding about an argument that is not a fully-qualified name.
    private static func formCode(_ argument: HELOArgument) -> FindingCode {
        switch argument.form {
        case .bareAddress: .heloBareAddress
        case .localhost: .heloLocalhost
        case .singleLabel: .heloNotFQDN
        case .name, .literal, .malformed: .heloMalformed
        }
    }
}
