import DNSModel
import LookupEngine
import NetNames
import ReceiverModels
import Remedies
import Reports
import SenderIdentity
import TestSupport
import Testing

@Suite struct UpdateScriptTests {
    @Test func `names server and zone where an answer told them`() throws {
        let plan = try Scenario("article-a-no-ptr").report().plan
        #expect(
            UpdateScript.whole(of: plan.steps) == """
                ; step 2: address-holder
                server ns1.isp.example
                zone 100.51.198.in-addr.arpa.
                update add 25.100.51.198.in-addr.arpa. 3600 IN PTR mail.example.org.
                send

                """)
    }

    @Test func `replaces a whole set, and lets nsupdate find the zone`() throws {
        let plan = try Scenario("several-ptrs-none-confirms").report().plan
        #expect(
            UpdateScript.whole(of: plan.steps) == """
                ; step 2: address-holder
                update delete 20.2.0.192.in-addr.arpa. PTR
                update add 20.2.0.192.in-addr.arpa. 3600 IN PTR mail.example.com.
                send

                """)
    }

    /// `server` and `zone` hold until they are named again: what leaves them open must come before.
    @Test func `puts updates of unknown servers first`() throws {
        for name in Scenario.names {
            let plan = try Scenario(name).report().plan
            guard let script = UpdateScript.whole(of: plan.steps) else { continue }
            let blocks = script.split(separator: "send\n")
            for word in ["server", "zone"] {
                let named = blocks.map { $0.contains("\n\(word) ") }
                #expect(named == named.sorted { !$0 && $1 }, "\(word) of \(name)")
            }
        }
    }

    /// A primary server's name that is no host name is left out; its zone then stands alone.
    @Test func `puts an update without a zone before one that names a zone and no server`() throws {
        let report = try SmallReport.report(
            "203.0.113.9", helo: "mail.example.org",
            zone: """
                $TTL 1h
                113.0.203.in-addr.arpa. SOA ns_1.isp.example. h.isp.example. 1 1h 1h 1h 1h
                example.org. SOA ns1.example.org. h.example.org. 1 1h 1h 1h 1h
                mail.example.org. A 203.0.113.9
                mail.example.org. TXT "v=spf1 -all"

                """)
        #expect(
            UpdateScript.whole(of: report.plan.steps) == """
                ; step 3: you
                update delete mail.example.org. TXT "v=spf1 -all"
                update add mail.example.org. 3600 IN TXT "v=spf1 ip4:203.0.113.9 -all"
                send
                ; step 2: address-holder
                zone 113.0.203.in-addr.arpa.
                update add 9.113.0.203.in-addr.arpa. 3600 IN PTR mail.example.org.
                send

                """)
    }

    /// The script is what `--nsupdate` prints and what `--overlay` takes.
    @Test(arguments: scripted)
    func `laid over the world, does what the plan promised`(name: String) throws {
        let scenario = try Scenario(name)
        let plan = try scenario.report().plan
        let script = try #require(UpdateScript.whole(of: plan.steps))
        let overlay = try Overlay(name: "planned.nsupdate", bytes: Array(script.utf8))
        let helo = AppliedPlan.helo(plan.steps).map { HELOArgument($0.description) }
        let subject = Subject(
            address: scenario.subject.address, helo: helo ?? scenario.subject.helo,
            mailFrom: scenario.subject.mailFrom, blockLists: scenario.subject.blockLists)
        let after = Report(
            subject: subject, evidence: try scenario.evidence(laying: overlay, for: subject))
        let promised = try #require(plan.after)
        for (said, done) in zip(promised, after.replies) {
            #expect(said.outcome == done.outcome, "\(said.receiver.id) \(said.rule.id)")
        }
    }

    /// Those whose script says everything: where an alias leads into a zone that only other servers
    /// have, no overlay of a resolver's world finds its records; and none makes a server load a zone.
    private static let scripted = Scenario.names.filter { name in
        guard let scenario = try? Scenario(name), let report = try? scenario.report() else {
            return false
        }
        return scenario.overlay == nil && UpdateScript.whole(of: report.plan.steps) != nil
            && !report.plan.steps.contains { $0.keyword.rawValue == "ptr-is-right" }
            && report.plan.steps.allSatisfy { $0.records.isEmpty || UpdateScript($0) != nil }
    }

    @Test func `has nothing where the plan has no record`() throws {
        let plan = try Scenario("article-b-pool-outside").report().plan
        #expect(UpdateScript.whole(of: plan.steps) == nil)
    }
}

