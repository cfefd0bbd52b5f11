import NetNames
import SenderIdentity

/// What Sendmail makes of the HELO argument.
enum SendmailHELO {
    /// The longest argument that is taken (MAXNAME).
    private static let longest = 256

    private static let noArgument = ReplyTemplate(501, "5.0.0", "EHLO requires domain address")
    private static let invalidName = ReplyTemplate(501, "5.0.0", "Invalid domain name")
    private static let bogusName = ReplyTemplate(
        550, "5.7.1", "{recipient}... bogus HELO name used: {helo}")

    static let commandReplies = [noArgument, invalidName]
    static let blockReplies = [bogusName] + commandReplies

    /// What the command itself refuses waits for no check of the client.
    @Sendable
    static func stage(_ judgement: Judgement, _ settings: ReceiverSettings) -> SMTPStage {
        if case .replies(let reply, _) = judgement, commandReplies.contains(reply) { return .helo }
        return .rcpt
    }

    /// Letters, digits and `[].-_#:` in any order, unless AllowBogusHELO is set.
    @Sendable
    static func command(_ facts: IdentityFacts, _ settings: ReceiverSettings) -> Judgement {
        guard let raw = facts.helo?.argument.raw else { return .cannotTell(.heloUnknown) }
        if raw.isEmpty { return .replies(noArgument, because: [.heloMalformed]) }
        let odd = Set("[].-_#:".utf8)
        let isName =
            raw.count <= longest
            && raw.allSatisfy { Ascii.isLetter($0) || Ascii.isDigit($0) || odd.contains($0) }
        return isName ? .accepts : .replies(invalidName, because: [.heloMalformed])
    }

    /// The server's own name or address, or a name without an inner dot.
    ///
    /// The rule means to let IPv6 literals through but looks for them without their brackets, so
    /// that `IPv6:2001:db8::1` passes and `[IPv6:2001:db8::1]` does not.
    @Sendable
    static func blockBad(_ facts: IdentityFacts, _ settings: ReceiverSettings) -> Judgement {
        guard let argument = facts.helo?.argument else { return .cannotTell(.heloUnknown) }
        let syntax = command(facts, settings)
        guard syntax == .accepts else { return syntax }
        let text = argument.raw.map(Ascii.lowercased)
        let bracketed = [Ascii.openBracket] + text + [Ascii.closeBracket]
        if settings.ownNames.contains(text) || settings.ownNames.contains(bracketed) {
            return .replies(bogusName, because: [formCode(argument)])
        }
        let hasInnerDot = text.dropFirst().dropLast().contains(Ascii.dot)
        let tag = Array("ipv6:".utf8)
        if hasInnerDot || (text.starts(with: tag) && text.count > tag.count) { return .accepts }
        return .replies(bogusName, because: [formCode(argument)])
    }

    private static func formCode(_ argument: HELOArgument) -> FindingCode {
        switch argument.form {
        case .localhost: .heloLocalhost
        case .singleLabel: .heloNotFQDN
        case .bareAddress: .heloBareAddress
        case .literal: .heloLiteralMismatch
        case .name: .heloName
        case .malformed: .heloMalformed
        }
    }
}
