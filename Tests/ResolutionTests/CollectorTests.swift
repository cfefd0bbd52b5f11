import DNSModel
import LookupEngine
import NIOCore
import NIOPosix
import NetNames
import Resolution
import SenderIdentity
import TestSupport
import Testing

/// The client over real sockets on the loopback.
@Suite(.timeLimit(.minutes(1)))
struct CollectorTests {
    @Test(arguments: ["127.0.0.1", "::1"])
    func `a PTR record is looked up over IPv4 and IPv6`(loopback: String) async throws {
        let server = try await LoopbackServer.start(scripted(), on: loopback)
        let observation = try await look(at: [server.address])
        await server.stop()
        #expect(observation.outcome.answers?.data == [.ptr(host)])
        #expect(observation.attempts.map(\.server) == [server.address.description])
        #expect(observation.attempts.map(\.transport) == [.udp])
    }

    @Test(arguments: ["127.0.0.1", "::1"])
    func `200 names come over TCP`(loopback: String) async throws {
        let server = try await LoopbackServer.start(scripted(pointers: 200), on: loopback)
        let observation = try await look(at: [server.address])
        await server.stop()
        #expect(observation.outcome.answers?.data.count == 200)
        #expect(observation.attempts.map(\.transport) == [.udp, .tcp])
    }

    @Test func `64 KiB of names come over TCP`() async throws {
        let server = try await LoopbackServer.start(scripted(pointers: 2400))
        let observation = try await look(at: [server.address])
        await server.stop()
        #expect(observation.outcome.answers?.data.count == 2400)
    }

    @Test func `nobody listening is unreachable, and known at once`() async throws {
        // Not a port that was free a moment ago: another test's server may have it by now.
        let observation = try await look(at: [ResolverAddress(.v4(0x7f00_0001), port: 1)])
        #expect(observation.outcome == .failed(.unreachable))
        #expect(observation.elapsed < .milliseconds(500))
    }

    @Test func `a dead first server costs no answer`() async throws {
        let dead = try await LoopbackServer.start(scripted())
        await dead.stop()
        let server = try await LoopbackServer.start(scripted())
        let observation = try await look(at: [dead.address, server.address])
        await server.stop()
        #expect(observation.outcome.answers?.data == [.ptr(host)])
        #expect(observation.attempts.count == 2)
    }

    @Test(arguments: [
        ([Fault.wrongID], LookupFailure?.some(.malformed)), ([.wrongQuestion], .malformed),
        ([.wrongSource], .timeout), ([.forgedFirst], nil), ([.twice], nil),
        ([.trickle], .truncated), ([.truncateOnly], .truncated), ([.truncateRefused], .truncated),
        ([.pointerLoop], .malformed), ([.drop], .timeout),
        ([.code(.serverFailure)], .serverFailure),
        ([.refuseEDNS], nil), ([.lame], .lame), ([.raw([0x81, 0x80])], .malformed),
    ])
    func `a hostile peer gets the truth through or a failure, on time`(
        faults: [Fault], failure: LookupFailure?
    ) async throws {
        let server = try await LoopbackServer.start(scripted(faults))
        let deadline = Duration.seconds(3)
        let watch = Stopwatch()
        let observation = try await look(at: [server.address], deadline: deadline)
        #expect(watch.elapsed < deadline + .milliseconds(500))
        await server.stop()
        if let failure {
            #expect(observation.outcome == .failed(failure))
        } else {
            #expect(observation.outcome.answers?.data == [.ptr(host)])
        }
        #expect(observation.attempts.count <= 8)
    }

