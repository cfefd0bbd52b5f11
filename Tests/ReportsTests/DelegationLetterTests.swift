import DNSModel
import NetNames
import Remedies
import Reports
import SenderIdentity
import TestSupport
import Testing

/// The letter that asks for a delegation smaller than /24 (RFC 2317): to the keeper of the zone that
/// holds the aliases, in that zone.
@Suite struct DelegationLetterTests {
    private func delegation(_ report: Report) throws -> ClasslessDelegation {
        try ClasslessDelegation(
            try #require(AddressBlock("192.0.2.24/30")),
            servers: [try #require(DomainName("ns1.example.org"))],
            for: report.facts, plan: report.plan)
    }

    private func letter(_ report: Report) throws -> String {
        let text = try Letter.text(to: .isp, about: report, delegation: try delegation(report))
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private let wide =
        "$TTL 1h\n0.192.in-addr.arpa. SOA ns.isp.example. host.isp.example. 1 1h 1h 1h 1h\n"
    private let narrow =
        "$TTL 1h\n2.0.192.in-addr.arpa. SOA ns.isp.example. host.isp.example. 1 1h 1h 1h 1h\n"
    private let forward = """
        example.org. SOA ns1.example.org. h.example.org. 1 1h 1h 1h 1h
        mail.example.org. A 192.0.2.25

        """

    @Test func `the records go into the zone that the denial names`() throws {
        let report = try SmallReport.report(
            "192.0.2.25", helo: "mail.example.org",
            zone: wide + forward)
        let text = try letter(report)
        #expect(text.hasPrefix("To: host@isp.example "))
        #expect(text.contains("put these into 0.192.in-addr.arpa,"))
        // The names keep their place below the /24, which is inside that zone.
        #expect(text.contains("24-30.2.0.192.in-addr.arpa. 3600 IN NS ns1.example.org."))
        #expect(try delegation(report).isParentKnown)
    }

    @Test func `where no answer names the zone, it is only called usual`() throws {
        let report = try SmallReport.report(
            "192.0.2.25", helo: "mail.example.org",
            zone: wide + "25.2.0.192.in-addr.arpa. PTR mail.example.org.\n" + forward)
        let text = try letter(report)
        #expect(text.contains("the reverse zone, usually 2.0.192.in-addr.arpa,"))
    }

    @Test func `a PTR record that is right needs no mending to be delegated`() throws {
        let report = try SmallReport.report(
            "192.0.2.25", helo: "mail.example.org",
            zone: narrow + "25.2.0.192.in-addr.arpa. PTR mail.example.org.\n" + forward)
        #expect(throws: Letter.Refusal.nothingForHolder) {
            try Letter.text(to: .isp, about: report)
        }
        let text = try letter(report)
        #expect(text.contains("Please delegate the reverse names of 192.0.2.24/30 to us"))
        #expect(text.contains("25.24-30.2.0.192.in-addr.arpa. 3600 IN PTR mail.example.org."))
        #expect(!text.contains("needs a change"))
    }

    @Test(arguments: ["25.24-29.2.0.192.in-addr.arpa. PTR mail.example.org.\n", ""])
    func `a block that is delegated already is not asked for again`(record: String) throws {
        let report = try SmallReport.report(
            "192.0.2.25", helo: "mail.example.org",
            zone: """
                $TTL 1h
                2.0.192.in-addr.arpa. SOA ns.isp.example. host.isp.example. 1 1h 1h 1h 1h
                25.2.0.192.in-addr.arpa. CNAME 25.24-29.2.0.192.in-addr.arpa.
                24-29.2.0.192.in-addr.arpa. NS ns1.cust.example.
                24-29.2.0.192.in-addr.arpa. SOA ns1.cust.example. h.cust.example. 1 1h 1h 1h 1h

                """ + record + forward)
        let zone = try #require(DomainName("24-29.2.0.192.in-addr.arpa"))
        #expect(throws: Letter.Refusal.alreadyDelegated(zone)) {
            try Letter.text(to: .isp, about: report, delegation: try delegation(report))
        }
    }

    /// The aliases lead to nothing, and their zone's keeper is known by the walk: it can delegate.
    @Test func `a dangling alias may be mended by a delegation`() throws {
        let report = try Scenario("walk-classless-cname-dangling").report()
        let both = try ClasslessDelegation(
            try #require(AddressBlock("198.51.100.24/29")),
            servers: [try #require(DomainName("ns1.example.org"))], for: report.facts,
            plan: report.plan)
        #expect(try Letter.text(to: .isp, about: report, delegation: both).contains("(RFC 2317)"))
    }
}
