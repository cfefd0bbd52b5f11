import FilterProtocols
import Logging
import MailListener
import NetNames
import ServiceLifecycle
import Synchronization

/// The listener on a port of its own, with a judge that the test steers.
struct TestListener: Sendable {
    let port: Int
    let seen: Seen
    private let group: ServiceGroup

    /// What came to the judges.
    final class Seen: Sendable {
        struct Mail: Hashable {
            let client: SMTPClient
            let recipient: [UInt8]
        }

        private struct State {
            var mails: [Mail] = []
            var ends: [SMTPSession.End?] = []
            var sessions = 0
        }

        private let state = Mutex(State())

        var mails: [Mail] { state.withLock(\.mails) }
        var ends: [SMTPSession.End?] { state.withLock(\.ends) }
        /// Connections that are open.
        var open: Int { state.withLock { $0.sessions - $0.ends.count } }

        func begin() { state.withLock { $0.sessions += 1 } }
        func end(_ end: SMTPSession.End?) { state.withLock { $0.ends.append(end) } }
        func note(_ mail: Mail) { state.withLock { $0.mails.append(mail) } }

        func waitUntil(ended count: Int) async throws {
            while ends.count < count { try await Task.sleep(for: .milliseconds(2)) }
        }
    }

    static func run(
        offersTLS: Bool = false, delay: Duration = .zero,
        _ change: (inout MailListener.Options) throws -> Void = { _ in },
        _ test: @escaping @Sendable (TestListener) async throws -> Void
    ) async throws {
        var options = MailListener.Options(
            host: "127.0.0.1", port: 0,
            settings: SMTPSettings(
                hostname: "mx.example.net", mode: .refuse, offersTLS: offersTLS))
        options.maxConnectionsPerClient = 100
        try change(&options)
        let seen = Seen()
        let (ports, announcement) = AsyncStream.makeStream(of: Int.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = MailListener(
            options, logger: logger,
            begin: { _ in
                seen.begin()
                return SessionJudge(
                    prepare: { _ in },
                    decide: { client, recipient in
                        seen.note(.init(client: client, recipient: recipient))
                        try? await Task.sleep(for: delay)
                        return Self.verdict
                    }, ended: { seen.end($0) })
            }, onListening: { announcement.yield($0) })
        let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else { return }
            try await test(TestListener(port: port, seen: seen, group: group))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    func shutDown() async { await group.triggerGracefulShutdown() }

    private static let verdict: SMTPDecision =
        SMTPAnswer(550, .init(7, 25), ["FAIL: no PTR record", "Seen: you"]).map { .tell($0) }
        ?? .refuse(SMTPAnswer(550, nil, []) ?? fallback)

    private static var fallback: SMTPAnswer { preconditionFailure("550 is a code") }
}
