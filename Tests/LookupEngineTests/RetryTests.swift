import DNSModel
import LookupEngine
import NetNames
import SenderIdentity
import Testing

/// Whom the machine asks, when, and over what.
struct RetryTests {
    @Test func `silence is passed round the servers on the schedule`() throws {
        let world = try SmallWorld(confirmed)
        let observation = try look(
            up: pointer, server(world, [.drop], label: "a#53"),
            server(world, [.drop], label: "b#53"),
            server(world, label: "c#53", latency: .milliseconds(10)))
        #expect(observation.attempts.map(\.server) == ["a#53", "b#53", "c#53"])
        #expect(observation.elapsed == .milliseconds(2010))
        #expect(observation.outcome.answers?.data == [.ptr(host)])
    }

    @Test func `a late answer to an earlier try is taken`() throws {
        let observation = try look(
            up: pointer, server(SmallWorld(confirmed), [.delay(milliseconds: 1000)]),
            server(SmallWorld([]), [.drop], label: "b#53"))
        #expect(observation.elapsed == .milliseconds(1020))
        #expect(
            observation.attempts.map(\.result) == [
                .response(.noError, truncated: false), .failure(.timeout),
            ])
    }

    @Test(arguments: [Fault.drop, .code(.refused)])
    func `the next question begins at the server that answered`(fault: Fault) throws {
        let world = try SmallWorld(confirmed)
        var network = ScriptedNetwork([
            server(world, [fault], label: "a#53"), server(world, label: "b#53"),
        ])
        let evidence = ScriptedCollector.collect(
            startedAt: 0, sources: [], network: &network
        ) { evidence in
            evidence.observations.isEmpty
                ? [.init(pointer, stage: .verdict)] : [.init(Question(host, .a), stage: .verdict)]
        }
        #expect(evidence.observations.map(\.attempts.count) == [2, 1])
        #expect(evidence.observations.last?.attempts.first?.server == "b#53")
    }

    @Test func `EDNS refused once is not offered again`() throws {
        var network = ScriptedNetwork([server(try SmallWorld(confirmed), [.refuseEDNS])])
        let evidence = ScriptedCollector.collect(
            startedAt: 0, sources: [], network: &network
        ) { evidence in
            evidence.observations.isEmpty
                ? [.init(pointer, stage: .verdict)] : [.init(Question(host, .a), stage: .verdict)]
        }
        #expect(evidence.observations.map(\.attempts.count) == [2, 1])
    }

    @Test func `the most telling failure is reported`() throws {
        let world = try SmallWorld([])
        let cases: [([Fault], [Fault], LookupFailure)] = [
            ([.code(.refused)], [.code(.serverFailure)], .serverFailure),
            ([.code(.serverFailure), .extendedError(6)], [.code(.serverFailure)], .bogus),
            ([.drop], [.code(.refused)], .refused),
            ([.truncateRefused], [.drop], .truncated),
            ([.lame], [.code(.formatError)], .lame),
        ]
        for (first, second, failure) in cases {
            let observation = try look(
                up: pointer, server(world, first, label: "a#53"),
                server(world, second, label: "b#53"))
            #expect(observation.outcome == .failed(failure))
        }
    }

    @Test func `every failure has a rank`() {
        #expect(Set(LookupFailure.mostTellingFirst) == Set(LookupFailure.allCases))
        #expect(LookupFailure.mostTellingFirst.count == LookupFailure.allCases.count)
        #expect(LookupFailure.mostTellingFirst.last == .timeout)
    }

    @Test func `the response that failed is kept as evidence`() throws {
        let observation = try look(
            up: pointer, server(SmallWorld([]), [.code(.serverFailure), .extendedError(22)]))
        #expect(observation.response?.code == .serverFailure)
        #expect(observation.response?.extendedError == 22)
        #expect(observation.outcome == .failed(.serverFailure))
    }

    @Test func `a barred way is reported as unreachable, at once`() throws {
        var machine = DNSMachine(servers: ["a#53"], deadline: .seconds(5))
        var cache = AnswerCache()
        var generator = SeededGenerator(seed: 1)
        var actions = machine.ask(
            .init(pointer, stage: .verdict), at: .zero, cache: &cache, using: &generator)
        for _ in 0..<2 {
            guard case .sendDatagram(let token, 0, _) = try #require(actions.first) else {
                Issue.record("\(actions)")
                return
            }
            actions = machine.handle(
                .sendFailed(token), at: .zero, cache: &cache, using: &generator)
            if actions.first == .close(token) { actions.removeFirst() }
        }
        guard case .finished(_, let observation) = try #require(actions.first) else {
            Issue.record("\(actions)")
            return
        }
        #expect(observation.outcome == .failed(.unreachable))
    }

    @Test func `ids differ from query to query`() throws {
        var machine = DNSMachine(servers: ["a#53"], deadline: .seconds(5))
        var cache = AnswerCache()
        var generator = SeededGenerator(seed: 1)
        var ids: Set<[UInt8]> = []
        var tokens: Set<SocketToken> = []
        for number in 0..<30 {
            let name = try #require(DomainName("\(number).example"))
            let actions = machine.ask(
                .init(Question(name, .a), stage: .verdict), at: .zero, cache: &cache,
                using: &generator)
            guard case .sendDatagram(let token, _, let bytes) = try #require(actions.first) else {
                continue
            }
            ids.insert(Array(bytes.prefix(2)))
            tokens.insert(token)
        }
        #expect(ids.count > 28)
        #expect(tokens.count == 30)
    }

    @Test func `the budget of a stage ends that stage alone`() throws {
        var network = ScriptedNetwork([server(try SmallWorld([]), [.drop])])
        let names = try (0..<45).map { try #require(DomainName("n\($0).example")) }
        let evidence = ScriptedCollector.collect(
            startedAt: 0, sources: [], network: &network
        ) { _ in
            names.map { .init(Question($0, .a), stage: .verdict) }
                + names.prefix(3).map { .init(Question($0, .aaaa), stage: .members) }
        }
        let verdict = evidence.observations.filter { $0.stage == .verdict }
        #expect(verdict.reduce(0) { $0 + $1.attempts.count } == 40)
        #expect(verdict.allSatisfy { $0.outcome == .failed(.budgetExhausted) })
        let members = evidence.observations.filter { $0.stage == .members }
        #expect(members.allSatisfy { $0.outcome == .failed(.timeout) && $0.attempts.count == 4 })
    }

    @Test func `one deadline holds for everything`() throws {
        var network = ScriptedNetwork([server(try SmallWorld(confirmed), [.drop])])
        let evidence = ScriptedCollector.collect(
            startedAt: 0, sources: [], network: &network, deadline: .milliseconds(1500)
        ) { evidence in
            evidence.observations.isEmpty
                ? [.init(pointer, stage: .verdict)] : [.init(Question(host, .a), stage: .verdict)]
        }
        #expect(network.now == .milliseconds(1500))
        #expect(evidence.observations.map(\.outcome) == [.failed(.timeout), .failed(.timeout)])
        #expect(evidence.observations.map(\.attempts.count) == [2, 0])
    }

    @Test func `a question asked twice while on its way is sent once`() throws {
        var machine = DNSMachine(servers: ["a#53"], deadline: .seconds(5))
        var cache = AnswerCache()
        var generator = SeededGenerator(seed: 1)
        let upper = Question(try #require(DomainName("1.2.0.192.IN-ADDR.ARPA")), .ptr)
        _ = machine.ask(
            .init(pointer, stage: .verdict), at: .zero, cache: &cache, using: &generator)
        let second = machine.ask(
            .init(upper, stage: .members), at: .zero, cache: &cache, using: &generator)
        #expect(second.isEmpty)
        let end = machine.handle(.timer, at: .seconds(5), cache: &cache, using: &generator)
        let stages = end.compactMap { action -> LookupStage? in
            if case .finished(let planned, _) = action { planned.stage } else { nil }
        }
        #expect(stages == [.verdict, .members])
        #expect(machine.packetsSent(for: .members) == 0)
    }

    @Test func `next is called after every observation and repeats are passed over`() throws {
        var network = ScriptedNetwork([server(try SmallWorld(confirmed))])
        var counts: [Int] = []
        let evidence = ScriptedCollector.collect(
            startedAt: 7, sources: [.init(kind: .zone, name: "z")], network: &network
        ) { evidence in
            counts.append(evidence.observations.count)
            return [.init(pointer, stage: .verdict), .init(Question(host, .a), stage: .verdict)]
        }
        #expect(counts == [0, 1, 2])
        #expect(evidence.startedAt == 7)
        #expect(evidence.sources == [.init(kind: .zone, name: "z")])
    }
}
