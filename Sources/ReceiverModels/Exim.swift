import NetNames
import SenderIdentity

extension Receiver {
    /// Exim: all PTR names, both families.
    package static let exim = Receiver(
        id: "exim",
        name: "Exim",
        rules: [
            Rule(
                id: "verify-helo",
                setting: "verify = helo",
                isOnByDefault: false,
                stage: .helo,
                source: RuleSource(
                    "spec.txt, section 44.8; smtp_in.c", version: "4.96", checked: "2026-11",
                    basis: .proven),
                judgement: verifyHELO
            )
        ]
    )

    private static let prohibition = ReplyTemplate(550, nil, "Administrative prohibition")
    private static let invalidArgument = ReplyTemplate(
        501, nil, "Syntactically invalid EHLO argument(s)")

    /// The ACL condition `verify = helo` (smtp_in.c). Any one of three passes:
    ///
    /// 1. a literal whose text begins with the client's address (no `IPv6:` tag is skipped);
    /// 2. the HELO name is a confirmed PTR name, unless a forward look-up failed for the time being;
    /// 3. the HELO name's addresses hold the client's.
    ///
    /// The ACL knows no temporary outcome here: a failed look-up refuses like a wrong name.
    @Sendable
    private static func verifyHELO(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        let raw = helo.argument.raw
        if raw.first == Ascii.openBracket {
            switch helo.argument.form {
            case .malformed(.brokenLiteral):
                return .replies(invalidArgument, because: [.heloMalformed])
            default: break
            }
            let begins = raw.dropFirst().starts(with: Array(facts.subject.address.description.utf8))
            return begins ? .accepts : .replies(prohibition, because: [.heloLiteralMismatch])
        }
        guard raw.allSatisfy(isAllowedInHELO), !raw.isEmpty else {
            return .replies(invalidArgument, because: [.heloMalformed])
        }
        guard let name = helo.argument.name else {
            let code: FindingCode
            if case .bareAddress = helo.argument.form {
                code = .heloBareAddress
            } else {
                code = .heloMalformed
            }
            return .replies(prohibition, because: [code])
        }
        let isReverseDeferred = facts.pointer.names.contains(where: \.isUnknown)
        if !isReverseDeferred, !hasTrailingDot(raw), facts.pointer.confirmedNames.contains(name) {
            return .accepts
        }
        switch helo.match {
        case .toClient: return .accepts
        case .notAsked: return .cannotTell(.notAsked)
        case _ where helo.argument.form == .localhost:
            return .replies(prohibition, because: [.heloLocalhost])
        case .elsewhere: return .replies(prohibition, because: [.heloResolvesElsewhere])
        case .loopback: return .replies(prohibition, because: [.heloResolvesToLoopback])
        case .doesNotResolve: return .replies(prohibition, because: [.heloDoesNotResolve])
        case .unknown: return .replies(prohibition, because: [.heloLookupFailed])
        }
    }

    private static func hasTrailingDot(_ raw: [UInt8]) -> Bool {
        raw.last == Ascii.dot
    }

    /// Letters, digits, dot and hyphen: the always-on syntax test with helo_allow_chars unset.
    private static func isAllowedInHELO(_ byte: UInt8) -> Bool {
        Ascii.isLetter(byte) || Ascii.isDigit(byte) || byte == Ascii.dot || byte == Ascii.hyphen
    }
}
