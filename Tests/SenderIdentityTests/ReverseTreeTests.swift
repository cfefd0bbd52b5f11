import DNSModel
import NetNames
import SenderIdentity
import Testing

/// What follows from a walk, where a real one is hard to come by.
@Suite struct ReverseTreeTests {
    private static let client = "198.51.100.25"
    private static let goal = "25.100.51.198.in-addr.arpa"
    private static let zone = "100.51.198.in-addr.arpa"

    private static func name(_ text: String) -> DomainName { DomainName(text) ?? .root }

    private static func server(
        _ name: String, _ reply: DelegationTrace.Reply, from zone: String? = nil
    ) -> DelegationTrace.ServerReply {
        let start = StartOfAuthority(
            primary: Self.name("ns1.isp.example"), mailbox: Self.name("a.isp.example"), serial: 1,
            refresh: 1, retry: 1, expire: 1, minimum: 1)
        return .init(
            name: Self.name(name), address: .v4(0xcb00_7101), reply: reply,
            authority: zone.map { .init(zone: Self.name($0), start: start) }, elapsed: .zero)
    }

    private static func visit(
        _ zone: String, _ replies: [DelegationTrace.ServerReply]
    ) -> DelegationTrace.Visit {
        .init(
            asked: name(goal), zone: name(zone), parent: name(zone).parent, ttl: 60,
            servers: replies.map(\.name), serverCount: replies.count, replies: replies)
    }

    private func facts(
        _ visits: [DelegationTrace.Visit], limits: [DelegationTrace.Limit] = [],
        resolvers: (inout Build) throws -> Void = { try $0.deny(Self.goal, .ptr) }
    ) throws -> IdentityFacts {
        var build = Build()
        try resolvers(&build)
        build.evidence.walk = DelegationTrace(
            goal: Self.name(Self.goal), visits: visits, limits: limits, packets: 1, elapsed: .zero)
        return IdentityFacts(
            subject: Subject(address: try #require(IPAddress(Self.client))),
            evidence: build.evidence)
    }

    private let denied = visit(
        zone, [server("ns1", .noSuchName, from: zone), server("ns2", .noSuchName, from: zone)])

    @Test func `somebody who answers in the root servers' place proves nothing`() throws {
        let facts = try facts([Self.visit(".", [Self.server("a", .lame), Self.server("b", .lame)])])
        let tree = try #require(facts.reverseTree)
        #expect(tree.keeper == nil)
        #expect(tree.fault == nil)
    }

    @Test(arguments: ["in-addr.arpa", "198.in-addr.arpa"])
    func `a registry whose servers are all silent proves nothing`(zone: String) throws {
        let facts = try facts([Self.visit(zone, [Self.server("a", .failed(.timeout))])])
        #expect(facts.reverseTree?.fault == nil)
    }

    @Test func `silence that a limit of ours explains is nobody's fault`() throws {
        let silent = Self.visit(Self.zone, [Self.server("ns1", .failed(.timeout))])
        #expect(try facts([silent], limits: [.time]).reverseTree?.fault == nil)
        #expect(try facts([silent]).reverseTree?.fault != nil)
    }

    @Test func `a server that holds the zone below as well contradicts nobody`() throws {
        let parent = Self.visit(
            "198.in-addr.arpa",
            [
                Self.server("a", .referral(Self.name(Self.zone))),
                Self.server("b", .noSuchName, from: Self.zone),
            ])
        #expect(try facts([parent, denied]).reverseTree?.fault == nil)
    }

    @Test func `a delegation that only some servers of the parent know is a disagreement`() throws {
        let parent = Self.visit(
            "198.in-addr.arpa",
            [
                Self.server("a", .referral(Self.name(Self.zone))),
                Self.server("b", .noSuchName, from: "198.in-addr.arpa"),
            ])
        guard case .disagreement(let split) = try facts([parent, denied]).reverseTree?.fault else {
            Issue.record("no disagreement")
            return
        }
        #expect(split.words.map(\.answer) == [.referral(Self.name(Self.zone)), .absent])
    }

    @Test func `order and TTL of records are no disagreement, a name more is`() throws {
        let names = ["a.example", "b.example"].map(Self.name)
        let same = Self.visit(
            Self.zone,
            [
                Self.server("ns1", .answers(names, ttl: 5), from: Self.zone),
                Self.server("ns2", .answers(names.reversed(), ttl: 9), from: Self.zone),
            ])
        let agreeing = try facts([same]) {
            try $0.pointer(of: Self.client, to: ["b.example", "a.example"])
        }
        #expect(agreeing.reverseTree?.fault == nil)
        #expect(agreeing.reverseTree?.keeper?.agreeing == 2)
        let differing = try facts([same]) {
            try $0.pointer(of: Self.client, to: ["b.example"])
        }
        guard case .disagreement(let difference) = differing.reverseTree?.fault else {
            Issue.record("no disagreement")
            return
        }
        #expect(difference.resolvers == .names([Self.name("b.example")]))
    }

    @Test func `two addresses of one server are one server`() throws {
        let twice = Self.visit(
            Self.zone,
            [
                Self.server("ns1", .noSuchName, from: Self.zone),
                Self.server("ns1", .noSuchName, from: Self.zone),
            ])
        let keeper = try facts([twice]).reverseTree?.keeper
        #expect(keeper?.agreeing == 1)
        #expect(keeper?.asked == 1)
    }

    @Test func `a planned PTR record contradicts no server`() throws {
        let records: (inout Build) throws -> Void = {
            try $0.pointer(of: Self.client, to: ["mail.example.org"])
        }
        #expect(try facts([denied], resolvers: records).reverseTree?.fault != nil)
        let planned = try facts([denied]) {
            $0.evidence = Evidence(
                startedAt: 0,
                sources: [.init(kind: .zone, name: "a"), .init(kind: .overlay, name: "b")])
            try records(&$0)
        }
        #expect(planned.reverseTree?.fault == nil)
        #expect(planned.reverseTree?.keeper != nil)
    }

    @Test func `a failed look-up of the resolvers contradicts nobody`() throws {
        let facts = try facts([denied]) { try $0.fail(Self.goal, .ptr, .serverFailure) }
        #expect(facts.reverseTree?.fault == nil)
    }

    @Test func `a walk to another name is not this client's`() throws {
        var build = Build()
        try build.deny(Self.goal, .ptr)
        build.evidence.walk = DelegationTrace(
            goal: Self.name("1.2.0.192.in-addr.arpa"), visits: [denied], packets: 1,
            elapsed: .zero)
        let facts = IdentityFacts(
            subject: Subject(address: try #require(IPAddress(Self.client))),
            evidence: build.evidence)
        #expect(facts.reverseTree == nil)
    }
}
