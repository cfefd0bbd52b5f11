import NetNames
import SenderIdentity

extension Receiver {
    /// SpamAssassin behind Postfix: it reads the Received header and asks DNS for no PTR record.
    ///
    /// Postfix writes «unknown» where the first PTR name does not lead back, and that counts as no
    /// reverse DNS.
    package static let spamAssassin = Receiver(
        id: "spamassassin",
        name: "SpamAssassin",
        settings: [
            ReceiverSetting(
                "scoreset", values: ["3", "0", "1", "2"],
                meaning: "0: neither network tests nor Bayes, 1: network tests, 2: Bayes, 3: both.")
        ],
        rules: [
            Rule(
                id: "rdns",
                setting: "RDNS_NONE",
                isOnByDefault: true,
                stage: .data,
                source: .read("20_dynrdns.cf, Received.pm", "f7fe7b82a"),
                summary: "The Received header must show a confirmed host name, and one that does"
                    + " not look dynamic.",
                change: ConfigurationChange("local.cf", "score RDNS_NONE 0"),
                scoresWith: { [noReverse($0["scoreset"])] },
                because: [
                    .noPointer, .reverseLookupFailed, .pointerPointsElsewhere,
                    .pointerNameDoesNotExist, .pointerForwardUnknown, .pointerNotAHostname,
                ],
                judgement: reverse
            ),
            Rule(
                id: "helo",
                setting: "HELO tests",
                isOnByDefault: true,
                stage: .data,
                source: .read("20_head_tests.cf, 72_active.cf", "f7fe7b82a"),
                summary: "HELO must not be localhost, a bare address, an address outside the"
                    + " client's /24 or a name without a dot. It is not compared with the PTR name.",
                change: ConfigurationChange(
                    "local.cf", "score FSL_HELO_BARE_IP_1 0", "score FSL_HELO_NON_FQDN_1 0",
                    "score HELO_LOCALHOST 0", "score RCVD_HELO_IP_MISMATCH 0"),
                scores: heloRules.map { Score(thousandths: nil, marks: [$0]) },
                because: [.heloNotFQDN, .heloBareAddress, .heloLiteralMismatch, .heloLocalhost],
                judgement: helo
            ),
        ]
    )

    private static let heloRules = [
        "FSL_HELO_BARE_IP_1", "FSL_HELO_NON_FQDN_1", "HELO_LOCALHOST", "RCVD_HELO_IP_MISMATCH",
    ]

    private static func noReverse(_ scoreset: String?) -> Score {
        let thousandths =
            switch scoreset {
            case "0": 2399
            case "1": 1274
            case "2": 1228
            default: 793
            }
        return Score(thousandths: thousandths, marks: ["RDNS_NONE"])
    }

    @Sendable
    private static func reverse(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        let none = noReverse(settings["scoreset"])
        switch facts.pointer.lookup?.outcome {
        case nil: return .cannotTell(.notAsked)
        case .failed(let failure) where failure.isOurOwn: return .cannotTell(.lookupFailed(failure))
        case .failed: return .scores(none, because: [.reverseLookupFailed])
        case .noData, .noSuchName: return .scores(none, because: [.noPointer])
        case .answers: break
        }
        return .ofFirstName(in: facts, settings) { name in
            let isName =
                LibcResolver.accepts(name.name)
                && PostfixSyntax.isHostname(name.name.description.utf8)
            guard isName, name.match == .confirmed else {
                if case .unknown(let failure) = name.match, failure.isOurOwn {
                    return .cannotTell(.lookupFailed(failure))
                }
                let codes = unconfirmedCodes(of: [name])
                return .scores(none, because: codes.isEmpty ? [.pointerNotAHostname] : codes)
            }
            // RDNS_DYNAMIC has patterns of its own for the name.
            return name.genericRule == nil ? .accepts : .cannotTell(.notKnown)
        }
    }

    @Sendable
    private static func helo(_ facts: IdentityFacts, _ settings: ReceiverSettings) -> Judgement {
        guard let helo = facts.helo else { return .cannotTell(.heloUnknown) }
        let mark = { (name: String, code: FindingCode) -> Judgement in
            .scores(Score(thousandths: nil, marks: [name]), because: [code])
        }
        let client = facts.subject.address
        switch helo.argument.form {
        case .name:
            // HELO_DYNAMIC_… have patterns of their own for the name.
            guard let name = helo.argument.name else { return .accepts }
            return GenericRule.matching(name, client: client) == nil
                ? .accepts : .cannotTell(.notKnown)
        case .singleLabel: return mark("FSL_HELO_NON_FQDN_1", .heloNotFQDN)
        case .localhost:
            return helo.argument.name?.labelCount == 1
                ? mark("HELO_LOCALHOST", .heloLocalhost) : .cannotTell(.notKnown)
        case .bareAddress(let address):
            guard address.family == .v4 else { return .cannotTell(.notKnown) }
            return address.sharesIPv4Network(with: client)
                ? mark("FSL_HELO_BARE_IP_1", .heloBareAddress)
                : .scores(
                    Score(
                        thousandths: nil, marks: ["FSL_HELO_BARE_IP_1", "RCVD_HELO_IP_MISMATCH"]),
                    because: [.heloBareAddress])
        case .literal(let address):
            guard address.family == .v4, client.family == .v4 else {
                return .cannotTell(.notKnown)
            }
            return address.sharesIPv4Network(with: client)
                ? .accepts : mark("RCVD_HELO_IP_MISMATCH", .heloLiteralMismatch)
        case .malformed: return .cannotTell(.notKnown)
        }
    }
}
