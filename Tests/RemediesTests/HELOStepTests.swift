import DNSModel
import NetNames
import Remedies
import Reports
import TestSupport
import Testing

/// What is done about a HELO name that does not lead to the client: no web site is led to it.
@Suite struct HELOStepTests {
    /// What is there before any record of a test's own; the plans of ``GeneratedPlanTests`` too.
    static let zones = """
        $TTL 1h
        113.0.203.in-addr.arpa. SOA ns1.isp.example. h.isp.example. 1 1h 1h 1h 1h
        100.51.198.in-addr.arpa. SOA ns1.isp.example. h.isp.example. 1 1h 1h 1h 1h
        8.b.d.0.1.0.0.2.ip6.arpa. SOA ns1.isp.example. h.isp.example. 1 1h 1h 1h 1h
        example.org. SOA ns1.example.org. h.example.org. 1 1h 1h 1h 1h
        hoster.example. SOA ns1.hoster.example. h.hoster.example. 1 1h 1h 1h 1h

        """

    /// The client is 203.0.113.9 and says this name.
    private func report(_ helo: String, _ records: [String]) throws -> Report {
        try SmallReport.report(
            "203.0.113.9", helo: helo, zone: Self.zones + records.joined(separator: "\n") + "\n")
    }

    private static let confirmed = [
        "9.113.0.203.in-addr.arpa. PTR mail.example.org.", "mail.example.org. A 203.0.113.9",
    ]

    private func lines(_ steps: [RemedyStep]) -> [String] {
        steps.flatMap(\.records).map { MasterFilePrinter.line($0) }
    }

    struct Site: CustomTestStringConvertible {
        let testDescription: String
        let helo: String
        let records: [String]
    }

    private static let sites = [
        Site(
            testDescription: "www at a hoster", helo: "www.example.org",
            records: [
                "www.example.org. A 198.51.100.99",
                "99.100.51.198.in-addr.arpa. PTR web17.hoster.example.",
                "web17.hoster.example. A 198.51.100.99",
            ]),
        Site(
            testDescription: "www as an alias to a content network", helo: "www.example.org",
            records: [
                "www.example.org. CNAME edge.hoster.example.",
                "edge.hoster.example. A 198.51.100.99",
            ]),
        Site(
            testDescription: "another name as an alias to a content network",
            helo: "shop.example.org",
            records: [
                "shop.example.org. CNAME edge.hoster.example.",
                "edge.hoster.example. A 198.51.100.99",
            ]),
        Site(
            testDescription: "an alias to a content network of IPv6", helo: "shop.example.org",
            records: [
                "shop.example.org. CNAME edge.hoster.example.",
                "edge.hoster.example. AAAA 2001:db8::99",
            ]),
        Site(
            testDescription: "five addresses without PTR", helo: "shop.example.org",
            records: (91...95).map { "shop.example.org. A 198.51.100.\($0)" }),
        Site(
            testDescription: "the domain itself, at a web server of one's own", helo: "example.org",
            records: [
                "example.org. A 198.51.100.99", "99.100.51.198.in-addr.arpa. PTR web1.example.org.",
                "web1.example.org. A 198.51.100.99",
            ]),
        Site(
            testDescription: "a name that is a web server's own", helo: "www.example.org",
            records: [
                "www.example.org. A 198.51.100.99",
                "99.100.51.198.in-addr.arpa. PTR www.example.org.",
            ]),
    ]

    @Test(arguments: sites)
    func `a web site's name gets no address of the mail server's`(site: Site) throws {
        let report = try report(site.helo, Self.confirmed + site.records)
        let name = try #require(DomainName("mail.example.org"))
        #expect(report.plan.steps.map(\.action) == [.setHELO(name)])
        let alternatives = report.plan.alternatives.flatMap(\.steps)
        #expect(lines(alternatives).isEmpty, "\(lines(alternatives))")
        #expect(UpdateScript.whole(of: report.plan.steps) == nil)
        #expect(report.plan.stillRefusing(among: report.replies).isEmpty)
    }

