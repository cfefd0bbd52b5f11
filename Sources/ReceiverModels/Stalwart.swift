import NetNames
import SenderIdentity

extension Receiver {
    /// Stalwart: the first two PTR names, addresses of the client's own family.
    package static let stalwart = Receiver(
        id: "stalwart",
        name: "Stalwart",
        rules: [
            Rule(
                id: "iprev-relaxed",
                setting: "iprev: relaxed",
                isOnByDefault: true,
                stage: .data,
                source: iprevSource,
                summary: "Writes iprev into Authentication-Results, on port 25.",
                change: ConfigurationChange(
                    "object SenderAuth", #""reverseIpVerify": {"else": "disable"}"#),
                scores: ["fail", "temperror", "permerror"].map {
                    Score(thousandths: nil, marks: ["iprev=\($0)"])
                },
                because: [
                    .noPointer, .reverseLookupFailed, .pointerPointsElsewhere,
                    .pointerNameDoesNotExist, .pointerForwardUnknown,
                ],
                judgement: { facts, _ in iprev(facts, mark) }
            ),
            Rule(
                id: "iprev-strict",
                setting: "iprev: strict",
                isOnByDefault: false,
                stage: .mail,
                source: iprevSource,
                summary: "One of the first two PTR names must have the address.",
                change: ConfigurationChange(
                    "object SenderAuth", #""reverseIpVerify": {"else": "strict"}"#),
                replies: [failed, temporary],
                because: [
                    .noPointer, .reverseLookupFailed, .pointerPointsElsewhere,
                    .pointerNameDoesNotExist, .pointerForwardUnknown,
                ],
                judgement: { facts, _ in iprev(facts, refuse) }
            ),
            Rule(
                id: "reject_non_fqdn",
                setting: "EHLO: reject-non-fqdn",
                isOnByDefault: true,
                stage: .helo,
                source: .read("crates/smtp, inbound/ehlo.rs", "0.16.18"),
                summary: "EHLO must have a dot in it, on port 25.",
                change: ConfigurationChange(
                    "object MtaStageEhlo", #""rejectNonFqdn": {"else": "false"}"#),
                replies: [invalidEHLO],
                because: [.heloMalformed, .heloNotFQDN, .heloLocalhost],
                judgement: nonQualified
            ),
        ]
    )

    private static let iprevSource = RuleSource.read(
        "mail-auth, verify.rs; crates/smtp, inbound/mail.rs", "0.16.18")
    private static let temporary = ReplyTemplate(
        451, "4.7.25", "Temporary error validating reverse DNS.")
    private static let failed = ReplyTemplate(550, "5.7.25", "Reverse DNS validation failed.")
    private static let invalidEHLO = ReplyTemplate(550, "5.5.0", "Invalid EHLO domain.")

    private enum Result: String {
        case fail
        case temperror
        case permerror
    }

    @Sendable
    private static func mark(_ result: Result, _ codes: [FindingCode]) -> Judgement {
        .scores(Score(thousandths: nil, marks: ["iprev=\(result.rawValue)"]), because: codes)
    }

    @Sendable
    private static func refuse(_ result: Result, _ codes: [FindingCode]) -> Judgement {
        .replies(result == .temperror ? temporary : failed, because: codes)
    }

    /// The method iprev as verify.rs has it.
    ///
    /// 1. No PTR record is permerror, a failed look-up temperror.
    /// 2. Either of the first two names has the address: pass.
    /// 3. Else the last forward error decides: a failure is temperror; no such record is permerror,
    ///    where RFC 8601 §2.7.3 says fail.
    /// 4. Both have addresses, other ones: fail.
    private static func iprev(
        _ facts: IdentityFacts, _ effect: (Result, [FindingCode]) -> Judgement
    ) -> Judgement {
        switch facts.pointer.lookup?.outcome {
        case nil: return .cannotTell(.notAsked)
        case .failed(let failure) where failure.isOurOwn: return .cannotTell(.lookupFailed(failure))
        case .failed: return effect(.temperror, [.reverseLookupFailed])
        case .noData, .noSuchName: return effect(.permerror, [.noPointer])
        case .answers: break
        }
        if facts.pointer.hasOddName { return .cannotTell(.notKnown) }
        return .ofFirstTwoNames(in: facts) { names in
            if names.contains(where: { $0.match == .confirmed }) { return .accepts }
            var result = Result.fail
            for name in names {
                // Only the client's own family is asked for.
                switch name.addresses.lookup(of: facts.subject.address.family)?.outcome {
                case nil: return .cannotTell(.notAsked)
                case .failed(let failure) where failure.isOurOwn:
                    return .cannotTell(.lookupFailed(failure))
                case .failed: result = .temperror
                case .noData, .noSuchName: result = .permerror
                case .answers: break
                }
            }
            return effect(result, unconfirmedCodes(of: names))
        }
    }

    /// One dot is enough, and a letter or digit: a bare IPv4 address and its literal pass.
    @Sendable
    private static func nonQualified(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        switch helo.argument.form {
        case .singleLabel: return .replies(invalidEHLO, because: [.heloNotFQDN])
        case .localhost where !helo.argument.raw.contains(Ascii.dot):
            return .replies(invalidEHLO, because: [.heloLocalhost])
        case .name, .localhost: return .accepts
        case .bareAddress(let address), .literal(let address):
            return address.family == .v4 ? .accepts : .cannotTell(.notKnown)
        case .malformed(.underscore), .malformed(.trailingDot), .malformed(.hyphenAtEdge),
            .malformed(.numeric):
            return helo.argument.raw.contains(Ascii.dot)
                ? .accepts : .replies(invalidEHLO, because: [.heloMalformed])
        case .malformed: return .cannotTell(.notKnown)
        }
    }
}
