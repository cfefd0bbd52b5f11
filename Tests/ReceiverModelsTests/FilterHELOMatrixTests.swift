import NetNames
import ReceiverModels
import SenderIdentity
import Testing

/// The HELO side: a client confirmed as pool6.example.com, and what it says in HELO.
@Suite struct FilterHELOMatrixTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let helo: String
        var forward: ClientWorld.Forward?
        var mx = false
        /// Haraka forward_dns, rspamd, maddy, x-ptr.
        let cells: [String]

        var testDescription: String { helo }
    }

    /// No documentation range: rspamd has a symbol of its own for those.
    private static let client = "157.56.110.6"
    private static let elsewhere = ClientWorld.Forward.to(["157.56.111.1", "157.56.111.2"])
    private static let own = ClientWorld.Forward.to([client])

    private static let rows: [Row] = [
        Row(helo: "pool6.example.com", forward: own, cells: ["✓", "✓", "✓", "✓"]),
        Row(helo: "POOL6.example.COM", forward: own, cells: ["✓", "✓", "✓", "✓"]),
        Row(
            helo: "outbound.example.com", forward: elsewhere,
            cells: ["✓", "1000 HFILTER_HELO_IP_A", "550 5.7.25", "x-ptr=fail"]),
        Row(helo: "mail.example.com", forward: own, cells: ["✓", "✓", "550 5.7.25", "x-ptr=fail"]),
        Row(
            helo: "nowhere.example.com", forward: .noSuchName,
            cells: [
                "✓", "1300 HFILTER_HELO_IP_A HFILTER_HELO_NORES_A_OR_MX", "550 5.7.25",
                "x-ptr=fail",
            ]),
        Row(
            helo: "broken.example.com", forward: .fails(.serverFailure),
            cells: ["✓", "✓", "550 5.7.25", "x-ptr=fail"]),
        Row(
            helo: "mx-only.example.com", forward: .noData, mx: true,
            cells: ["✓", "1000 HFILTER_HELO_IP_A", "550 5.7.25", "x-ptr=fail"]),
        Row(
            helo: "six.example.com", forward: .to(["2001:db8::6"]),
            cells: ["✓", "1000 HFILTER_HELO_IP_A", "550 5.7.25", "x-ptr=fail"]),
        Row(
            helo: "[157.56.110.6]",
            cells: ["✓", "3000 HFILTER_HELO_BAREIP", "550 5.7.25", "x-ptr=fail"]),
        Row(
            helo: "[157.56.110.99]",
            cells: ["✓", "3000 HFILTER_HELO_BAREIP", "550 5.7.25", "x-ptr=fail"]),
        Row(
            helo: "[IPv6:2001:db8::6]",
            cells: ["✓", "3000 HFILTER_HELO_5", "550 5.7.25", "x-ptr=fail"]),
        Row(
            helo: "[2001:db8::6]",
            cells: ["✓", "4500 HFILTER_HELO_BADIP", "550 5.7.25", "x-ptr=fail"]),
        Row(
            helo: "157.56.110.6",
            cells: ["550", "3000 HFILTER_HELO_BAREIP", "550 5.7.25", "x-ptr=fail"]),
        Row(
            helo: "localhost", forward: .to(["127.0.0.1"]),
            cells: ["550", "3000 HFILTER_HELO_5", "550 5.7.25", "x-ptr=fail"]),
        Row(helo: "pool6.example.com.", forward: own, cells: ["?", "✓", "✓", "x-ptr=fail"]),
        Row(
            helo: "out_6.example.com", forward: .noSuchName,
            cells: ["✓", "2000 HFILTER_HELO_NOT_FQDN", "550 5.7.25", "x-ptr=fail"]),
        Row(
            helo: "-mail.example.com", forward: .noSuchName,
            cells: ["?", "2000 HFILTER_HELO_NOT_FQDN", "550 5.7.25", "x-ptr=fail"]),
        Row(
            helo: "mail.example.net", forward: elsewhere,
            cells: ["550", "1000 HFILTER_HELO_IP_A", "550 5.7.25", "x-ptr=fail"]),
        Row(
            helo: "nowhere.example.net", forward: .noSuchName,
            cells: [
                "?", "1300 HFILTER_HELO_IP_A HFILTER_HELO_NORES_A_OR_MX", "550 5.7.25",
                "x-ptr=fail",
            ]),
    ]

    private static func facts(_ row: Row) throws -> IdentityFacts {
        var world = try ClientWorld.confirmed(client, as: "pool6.example.com")
        if let forward = row.forward {
            let name = try #require(HELOArgument(row.helo).name)
            try world.forward(name.description, forward, mx: row.mx)
        }
        return world.facts(helo: row.helo)
    }

    @Test(arguments: rows)
    func `does what the sources say`(row: Row) throws {
        let facts = try Self.facts(row)
        let cells = [
            try cell(facts, .haraka, "forward_dns"),
            try cell(facts, .rspamd, "hfilter", ReceiverSettings(["version": "2026-08"])),
            try cell(
                facts, .maddy, "require_matching_rdns",
                ReceiverSettings(["fail_action": "reject"])),
            try cell(facts, .authenticationMilter, "x-ptr"),
        ]
        #expect(cells == row.cells)
    }

    @Test(arguments: rows)
    func `maddy puts aside by default what it refuses when told to`(row: Row) throws {
        let facts = try Self.facts(row)
        let mild = try cell(facts, .maddy, "require_matching_rdns")
        let strict = try cell(
            facts, .maddy, "require_matching_rdns", ReceiverSettings(["fail_action": "reject"]))
        #expect(mild == (strict == "✓" ? "✓" : "quarantine"))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let receiver: String
        let rule: String
        let helo: String
        var forward: ClientWorld.Forward?
        var settings: [String: String] = [:]
        let cell: String

        init(
            _ receiver: String, _ rule: String, _ helo: String, _ forward: ClientWorld.Forward?,
            _ settings: [String: String] = [:], is cell: String
        ) {
            self.receiver = receiver
            self.rule = rule
            self.helo = helo
            self.forward = forward
            self.settings = settings
            self.cell = cell
        }

        var testDescription: String { "\(receiver) \(rule) \(helo) \(settings)" }
    }

    private static let cases: [Case] = [
        Case("haraka", "bare_ip", "157.56.110.6", nil, is: "550"),
        Case("haraka", "bare_ip", "[157.56.110.6]", nil, is: "✓"),
        Case("haraka", "valid_hostname", "mail", .noSuchName, is: "550"),
        Case("haraka", "valid_hostname", "mail.lan", .noSuchName, is: "✓"),
        Case("haraka", "valid_hostname", "mail.nonsense", .noSuchName, is: "550"),
        Case("haraka", "valid_hostname", "mail.example.com", .noSuchName, is: "✓"),
        Case("haraka", "literal_mismatch", "[157.56.110.99]", nil, is: "✓"),
        Case("haraka", "literal_mismatch", "[157.56.9.99]", nil, is: "550"),
        Case("haraka", "literal_mismatch", "[IPv6:2001:db8::6]", nil, is: "550"),
        Case("haraka", "rdns_match", "mail.example.com", .noSuchName, is: "✓"),
        Case("haraka", "rdns_match", "mail.example.net", .noSuchName, is: "550"),
        Case("haraka", "rdns_match", "[157.56.9.99]", nil, is: "✓"),
        Case("haraka", "invalid_tld", "mail.example.com", .noSuchName, is: "✓"),
        Case("stalwart", "reject_non_fqdn", "mail", .noSuchName, is: "550 5.5.0"),
        Case("stalwart", "reject_non_fqdn", "localhost", .noSuchName, is: "550 5.5.0"),
        Case("stalwart", "reject_non_fqdn", "mail.example.com", .noSuchName, is: "✓"),
        Case("stalwart", "reject_non_fqdn", "[157.56.110.6]", nil, is: "✓"),
        Case("stalwart", "reject_non_fqdn", "[IPv6:2001:db8::6]", nil, is: "?"),
        Case("mox", "helo-resolves", "a.example.com", .noSuchName, is: "✓"),
        Case("mox", "helo-resolves", "a.example.com", .noData, ["verb": "HELO"], is: "550 5.5.0"),
        Case("mox", "helo-resolves", "a.example.com", elsewhere, ["verb": "HELO"], is: "✓"),
        Case(
            "mox", "helo-resolves", "a.example.com", .fails(.timeout), ["verb": "HELO"], is: "✓"),
        Case("james", "resolvable-ehlo-helo", "a.example.com", .noData, is: "501 5.5.4"),
        Case("james", "resolvable-ehlo-helo", "a.example.com", elsewhere, is: "✓"),
        Case("james", "resolvable-ehlo-helo", "a.example.com", .fails(.timeout), is: "?"),
        Case("qpsmtpd", "helo", "localhost", .noSuchName, is: "550"),
        Case("qpsmtpd", "helo", "157.56.110.6", nil, is: "550"),
        Case("qpsmtpd", "helo", "mail", .noSuchName, is: "✓"),
        Case("qpsmtpd", "helo", "mail", .noSuchName, ["policy": "rfc"], is: "550"),
        Case("qpsmtpd", "helo", "a.example.net", elsewhere, ["policy": "rfc"], is: "✓"),
        Case("qpsmtpd", "helo", "a.example.net", elsewhere, ["policy": "strict"], is: "550"),
        Case("qpsmtpd", "helo", "a.example.com", elsewhere, ["policy": "strict"], is: "✓"),
        Case("qpsmtpd", "helo", "[157.56.110.6]", nil, ["policy": "strict"], is: "550"),
        Case("spamassassin", "helo", "mail", .noSuchName, is: "FSL_HELO_NON_FQDN_1"),
        Case("spamassassin", "helo", "localhost", .noSuchName, is: "HELO_LOCALHOST"),
        Case("spamassassin", "helo", "[157.56.9.1]", nil, is: "RCVD_HELO_IP_MISMATCH"),
        Case("spamassassin", "helo", "a.example.net", elsewhere, is: "✓"),
        Case(
            "policyd-weight", "weight", "a.example.net", elsewhere,
            is: "3000 HELO does not lead to the client PTR is not HELO"),
        Case("policyd-weight", "weight", "a.example.net", own, is: "✓"),
        Case("policyd-weight", "weight", "pool6.example.com", own, is: "✓"),
        Case("gmail", "helo-syntax", "", nil, is: "501 5.5.4"),
        Case("gmail", "helo-syntax", "a.example.net", elsewhere, is: "✓"),
        Case("microsoft-365", "bad-helo", "a.example.net", elsewhere, is: "?"),
        Case("microsoft-365", "bad-helo", "a.example.com", elsewhere, is: "✓"),
        Case("orange", "helo", "a.example.com", .noSuchName, is: "refuses"),
        Case("orange", "helo", "mail", .noSuchName, is: "refuses"),
        Case("rspamd", "hfilter", "dsl-1.example.net", elsewhere, is: "2500 HFILTER_HELO_4"),
        Case("rspamd", "hfilter", "host-7.example.net", elsewhere, is: "1000 HFILTER_HELO_2"),
        Case("rspamd", "hfilter", "client-12.example.net", elsewhere, is: "3000 HFILTER_HELO_5"),
        Case("rspamd", "hfilter", "a.client.example.net", elsewhere, is: "500 HFILTER_HELO_1"),
        Case("rspamd", "hfilter", "a.client7.example.net", elsewhere, is: "✓"),
        Case(
            "rspamd", "hfilter", "a.client7.example.net", elsewhere, ["version": "2026-08"],
            is: "1000 HFILTER_HELO_IP_A"),
        Case(
            "rspamd", "hfilter", "a.example.net", .noSuchName,
            is: "1300 HFILTER_HELO_IP_A HFILTER_HELO_NORES_A_OR_MX"),
        Case("rspamd", "hfilter", "mail.local", elsewhere, is: "✓"),
        Case("rspamd", "hfilter", "dsldevice.lan", nil, is: "3000 HFILTER_HELO_5"),
        Case("rspamd", "hfilter", "rspamc.local", nil, is: "✓"),
        Case("rspamd", "hfilter", "10.example.net", nil, is: "4500 HFILTER_HELO_BADIP"),
        Case("rspamd", "hfilter", "dyn.example.net", elsewhere, is: "✓"),
        Case("rspamd", "hfilter", "[192.0.2.6]", nil, is: "4500 HFILTER_HELO_BADIP"),
        Case("rspamd", "rdns", "a.example.net", elsewhere, is: "✓"),
    ]

    @Test(arguments: cases)
    func `judges HELO`(one: Case) throws {
        let receiver = try #require(Receiver.all.first { $0.id == one.receiver })
        let facts = try Self.facts(Row(helo: one.helo, forward: one.forward, cells: []))
        #expect(try cell(facts, receiver, one.rule, ReceiverSettings(one.settings)) == one.cell)
    }
}
