import DNSModel
import NetNames
import Remedies
import Reports
import SenderIdentity
import TestSupport
import Testing

/// Names that visitors use get no address of the mail server's, whichever family theirs is of.
@Suite struct WebSiteStepTests {
    private static let zones = """
        $TTL 1h
        100.51.198.in-addr.arpa. SOA ns1.isp.example. h.isp.example. 1 1h 1h 1h 1h
        113.0.203.in-addr.arpa. SOA ns1.isp.example. h.isp.example. 1 1h 1h 1h 1h
        example.org. SOA ns1.example.org. h.example.org. 1 1h 1h 1h 1h
        cdn.example. SOA ns1.cdn.example. h.cdn.example. 1 1h 1h 1h 1h
        edge.cdn.example. AAAA 2001:db8:cd::1

        """

    private func report(
        _ helo: String?, mailFrom: String? = nil, _ records: [String]
    ) throws -> Report {
        try SmallReport.report(
            "198.51.100.25", helo: helo, mailFrom: mailFrom,
            zone: Self.zones + records.joined(separator: "\n") + "\n")
    }

    private static func pointer(_ name: String) -> String {
        "25.100.51.198.in-addr.arpa. PTR \(name)."
    }

    private func lines(_ steps: [RemedyStep]) -> [String] {
        steps.flatMap(\.records).map { MasterFilePrinter.line($0) }
    }

    struct World: CustomTestStringConvertible {
        let testDescription: String
        var helo: String?
        let records: [String]
    }

    private static let elsewhere = "mail.example.org. A 203.0.113.80"

    private static let sites = [
        World(
            testDescription: "PTR www is an alias to a content network of IPv6",
            helo: "mail.example.org",
            records: [
                pointer("www.example.org"), "www.example.org. CNAME edge.cdn.example.", elsewhere,
            ]),
        World(
            testDescription: "PTR www has AAAA alone", helo: "mail.example.org",
            records: [pointer("www.example.org"), "www.example.org. AAAA 2001:db8::80", elsewhere]),
        World(
            testDescription: "PTR and HELO www have AAAA alone", helo: "www.example.org",
            records: [pointer("www.example.org"), "www.example.org. AAAA 2001:db8::80"]),
        World(
            testDescription: "PTR and HELO are the domain with AAAA alone", helo: "example.org",
            records: [pointer("example.org"), "example.org. AAAA 2001:db8::80"]),
        World(
            testDescription: "no PTR, HELO www is an alias to a content network's missing name",
            helo: "www.example.org", records: ["www.example.org. CNAME gone.cdn.example."]),
        World(
            testDescription: "no PTR, HELO is an alias to the domain, which has AAAA alone",
            helo: "mail.example.org",
            records: ["mail.example.org. CNAME example.org.", "example.org. AAAA 2001:db8::80"]),
        World(
            testDescription: "PTR without its dot, and the name meant is the domain",
            records: [
                pointer("example.org.100.51.198.in-addr.arpa"), "example.org. A 203.0.113.80",
            ]),
    ]

    @Test(arguments: sites)
    func `no record of the client's is planned in a web site's name`(world: World) throws {
        let plan = try report(world.helo, world.records).plan
        #expect(lines(plan.steps) == [])
        #expect(plan.steps.contains { $0.leavesNameOpen })
        #expect(lines(plan.alternatives.flatMap(\.steps)) == [])
    }

