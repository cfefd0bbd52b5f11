import Logging
import SenderIdentity
import ServiceLifecycle
import Synchronization
import WebService

/// A service on a port of its own, with a source of evidence that the test steers.
struct TestSite: Sendable {
    let port: Int
    let source: SteeredSource
    let server: WebServer
    private let group: ServiceGroup

    static func run(_ test: @escaping @Sendable (TestSite) async throws -> Void) async throws {
        try await run({ _ in }, test)
    }

    /// Runs the service for as long as the test's part takes.
    static func run(
        clock: TestClock = TestClock(),
        _ change: (inout WebServer.Options) -> Void,
        _ test: @escaping @Sendable (TestSite) async throws -> Void
    ) async throws {
        var options = WebServer.Options(address: .address(host: "127.0.0.1", port: 0))
        change(&options)
        let source = SteeredSource()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let (ports, announcement) = AsyncStream.makeStream(of: Int.self)
        let server = try WebServer(
            options,
            source: EvidenceSource(
                collect: { subject, _ in try await source.collect(subject) },
                collectPool: { _ in try await source.collect() }),
            logger: logger, clock: { clock.now }, month: { "2026-11" },
            onListening: { announcement.yield($0) })
        let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else { return }
            try await test(TestSite(port: port, source: source, server: server, group: group))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    func shutDown() async { await group.triggerGracefulShutdown() }
}

/// Evidence without observations, at once or when the test says so.
final class SteeredSource: Sendable {
    private struct State {
        var isHeld = false
        var fails = false
        var asked = 0
        var underWay = 0
        var evidence = Evidence(startedAt: 1_795_000_000, sources: [])
        var subjects: [Subject] = []
    }

    private struct Failure: Error {}

    private let state = Mutex(State())

    var asked: Int { state.withLock(\.asked) }

    /// Look-ups that have not ended.
    var underWay: Int { state.withLock(\.underWay) }

    /// Whom checks were about, in order.
    var subjects: [Subject] { state.withLock(\.subjects) }

    func hold() { state.withLock { $0.isHeld = true } }

    func release() { state.withLock { $0.isHeld = false } }

    func fail() { state.withLock { $0.fails = true } }

    func recover() { state.withLock { $0.fails = false } }

    /// What is found out from now on.
    func give(_ evidence: Evidence) { state.withLock { $0.evidence = evidence } }

    /// Waits until so many look-ups have begun.
    func waitUntil(asked count: Int) async throws {
        while asked < count { try await Task.sleep(for: .milliseconds(2)) }
    }

    func collect(_ subject: Subject? = nil) async throws -> Evidence {
        state.withLock { state in
            state.asked += 1
            state.underWay += 1
            if let subject { state.subjects.append(subject) }
        }
        defer { state.withLock { $0.underWay -= 1 } }
        while state.withLock(\.isHeld) { try await Task.sleep(for: .milliseconds(2)) }
        if state.withLock(\.fails) { throw Failure() }
        return state.withLock(\.evidence)
    }
}

/// A clock that a test sets forward.
final class TestClock: Sendable {
    private let seconds = Mutex<Int64>(1_795_000_000)

    var now: Int64 { seconds.withLock { $0 } }

    func advance(_ by: Int64) { seconds.withLock { $0 += by } }
}
