import ReceiverModels
import SenderIdentity
import Testing

/// Which server refuses which HELO argument: the matrix of the real servers' replies.
@Suite struct HELOMatrixTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let scenario: String
        /// Postfix unknown, the same with code 550, invalid, non-FQDN; Exim verify = helo,
        /// helo_verify_hosts, syntax; OpenSMTPD syntax; Sendmail block_bad_helo, syntax.
        let cells: [String]

        var testDescription: String { scenario }

        init(_ scenario: String, _ cells: String) {
            self.scenario = scenario
            self.cells = cells.split(separator: " ").map(String.init)
        }
    }

    private static let rows: [Row] = [
        // Names.
        Row("helo-equals-ptr", "ok ok ok ok ok ok ok ok ok ok"),
        Row("helo-equals-ptr-other-case", "ok ok ok ok ok ok ok ok ok ok"),
        Row("helo-resolves-to-two-others", "ok ok ok ok 550 550 ok ok ok ok"),
        Row("pool-by-design", "ok ok ok ok 550 550 ok ok ok ok"),
        Row("helo-leads-to-client-and-another", "ok ok ok ok ok ok ok ok ok ok"),
        Row("helo-alias-of-ptr-name", "ok ok ok ok ok ok ok ok ok ok"),
        Row("helo-nxdomain", "450 550 ok ok 550 550 ok ok ok ok"),
        Row("helo-only-txt", "450 550 ok ok 550 550 ok ok ok ok"),
        Row("helo-servfail", "450 450 ok ok 550 550 ok ok ok ok"),
        Row("helo-aaaa-servfail", "ok ok ok ok ok ok ok ok ok ok"),
        Row("helo-only-mx", "ok ok ok ok 550 550 ok ok ok ok"),
        Row("helo-only-aaaa", "ok ok ok ok 550 550 ok ok ok ok"),
        Row("helo-loopback", "ok ok ok ok 550 550 ok ok ok ok"),
        // Literals and addresses.
        Row("helo-literal-own", "ok ok ok ok ok ok ok ok ok ok"),
        Row("helo-literal-begins-alike", "ok ok ok ok ok ok ok ok ok ok"),
        Row("helo-literal-other", "ok ok ok ok 550 550 ok ok ok ok"),
        Row("helo-broken-literal", "501 501 501 501 501 501 501 501 ok ok"),
        Row("ipv6-helo-literal", "ok ok ok ok 550 550 ok ok 550 ok"),
        Row("helo-ipv6-literal-over-ipv4", "ok ok ok ok 550 550 ok ok 550 ok"),
        Row("ipv6-helo-literal-untagged", "501 501 501 501 ok ok ok ok 550 ok"),
        Row("helo-bare-address", "450 550 ok 504 550 550 ok ok ok ok"),
        // Odd forms.
        Row("helo-localhost", "ok ok ok 504 550 550 ok ok 550 ok"),
        Row("helo-localhost-localdomain", "450 550 ok ok 550 550 ok ok ok ok"),
        Row("helo-single-label-resolves", "ok ok ok 504 ok ok ok ok 550 ok"),
        Row("helo-single-label-nxdomain", "450 550 ok 504 550 550 ok ok 550 ok"),
        Row("helo-trailing-dot", "450 550 ok ok ok ok ok 501 ok ok"),
        Row("helo-underscore", "ok ok ok ok 501 501 501 ok ok ok"),
        Row("helo-leading-hyphen", "450 550 501 504 550 550 ok 501 ok ok"),
        Row("helo-empty-label", "450 550 501 504 550 550 ok 501 ok ok"),
        Row("helo-overlong-label", "450 550 501 504 550 550 ok 501 ok ok"),
        Row("helo-digits-and-dot", "450 550 501 504 550 550 ok ok ok ok"),
        Row("helo-not-ascii", "450 550 501 504 501 501 501 501 501 501"),
        Row("helo-empty", "501 501 501 501 501 501 501 501 501 501"),
    ]

    @Test(arguments: rows)
    func `every server judges as the real one did`(_ row: Row) throws {
        let facts = try Cell.facts(row.scenario)
        let unknown = "reject_unknown_helo_hostname"
        let cells = [
            try Cell.word(.postfix, unknown, facts),
            try Cell.word(.postfix, unknown, facts, ["unknown_hostname_reject_code": "550"]),
            try Cell.word(.postfix, "reject_invalid_helo_hostname", facts),
            try Cell.word(.postfix, "reject_non_fqdn_helo_hostname", facts),
            try Cell.word(.exim, "verify-helo", facts),
            try Cell.word(.exim, "helo_verify_hosts", facts),
            try Cell.word(.exim, "helo-syntax", facts),
            try Cell.word(.openSMTPD, "helo-syntax", facts),
            try Cell.word(.sendmail, "block_bad_helo", facts),
            try Cell.word(.sendmail, "helo-syntax", facts),
        ]
        #expect(cells == row.cells)
    }

    @Test func `Postfix always wants an argument in UTF-8, whatever it is`() throws {
        #expect(try Cell.word(.postfix, "helo-syntax", Cell.facts("helo-empty")) == "501")
        #expect(try Cell.word(.postfix, "helo-syntax", Cell.facts("helo-control-bytes")) == "500")
        #expect(try Cell.word(.postfix, "helo-syntax", Cell.facts("helo-underscore")) == "ok")
    }

    @Test func `helo_verify_hosts defers where the reverse look-up fails for now`() throws {
        let deferred = try Cell.facts("two-ptrs-one-servfail")
        #expect(try Cell.word(.exim, "helo_verify_hosts", deferred) == "ok")
        let facts = try Cell.facts("ptr-name-servfail")
        #expect(try Cell.word(.exim, "helo_verify_hosts", facts) == "451")
        #expect(try Cell.word(.exim, "verify-helo", facts) == "550")
    }

    @Test func `the article's pool passes everywhere but at Exim's verify = helo`() throws {
        let outside = try Cell.facts("article-b-pool-outside")
        let inside = try Cell.facts("article-b-pool-inside")
        for receiver in [Receiver.postfix, .openSMTPD, .sendmail] {
            for rule in receiver.rules {
                #expect(try Cell.word(receiver, rule.id, outside) == "ok", "\(rule.id)")
            }
        }
        #expect(try Cell.word(.exim, "verify-helo", outside) == "550")
        #expect(try Cell.word(.exim, "verify-helo", inside) == "ok")
        #expect(try Cell.word(.exim, "reverse_host_lookup", outside) == "ok")
    }
}