    /// PTR record and HELO say the web site's name, and no name is confirmed: one has to be chosen.
    @Test(arguments: ["www.example.org", "example.org"])
    func `a web site's name as PTR name gives way, too`(site: String) throws {
        let report = try report(
            site, ["9.113.0.203.in-addr.arpa. PTR \(site).", "\(site). A 198.51.100.99"])
        #expect(
            report.plan.steps.map(\.keyword) == [.chooseName, .changePointer, .setHELOToOwnName])
        #expect(lines(report.plan.alternatives.flatMap(\.steps)).isEmpty)
    }

    @Test(arguments: ["www.example.org", "example.org"])
    func `a PTR name that leads elsewhere is not replaced by a web site's`(site: String) throws {
        let report = try report(
            site,
            [
                "9.113.0.203.in-addr.arpa. PTR old.example.org.", "old.example.org. A 198.51.100.7",
                "\(site). A 198.51.100.99",
            ])
        #expect(lines(report.plan.steps).isEmpty)
    }

    // MARK: Names that hosts share

    @Test func `a name that numbered hosts share gets the one that is missing`() throws {
        let report = try report(
            "out.example.org",
            [
                "9.113.0.203.in-addr.arpa. PTR mta3.example.org.",
                "mta3.example.org. A 203.0.113.9",
                "out.example.org. A 198.51.100.1", "out.example.org. A 198.51.100.2",
                "1.100.51.198.in-addr.arpa. PTR mta1.example.org.",
                "mta1.example.org. A 198.51.100.1",
                "2.100.51.198.in-addr.arpa. PTR mta2.example.org.",
                "mta2.example.org. A 198.51.100.2",
            ])
        #expect(lines(report.plan.steps) == ["out.example.org. 3600 IN A 203.0.113.9"])
        #expect(report.plan.alternatives.map(\.kind).contains(.changeHELO))
    }

    /// Not one scheme: each says its own name; the shared one is another way.
    @Test func `a name that other hosts of the organization have is the second choice`() throws {
        let report = try report(
            "out.example.org",
            Self.confirmed + [
                "out.example.org. A 198.51.100.1",
                "1.100.51.198.in-addr.arpa. PTR berlin.example.org.",
                "berlin.example.org. A 198.51.100.1",
            ])
        #expect(report.plan.steps.map(\.keyword) == [.setHELO])
        let other = try #require(
            report.plan.alternatives.first { $0.kind == .publishAddress })
        #expect(lines(other.steps) == ["out.example.org. 3600 IN A 203.0.113.9"])
    }

    @Test func `a name of the other family's address alone gets the client's`() throws {
        let report = try report(
            "out.example.org",
            Self.confirmed + [
                "out.example.org. AAAA 2001:db8::9",
                "9.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa."
                    + " PTR out.example.org.",
            ])
        #expect(lines(report.plan.steps) == ["out.example.org. 3600 IN A 203.0.113.9"])
    }

    // MARK: After the reverse side's own step

    /// The record is another name's: HELO has to say that one then.
    @Test(arguments: [nil, "out.example.org. A 198.51.100.99"])
    func `HELO follows the name that the plan makes confirmed`(record: String?) throws {
        let report = try report(
            "out.example.org",
            ["9.113.0.203.in-addr.arpa. PTR mail.example.org."] + [record].compactMap { $0 })
        let name = try #require(DomainName("mail.example.org"))
        #expect(
            report.plan.steps.map(\.action) == [
                .publishAddress(name, hasOthers: false), .setHELO(name),
            ])
        #expect(report.plan.stillRefusing(among: report.replies).isEmpty)
    }

    @Test func `where the plan publishes the HELO name itself, HELO stays`() throws {
        let report = try report("out.example.org", [])
        #expect(report.plan.steps.map(\.keyword) == [.publishAddress, .createPointer])
    }
}
