package import ReceiverModels
package import SenderIdentity

/// What a server does with a situation: a real one, or our model of it.
package enum Outcome: Hashable {
    case accepted
    /// Where in the session, and the reply line: code, enhanced code where there is one, text.
    case refused(at: SMTPStage, String)
    /// Our model does not tell.
    case cannotTell
    /// There is no model of this setting.
    case noModel
    /// The real server never gave the same reply twice, or the session broke.
    case unsettled

    /// What our model says, as the product simulates it: the first reply that a client meets.
    /// - Parameters:
    ///   - situation: Server, setting, and what the client says.
    ///   - facts: What our own look-ups say of the situation.
    ///   - searchList: Whether the server's resolv.conf has a search list, `absent` or `present`.
    package init(
        simulating situation: Situation, _ facts: IdentityFacts, searchList: String = "absent"
    ) {
        let configuration = Configuration(of: situation, searchList: searchList)
        guard let receiver = Receiver.all.first(where: { $0.id == situation.server.rawValue }),
            configuration.rules.allSatisfy({ id in receiver.rules.contains { $0.id == id } })
        else {
            self = .noModel
            return
        }
        let first = Simulation.firstReply(
            of: receiver, enabling: Set(configuration.rules), to: facts,
            settings: ReceiverSettings(configuration.settings))
        guard let first else {
            self = .accepted
            return
        }
        guard let reply = first.reply else {
            self = .cannotTell
            return
        }
        self = .refused(at: first.stage, Outcome.line(of: reply, facts, situation))
    }

    /// The reply with what the lab's client and the lab's configuration put into it.
    private static func line(
        of reply: ReplyTemplate, _ facts: IdentityFacts, _ situation: Situation
    ) -> String {
        reply.line(for: facts, recipient: "<user@dest.test>")
            .replacing("(the admin's own words)", with: "no-\(situation.setting)")
    }
}

/// What a setting of the lab switches on, in the words of the catalogue of receivers.
private struct Configuration {
    /// Switched on beside those that always are.
    var rules: [String]
    /// The lab's DNS keeps the order of records, and the server has these names.
    var settings = [
        "record-order": "as-received",
        "own-names": "mx.dest.test mx dest.test localhost [127.0.0.1]",
    ]

    init(of situation: Situation, searchList: String) {
        settings["search-list"] = searchList
        let words = situation.setting.split(separator: "-").map(String.init)
        switch situation.server {
        case .postfix:
            rules = [Self.postfixRule(words)]
            if words.contains("550") {
                let isClient = ["client", "reverse"].contains(words.first)
                let code = isClient ? "unknown_client_reject_code" : "unknown_hostname_reject_code"
                settings[code] = "550"
            }
            if words.last == "once" { settings["smtpd_delay_reject"] = "no" }
        case .exim:
            settings["version"] = "4.96"
            if words.last == "bydns" { settings["host_lookup_order"] = "bydns" }
            switch words.first {
            case "reverse": rules = ["reverse_host_lookup"]
            case "acl": rules = ["verify-helo"]
            case "verify": rules = ["helo_verify_hosts"]
            default: rules = []
            }
        case .sendmail:
            switch situation.setting {
            case "rdns": rules = ["require_rdns"]
            case "rdns-delayed":
                rules = ["require_rdns"]
                settings["delay_checks"] = "on"
            case "bad-helo":
                rules = ["block_bad_helo"]
                settings["delay_checks"] = "on"
            default: rules = []
            }
        case .opensmtpd:
            rules = words.first.map { $0 == "none" ? [] : [$0] } ?? []
            if words.last == "421" { settings["disconnect"] = "421" }
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
