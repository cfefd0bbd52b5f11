import NetNames
import SenderIdentity

extension Receiver {
    /// OpenSMTPD: the first PTR name that is a host name, its addresses in the client's family.
    ///
    /// Its resolver reports every failed PTR look-up alike, so that a time-out reads as «no name»;
    /// version 6.8 holds the banner for 75 seconds then.
    package static let openSMTPD = Receiver(
        id: "opensmtpd",
        name: "OpenSMTPD",
        settings: [
            ReceiverSetting(
                "disconnect", values: ["550", "421"],
                meaning: "the code that the admin wrote into the filter's reply")
        ],
        rules: [
            Rule(
                id: "helo-syntax",
                setting: nil,
                isOnByDefault: true,
                stage: .helo,
                source: source("smtp_session.c, util.c"),
                summary: "HELO must be a host name without a closing dot, or a literal.",
                replies: [invalidName],
                because: [.heloMalformed],
                judgement: syntax
            ),
            Rule(
                id: "rdns",
                setting: "filter … match !rdns",
                isOnByDefault: false,
                stage: .connect,
                source: source("smtpd.conf(5), smtp_session.c, lka_filter.c"),
                summary: "The address must have a PTR record whose name is a host name. A failed"
                    + " look-up counts as none.",
                change: filter("!rdns"),
                repliesWith: { [adminReply($0)] },
                because: [.noPointer, .reverseLookupFailed, .pointerNotAHostname],
                judgement: matchNoReverse
            ),
            Rule(
                id: "fcrdns",
                setting: "filter … match !fcrdns",
                isOnByDefault: false,
                stage: .connect,
                source: source("smtpd.conf(5), smtp_session.c, lka_filter.c"),
                summary: "The first PTR name that is a host name must have the address. A failed"
                    + " look-up counts as a mismatch.",
                change: filter("!fcrdns"),
                repliesWith: { [adminReply($0)] },
                because: [
                    .noPointer, .reverseLookupFailed, .pointerPointsElsewhere,
                    .pointerNameDoesNotExist, .pointerForwardUnknown, .pointerNotAHostname,
                ],
                judgement: matchUnconfirmed
            ),
        ]
    )

    private static func source(_ document: String) -> RuleSource {
        RuleSource(document, version: "6.8.0p2", checked: "2026-11", basis: .proven)
    }

    /// A filter and the listener that uses it; the reply's words are the admin's.
    private static func filter(_ condition: String) -> ConfigurationChange {
        ConfigurationChange(
            "smtpd.conf",
            "filter reverse phase connect match \(condition) disconnect \"550 no rDNS\"",
            "listen on eth0 filter reverse")
    }

    private static let invalidName = ReplyTemplate(
        501, "5.5.4", "Invalid command arguments: Invalid domain name")

    /// The filter's whole reply is the admin's; only the code is a setting here.
    private static func adminReply(_ settings: ReceiverSettings) -> ReplyTemplate {
        ReplyTemplate(settings.has("disconnect", "421") ? 421 : 550, nil, "{wording}")
    }

    /// A host name of the C library without a closing dot, or a literal with its tag or without.
    @Sendable
    private static func syntax(_ facts: IdentityFacts, _ settings: ReceiverSettings) -> Judgement {
        guard let raw = facts.helo?.argument.raw else { return .cannotTell(.heloUnknown) }
        let isValid = raw.first == Ascii.openBracket ? isLiteral(raw) : isHost(raw)
        return isValid ? .accepts : .replies(invalidName, because: [.heloMalformed])
    }

    private static func isLiteral(_ raw: [UInt8]) -> Bool {
        guard raw.firstIndex(of: Ascii.closeBracket) == raw.count - 1 else { return false }
        var inner = raw[1..<(raw.count - 1)]
        let tag = Array("ipv6:".utf8)
        if inner.prefix(tag.count).map(Ascii.lowercased) == tag {
            inner = inner.dropFirst(tag.count)
        }
        return (try? IPAddress(parsing: inner)) != nil
    }

    /// Read like a master file's name, so that a backslash takes the next byte as it is.
    private static func isHost(_ raw: [UInt8]) -> Bool {
        guard raw.last != Ascii.dot, let name = try? DomainName(parsing: raw) else { return false }
        return LibcResolver.accepts(name)
    }

    /// `match !rdns`: no host name among the PTR names, or an address written as one.
    @Sendable
    private static func matchNoReverse(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        ofName(in: facts, settings) { _ in .accepts }
    }

    /// `match !fcrdns`: true unless the name leads back, also where its look-up failed.
    @Sendable
    private static func matchUnconfirmed(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        ofName(in: facts, settings) { name in
            guard isAsked(name.name) else {
                return .replies(adminReply(settings), because: [.pointerNotAHostname])
            }
            let code: FindingCode
            switch name.match {
            case .confirmed: return .accepts
            case .notAsked: return .cannotTell(.notAsked)
            case .unknown(let failure) where failure.isOurOwn:
                return .cannotTell(.lookupFailed(failure))
            case .unknown: code = .pointerForwardUnknown
            case .elsewhere: code = .pointerPointsElsewhere
            case .noSuchName, .noAddress, .otherFamilyUnknown: code = .pointerNameDoesNotExist
            }
            return .replies(adminReply(settings), because: [code])
        }
    }

    /// Whether its resolver asks for the addresses of a name that it took for a host name.
    ///
    /// Not for the root, and not where a label has the full length: seen, not documented.
    private static func isAsked(_ name: DomainName) -> Bool {
        !name.isRoot && name.labels.allSatisfy { $0.count < DomainName.longestLabel }
    }

    private static func ofName(
        in facts: IdentityFacts, _ settings: ReceiverSettings,
        _ judge: (PointerNameFacts) -> Judgement
    ) -> Judgement {
        let reply = adminReply(settings)
        switch facts.pointer.lookup?.outcome {
        case nil: return .cannotTell(.notAsked)
        case .failed(let failure) where failure.isOurOwn: return .cannotTell(.lookupFailed(failure))
        case .failed: return .replies(reply, because: [.reverseLookupFailed])
        case .noData, .noSuchName: return .replies(reply, because: [.noPointer])
        case .answers: break
        }
        let skipped = facts.pointer.skipped
        let names = facts.pointer.names.filter { LibcResolver.accepts($0.name) }
        if names.isEmpty, skipped == 0 {
            return .replies(reply, because: [.pointerNotAHostname])
        }
        return .ofFirst(names, skipped: skipped, settings) { name in
            let isAddress = (try? IPAddress(parsing: name.name.description.utf8)) != nil
            return isAddress ? .replies(reply, because: [.pointerNotAHostname]) : judge(name)
        }
    }
}
