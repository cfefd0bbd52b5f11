import ReceiverModels
import SenderIdentity
import Testing

/// A large pool's honest mail: who takes it, who does not, and in which words.
@Suite struct PoolTests {
    /// A receiver with one of its rules, under settings, and what each of the two clients gets.
    struct Row: CustomTestStringConvertible, Sendable {
        let receiver: Receiver
        let rule: String
        let settings: [String: String]
        /// 157.56.110.65: HELO leads to other hosts of the pool.
        let outside: String
        /// 207.46.163.150: HELO leads to it, too.
        let inside: String

        var testDescription: String { "\(receiver.id) \(rule) \(settings)" }

        init(
            _ receiver: Receiver, _ rule: String, with settings: [String: String] = [:],
            _ outside: String, _ inside: String
        ) {
            self.receiver = receiver
            self.rule = rule
            self.settings = settings
            self.outside = outside
            self.inside = inside
        }
    }

    private static let accepts = "accepts"

    private static let rows: [Row] = [
        Row(.exim, "verify-helo", "550 Administrative prohibition", accepts),
        Row(
            .exim, "helo_verify_hosts", "550 EHLO argument does not match calling host", accepts),
        Row(.exim, "helo-syntax", accepts, accepts),
        Row(.exim, "reverse_host_lookup", accepts, accepts),
        Row(
            .maddy, "require_matching_rdns", with: ["fail_action": "reject"],
            "550 5.7.25 rDNS name does not match source hostname",
            "550 5.7.25 rDNS name does not match source hostname"),
        Row(
            .strictServer, "ptr-equals-helo", "refuses in its own words",
            "refuses in its own words"),
    ]

    @Test(arguments: rows)
    func `its reply`(row: Row) throws {
        for (scenario, expected) in [
            ("article-b-pool-outside", row.outside), ("article-b-pool-inside", row.inside),
        ] {
            let facts = try Cell.facts(scenario)
            let rule = try #require(Cell.rule(row.receiver, row.rule))
            let judgement = rule.judgement(facts, ReceiverSettings(row.settings))
            let line =
                switch judgement {
                case .accepts: Self.accepts
                case .replies(let reply, _): reply.line(for: facts)
                case .refusesInItsOwnWords: "refuses in its own words"
                default: "\(judgement)"
                }
            #expect(line == expected, "\(scenario)")
        }
    }

    /// Not one of their rules refuses it, whatever the admin has switched on.
    @Test(arguments: [
        "postfix", "opensmtpd", "sendmail", "gmail", "stalwart", "microsoft-365", "outlook-com",
        "yahoo",
    ])
    func `is taken under every rule and every setting`(id: String) throws {
        let receiver = try #require(Receiver.all.first { $0.id == id })
        for scenario in ["article-b-pool-outside", "article-b-pool-inside"] {
            let facts = try Cell.facts(scenario)
            for rule in receiver.rules {
                for settings in receiver.everyChoice {
                    let judgement = rule.judgement(facts, settings)
                    #expect(judgement == .accepts, "\(scenario) \(rule.id) \(settings)")
                }
            }
        }
    }

    @Test func `every restriction of Postfix is among them`() {
        #expect(
            Receiver.postfix.rules.map(\.id) == [
                "helo-syntax", "reject_unknown_client_hostname",
                "reject_unknown_reverse_client_hostname", "reject_unknown_helo_hostname",
                "reject_invalid_helo_hostname", "reject_non_fqdn_helo_hostname",
            ])
    }
}
