import DNSModel
import LookupEngine
import NetNames
import SenderIdentity
import Testing

/// Delegations made to keep a walk busy: at most 150 packets, and an end before the deadline.
@Suite struct HostileDelegationTests {
    /// One server at every address that is asked, which answers by this rule.
    private func walk(
        to client: String = "198.51.100.25", latency: Duration = .milliseconds(5),
        addresses: Int = 1, _ reply: @escaping @Sendable (Question) -> WorldReply
    ) throws -> DelegationTrace {
        let servers = (0..<addresses).map { number in
            ScriptedServer(
                label: "\(Self.address(number))", latency: latency, reply: reply)
        }
        var network = ScriptedNetwork(servers)
        let trace = ScriptedWalker.walk(
            to: try #require(IPAddress(client)),
            from: try WalkWorld.hints(at: Self.address(0)), through: &network)
        #expect(trace.packets <= EvidenceLimits.delegationPackets)
        #expect(trace.elapsed <= WalkLimits.deadline)
        return trace
    }

    private static func address(_ number: Int) -> IPAddress {
        .v4(0x7f00_0001 + UInt32(number))
    }

    private static func name(_ text: String) -> DomainName { DomainName(text) ?? .root }

    private static func referral(
        to zone: DomainName, _ servers: [DomainName], glue: [(DomainName, IPAddress)] = []
    ) -> WorldReply {
        WorldReply(
            code: .noError, isAuthoritative: false,
            authority: servers.map { .init(name: zone, ttl: 60, data: .ns($0)) },
            additional: glue.map { .init(name: $0.0, ttl: 60, data: .address($0.1)) })
    }

    @Test func `a referral for every label ends at the number of cuts`() throws {
        let client = "2001:db8::1"
        let goal = ReverseName.name(of: try #require(IPAddress(client)))
        let depth = Depth()
        let trace = try walk(to: client, addresses: 40) { question in
            let zone = goal.suffix(labels: depth.next()) ?? goal
            let server = (try? zone.prepending("ns".utf8)) ?? .root
            // Every zone has a server of its own, so that each is asked afresh.
            return Self.referral(
                to: zone, [server], glue: [(server, Self.address(zone.labelCount))])
        }
        #expect(trace.visits.count == WalkLimits.cuts + 1)
        #expect(trace.limits == [.cuts])
    }

    @Test func `referrals in a circle are lame`() throws {
        let trace = try walk { _ in
            Self.referral(to: .root, [Self.name("a.root")])
        }
        #expect(trace.visits.count == 1)
        #expect(trace.visits.first?.replies.first?.reply == .lame)
    }

    @Test func `servers whose names lie in each other's zones are given up`() throws {
        let trace = try walk { question in
            for (zone, other) in [("one.example", "two.example"), ("two.example", "one.example")]
            where question.name.isSubdomain(of: Self.name(zone)) {
                return Self.referral(to: Self.name(zone), [Self.name("ns.\(other)")])
            }
            return Self.referral(
                to: Self.name("in-addr.arpa"), [Self.name("ns.one.example")])
        }
        #expect(trace.visits.last?.replies.map(\.reply) == [.unknownAddress])
        #expect(trace.packets < 20)
        #expect(trace.elapsed < .seconds(1))
    }

    @Test func `a thousand names of servers are cut to the first ones`() throws {
        // Each name would have to be looked up in a zone of its own, each with a thousand more.
        let trace = try walk { question in
            let zone = question.name.suffix(labels: 2) ?? .root
            let servers = (0..<1000).map { Self.name("ns.z\($0).example-\($0)") }
            return question.name.labelCount > 2
                ? Self.referral(to: zone, servers) : Self.referral(to: question.name, servers)
        }
        #expect(trace.limits.contains(.servers) || trace.limits.contains(.serverNames))
        #expect(trace.visits.last?.serverCount == 1000)
        #expect(trace.visits.last?.servers.count == WalkLimits.servers)
    }

    @Test func `a thousand names with glue, all of them silent, end before the deadline`() throws {
        let trace = try walk { question in
            let zone = Self.name("in-addr.arpa")
            let servers = (1..<1000).map { Self.name("n\($0).in-addr.arpa") }
            return Self.referral(
                to: zone, servers,
                glue: servers.enumerated().map { ($1, Self.address($0 + 1)) })
        }
        #expect(trace.visits.last?.replies.allSatisfy { $0.reply.isSilence } == true)
    }

    @Test func `endless aliases end at their number`() throws {
        let trace = try walk { question in
            var reply = WorldReply(code: .noError, isAuthoritative: true)
            let target = (try? question.name.prepending("x".utf8)) ?? .root
            reply.answers = [.init(name: question.name, ttl: 60, data: .cname(target))]
            return reply
        }
        #expect(trace.limits.contains(.aliases))
    }

    @Test func `an alias that leads back ends the walk`() throws {
        let trace = try walk { question in
            var reply = WorldReply(code: .noError, isAuthoritative: true)
            let goal = Self.name("25.100.51.198.in-addr.arpa")
            let target = question.name == goal ? Self.name("x.example") : goal
            reply.answers = [.init(name: question.name, ttl: 60, data: .cname(target))]
            return reply
        }
        #expect(trace.visits.count == 2)
    }

    @Test(arguments: 0..<200)
    func `servers that answer at random are outlasted`(seed: Int) throws {
        let dice = Dice(seed: UInt64(seed))
        _ = try walk(addresses: 6) { question in
            let up = question.name.labelCount
            let zone = question.name.suffix(labels: dice.roll(up + 1)) ?? .root
            let servers = (0...dice.roll(4)).map {
                Self.name("ns\($0).\(["in-addr.arpa", "example", "example.net"][dice.roll(3)])")
            }
            var reply = Self.referral(
                to: zone, servers, glue: servers.map { ($0, Self.address(dice.roll(8))) })
            reply.isAuthoritative = dice.roll(3) == 0
            reply.code = [.noError, .noError, .noSuchName, .serverFailure][dice.roll(4)]
            if dice.roll(3) == 0 {
                reply.answers = [
                    .init(
                        name: question.name, ttl: 1,
                        data: [.cname(servers[0]), .ptr(servers[0]), .address(Self.address(1))][
                            dice.roll(3)])
                ]
            }
            if dice.roll(3) == 0 {
                let start = StartOfAuthority(
                    primary: .root, mailbox: .root, serial: 1, refresh: 1, retry: 1, expire: 1,
                    minimum: 1)
                reply.authority = [.init(name: zone, ttl: 1, data: .soa(start))]
            }
            return reply
        }
    }
}