    @Test func `a HELO name that nobody uses goes before the PTR record's web site`() throws {
        for address in ["example.org. AAAA 2001:db8::80", "example.org. TXT \"empty\""] {
            let report = try report(
                "mail.example.org", [Self.pointer("example.org"), address])
            #expect(
                lines(report.plan.steps) == [
                    "mail.example.org. 3600 IN A 198.51.100.25",
                    "25.100.51.198.in-addr.arpa. 3600 IN PTR mail.example.org.",
                ])
            #expect(report.plan.stillRefusing(among: report.replies).isEmpty)
        }
    }

    // MARK: Aliases beside a confirmed name

    @Test(arguments: [
        World(
            testDescription: "www, to nothing", helo: "www.example.org",
            records: ["www.example.org. CNAME gone.cdn.example."]),
        World(
            testDescription: "mail, to nothing", helo: "mail.example.org",
            records: ["mail.example.org. CNAME gone.cdn.example."]),
        World(
            testDescription: "mail, which is a PTR name, too", helo: "mail.example.org",
            records: [
                pointer("mail.example.org"), "mail.example.org. CNAME edge.cdn.example.",
                "edge.cdn.example. A 203.0.113.80",
            ]),
    ])
    func `a content network's alias stays where another name is confirmed`(world: World) throws {
        let own = [Self.pointer("mx.example.org"), "mx.example.org. A 198.51.100.25"]
        let plan = try report(world.helo, own + world.records).plan
        let steps = plan.steps + plan.alternatives.flatMap(\.steps)
        #expect(!steps.map(\.keyword).contains(.leaveAlias))
        #expect(!lines(steps).contains { $0.contains(" IN A ") })
    }

    // MARK: What the plan says of itself

    @Test func `nothing is promised where the name is still to be chosen`() throws {
        let report = try report(
            "example.org",
            [
                Self.pointer("example.org"), "example.org. A 203.0.113.80",
                "example.org. TXT \"v=spf1 ~ipv4:203.0.113.5 ~all\"",
            ])
        #expect(report.plan.steps.map(\.keyword).contains(.mendSPF))
        #expect(report.plan.steps.contains { $0.leavesNameOpen })
        #expect(report.plan.after == nil)
        let text = TextReport.render(report, .init(width: 200))
        #expect(!text.contains("\nthen "), "\(text)")
    }

    /// That letter could not be written: it would have no record.
    @Test(arguments: Scenario.names)
    func `a letter is offered where it can be written`(name: String) throws {
        let report = try Scenario(name).report()
        guard !report.evidence.holdsPlan,
            TextReport.render(report).contains("heloscope letter --to isp …")
        else { return }
        #expect(throws: Never.self) { try Letter.text(to: .isp, about: report) }
    }

    // MARK: SPF

    private static let sound = [
        pointer("mail.example.org"), "mail.example.org. A 198.51.100.25",
    ]

    /// Mended and no more, each of them would refuse the client, which it did not before.
    @Test(arguments: [
        (["v=spf1 ?ipv4:203.0.113.5 -all"], "v=spf1 ip4:198.51.100.25 ?ip4:203.0.113.5 -all"),
        (["v=spf1 ipv4:203.0.113.5 ~all"], "v=spf1 ip4:198.51.100.25 ip4:203.0.113.5 ~all"),
        (
            ["v=spf1 ip4:203.0.113.5 -all", "v=spf1 ip4:203.0.113.6 -all"],
            "v=spf1 ip4:198.51.100.25 ip4:203.0.113.5 ip4:203.0.113.6 -all"
        ),
        // It allows the client already.
        (["v=spf1 ipv4:198.51.100.0/24 -all"], "v=spf1 ip4:198.51.100.0/24 -all"),
    ])
    func `a mended SPF record does not refuse the client`(
        published: [String], mended: String
    ) throws {
        let report = try report(
            "mail.example.org", mailFrom: "a@example.org",
            Self.sound + published.map { "example.org. TXT \"\($0)\"" })
        let step = try #require(report.plan.steps.first { $0.keyword == .mendSPF })
        #expect(lines([step]) == ["example.org. 3600 IN TXT \"\(mended)\""])
        let text = TextReport.render(report, .init(width: 300))
        let isAdded = mended.contains("ip4:198.51.100.25 ")
        #expect(text.contains("if it sends for example.org") == isAdded)
    }

    @Test func `a mended SPF record that names the client to refuse it is said to`() throws {
        let report = try report(
            "mail.example.org", mailFrom: "a@example.org",
            Self.sound + ["example.org. TXT \"v=spf1 -ipv4:198.51.100.25 ~all\""])
        let step = try #require(report.plan.steps.first { $0.keyword == .mendSPF })
        #expect(lines([step]) == ["example.org. 3600 IN TXT \"v=spf1 -ip4:198.51.100.25 ~all\""])
        let text = TextReport.render(report, .init(width: 300))
        #expect(text.contains("refuses 198.51.100.25 then (-ip4:198.51.100.25)"), "\(text)")
    }

    // MARK: Waiting

    @Test func `an alias that is replaced is remembered for its own TTL`() throws {
        let report = try Scenario("walk-classless-cname-loop").report()
        let step = try #require(report.plan.steps.first { $0.keyword == .replaceAlias })
        #expect(step.wait?.seconds == 3600)
        #expect(step.wait?.kind == .record)
    }
}
