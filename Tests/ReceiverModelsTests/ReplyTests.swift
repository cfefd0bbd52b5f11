import ReceiverModels
import SenderIdentity
import Testing

/// What a session meets first, word for word, as the real servers answered.
@Suite struct ReplyTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let receiver: Receiver
        let rule: String
        let scenario: String
        let settings: [String: String]
        /// Stage and reply, or `accepted`.
        let expected: String

        var testDescription: String { "\(receiver.id) \(rule): \(scenario)" }

        init(
            _ receiver: Receiver, _ rule: String, _ scenario: String, _ expected: String,
            _ settings: [String: String] = [:]
        ) {
            self.receiver = receiver
            self.rule = rule
            self.scenario = scenario
            self.settings = settings
            self.expected = expected
        }
    }

    private static let permanent = [
        "unknown_client_reject_code": "550", "unknown_hostname_reject_code": "550",
        "search-list": "absent",
    ]
    private static let atOnce = permanent.merging(["smtpd_delay_reject": "no"]) { $1 }

    private static let postfixCases: [Case] = [
        Case(
            .postfix, "reject_unknown_client_hostname", "no-ptr-nxdomain",
            "rcpt 450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]"),
        Case(
            .postfix, "reject_unknown_client_hostname", "no-ptr-nxdomain",
            "connect 550 5.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]",
            atOnce),
        Case(
            .postfix, "reject_unknown_client_hostname", "ptr-servfail",
            "rcpt 450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.2]",
            permanent),
        Case(
            .postfix, "reject_unknown_reverse_client_hostname", "ipv6-no-ptr",
            "rcpt 550 5.7.1 Client host rejected: cannot find your reverse hostname, [2001:db8::1]",
            permanent),
        Case(
            .postfix, "reject_unknown_helo_hostname", "helo-nxdomain",
            "helo 550 5.7.1 <nx.example.com>: Helo command rejected: Host not found", atOnce),
        Case(
            .postfix, "reject_unknown_helo_hostname", "helo-servfail",
            "rcpt 450 4.7.1 <sf.example.com>: Helo command rejected: Host not found", atOnce),
        Case(
            .postfix, "reject_invalid_helo_hostname", "helo-empty-label",
            "rcpt 501 5.5.2 <a..example.com>: Helo command rejected: Invalid name"),
        Case(
            .postfix, "reject_invalid_helo_hostname", "helo-broken-literal",
            "rcpt 501 5.5.2 <[192.0.2]>: Helo command rejected: invalid ip address"),
        Case(
            .postfix, "reject_non_fqdn_helo_hostname", "helo-localhost",
            "rcpt 504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname"),
        Case(
            .postfix, "reject_non_fqdn_helo_hostname", "helo-empty",
            "helo 501 Syntax: EHLO hostname"),
        Case(.postfix, "reject_unknown_client_hostname", "helo-equals-ptr", "accepted"),
    ]

    private static let otherCases: [Case] = [
        Case(
            .exim, "reverse_host_lookup", "no-ptr-nxdomain",
            "connect 550 Administrative prohibition"),
        Case(
            .exim, "reverse_host_lookup", "ptr-servfail",
            "connect 451 Temporary local problem - please try later"),
        Case(
            .exim, "reverse_host_lookup", "helo-underscore",
            "helo 501 Syntactically invalid EHLO argument(s)"),
        Case(.exim, "verify-helo", "helo-literal-other", "helo 550 Administrative prohibition"),
        Case(
            .exim, "helo_verify_hosts", "helo-literal-other",
            "helo 550 EHLO argument does not match calling host"),
        Case(
            .exim, "helo_verify_hosts", "ptr-name-servfail",
            "helo 451 EHLO argument does not match calling host"),
        Case(
            .sendmail, "require_rdns", "no-ptr-nxdomain",
            "mail 550 5.7.1 Fix reverse DNS for 192.0.2.1"),
        Case(
            .sendmail, "require_rdns", "no-ptr-nxdomain",
            "rcpt 550 5.7.1 <recipient>... Fix reverse DNS for 192.0.2.1", ["delay_checks": "on"]),
        Case(
            .sendmail, "require_rdns", "ptr-servfail",
            "mail 451 4.1.8 Client IP address 192.0.2.2 does not resolve"),
        Case(
            .sendmail, "require_rdns", "ptr-name-nxdomain",
            "rcpt 451 4.1.8 Possibly forged hostname for 192.0.2.3", ["delay_checks": "on"]),
        Case(
            .sendmail, "block_bad_helo", "ipv6-helo-literal",
            "rcpt 550 5.7.1 <recipient>... bogus HELO name used: [IPv6:2001:db8::6]"),
        Case(
            .sendmail, "block_bad_helo", "helo-equals-ptr",
            "rcpt 550 5.7.1 <recipient>... bogus HELO name used: pool6.example.com",
            ["own-names": "mx.example.net POOL6.example.com"]),
        Case(
            .sendmail, "block_bad_helo", "helo-empty",
            "helo 501 5.0.0 EHLO requires domain address"),
        Case(.sendmail, "block_bad_helo", "helo-not-ascii", "helo 501 5.0.0 Invalid domain name"),
        Case(
            .openSMTPD, "rdns", "no-ptr-nxdomain", "connect 550 (the admin's own words)"),
        Case(
            .openSMTPD, "fcrdns", "ptr-name-servfail", "connect 421 (the admin's own words)",
            ["disconnect": "421"]),
        Case(
            .openSMTPD, "rdns", "helo-trailing-dot",
            "helo 501 5.5.4 Invalid command arguments: Invalid domain name"),
    ]

    @Test(arguments: postfixCases + otherCases)
    func `the first reply of a session`(_ one: Case) throws {
        // Scenarios without a HELO argument are here for what comes before it.
        let facts = try Cell.facts(one.scenario)
        let first = Simulation.firstReply(
            of: one.receiver, enabling: [one.rule], to: facts,
            settings: ReceiverSettings(one.settings))
        guard let first else {
            #expect(one.expected == "accepted")
            return
        }
        let line = try #require(first.reply).line(for: facts)
        #expect("\(first.stage.rawValue) \(line)" == one.expected)
    }

    struct Odd: CustomTestStringConvertible, Sendable {
        let argument: String
        let line: String

        var testDescription: String { argument }
    }

    @Test(arguments: [
        Odd(argument: "a  b@c.example", line: "<a?b?c.example>"),
        Odd(argument: "a<b>\\c", line: "<a?b??c>"),
        Odd(argument: "a\u{1}\u{7f}b", line: "<a??b>"),
    ])
    func `Postfix repeats no odd bytes`(_ odd: Odd) throws {
        let facts = try Cell.facts("helo-equals-ptr")
        let other = IdentityFacts(
            subject: Subject(address: facts.subject.address, helo: HELOArgument(odd.argument)),
            evidence: Evidence(startedAt: 0, sources: []))
        let rule = try #require(Cell.rule(.postfix, "reject_invalid_helo_hostname"))
        let reply = SimulatedReply(
            receiver: .postfix, rule: rule, judgement: rule.judgement(other, .defaults))
        let line = try #require(reply.reply).line(for: other)
        #expect(line == "501 5.5.2 \(odd.line): Helo command rejected: Invalid name")
    }

    @Test func `every listed setting has its default first and changes some reply`() throws {
        let scenarios = [
            "no-ptr-nxdomain", "ptr-name-servfail", "helo-nxdomain", "reverse-formerr",
            "ptr-underscore", "ptr-slash",
        ].map { try? Cell.facts($0) }
        for receiver in [Receiver.postfix, .exim, .sendmail, .openSMTPD] {
            for setting in receiver.settings where setting.name != "search-list" {
                let outcomes = setting.values.map { value in
                    scenarios.compactMap { $0 }.map { facts in
                        Simulation.replies(
                            for: facts, by: [receiver],
                            settings: [receiver.id: ReceiverSettings([setting.name: value])]
                        ).map { "\($0.stage) \($0.judgement)" }
                    }
                }
                let plain = scenarios.compactMap { $0 }.map { facts in
                    Simulation.replies(for: facts, by: [receiver])
                        .map { "\($0.stage) \($0.judgement)" }
                }
                #expect(outcomes.first == plain, "\(receiver.id) \(setting.name)")
                #expect(outcomes.first != outcomes.last, "\(receiver.id) \(setting.name)")
            }
        }
    }
}
