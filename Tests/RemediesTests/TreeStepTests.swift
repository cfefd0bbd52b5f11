import DNSModel
import NetNames
import Remedies
import Reports
import SenderIdentity
import Testing

/// Steps for what a walk found, where a real walk is hard to come by.
@Suite struct TreeStepTests {
    private static let client = "198.51.100.25"
    private static let goal = "25.100.51.198.in-addr.arpa"
    private static let zone = "100.51.198.in-addr.arpa"

    private static func name(_ text: String) -> DomainName { DomainName(text) ?? .root }

    private static func server(
        _ name: String, _ reply: DelegationTrace.Reply, from zone: String? = nil,
        serial: UInt32 = 1, address: UInt32 = 0xcb00_7101
    ) -> DelegationTrace.ServerReply {
        let start = StartOfAuthority(
            primary: Self.name("ns1.isp.example"), mailbox: Self.name("a.isp.example"),
            serial: serial, refresh: 1, retry: 1, expire: 1, minimum: 1)
        return .init(
            name: Self.name(name), address: .v4(address), reply: reply,
            authority: zone.map { .init(zone: Self.name($0), start: start) }, elapsed: .zero)
    }

    private static func visit(
        _ zone: String, _ replies: [DelegationTrace.ServerReply], asked: String = goal
    ) -> DelegationTrace.Visit {
        .init(
            asked: name(asked), zone: name(zone), parent: name(zone).parent, ttl: 60,
            servers: replies.map(\.name), serverCount: replies.count, replies: replies)
    }

    /// A client without PTR record and with a HELO name of its own, whose walk met these zones.
    private func report(
        _ visits: [DelegationTrace.Visit], pointer: [String] = []
    ) throws -> Report {
        let client = try #require(IPAddress(Self.client))
        let helo = Self.name("mail.example.org")
        var evidence = Evidence(
            startedAt: 0, sources: [.init(kind: .resolver, name: "192.0.2.53#53")])
        let goal = Question(Self.name(Self.goal), .ptr)
        let records = pointer.map {
            ResourceRecord(name: goal.name, ttl: 60, data: .ptr(Self.name($0)))
        }
        let authority = ResourceRecord(
            name: Self.name(Self.zone), ttl: 60,
            data: .soa(
                .init(
                    primary: Self.name("ns1.isp.example"), mailbox: .root, serial: 1, refresh: 1,
                    retry: 1, expire: 1, minimum: 60)))
        evidence.add(
            Observation(
                question: goal, stage: .verdict,
                response: Response(
                    code: records.isEmpty ? .noSuchName : .noError, answers: records,
                    authority: records.isEmpty ? [authority] : []), attempts: [], elapsed: .zero))
        evidence.add(
            Observation(
                question: Question(helo, .a), stage: .verdict,
                response: Response(
                    code: .noError,
                    answers: [ResourceRecord(name: helo, ttl: 60, data: .address(client))]),
                attempts: [], elapsed: .zero))
        evidence.walk = DelegationTrace(
            goal: goal.name, visits: visits, packets: 1, elapsed: .zero)
        return Report(
            subject: Subject(address: client, helo: HELOArgument("mail.example.org")),
            evidence: evidence)
    }

    private func lines(_ step: RemedyStep?) -> [String] {
        step?.records.map { MasterFilePrinter.line($0) } ?? []
    }

