import Glibc
import LookupEngine
import Resolution
import SenderIdentity
import Synchronization

extension SourceArguments {
    /// Looks up what the matrix of a pool needs.
    /// - Throws: ``UserError``; usage errors before anything is asked of DNS.
    func collect(on target: PoolTarget) async throws -> Evidence {
        try validateSources()
        let deadline = chosenDeadline ?? Self.poolDeadline
        let startedAt = Int64(time(nil))
        if !zone.isEmpty {
            return Self.collect(
                on: target, startedAt: startedAt, sources: zoneSources(), server: try zoneServer(),
                deadline: deadline)
        }
        let servers = try resolverAddresses()
        let kind: Evidence.Source.Kind = resolver.isEmpty ? .systemResolver : .resolver
        let progress = PoolProgress()
        let plan = SharedPoolPlan(for: target)
        defer { progress.end() }
        return try await DNSClient.withOwnThread(servers: servers) { client in
            try await Collector.collect(
                startedAt: startedAt,
                sources: servers.map { .init(kind: kind, name: $0.description) },
                client: client, deadline: deadline, mostBytes: PoolLimits.bytes
            ) { evidence in
                progress.show(target, evidence)
                return plan.questions(knowing: evidence)
            }
        }
    }

    /// The same from a zone file, without waiting.
    static func collect(
        on target: PoolTarget, startedAt: Int64, sources: [Evidence.Source],
        server: ScriptedServer, deadline: Duration
    ) -> Evidence {
        var network = ScriptedNetwork([server])
        var plan = PoolPlan(for: target)
        return ScriptedCollector.collect(
            startedAt: startedAt, sources: sources, network: &network, deadline: deadline,
            mostBytes: PoolLimits.bytes
        ) { plan.questions(knowing: $0) }
    }

    /// A thousand hosts at a slow resolver take most of a minute.
    private static let poolDeadline = Duration.seconds(120)
}

/// A plan that goes on from answer to answer, on whichever thread the client is.
final class SharedPoolPlan: Sendable {
    private let plan: Mutex<PoolPlan>

    init(for target: PoolTarget) {
        plan = Mutex(PoolPlan(for: target))
    }

    func questions(knowing evidence: Evidence) -> [PlannedQuestion] {
        plan.withLock { $0.questions(knowing: evidence) }
    }
}

/// How many answers are in, on stderr: a line that is written over on a terminal, else a line now
/// and then.
private final class PoolProgress: Sendable {
    private struct State {
        var shownAt: ContinuousClock.Instant?
        var isOpen = false
    }

    private let state = Mutex(State())
    private let isTerminal = isatty(STDERR_FILENO) == 1

    /// On a terminal often enough to see it move; elsewhere a log stays short.
    private var interval: Duration { isTerminal ? .milliseconds(100) : .seconds(5) }

    func show(_ target: PoolTarget, _ evidence: Evidence) {
        let now = ContinuousClock.now
        state.withLock { state in
            // The first line waits, too: most pools are done before it is due.
            guard let last = state.shownAt else {
                state.shownAt = now
                return
            }
            guard now - last >= interval else { return }
            state.shownAt = now
            let hosts = target.resolved(knowing: evidence).clients(knowing: evidence).count
            let line = "\(evidence.observations.count) answers about \(hosts) hosts"
            StandardError.write(isTerminal ? "\r\(line)\u{1b}[K" : line + "\n")
            state.isOpen = isTerminal
        }
    }

    func end() {
        state.withLock { state in
            if state.isOpen { StandardError.write("\r\u{1b}[K") }
            state.isOpen = false
        }
    }
}
