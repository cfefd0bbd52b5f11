import DNSModel
import LookupEngine
import NIOCore
import NIOPosix
import NetNames
import Resolution
import SenderIdentity
import TestSupport
import Testing

/// The same machine behind the driver that many decisions share.
@Suite(.timeLimit(.minutes(1)))
struct SharedCollectorTests {
    /// A collector on an event loop of its own, and what it was told when it ended.
    private static func with<Result: Sendable>(
        _ servers: [ResolverAddress], _ limits: SharedLimits = .init(),
        _ body: (SharedDesk) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let bound = try await loop.submit {
            NIOLoopBound(
                SharedCollector(servers: servers, on: loop, limits: limits), eventLoop: loop)
        }.get()
        do {
            let result = try await body(SharedDesk(bound: bound))
            try await loop.submit { bound.value.shutDown() }.get()
            try await group.shutdownGracefully()
            return result
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    @Test(arguments: ["127.0.0.1", "::1"])
    func `a PTR record is looked up over IPv4 and IPv6`(loopback: String) async throws {
        let server = try await LoopbackServer.start(scripted(), on: loopback)
        let observation = try await Self.with([server.address]) { try await $0.look() }
        await server.stop()
        #expect(observation.outcome.answers?.data == [.ptr(host)])
        #expect(observation.attempts.map(\.transport) == [.udp])
    }

    @Test func `200 names come over TCP`() async throws {
        let server = try await LoopbackServer.start(scripted(pointers: 200))
        let observation = try await Self.with([server.address]) { try await $0.look() }
        await server.stop()
        #expect(observation.outcome.answers?.data.count == 200)
        #expect(observation.attempts.map(\.transport) == [.udp, .tcp])
    }

    @Test func `nobody listening is unreachable, and known at once`() async throws {
        let nobody = ResolverAddress(.v4(0x7f00_0001), port: 1)
        let observation = try await Self.with([nobody]) { try await $0.look() }
        #expect(observation.outcome == .failed(.unreachable))
        #expect(observation.elapsed < .milliseconds(500))
    }

    @Test(arguments: [
        ([Fault.wrongQuestion], LookupFailure?.some(.malformed)), ([.wrongSource], .timeout),
        ([.forgedFirst], nil), ([.twice], nil), ([.trickle], .truncated),
        ([.truncateRefused], .truncated), ([.pointerLoop], .malformed), ([.drop], .timeout),
        ([.code(.serverFailure)], .serverFailure), ([.refuseEDNS], nil), ([.lame], .lame),
    ])
    func `a hostile peer gets the truth through or a failure, on time`(
        faults: [Fault], failure: LookupFailure?
    ) async throws {
        let server = try await LoopbackServer.start(scripted(faults))
        let watch = Stopwatch()
        let observation = try await Self.with([server.address]) {
            try await $0.look(deadline: .seconds(3))
        }
        #expect(watch.elapsed < .milliseconds(3500))
        await server.stop()
        if let failure {
            #expect(observation.outcome == .failed(failure))
        } else {
            #expect(observation.outcome.answers?.data == [.ptr(host)])
        }
    }

    @Test func `an answer with another id is nobody's`() async throws {
        let server = try await LoopbackServer.start(scripted([.wrongID]))
        let (observation, counts) = try await Self.with([server.address]) { desk in
            (try await desk.look(deadline: .seconds(1)), try await desk.counts())
        }
        await server.stop()
        #expect(observation.outcome == .failed(.timeout))
        #expect(counts.strays > 0)
    }

    @Test func `many decisions at once share few ports, and do not disturb each other`()
        async throws
    {
        let server = try await LoopbackServer.start(scripted(latency: .milliseconds(10)))
        let (found, counts) = try await Self.with([server.address]) { desk in
            let found = try await withThrowingTaskGroup(of: LookupOutcome.self) { group in
                for number in 0..<200 {
                    let name = try #require(DomainName("n\(number).example"))
                    group.addTask { try await desk.look(up: Question(name, .a)).outcome }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            return (found, try await desk.counts())
        }
        let ports = try await server.clientPorts()
        await server.stop()
        #expect(found.count == 200)
        #expect(found.allSatisfy { $0.absence != nil })
        #expect(counts.sent == 200)
        #expect(counts.strays == 0)
        #expect(Set(ports).count <= 4)
    }

    @Test func `a port that has served its time is replaced`() async throws {
        var limits = SharedLimits()
        limits.ports = 1
        limits.queriesPerPort = 10
        let server = try await LoopbackServer.start(scripted())
        let counts = try await Self.with([server.address], limits) { desk in
            for number in 0..<60 {
                let name = try #require(DomainName("n\(number).example"))
                _ = try await desk.look(up: Question(name, .a))
            }
            return try await desk.counts()
        }
        let ports = try await server.clientPorts()
        await server.stop()
        #expect(Set(ports).count >= 4)
        #expect(counts.sockets <= 2)
    }

    @Test func `a port that somebody guesses at is given up`() async throws {
        var limits = SharedLimits()
        limits.ports = 1
        limits.straysPerPort = 1
        let server = try await LoopbackServer.start(scripted([.wrongID]))
        try await Self.with([server.address], limits) { desk in
            // How soon the guesses come is the machine's affair.
            for number in 0..<100 where Set(try await server.clientPorts()).count < 3 {
                let name = try #require(DomainName("n\(number).example"))
                _ = try await desk.look(up: Question(name, .a), deadline: .milliseconds(100))
            }
        }
        let ports = try await server.clientPorts()
        await server.stop()
        #expect(Set(ports).count >= 3)
    }

    @Test func `what does not fit the window waits`() async throws {
        var limits = SharedLimits()
        limits.window = 3
        let server = try await LoopbackServer.start(scripted(latency: .milliseconds(5)))
        let found = try await Self.with([server.address], limits) { desk in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<40 {
                    let name = try #require(DomainName("n\(number).example"))
                    group.addTask {
                        try await desk.look(up: Question(name, .a)).outcome.absence != nil
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        await server.stop()
        #expect(found == Array(repeating: true, count: 40))
    }

    @Test func `enough is enough, though a question is open`() async throws {
        let server = try await LoopbackServer.start(scripted(dropping: .a))
        let watch = Stopwatch()
        let evidence = try await Self.with([server.address]) { desk in
            try await desk.collect(
                [pointer, Question(host, .a)], isEnough: { !$0.observations.isEmpty })
        }
        await server.stop()
        #expect(evidence.observations.map(\.question) == [pointer])
        // Without it the question would stay open until the deadline of five seconds.
        #expect(watch.elapsed < .seconds(3))
    }
}

/// A collector on its event loop, for tasks.
private struct SharedDesk: Sendable {
    let bound: NIOLoopBound<SharedCollector>

    func look(
        up question: Question = pointer, deadline: Duration = .seconds(5)
    ) async throws -> Observation {
        let evidence = try await collect([question], deadline: deadline)
        #expect(evidence.observations.count == 1)
        return try #require(evidence.observations.first)
    }

    func collect(
        _ questions: [Question], deadline: Duration = .seconds(5),
        isEnough: @escaping @Sendable (Evidence) -> Bool = { _ in false }
    ) async throws -> Evidence {
        let promise = bound.eventLoop.makePromise(of: Evidence.self)
        bound.eventLoop.execute {
            bound.value.collect(
                Evidence(startedAt: 0, sources: []), deadline: deadline,
                next: { _ in questions.map { PlannedQuestion($0, stage: .verdict) } },
                isEnough: isEnough, completion: { promise.succeed($0) })
        }
        return try await promise.futureResult.get()
    }

    func counts() async throws -> SharedCollector.Counts {
        try await bound.eventLoop.submit { bound.value.counts }.get()
    }
}