    @Test func `every query has a socket and a port of its own`() async throws {
        let server = try await LoopbackServer.start(scripted())
        let names = try (0..<20).map { try #require(DomainName("n\($0).example")) }
        _ = try await DNSClient.withOwnThread(servers: [server.address]) { client in
            try await Collector.collect(startedAt: 0, sources: [], client: client) { _ in
                names.map { PlannedQuestion(Question($0, .a), stage: .verdict) }
            }
        }
        let ports = try await server.clientPorts()
        await server.stop()
        #expect(ports.count == 20)
        #expect(Set(ports).count == 20)
        #expect(ports != ports.sorted())
    }

    @Test func `the second verdict is answered from the client's memory`() async throws {
        let server = try await LoopbackServer.start(scripted())
        let evidence = try await DNSClient.withOwnThread(servers: [server.address]) { client in
            _ = try await Collector.collect(startedAt: 0, sources: [], client: client) { _ in
                [PlannedQuestion(pointer, stage: .verdict)]
            }
            return try await Collector.collect(startedAt: 0, sources: [], client: client) { _ in
                [PlannedQuestion(pointer, stage: .verdict)]
            }
        }
        await server.stop()
        #expect(evidence.observations.first?.isCached == true)
        #expect(evidence.observations.first?.outcome.answers?.data == [.ptr(host)])
    }

    @Test func `50 verdicts at once do not disturb each other`() async throws {
        let server = try await LoopbackServer.start(scripted(latency: .milliseconds(20)))
        let counts = try await DNSClient.withOwnThread(servers: [server.address]) { client in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<50 {
                    let name = try #require(DomainName("n\(number).example"))
                    group.addTask {
                        let evidence = try await Collector.collect(
                            startedAt: 0, sources: [], client: client
                        ) { _ in
                            [
                                PlannedQuestion(pointer, stage: .verdict),
                                PlannedQuestion(Question(name, .a), stage: .verdict),
                            ]
                        }
                        return evidence.observations.filter { $0.outcome.failure == nil }.count
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        await server.stop()
        #expect(counts == Array(repeating: 2, count: 50))
    }

    @Test func `no questions make complete evidence`() async throws {
        let evidence = try await DNSClient.withOwnThread(
            servers: [SystemResolvers.fallback]
        ) { client in
            try await Collector.collect(
                startedAt: 5, sources: [.init(kind: .resolver, name: "x")], client: client
            ) { _ in [] }
        }
        #expect(evidence.observations.isEmpty)
        #expect(evidence.startedAt == 5)
    }

    @Test func `cancelling ends the wait at once`() async throws {
        let server = try await LoopbackServer.start(scripted([.drop]))
        let watch = Stopwatch()
        await #expect(throws: CancellationError.self) {
            try await DNSClient.withOwnThread(servers: [server.address]) { client in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        _ = try await Collector.collect(
                            startedAt: 0, sources: [], client: client
                        ) { _ in [PlannedQuestion(pointer, stage: .verdict)] }
                    }
                    try await Task.sleep(for: .milliseconds(50))
                    group.cancelAll()
                    try await group.waitForAll()
                }
            }
        }
        #expect(watch.elapsed < .seconds(1))
        await server.stop()
    }

    @Test func `a task cancelled before it asks asks nothing`() async throws {
        let server = try await LoopbackServer.start(scripted())
        let address = server.address
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await DNSClient.withOwnThread(servers: [address]) { client in
                try await Collector.collect(startedAt: 0, sources: [], client: client) { _ in
                    [PlannedQuestion(pointer, stage: .verdict)]
                }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await server.clientPorts().isEmpty)
        await server.stop()
    }
}

/// Round trips: what a verdict costs when DNS is 50 ms away.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct RoundTripTests {
    @Test func `two dependent rounds of questions take two round trips and little more`()
        async throws
    {
        let server = try await LoopbackServer.start(scripted(latency: .milliseconds(50)))
        let clock = ContinuousClock()
        var times: [Duration] = []
        for _ in 0..<11 {
            let start = clock.now
            let evidence = try await DNSClient.withOwnThread(servers: [server.address]) { client in
                try await Collector.collect(startedAt: 0, sources: [], client: client) { evidence in
                    var questions = [
                        PlannedQuestion(pointer, stage: .verdict),
                        PlannedQuestion(Question(host, .mx), stage: .verdict),
                    ]
                    if evidence.observation(of: pointer) != nil {
                        questions.append(.init(Question(host, .a), stage: .verdict))
                        questions.append(.init(Question(host, .aaaa), stage: .verdict))
                    }
                    return questions
                }
            }
            times.append(clock.now - start)
            #expect(evidence.observations.count == 4)
        }
        await server.stop()
        // The fastest of them: a busy machine adds its own delays, never takes any away.
        let fastest = try #require(times.min())
        print("two rounds at 50 ms: \(fastest), \(fastest / .milliseconds(50)) round trips")
        #expect(fastest < .milliseconds(120))
    }
}
