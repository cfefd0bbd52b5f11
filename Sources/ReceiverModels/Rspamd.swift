import NetNames
import SenderIdentity

extension Receiver {
    /// rspamd with the rules it ships: symbols and scores, added to a mail's total.
    ///
    /// It stands behind a mail server that names the client's host as Postfix does: the first PTR
    /// name if it leads back, else none. Authenticated users and local addresses are exempt. Scores
    /// are those of the shipped groups.
    package static let rspamd = Receiver(
        id: "rspamd",
        name: "rspamd",
        settings: [
            ReceiverSetting(
                Rspamd.version, values: ["3.4", Rspamd.august2026],
                meaning: "3.4 as Debian 12 packages it, run in the lab, never compares the"
                    + " addresses of HELO with the client; the source of August 2026, read and not"
                    + " run, does, gives 2.0 for RDNS_NONE, and takes the PTR name that it finds"
                    + " for the client's without a forward look-up")
        ],
        rules: [
            Rule(
                id: "rdns",
                setting: "RDNS_NONE",
                isOnByDefault: true,
                stage: .data,
                source: Rspamd.source("once_received.lua, hfilter.lua"),
                summary: "Where the mail server names no confirmed host, the host is unknown;"
                    + " rspamd then asks for a PTR record itself, and counts if there is none or"
                    + " the look-up fails.",
                scoresWith: RspamdReverse.scores,
                because: [
                    .noPointer, .reverseLookupFailed, .pointerPointsElsewhere,
                    .pointerNameDoesNotExist, .pointerForwardUnknown, .pointerNotAHostname,
                ],
                judgement: RspamdReverse.judge
            ),
            Rule(
                id: "hfilter",
                setting: "hfilter",
                isOnByDefault: true,
                stage: .data,
                source: Rspamd.source("hfilter.lua, scores.d/hfilter_group.conf"),
                summary: "HELO must be a fully-qualified name that has an address, and neither it"
                    + " nor the client's host may look like an access line's.",
                change: ConfigurationChange(
                    "local.d/hfilter.conf", "helo_enabled = false;", "hostname_enabled = false;"),
                scores: RspamdHELO.scores,
                because: [
                    .pointerLooksGeneric, .heloMalformed, .heloNotFQDN, .heloBareAddress,
                    .heloLiteralMatches, .heloLiteralMismatch, .heloLocalhost, .heloName,
                    .heloResolvesElsewhere, .heloResolvesToLoopback, .heloDoesNotResolve,
                    .heloLookupFailed,
                ],
                judgement: RspamdHELO.judge
            ),
        ]
    )
}

enum Rspamd {
    static let version = "version"
    /// commit eaac8e914; the comparison came with pull request 6176 of that month.
    static let august2026 = "2026-08"

    static func isNew(_ settings: ReceiverSettings) -> Bool { settings.has(version, august2026) }

    fileprivate static func source(_ document: String) -> RuleSource {
        RuleSource(document, version: "3.4", checked: "2026-11", basis: .proven)
    }

    /// What the mail server in front says of the client's host, by the first PTR name.
    enum Host {
        case named(DomainName)
        case unknown(because: FindingCode)
        case cannotTell(Judgement.Reason)

        init(_ name: PointerNameFacts) {
            guard LibcResolver.accepts(name.name),
                PostfixSyntax.isHostname(name.name.description.utf8)
            else {
                self = .unknown(because: .pointerNotAHostname)
                return
            }
            switch LibcForward(name.match) {
            case .confirmed: self = .named(name.name)
            case .mismatch(let code): self = .unknown(because: code)
            case .permanentFailure: self = .unknown(because: .pointerForwardUnknown)
            case .temporaryFailure(let failure) where failure.isOurOwn:
                self = .cannotTell(.lookupFailed(failure))
            case .temporaryFailure: self = .unknown(because: .pointerForwardUnknown)
            case .notAsked: self = .cannotTell(.notAsked)
            }
        }
    }
}

/// RDNS_NONE, RDNS_DNSFAIL and HFILTER_HOSTNAME_UNKNOWN.
private enum RspamdReverse {
    @Sendable
    static func scores(_ settings: ReceiverSettings) -> [Score] {
        Rspamd.isNew(settings) ? [newNone, newFailed] : [none, failed, unknown]
    }

    private static let noneMarks = ["RDNS_NONE", "HFILTER_HOSTNAME_UNKNOWN"]
    private static let failedMarks = ["RDNS_DNSFAIL"] + noneMarks
    private static let none = Score(thousandths: 3500, marks: noneMarks)
    private static let failed = Score(thousandths: 3500, marks: failedMarks)
    private static let unknown = Score(thousandths: 2500, marks: ["HFILTER_HOSTNAME_UNKNOWN"])
    /// RDNS_NONE has 2.0 since 3.9 (pull request 4916).
    private static let newNone = Score(thousandths: 4500, marks: noneMarks)
    private static let newFailed = Score(thousandths: 4500, marks: failedMarks)

    @Sendable
    static func judge(_ facts: IdentityFacts, _ settings: ReceiverSettings) -> Judgement {
        let isNew = Rspamd.isNew(settings)
        switch facts.pointer.lookup?.outcome {
        case nil: return .cannotTell(.notAsked)
        case .failed(let failure) where failure.isOurOwn:
            return .cannotTell(.lookupFailed(failure))
        case .failed:
            return .scores(isNew ? newFailed : failed, because: [.reverseLookupFailed])
        case .noData, .noSuchName: return .scores(isNew ? newNone : none, because: [.noPointer])
        // The root name alone is none to rspamd's resolver (seen with 3.4).
        case .answers where facts.pointer.names.allSatisfy { $0.name.labelCount == 0 }:
            return .scores(isNew ? newNone : none, because: [.pointerNotAHostname])
        case .answers:
            if isNew { return .accepts }
            return .ofFirstName(in: facts, settings) { name in
                switch Rspamd.Host(name) {
                case .named: .accepts
                case .unknown(let code): .scores(unknown, because: [code])
                case .cannotTell(let reason): .cannotTell(reason)
                }
            }
        }
    }
}
