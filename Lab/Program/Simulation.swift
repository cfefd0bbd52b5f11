import ReceiverModels
import SenderIdentity

/// What our model says a server does with a situation.
enum Simulated: Equatable {
    case accepted
    /// The reply line: code, enhanced code where there is one, text.
    case refused(String)
    case cannotTell
    /// There is no model of this setting.
    case noModel

    /// Asks the rules that the setting switches on, in the session's order: the first that does not
    /// accept decides.
    static func simulate(_ situation: Situation, _ facts: IdentityFacts) -> Simulated {
        let receiver = Receiver.all.first { $0.id == situation.server.rawValue }
        let configuration = Configuration(of: situation)
        let settings = ReceiverSettings(configuration.settings)
        let rules = configuration.rules.compactMap { id in
            receiver?.rules.first { $0.id == id }
        }
        guard rules.count == configuration.rules.count else { return .noModel }
        for rule in rules {
            let outcome = outcome(of: rule.judgement(facts, settings), facts, situation)
            if outcome != .accepted { return outcome }
        }
        return .accepted
    }

    private static func outcome(
        of judgement: Judgement, _ facts: IdentityFacts, _ situation: Situation
    ) -> Simulated {
        switch judgement {
        case .accepts, .scores: .accepted
        case .replies(let reply, _): .refused(line(of: reply, facts, situation))
        case .refusesInItsOwnWords, .cannotTell: .cannotTell
        // The lab's DNS does not turn the order: the first name decides.
        case .dependsOnRecordOrder(let outcomes):
            outcomes.first.map { outcome(of: $0.judgement, facts, situation) } ?? .cannotTell
        // Its resolv.conf switches the search list off.
        case .dependsOnSearchList(let absent, _): outcome(of: absent, facts, situation)
        }
    }

    /// The reply with what the lab's client and the lab's configuration put into it.
    private static func line(
        of reply: ReplyTemplate, _ facts: IdentityFacts, _ situation: Situation
    ) -> String {
        reply.line(for: facts)
            .replacing("<recipient>", with: "<user@dest.test>")
            .replacing("(the admin's own words)", with: "no-\(situation.setting)")
    }
}

/// What a setting of the lab switches on, in the words of the catalogue of receivers.
private struct Configuration {
    var rules: [String]
    /// The lab's DNS keeps the order of records, and the server has these names.
    var settings = [
        "record-order": "as-received",
        "own-names": "mx.dest.test mx dest.test localhost [127.0.0.1]",
    ]

    init(of situation: Situation) {
        let words = situation.setting.split(separator: "-").map(String.init)
        switch situation.server {
        case .postfix:
            rules = ["helo-syntax", Self.postfixRule(words)]
            if words.contains("550") {
                let isClient = ["client", "reverse"].contains(words.first)
                let code = isClient ? "unknown_client_reject_code" : "unknown_hostname_reject_code"
                settings[code] = "550"
            }
            if words.last == "once" {
                settings["smtpd_delay_reject"] = "no"
                if words.first == "client" { rules.reverse() }
            }
        case .exim:
            settings["version"] = "4.96"
            if words.last == "bydns" { settings["host_lookup_order"] = "bydns" }
            switch words.first {
            case "reverse": rules = ["reverse_host_lookup", "helo-syntax"]
            case "acl": rules = ["helo-syntax", "verify-helo"]
            case "verify": rules = ["helo-syntax", "helo_verify_hosts"]
            default: rules = ["helo-syntax"]
            }
        case .sendmail:
            switch situation.setting {
            case "rdns": rules = ["helo-syntax", "require_rdns"]
            case "rdns-delayed":
                rules = ["helo-syntax", "require_rdns"]
                settings["delay_checks"] = "on"
            case "bad-helo":
                rules = ["helo-syntax", "block_bad_helo"]
                settings["delay_checks"] = "on"
            default: rules = ["helo-syntax"]
            }
        case .opensmtpd:
            rules = situation.setting == "none" ? [] : [situation.setting]
            rules.append("helo-syntax")
        }
    }

    private static func postfixRule(_ words: [String]) -> String {
        switch words.first {
        case "client": "reject_unknown_client_hostname"
        case "reverse": "reject_unknown_reverse_client_hostname"
        case "unknown": "reject_unknown_helo_hostname"
        case "invalid": "reject_invalid_helo_hostname"
        default: "reject_non_fqdn_helo_hostname"
        }
    }
}
