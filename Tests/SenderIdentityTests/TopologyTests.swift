import DNSModel
import NetNames
import SenderIdentity
import Testing

/// A pool by design is acquitted, and nobody else.
@Suite struct TopologyTests {
    /// Members mta1 … of one domain behind out.example.com, all confirmed; the client is the next.
    private func pool(members: Int, includesClient: Bool = false) throws -> Build {
        var world = Build()
        var behind: [String] = []
        for number in 1...members {
            try world.host("mta\(number).example.com", "192.0.2.\(number)")
            behind.append("192.0.2.\(number)")
        }
        try world.host("mta99.example.com", "192.0.2.99")
        if includesClient { behind.append("192.0.2.99") }
        try world.addresses(of: "out.example.com", behind)
        return world
    }

    @Test(arguments: [4, 10, 20])
    func `recognizes a pool`(members: Int) throws {
        let facts = try pool(members: members).facts("192.0.2.99", helo: "out.example.com")
        #expect(
            facts.topology
                == .sharedPool(PoolFacts(members: members, confirmed: members, equalToHELO: 0)))
    }

    @Test func `recognizes a pool whose HELO name has the client too`() throws {
        let world = try pool(members: 5, includesClient: true)
        let facts = try world.facts("192.0.2.99", helo: "out.example.com")
        #expect(facts.topology == .sharedPool(PoolFacts(members: 5, confirmed: 5, equalToHELO: 0)))
    }

    @Test(arguments: [1, 2, 3])
    func `asks a few hosts for the missing address instead`(members: Int) throws {
        let facts = try pool(members: members).facts("192.0.2.99", helo: "out.example.com")
        #expect(facts.topology == .multihomed(isClientMissing: true))
    }

    @Test func `does not acquit when one member has no PTR record`() throws {
        var world = try pool(members: 6)
        try world.addresses(of: "more.example.com", (1...7).map { "192.0.2.\($0)" })
        try world.deny("7.2.0.192.in-addr.arpa", .ptr)
        let facts = try world.facts("192.0.2.99", helo: "more.example.com")
        #expect(facts.topology == .multihomed(isClientMissing: true))
    }

    @Test func `does not decide when one member cannot be looked up`() throws {
        var world = try pool(members: 6)
        try world.addresses(of: "more.example.com", (1...7).map { "192.0.2.\($0)" })
        try world.fail("7.2.0.192.in-addr.arpa", .ptr, .timeout)
        let facts = try world.facts("192.0.2.99", helo: "more.example.com")
        #expect(facts.topology == .undetermined(.timeout, member: .v4(0xc000_0207)))
        let verdict = Verdict(Check.findings(in: facts), facts: facts)
        #expect(verdict.exitCode(failOn: .error) == 75)
    }

    @Test func `does not acquit an unconfirmed client`() throws {
        var world = try pool(members: 6)
        try world.pointer(of: "192.0.2.98", to: ["mta98.example.com"])
        try world.deny("mta98.example.com", .a)
        try world.deny("mta98.example.com", .aaaa)
        let facts = try world.facts("192.0.2.98", helo: "out.example.com")
        #expect(facts.topology == .notApplicable)
    }

    @Test func `does not acquit a host of another organization`() throws {
        var world = try pool(members: 6)
        try world.host("mta7.example.net", "192.0.2.97")
        let facts = try world.facts("192.0.2.97", helo: "out.example.com")
        #expect(facts.topology == .notApplicable)
    }

    @Test func `one address per family is one host`() throws {
        var world = Build()
        try world.host("mail.example.com", "192.0.2.6")
        try world.pointer(of: "2001:db8::6", to: ["mail.example.com"])
        var dual = Build()
        try dual.pointer(of: "192.0.2.6", to: ["mail.example.com"])
        try dual.addresses(of: "mail.example.com", ["192.0.2.6", "2001:db8::6"])
        #expect(
            try world.facts("192.0.2.6", helo: "mail.example.com").topology == .singleHost)
        #expect(try dual.facts("192.0.2.6", helo: "mail.example.com").topology == .singleHost)
    }
}
