import DNSModel
import LookupEngine
import NetNames
import SenderIdentity
import Testing

/// Four packets for each block list, whatever happens, and none of them from anybody else's purse.
@Suite struct BlockListPacketsTests {
    private func subject(_ zones: [String]) throws -> Subject {
        Subject(
            address: .v4(0xc000_0201),
            blockLists: try zones.map { try BlockListZone(parsing: $0.utf8) })
    }

    private func collect(_ subject: Subject, _ server: ScriptedServer) -> (Evidence, Duration) {
        var network = ScriptedNetwork([server])
        let evidence = ScriptedCollector.collect(
            startedAt: 0, sources: [.init(kind: .zone, name: "z")], network: &network
        ) { LookupPlan.questions(for: subject, knowing: $0) }
        return (evidence, network.now)
    }

    private func packets(_ evidence: Evidence, to zone: BlockListZone) -> Int {
        evidence.observations.filter { $0.question.name.isSubdomain(of: zone.name) }
            .reduce(0) { $0 + $1.attempts.count }
    }

    private static let faults: [[Fault]] = [
        [], [.drop], [.code(.serverFailure)], [.code(.refused)], [.truncate], [.truncateOnly],
        [.refuseEDNS], [.dropEDNS], [.lame], [.noSOA], [.wrongID], [.wrongSource], [.cutShort],
    ]

    @Test(arguments: faults)
    func `never more than four packets a list`(faults: [Fault]) throws {
        let subject = try subject(["one.example", "two.example", "three.example"])
        let (evidence, _) = collect(subject, server(try SmallWorld(confirmed), faults))
        for zone in subject.blockLists {
            #expect((1...4).contains(packets(evidence, to: zone)))
        }
        let asked = evidence.observations.filter { $0.stage == .blockList }
        #expect(asked.count == 12)
    }

    @Test func `silence is called silence, and is over before the deadline`() throws {
        let subject = try subject(["one.example"])
        let (evidence, _) = collect(subject, server(try SmallWorld([]), [.drop]))
        let asked = evidence.observations.filter { $0.stage == .blockList }
        #expect(asked.map(\.outcome) == Array(repeating: .failed(.timeout), count: 4))
        #expect(asked.allSatisfy { $0.elapsed < LookupTimes.deadline })
    }

    @Test func `a silent list takes nothing from the others, nor from the verdict`() throws {
        let world = try SmallWorld(
            confirmed + [("2.0.0.127.good.example", .address(.v4(0x7f00_0002)))])
        let silent = try #require(DomainName("silent.example"))
        let server = ScriptedServer(
            label: serverAddress, latency: .milliseconds(20), reply: { world.reply(to: $0) },
            faults: { $0.name.isSubdomain(of: silent) ? [.drop] : [] })
        let subject = try subject(["silent.example", "good.example"])
        let (evidence, _) = collect(subject, server)
        let facts = IdentityFacts(subject: subject, evidence: evidence)
        #expect(
            facts.blockLists.map(\.result)
                == [.unknown(.lookupFailed(.timeout)), .notListed])
        #expect(facts.confirmedName == host)
        #expect(facts.limitsReached.isEmpty)
    }

    @Test func `lists add no wave to a check`() throws {
        let world = try SmallWorld(confirmed)
        let (_, without) = collect(try subject([]), server(world))
        let (_, with) = collect(
            try subject(["one.example", "two.example", "three.example"]), server(world))
        #expect(with == without)
    }
}