/// Both sides of a delegation smaller than /24 (RFC 2317).
@Suite struct ClasslessDelegationTests {
    private func delegation(_ block: String) throws -> ClasslessDelegation {
        try ClasslessDelegation(
            try #require(AddressBlock(block)),
            servers: [try #require(DomainName("ns1.example.org"))],
            pointers: [
                (
                    try #require(IPAddress("198.51.100.25")),
                    try #require(DomainName("mail.example.org"))
                )
            ])
    }

    @Test func `has both sides' records`() throws {
        let both = try delegation("198.51.100.24/30")
        #expect(
            both.parentRecords.map { MasterFilePrinter.line($0) } == [
                "24-30.100.51.198.in-addr.arpa. 3600 IN NS ns1.example.org.",
                "24.100.51.198.in-addr.arpa. 3600 IN CNAME 24.24-30.100.51.198.in-addr.arpa.",
                "25.100.51.198.in-addr.arpa. 3600 IN CNAME 25.24-30.100.51.198.in-addr.arpa.",
                "26.100.51.198.in-addr.arpa. 3600 IN CNAME 26.24-30.100.51.198.in-addr.arpa.",
                "27.100.51.198.in-addr.arpa. 3600 IN CNAME 27.24-30.100.51.198.in-addr.arpa.",
            ])
        #expect(
            both.childRecords.map { MasterFilePrinter.line($0) }.last
                == "25.24-30.100.51.198.in-addr.arpa. 3600 IN PTR mail.example.org.")
    }

    /// `hostmaster.org` would be somebody else's.
    @Test(arguments: [
        ("ns1.example.org", "hostmaster.example.org."), ("example.org", "hostmaster.example.org."),
        ("a.dns.example.co.uk", "hostmaster.example.co.uk."), ("co.uk", "hostmaster.co.uk."),
    ])
    func `names a mailbox in the domain of the server`(server: String, mailbox: String) throws {
        let both = try ClasslessDelegation(
            try #require(AddressBlock("198.51.100.24/30")),
            servers: [try #require(DomainName(server))], pointers: [])
        let authority = try #require(both.childRecords.first)
        #expect(
            MasterFilePrinter.line(authority).contains(" SOA \(server). \(mailbox) "),
            "\(MasterFilePrinter.line(authority))")
    }

    @Test func `refuses blocks that RFC 2317 is not for`() {
        #expect(throws: ClasslessDelegation.Failure.notClassless) {
            try delegation("198.51.100.0/24")
        }
        #expect(throws: ClasslessDelegation.Failure.notClassless) {
            try delegation("2001:db8::/64")
        }
        #expect(throws: ClasslessDelegation.Failure.self) { try delegation("198.51.100.32/29") }
    }

    /// Put into a world that knows nothing of the address, both sides confirm it; either alone does
    /// nothing.
    @Test func `works with both sides in place, and with neither alone`() throws {
        let scenario = try Scenario("article-a-no-ptr")
        let both = try delegation("198.51.100.24/29")
        let addresses = [24, 26].compactMap { DomainName("\($0).100.51.198.in-addr.arpa") }
        let cleaned = scenario.files.map { file in
            ZoneFile(
                name: file.name,
                contents: MasterFile(
                    records: file.contents.entries.map(\.record).filter {
                        !addresses.contains($0.name)
                    }))
        }
        let parent = ZoneFile(name: "parent", contents: MasterFile(records: both.parentRecords))
        let child = ZoneFile(name: "child", contents: MasterFile(records: both.childRecords))
        let sides: [([ZoneFile], Bool)] = [
            ([parent, child], true), ([parent], false), ([child], false),
        ]
        for (files, confirms) in sides {
            let evidence = try scenario.evidence(in: cleaned + files, for: scenario.subject)
            let report = Report(subject: scenario.subject, evidence: evidence)
            #expect((report.facts.confirmedName != nil) == confirms)
        }
    }
}
