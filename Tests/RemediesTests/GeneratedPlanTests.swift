import DNSModel
import LookupEngine
import NetNames
import ReceiverModels
import Remedies
import Reports
import SenderIdentity
import TestSupport
import Testing

/// Every state of the reverse side with every state of HELO: the plan, carried out, leaves nothing, and
/// receivers do what it said they would.
@Suite struct GeneratedPlanTests {
    struct Part: CustomTestStringConvertible {
        let testDescription: String
        var helo: String?
        let records: [String]

        init(_ description: String, helo: String? = nil, _ records: [String] = []) {
            testDescription = description
            self.helo = helo
            self.records = records
        }
    }

    private static let zones =
        HELOStepTests.zones + "edge6.hoster.example. AAAA 2001:db8:cd::1\n"

    private static let pointer = "9.113.0.203.in-addr.arpa. PTR"

    /// What the client's reverse name has.
    static let reverse = [
        Part("no PTR record"),
        Part("confirmed", ["\(pointer) mail.example.org.", "mail.example.org. A 203.0.113.9"]),
        Part("a name that does not exist", ["\(pointer) mail.example.org."]),
        Part(
            "a name that leads elsewhere",
            ["\(pointer) mail.example.org.", "mail.example.org. A 198.51.100.50"]),
        Part(
            "an alias to a name that leads elsewhere",
            [
                "\(pointer) mail.example.org.", "mail.example.org. CNAME edge.hoster.example.",
                "edge.hoster.example. A 198.51.100.50",
            ]),
        Part(
            "the provider's name, confirmed",
            [
                "\(pointer) ip-203-0-113-9.hoster.example.",
                "ip-203-0-113-9.hoster.example. A 203.0.113.9",
            ]),
        Part(
            "one confirmed and one stray name",
            [
                "\(pointer) mail.example.org.", "mail.example.org. A 203.0.113.9",
                "\(pointer) old.example.org.",
            ]),
        Part(
            "two names, none of which exists",
            [
                "\(pointer) mail.example.org.", "\(pointer) old.example.org.",
            ]),
        Part("no dot behind the name", ["\(pointer) mail.example.org.113.0.203.in-addr.arpa."]),
        Part(
            "another organization's name, confirmed",
            ["\(pointer) vps.hoster.example.", "vps.hoster.example. A 203.0.113.9"]),
        Part(
            "www as an alias to a content network of IPv6",
            ["\(pointer) www.in.example.org.", "www.in.example.org. CNAME edge6.hoster.example."]),
        Part(
            "the domain, with an address of the other family",
            ["\(pointer) example.org.", "example.org. AAAA 2001:db8::80"]),
        Part(
            "no dot behind the domain",
            ["\(pointer) example.org.113.0.203.in-addr.arpa.", "example.org. AAAA 2001:db8::80"]),
    ]

    private static let member = "99.100.51.198.in-addr.arpa. PTR"

    /// What HELO says, and where that leads.
    static let said = [
        Part("no HELO name"),
        Part("mail", helo: "mail.example.org"),
        Part("a name that does not exist", helo: "out.example.org"),
        Part("the client's", helo: "out.example.org", ["out.example.org. A 203.0.113.9"]),
        Part(
            "the client's and another's", helo: "out.example.org",
            ["out.example.org. A 203.0.113.9", "out.example.org. A 198.51.100.99"]),
        Part(
            "a host without PTR record", helo: "out.example.org",
            ["out.example.org. A 198.51.100.99"]),
        Part(
            "another host's own name", helo: "out.example.org",
            ["out.example.org. A 198.51.100.99", "\(member) out.example.org."]),
        Part(
            "another host of the organization", helo: "out.example.org",
            [
                "out.example.org. A 198.51.100.99", "\(member) mail7.example.org.",
                "mail7.example.org. A 198.51.100.99",
            ]),
        Part(
            "a hoster's", helo: "out.example.org",
            [
                "out.example.org. A 198.51.100.99", "\(member) web17.hoster.example.",
                "web17.hoster.example. A 198.51.100.99",
            ]),
        Part(
            "five hosts", helo: "out.example.org",
            (91...95).map { "out.example.org. A 198.51.100.\($0)" }),
        Part(
            "an address of the other family", helo: "out.example.org",
            ["out.example.org. AAAA 2001:db8::9"]),
        Part(
            "an alias to another organization", helo: "out.example.org",
            [
                "out.example.org. CNAME edge.hoster.example.",
                "edge.hoster.example. A 198.51.100.50",
            ]),
        Part(
            "an alias to nowhere", helo: "out.example.org",
            ["out.example.org. CNAME gone.hoster.example."]),
        Part("www", helo: "www.example.org", ["www.example.org. A 198.51.100.99"]),
        Part("the domain", helo: "example.org", ["example.org. A 198.51.100.99"]),
        Part(
            "the domain, with an address of the other family", helo: "example.org",
            ["example.org. AAAA 2001:db8::80"]),
        Part(
            "www with an address of the other family", helo: "www.example.org",
            ["www.example.org. AAAA 2001:db8::80"]),
        Part(
            "www as an alias to nowhere", helo: "www.example.org",
            ["www.example.org. CNAME gone.hoster.example."]),
        Part(
            "an alias to the domain", helo: "out.example.org",
            ["out.example.org. CNAME example.org.", "example.org. A 198.51.100.99"]),
        Part("localhost", helo: "localhost"),
        Part("one label", helo: "mail"),
        Part("a literal of another address", helo: "[198.51.100.99]"),
    ]

    @Test(arguments: reverse, said)
    func `once the plan is carried out, no error or warning is left`(
        reverse: Part, said: Part
    ) throws {
        let records = Set(reverse.records + said.records).sorted()
        let zone = Self.zones + records.joined(separator: "\n") + "\n"
        let report = try SmallReport.report("203.0.113.9", helo: said.helo, zone: zone)
        let steps = report.plan.steps
        let all = steps + report.plan.alternatives.flatMap(\.steps)
        let led = all.flatMap(\.records).filter { [.a, .aaaa].contains($0.type) }.map(\.name)
        #expect(!led.contains(where: Self.isWebSite), "\(led), \(records)")
        if report.facts.confirmedName == DomainName("mail.example.org") {
            #expect(!all.map(\.keyword).contains(.leaveAlias))
        }
        guard !steps.contains(where: \.leavesNameOpen) else {
            #expect(report.plan.after == nil)
            #expect(steps.flatMap(\.records).isEmpty)
            return
        }
        let files = AppliedPlan.files(
            [try ZoneFile(name: "world.zone", bytes: Array(zone.utf8))], steps)
        let helo = AppliedPlan.helo(steps)?.description ?? said.helo
        let after = try SmallReport.report("203.0.113.9", helo: helo, files: files)
        let left = after.verdict.findings.filter { $0.severity.reaches(.warning) }
        #expect(
            left.isEmpty,
            "\(steps.map(\.keyword)) leaves \(left.map(\.finding.code.rawValue)), \(records)")
        for (promised, done) in zip(report.plan.after ?? [], after.replies) {
            #expect(promised.outcome == done.outcome, "\(promised.receiver.id) \(promised.rule.id)")
        }
    }

    /// All of them here have an address elsewhere or are aliases.
    private static func isWebSite(_ name: DomainName) -> Bool {
        "\(name)" == "example.org" || "\(name)".hasPrefix("www.")
    }
}
