import DNSModel
import LookupEngine
import NetNames
import SenderIdentity
import Testing

/// From the root to the keeper of the reverse zone, in small Internets.
@Suite struct DelegationWalkTests {
    private static let down = [
        ". for 25.100.51.198.in-addr.arpa",
        "  a.root 127.0.53.1 refers to in-addr.arpa",
        "in-addr.arpa for 25.100.51.198.in-addr.arpa",
        "  ns.registry.example 127.0.53.2 refers to 100.51.198.in-addr.arpa",
    ]
    private static let isp = "100.51.198.in-addr.arpa for 25.100.51.198.in-addr.arpa"

    @Test func `all servers of the last zone are asked, their names being looked up`() throws {
        let trace = try WalkWorld("25.100.51.198.in-addr.arpa. 1h PTR mail.example.org.").trace()
        #expect(
            trace.text == Self.down + [
                Self.isp, "  ns1.isp.example 127.0.53.3 answers mail.example.org",
                "  ns2.isp.example 127.0.53.4 answers mail.example.org",
            ])
        let authority = try #require(trace.visits.last?.replies.first?.authority)
        #expect(authority.zone.description == "100.51.198.in-addr.arpa")
        #expect(authority.start.mailbox.description == "hostmaster.isp.example")
        #expect(authority.start.serial == 3)
        #expect(trace.limits.isEmpty)
        // Root, registry, two servers' PTR and SOA, and their names: root, example, isp.example.
        #expect(trace.packets <= 14)
    }

    @Test func `a denial is asked for at every server, then classless zones are guessed`() throws {
        let trace = try WalkWorld().trace()
        #expect(
            trace.text == Self.down + [
                Self.isp, "  ns1.isp.example 127.0.53.3 nxdomain",
                "  ns2.isp.example 127.0.53.4 nxdomain",
            ])
        #expect(trace.classless.isEmpty)
        // The denial has its SOA with it, so nothing more is asked for that.
        #expect(trace.visits.last?.replies.allSatisfy { $0.authority != nil } == true)
        #expect(trace.packets <= 12 + 21)
    }

    @Test func `a registry that delegates to nobody ends the walk`() throws {
        let trace = try WalkWorld(registry: "").trace()
        #expect(trace.text.last == "  ns.registry.example 127.0.53.2 nxdomain")
        #expect(trace.visits.last?.zone.description == "in-addr.arpa")
    }

    @Test func `an alias is followed into its zone and to that zone's servers`() throws {
        var world = WalkWorld(
            """
            25.100.51.198.in-addr.arpa. 1h CNAME 25.0/26.100.51.198.in-addr.arpa.
            0/26.100.51.198.in-addr.arpa. 1h NS ns.customer.example.

            """)
        world.zones["127.0.53.2"]? += "customer.example. NS ns.customer.example.\n"
        world.zones["127.0.53.2"]? += "ns.customer.example. A 127.0.53.5\n"
        world.zones["127.0.53.5"] = """
            $TTL 1h
            0/26.100.51.198.in-addr.arpa. SOA ns.customer.example. me.customer.example. 1 1h 15m 2w 1h
            0/26.100.51.198.in-addr.arpa. NS ns.customer.example.
            25.0/26.100.51.198.in-addr.arpa. PTR mail.customer.example.
            customer.example. SOA ns.customer.example. me.customer.example. 1 1h 15m 2w 1h
            ns.customer.example. A 127.0.53.5
            """
        let trace = try world.trace()
        #expect(
            trace.text.dropFirst(4) == [
                Self.isp,
                "  ns1.isp.example 127.0.53.3 alias 25.0/26.100.51.198.in-addr.arpa",
                "  ns2.isp.example 127.0.53.4 alias 25.0/26.100.51.198.in-addr.arpa",
                "100.51.198.in-addr.arpa for 25.0/26.100.51.198.in-addr.arpa",
                "  ns1.isp.example 127.0.53.3 refers to 0/26.100.51.198.in-addr.arpa",
                "  ns2.isp.example 127.0.53.4 refers to 0/26.100.51.198.in-addr.arpa",
                "0/26.100.51.198.in-addr.arpa for 25.0/26.100.51.198.in-addr.arpa",
                "  ns.customer.example 127.0.53.5 answers mail.customer.example",
            ])
    }

    @Test func `a delegated classless zone is found though no alias leads there`() throws {
        var world = WalkWorld("0-63.100.51.198.in-addr.arpa. 1h NS ns1.isp.example.\n")
        world.zones["127.0.53.3"]? += """
            0-63.100.51.198.in-addr.arpa. 1h SOA ns1.isp.example. me.isp.example. 1 1h 15m 2w 1h
            0-63.100.51.198.in-addr.arpa. 1h NS ns1.isp.example.
            25.0-63.100.51.198.in-addr.arpa. 1h PTR mail.example.org.

            """
        let trace = try world.trace()
        #expect(trace.classless.map(\.description) == ["0-63.100.51.198.in-addr.arpa"])
        #expect(
            trace.text.suffix(2) == [
                "0-63.100.51.198.in-addr.arpa for 25.0-63.100.51.198.in-addr.arpa",
                "  ns1.isp.example 127.0.53.3 answers mail.example.org",
            ])
    }

    @Test func `lame, refusing, silent and unnamed servers are told apart`() throws {
        var world = WalkWorld(
            "25.100.51.198.in-addr.arpa. 1h PTR mail.example.org.",
            registry: WalkWorld.delegation + """
                100.51.198.in-addr.arpa. NS lame.isp.example.
                100.51.198.in-addr.arpa. NS refusing.isp.example.
                100.51.198.in-addr.arpa. NS silent.isp.example.
                100.51.198.in-addr.arpa. NS gone.isp.example.
                """)
        for address in ["127.0.53.3", "127.0.53.4"] {
            world.zones[address]? += """

                lame.isp.example. A 127.0.53.2
                refusing.isp.example. A 127.0.53.6
                silent.isp.example. A 127.0.53.7
                """
        }
        world.zones["127.0.53.6"] = "other.test. 1h SOA other.test. other.test. 1 1 1 1 1\n"
        let trace = try world.trace()
        let last = try #require(trace.visits.last)
        let words = Dictionary(
            uniqueKeysWithValues: last.replies.map { ($0.name.description, $0.reply) })
        #expect(words["lame.isp.example"] == .lame)
        #expect(words["refusing.isp.example"] == .failed(.refused))
        #expect(words["silent.isp.example"] == .failed(.timeout))
        #expect(words["gone.isp.example"] == .noAddress)
        #expect(words.values.count { $0.isAuthoritative } == 2)
        #expect(trace.elapsed < .seconds(4))
    }

    @Test(arguments: ["127.0.53.2", "127.0.53.8"])
    func `the keeper does not depend on which server of the parent is faster`(
        slow: String
    ) throws {
        var world = WalkWorld()
        world.zones["127.0.53.1"]? += """

            in-addr.arpa. NS other.registry.example.
            other.registry.example. A 127.0.53.8

            """
        world.zones["127.0.53.8"] = WalkWorld.registry
        world.faults[slow] = "25.100.51.198.in-addr.arpa !PTR DELAY 150\n"
        let trace = try world.trace()
        #expect(trace.visits.last?.zone.description == "100.51.198.in-addr.arpa")
        let registry = try #require(
            trace.visits.first { $0.zone.description == "in-addr.arpa" })
        #expect(Set(registry.replies.map(\.reply)).count == 2)
        var evidence = Evidence(startedAt: 0, sources: [.init(kind: .zone, name: "z")])
        evidence.walk = trace
        let facts = IdentityFacts(
            subject: Subject(address: try #require(IPAddress(world.client))), evidence: evidence)
        #expect(facts.reverseTree?.keeper?.zone.description == "100.51.198.in-addr.arpa")
        #expect(facts.reverseTree?.keeper?.confidence == .disputed)
    }

    @Test func `a server that is silent on the way holds the end up for a moment only`() throws {
        var world = WalkWorld()
        world.zones["127.0.53.1"]? += """

            in-addr.arpa. NS dead.registry.example.
            dead.registry.example. A 127.0.53.9

            """
        #expect(try world.trace().elapsed < .milliseconds(1200))
    }

    @Test(arguments: ["SERVFAIL", "DROP", "REFUSED", ""])
    func `a server's name without an address is told from one whose look-up failed`(
        fault: String
    ) throws {
        var world = WalkWorld(
            registry: WalkWorld.delegation + "100.51.198.in-addr.arpa. NS other.isp.example.\n")
        if !fault.isEmpty {
            for address in ["127.0.53.3", "127.0.53.4"] {
                world.faults[address] = "other.isp.example !A \(fault)\n"
            }
        }
        let reply = try world.trace().visits.last?.replies.last { $0.address == nil }?.reply
        #expect(reply == (fault.isEmpty ? .noAddress : .unknownAddress))
        #expect(reply?.isSilence == !fault.isEmpty)
    }

    @Test func `where the time is over, a server's address is not known`() throws {
        let world = WalkWorld(
            registry: WalkWorld.delegation + "100.51.198.in-addr.arpa. NS slow.isp.example.\n")
        var slow = world
        slow.faults = Dictionary(
            uniqueKeysWithValues: ["127.0.53.3", "127.0.53.4"].map {
                ($0, "slow.isp.example !A DROP\n")
            })
        var network = try slow.network()
        let trace = ScriptedWalker.walk(
            to: try #require(IPAddress(slow.client)), from: try WalkWorld.hints(),
            through: &network, deadline: .seconds(1))
        #expect(trace.limits.contains(.time))
        #expect(!(trace.visits.flatMap(\.replies).contains { $0.reply == .noAddress }))
    }

    @Test(arguments: ["", "24.100.51.198.in-addr.arpa. 1h PTR a.example.org.\n"])
    func `a denial without a SOA is one, where the server has the zone's SOA`(
        records: String
    ) throws {
        var world = WalkWorld(records)
        world.faults["127.0.53.3"] = "25.100.51.198.in-addr.arpa !PTR NOSOA\n"
        let replies = try world.trace().visits.last?.replies ?? []
        #expect(replies.map(\.reply) == [.noSuchName, .noSuchName])
        #expect(replies.first?.authority?.zone.description == "100.51.198.in-addr.arpa")
    }

    @Test func `a server that denies all and has no SOA is lame`() throws {
        var world = WalkWorld()
        world.faults["127.0.53.3"] = """
            25.100.51.198.in-addr.arpa !PTR NOSOA
            100.51.198.in-addr.arpa !SOA LAME

            """
        let replies = try world.trace().visits.last?.replies ?? []
        #expect(replies.map(\.reply) == [.lame, .noSuchName])
    }

    @Test func `a zone that the parent's own servers hold shows by its SOA`() throws {
        // The registry's server holds the ISP's zone too, so that it never refers to it.
        var world = WalkWorld()
        world.zones["127.0.53.2"]? += WalkWorld.reverse
        let trace = try world.trace()
        #expect(trace.visits.map(\.zone.description).last == "100.51.198.in-addr.arpa")
        #expect(trace.visits.last?.replies.map(\.reply) == [.noSuchName, .noSuchName])
        #expect(trace.visits.last?.parent?.description == "in-addr.arpa")
    }

    @Test func `servers at special-purpose addresses are not asked from the Internet's root`()
        throws
    {
        let servers = [
            ScriptedServer(
                label: "198.41.0.4",
                reply: { _ in
                    var reply = WorldReply(code: .noError, isAuthoritative: false)
                    let name = DomainName("ns.trick.example") ?? .root
                    let zone = DomainName("in-addr.arpa") ?? .root
                    reply.authority = [.init(name: zone, ttl: 60, data: .ns(name))]
                    reply.additional = [
                        .init(name: name, ttl: 60, data: .address(.v4(0x7f00_0001))),
                        .init(name: name, ttl: 60, data: .address(.v4(0x0a00_0001))),
                    ]
                    return reply
                })
        ]
        var network = ScriptedNetwork(servers)
        let trace = ScriptedWalker.walk(
            to: .v4(0x0808_0808), from: .internet, through: &network)
        let last = try #require(trace.visits.last)
        #expect(last.replies.map(\.reply) == [.refusedAddress, .refusedAddress])
        // Only root servers were sent anything: thirteen, of which one answers.
        #expect(trace.packets <= 26)
    }
}