    @Test func `a delegation that only some of the parent's servers know is named`() throws {
        let names = [Self.name("mail.example.org")]
        let report = try report([
            Self.visit(
                "51.198.in-addr.arpa",
                [
                    Self.server(
                        "a", .noSuchName, from: "51.198.in-addr.arpa", address: 0xcb00_7105),
                    Self.server("b", .referral(Self.name(Self.zone))),
                ]),
            Self.visit(
                Self.zone,
                [
                    Self.server("ns1.isp.example", .answers(names, ttl: 60), from: Self.zone),
                    Self.server("ns2.isp.example", .answers(names, ttl: 60), from: Self.zone),
                ]),
        ])
        let step = try #require(report.plan.steps.first { $0.keyword.rawValue.hasPrefix("sync") })
        #expect(step.owner == .addressHolder && step.zone == Self.name("51.198.in-addr.arpa"))
        #expect(
            lines(step) == [
                "100.51.198.in-addr.arpa. 60 IN NS ns1.isp.example.",
                "100.51.198.in-addr.arpa. 60 IN NS ns2.isp.example.",
            ])
        #expect(!report.plan.steps.contains { $0.keyword.rawValue == "create-ptr" })
        let text = TextReport.render(report)
        #expect(text.contains("verify: dig +norecurse @203.0.113.5 100.51.198.in-addr.arpa NS"))
        #expect(report.plan.stillRefusing(among: report.replies).isEmpty)
    }

    /// RFC 1982: the number after 4294967295 is 0, and it is newer.
    @Test(
        arguments: [
            (1, 2, 3, false), (4_294_967_295, 0, 1, false), (2, 1, 3, true), (7, 7, 8, false),
        ] as [(UInt32, UInt32, UInt32, Bool)])
    func `the newest copy is told by the serial number`(
        first: UInt32, second: UInt32, raised: UInt32, isFirst: Bool
    ) throws {
        let report = try report([
            Self.visit(
                Self.zone,
                [
                    Self.server("ns2.isp.example", .noSuchName, from: Self.zone, serial: first),
                    Self.server(
                        "ns3.isp.example", .answers([Self.name("mail.example.org")], ttl: 60),
                        from: Self.zone, serial: second),
                ])
        ])
        let step = try #require(report.plan.steps.last)
        guard case .synchronize(let copies) = step.action else {
            Issue.record("\(step.action)")
            return
        }
        #expect(copies.fresh.name == Self.name(isFirst ? "ns2.isp.example" : "ns3.isp.example"))
        #expect(
            lines(step).first
                == "100.51.198.in-addr.arpa. 1 IN SOA ns1.isp.example. a.isp.example. \(raised) 1 1 1 1"
        )
        // The record is wanted on all servers, whichever copy is the newest.
        #expect(
            lines(step).last == "25.100.51.198.in-addr.arpa. 3600 IN PTR mail.example.org.")
    }

    @Test func `a record that only resolvers remember is put back`() throws {
        let denied = Self.visit(
            Self.zone, [Self.server("ns1.isp.example", .noSuchName, from: Self.zone)])
        let report = try report([denied], pointer: ["mail.example.org"])
        #expect(report.facts.confirmedName != nil)
        #expect(report.plan.steps.map(\.keyword.rawValue) == ["create-ptr"])
        #expect(report.plan.steps.first?.owner == .addressHolder)
    }

    @Test func `resolvers that lag behind need nobody to act`() throws {
        let served = Self.visit(
            Self.zone,
            [
                Self.server(
                    "ns1.isp.example", .answers([Self.name("mail.example.org")], ttl: 60),
                    from: Self.zone)
            ])
        let plan = try report([served]).plan
        #expect(plan.steps.map(\.owner) == [.nobody])
        #expect(plan.steps.first?.wait?.seconds == 60)
        #expect(plan.steps.flatMap(\.records).isEmpty)
        #expect(UpdateScript.whole(of: plan.steps) == nil)
    }

    /// A server with two addresses cannot be left out for one of them, and one server is too few.
    @Test(
        arguments: [
            (["ns1", "ns2"], ["ns3"], ["ns1", "ns2"]),
            (["ns1", "ns3"], ["ns3"], []),
            (["ns1"], ["ns2", "ns3"], []),
            (["ns1", "ns2", "ns3"], ["ns4", "ns5"], ["ns1", "ns2", "ns3"]),
        ] as [([String], [String], [String])])
    func `a delegation does without servers only where enough are left`(
        serving: [String], lame: [String], kept: [String]
    ) throws {
        let names = [Self.name("mail.example.org")]
        let replies =
            serving.map { Self.server($0, .answers(names, ttl: 60), from: Self.zone) }
            + lame.map { Self.server($0, .lame) }
        let report = try report(
            [Self.visit(Self.zone, replies)], pointer: ["mail.example.org"])
        let step = try #require(report.plan.steps.last)
        #expect(step.keyword.rawValue == "serve-zone")
        #expect(lines(step) == kept.map { "100.51.198.in-addr.arpa. 60 IN NS \($0)." })
        // The zone above may be the holder's own: then its server takes an update.
        #expect((UpdateScript(step) == nil) == kept.isEmpty)
        if !kept.isEmpty {
            #expect(
                UpdateScript(step)?.lines == ["zone 51.198.in-addr.arpa."]
                    + lame.map { "update delete 100.51.198.in-addr.arpa. NS \($0)." } + ["send"])
        }
    }
}
