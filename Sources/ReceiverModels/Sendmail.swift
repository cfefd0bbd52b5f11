import NetNames
package import SenderIdentity

extension Receiver {
    /// Sendmail: gethostbyaddr's one name, its addresses in the client's family.
    package static let sendmail = Receiver(
        id: "sendmail",
        name: "Sendmail",
        settings: [
            ReceiverSetting(
                "delay_checks", values: ["off", "on"],
                meaning: "whether checks of the client wait until RCPT TO; block_bad_helo needs it")
        ],
        rules: [
            Rule(
                id: "helo-syntax",
                setting: nil,
                isOnByDefault: true,
                stage: .helo,
                source: source("op.me, AllowBogusHELO; srvrsmtp.c"),
                summary: "HELO must have an argument of letters, digits and []._-#: in any order.",
                change: ConfigurationChange(
                    "sendmail.mc", "define(`confALLOW_BOGUS_HELO', `True')dnl"),
                replies: SendmailHELO.commandReplies,
                because: [.heloMalformed],
                judgement: SendmailHELO.command
            ),
            Rule(
                id: "require_rdns",
                setting: "FEATURE(`require_rdns')",
                isOnByDefault: false,
                stage: .mail,
                stageWith: { _, settings in settings.has("delay_checks", "on") ? .rcpt : .mail },
                source: source("cf/README, proto.m4, daemon.c"),
                summary: "The first PTR name must have the address. No PTR record refuses for good;"
                    + " a name that does not lead back and a failed look-up defer.",
                change: ConfigurationChange("sendmail.mc", "FEATURE(`require_rdns')dnl"),
                repliesWith: { [fix($0), doesNotResolve, possiblyForged] },
                because: [
                    .noPointer, .reverseLookupFailed, .pointerPointsElsewhere,
                    .pointerNameDoesNotExist, .pointerForwardUnknown, .pointerNotAHostname,
                ],
                judgement: requireReverseDNS
            ),
            Rule(
                id: "block_bad_helo",
                setting: "FEATURE(`block_bad_helo')",
                isOnByDefault: false,
                stage: .rcpt,
                stageWith: SendmailHELO.stage,
                source: source("cf/README, proto.m4"),
                summary: "HELO must have an inner dot, and be neither a name nor an address of the"
                    + " server itself. It needs delay_checks.",
                change: ConfigurationChange(
                    "sendmail.mc", "FEATURE(`delay_checks')dnl", "FEATURE(`block_bad_helo')dnl"),
                replies: SendmailHELO.blockReplies,
                because: [
                    .heloMalformed, .heloNotFQDN, .heloBareAddress, .heloLiteralMismatch,
                    .heloLocalhost, .heloName,
                ],
                judgement: SendmailHELO.blockBad
            ),
        ]
    )

    private static func source(_ document: String) -> RuleSource {
        RuleSource(document, version: "8.17.1.9", checked: "2026-11", basis: .proven)
    }

    private static let fixText = "Fix reverse DNS for {sendmail-client}"
    private static let fixReverse = ReplyTemplate(550, "5.7.1", fixText)
    // The permanent error of a delayed check names the recipient, the temporary ones do not.
    private static let fixReverseDelayed = ReplyTemplate(550, "5.7.1", "{recipient}... " + fixText)
    private static let doesNotResolve = ReplyTemplate(
        451, "4.1.8", "Client IP address {sendmail-client} does not resolve")
    private static let possiblyForged = ReplyTemplate(
        451, "4.1.8", "Possibly forged hostname for {sendmail-client}")

    /// By the macro {client_resolve}: OK passes, FAIL is permanent, TEMP and FORGED are temporary.
    @Sendable
    private static func requireReverseDNS(
        _ facts: IdentityFacts, _ settings: ReceiverSettings
    ) -> Judgement {
        let judge = { (name: PointerNameFacts?) -> Judgement in
            switch SendmailClientResolve(of: facts, firstName: name) {
            case nil: return .cannotTell(openReason(facts, name))
            case .ok: return .accepts
            case .fail: return .replies(fix(settings), because: codes(facts, name))
            case .temporary: return .replies(doesNotResolve, because: codes(facts, name))
            case .forged: return .replies(possiblyForged, because: codes(facts, name))
            }
        }
        return facts.pointer.names.isEmpty ? judge(nil) : .ofFirstName(in: facts, settings, judge)
    }

    private static func fix(_ settings: ReceiverSettings) -> ReplyTemplate {
        settings.has("delay_checks", "on") ? fixReverseDelayed : fixReverse
    }

    private static func openReason(
        _ facts: IdentityFacts, _ name: PointerNameFacts?
    ) -> Judgement.Reason {
        if let failure = facts.pointer.lookup?.outcome.failure { return .lookupFailed(failure) }
        if case .unknown(let failure) = name?.match { return .lookupFailed(failure) }
        return .notAsked
    }

    private static func codes(
        _ facts: IdentityFacts, _ name: PointerNameFacts?
    ) -> [FindingCode] {
        guard let name else {
            return facts.pointer.lookup?.outcome.failure == nil
                ? [.noPointer] : [.reverseLookupFailed]
        }
        guard SendmailClientResolve.isName(name.name), !name.name.isRoot else {
            return [.pointerNotAHostname]
        }
        switch name.match {
        case .elsewhere: return [.pointerPointsElsewhere]
        case .noSuchName, .noAddress, .otherFamilyUnknown: return [.pointerNameDoesNotExist]
        case .unknown: return [.pointerForwardUnknown]
        case .confirmed, .notAsked: return []
        }
    }
}

/// The macro {client_resolve} that Sendmail gives to rules and milters (daemon.c).
///
/// Postfix has the same words; only there a forward look-up that fails for now is TEMP.
package enum SendmailClientResolve: String, Hashable, Sendable, CaseIterable {
    /// The PTR name leads back to the client.
    case ok = "OK"
    /// No PTR name, or none that is a host name.
    case fail = "FAIL"
    /// The PTR name does not lead back, or its look-up failed in whatever way.
    case forged = "FORGED"
    /// The PTR look-up failed for the time being.
    case temporary = "TEMP"

    /// The macro's value when `firstName` is the first of the PTR names.
    ///
    /// nil where our own look-ups do not tell.
    /// - Parameters:
    ///   - facts: The client.
    ///   - firstName: The name the C library takes; nil when there is none.
    package init?(of facts: IdentityFacts, firstName: PointerNameFacts?) {
        switch facts.pointer.lookup?.outcome {
        case nil: return nil
        case .noData, .noSuchName: self = .fail
        case .failed(let failure):
            if failure.isOurOwn { return nil }
            self = LibcResolver.isPermanent(failure) ? .fail : .temporary
        case .answers:
            guard let firstName, Self.isName(firstName.name) else {
                self = .fail
                return
            }
            // The root name comes as an empty text, which has no address.
            guard !firstName.name.isRoot else {
                self = .forged
                return
            }
            switch LibcForward(firstName.match) {
            case .confirmed: self = .ok
            case .mismatch, .permanentFailure: self = .forged
            case .temporaryFailure(let failure):
                if failure.isOurOwn { return nil }
                self = .forged
            case .notAsked: return nil
            }
        }
    }

    /// Whether the C library hands the name on and it is not an address written as a name.
    static func isName(_ name: DomainName) -> Bool {
        LibcResolver.accepts(name)
            && (try? IPAddress(parsing: name.description.utf8)) == nil
    }
}
