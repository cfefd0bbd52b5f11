import DNSModel
import LookupEngine
import NetNames
import SenderIdentity
import Testing

/// Peers that lie or flood, and a network that loses: nothing false comes of it.
struct HostilePeerTests {
    /// So many PTR records at the client's name.
    func pointers(_ count: Int) throws -> SmallWorld {
        try SmallWorld(
            (0..<count).map { number in
                (client.description, .ptr(try #require(DomainName("host-\(number).example"))))
            })
    }

    @Test(arguments: [
        [Fault.wrongID], [.wrongQuestion], [.wrongSource], [.forgedFirst], [.twice], [.trickle],
        [.pointerLoop], [.raw([0x81])],
    ])
    func `a lie is never an absence, never late, never expensive`(faults: [Fault]) throws {
        var network = ScriptedNetwork([server(try SmallWorld(confirmed), faults)])
        let questions = [pointer, Question(host, .a)]
        var cache = AnswerCache()
        let evidence = collect(questions, from: &network, cache: &cache)
        #expect(evidence.observations.count == 2)
        for observation in evidence.observations { #expect(observation.outcome.absence == nil) }
        #expect(network.now <= LookupTimes.deadline)
        #expect(network.packetsCarried <= EvidenceLimits.verdictPackets)
    }

    @Test func `200 PTR records come over TCP, in order`() throws {
        let observation = try look(up: pointer, server(pointers(200)))
        #expect(observation.outcome.answers?.data.count == 200)
        #expect(observation.attempts.map(\.transport) == [.udp, .tcp])
        #expect(
            observation.outcome.answers?.data.last
                == .ptr(
                    try #require(DomainName("host-199.example"))))
    }

    @Test func `64 KiB of PTR records are read, more cannot be said`() throws {
        let full = try look(up: pointer, server(pointers(2400)))
        #expect(full.outcome.answers?.data.count == 2400)
        let over = try look(up: pointer, server(pointers(4000)))
        #expect(over.outcome == .failed(.serverFailure))
    }

    @Test func `a thousand forgeries do not hide the answer`() throws {
        var machine = DNSMachine(servers: [serverAddress], deadline: .seconds(5))
        var cache = AnswerCache()
        var generator = SeededGenerator(seed: 1)
        let actions = machine.ask(
            .init(pointer, stage: .verdict), at: .zero, cache: &cache, using: &generator)
        guard case .sendDatagram(let token, _, let query) = try #require(actions.first) else {
            return
        }
        var truth = server(try SmallWorld(confirmed))
        guard case .bytes(let right) = try #require(truth.answer(query, over: .udp).first).content
        else { return }
        var opened = 0
        for number in 0..<1000 {
            var forged = right
            forged[0] ^= UInt8(1 + number % 255)
            let actions = machine.handle(
                .datagram(token, forged, isFromServer: true), at: .zero, cache: &cache,
                using: &generator)
            for case .connect in actions { opened += 1 }
        }
        #expect(machine.strangeReplies == 1000)
        #expect(opened == 1)
        let end = machine.handle(
            .datagram(token, right, isFromServer: true), at: .zero, cache: &cache,
            using: &generator)
        #expect(
            end.contains { action in
                if case .finished(_, let observation) = action {
                    observation.outcome.answers?.data == [.ptr(host)]
                } else {
                    false
                }
            })
        // The second answer finds nobody.
        #expect(
            machine.handle(
                .datagram(token, right, isFromServer: true), at: .zero, cache: &cache,
                using: &generator
            ).isEmpty)
    }

    @Test func `noise behind a fitting header and question ends on time`() throws {
        var noise = SeededGenerator(seed: 9267)
        for _ in 0..<2000 {
            var bytes: [UInt8] = [0x81, .random(in: 0x80...0x85, using: &noise), 0, 1]
            for _ in 0..<3 { bytes += [0, .random(in: 0...2, using: &noise)] }
            bytes += client.wire + [0, 12, 0, 1]
            for _ in 0..<Int.random(in: 0...60, using: &noise) {
                let isPointer = Int.random(in: 0..<4, using: &noise) == 0
                bytes += isPointer ? [0xc0, 12, 0, 12, 0, 1] : [.random(in: 0...15, using: &noise)]
            }
            var network = ScriptedNetwork([server(try SmallWorld([]), [.raw(bytes)])])
            var cache = AnswerCache()
            let evidence = collect([pointer], from: &network, cache: &cache)
            #expect(evidence.observations.count == 1)
            #expect(network.now <= LookupTimes.deadline)
            #expect(network.packetsCarried <= 9)
        }
    }

    @Test func `20,000 look-ups under loss and SERVFAIL: no false absence`() throws {
        let world = try SmallWorld(confirmed)
        var network = ScriptedNetwork(
            [
                server(world, label: "a#53", latency: .milliseconds(30)),
                server(world, label: "b#53", latency: .milliseconds(45)),
            ], lossPercent: 5, failurePercent: 5, seed: 1912)
        var found = 0
        var failed = 0
        for _ in 0..<20_000 {
            var cache = AnswerCache(capacity: 1)
            let evidence = collect([pointer], from: &network, cache: &cache)
            switch try #require(evidence.observations.first).outcome {
            case .answers: found += 1
            case .failed: failed += 1
            case .noData, .noSuchName: Issue.record("a false absence")
            }
        }
        #expect(found + failed == 20_000)
        // Both servers have to say SERVFAIL: one in 400, and a little more under loss.
        #expect(failed < 100)
    }

    @Test func `the same seed gives the same evidence`() throws {
        let run = { () throws -> Evidence in
            var network = ScriptedNetwork(
                [server(try SmallWorld(confirmed))], lossPercent: 30, seed: 42)
            var cache = AnswerCache()
            let names = try (0..<6).map { try #require(DomainName("n\($0).example")) }
            return collect(
                names.map { Question($0, .a) }, from: &network, cache: &cache)
        }
        #expect(try run() == run())
    }
}
