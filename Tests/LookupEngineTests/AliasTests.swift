import DNSModel
import LookupEngine
import NetNames
import SenderIdentity
import Testing

/// Chains of aliases: whole, cut off at every link, in loops, too long.
struct AliasTests {
    /// A chain of so many aliases that ends in a PTR record.
    func chain(_ aliases: Int) throws -> SmallWorld {
        var lines: [(String, RecordData)] = []
        for number in 0..<aliases {
            let target = try #require(DomainName("c\(number + 1).example"))
            lines.append((number == 0 ? client.description : "c\(number).example", .cname(target)))
        }
        lines.append((aliases == 0 ? client.description : "c\(aliases).example", .ptr(host)))
        return try SmallWorld(lines)
    }

    @Test(arguments: 0...8, [false, true])
    func `up to eight aliases are followed, restarted where a server stops`(
        aliases: Int, isCut: Bool
    ) throws {
        var world = try chain(aliases)
        world.cutsChains = isCut
        let observation = try look(up: pointer, server(world))
        #expect(observation.outcome.answers?.data == [.ptr(host)])
        #expect(observation.outcome.aliases.count == aliases)
        #expect(observation.attempts.count == (isCut ? aliases + 1 : 1))
    }

    @Test(arguments: [false, true])
    func `a ninth alias is a chain too long`(isCut: Bool) throws {
        var world = try chain(9)
        world.cutsChains = isCut
        let observation = try look(up: pointer, server(world))
        #expect(observation.outcome == .failed(.aliasChainTooLong))
    }

    @Test(arguments: [false, true])
    func `a loop is found`(isCut: Bool) throws {
        let there = try #require(DomainName("there.example"))
        var world = try SmallWorld([
            (client.description, .cname(there)), (there.description, .cname(client)),
        ])
        world.cutsChains = isCut
        let observation = try look(up: pointer, server(world))
        #expect(observation.outcome == .failed(.aliasLoop))
    }

    @Test func `an alias to itself is a loop`() throws {
        let observation = try look(
            up: pointer, server(SmallWorld([(client.description, .cname(client))])))
        #expect(observation.outcome == .failed(.aliasLoop))
    }

    @Test func `RFC 2317: the parent gives the alias, the child the PTR`() throws {
        let child = try #require(DomainName("1.0/25.2.0.192.in-addr.arpa"))
        var world = try SmallWorld([
            (client.description, .cname(child)), (child.description, .ptr(host)),
        ])
        world.cutsChains = true
        let observation = try look(up: pointer, server(world))
        #expect(observation.outcome.answers?.data == [.ptr(host)])
        #expect(observation.outcome.aliases == [child])
        #expect(observation.attempts.map(\.name) == [client, child])
        #expect(observation.question == pointer)
    }

    @Test(arguments: [false, true])
    func `an alias that leads nowhere is an absence with its alias`(isCut: Bool) throws {
        let nowhere = try #require(DomainName("nowhere.example"))
        var world = try SmallWorld([(client.description, .cname(nowhere))])
        world.cutsChains = isCut
        let observation = try look(up: pointer, server(world))
        guard case .noSuchName(let absence) = observation.outcome else {
            Issue.record("\(observation.outcome)")
            return
        }
        #expect(absence.aliases == [nowhere])
    }

    @Test func `silence behind an alias keeps the alias as evidence`() throws {
        let child = try #require(DomainName("child.example"))
        var world = try SmallWorld([(client.description, .cname(child))])
        world.cutsChains = true
        let shown = world
        let silentChild = ScriptedServer(
            label: serverAddress, reply: { shown.reply(to: $0) },
            faults: { $0.name == child ? [.drop] : [] })
        let observation = try look(up: pointer, silentChild)
        #expect(observation.outcome == .failed(.timeout))
        #expect(observation.response?.answers.map(\.data) == [.cname(child)])
        #expect(observation.attempts.count == 5)
    }

    @Test func `only the owner chain is believed`() throws {
        let stranger = try #require(DomainName("bank.example"))
        let extra = ScriptedServer(label: serverAddress) { _ in
            WorldReply(
                code: .noError, isAuthoritative: true,
                answers: [
                    .init(name: stranger, ttl: 1, data: .ptr(stranger)),
                    .init(name: client, ttl: 60, data: .ptr(host)),
                    .init(name: client, ttl: 60, data: .address(.v4(1))),
                ],
                authority: [
                    .init(name: stranger, ttl: 1, data: .ns(stranger)),
                    .init(name: .root, ttl: 1, data: .ns(host)),
                ],
                additional: [.init(name: host, ttl: 1, data: .address(.v4(2)))])
        }
        let observation = try look(up: pointer, extra)
        #expect(observation.response?.answers == [.init(name: client, ttl: 60, data: .ptr(host))])
        #expect(observation.response?.authority == [.init(name: .root, ttl: 1, data: .ns(host))])
    }

    @Test func `a SOA of a zone the name is not in proves nothing`() throws {
        let other = try #require(DomainName("other.example"))
        let liar = ScriptedServer(label: serverAddress) { _ in
            let soa = SmallWorld.authority
            return WorldReply(
                code: .noError, isAuthoritative: true,
                authority: [.init(name: other, ttl: soa.ttl, data: soa.data)])
        }
        #expect(try look(up: pointer, liar).outcome == .failed(.lame))
    }
}
