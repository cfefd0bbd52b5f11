import Glibc
import LookupEngine
import Resolution
import SenderIdentity
import Settings
import Synchronization
import WebService

extension SourceArguments {
    /// Runs a service with evidence from these sources: zone files, resolvers, or the settings'.
    /// - Parameters:
    ///   - dns: How DNS is asked.
    ///   - isPublic: Whether strangers say what is looked up; then private addresses stay unasked,
    ///     whoever named the resolvers.
    ///   - body: The service.
    /// - Throws: ``UserError``, and what the body throws.
    func withEvidence(
        _ dns: Settings.DNS, isPublic: Bool, _ body: (EvidenceSource) async throws -> Void
    ) async throws {
        try validateSources()
        let deadline = chosenDeadline ?? .seconds(dns.deadline)
        if !zone.isEmpty {
            try await body(try zoneEvidence(deadline))
            return
        }
        let servers =
            resolver.isEmpty && !dns.resolvers.isEmpty
            ? try Self.resolverAddresses(dns.resolvers) : try resolverAddresses()
        let kind: Evidence.Source.Kind =
            isPublic || resolver.isEmpty ? .systemResolver : .resolver
        let sources = servers.map { Evidence.Source(kind: kind, name: $0.description) }
        // A pool keeps its thread busy for a second or two: checks have another one.
        try await DNSClient.withOwnThreads(2, servers: servers) { clients in
            let (client, poolClient) = (clients[0], clients[1])
            try await body(
                EvidenceSource(
                    collect: { subject, onAnswer in
                        let startedAt = Int64(time(nil))
                        let plan = OverlaidPlan(subject: subject, overlay: nil)
                        let empty = Evidence(startedAt: startedAt, sources: sources)
                        guard !plan.questions(knowing: empty).isEmpty else { return empty }
                        let told = AnswerCount()
                        var found = try await Collector.collect(
                            startedAt: startedAt, sources: sources, client: client,
                            deadline: deadline
                        ) { evidence in
                            told.tellNew(in: evidence, onAnswer)
                            return plan.questions(knowing: evidence)
                        }
                        if dns.keeper, KeeperArguments.explains(subject, found) {
                            found.walk = try await Walker.walk(
                                to: subject.address, from: .internet,
                                port: ResolverAddress.usualPort, client: client)
                        }
                        return found
                    },
                    collectPool: { target in
                        let plan = SharedPoolPlan(for: target)
                        return try await Collector.collect(
                            startedAt: Int64(time(nil)), sources: sources, client: poolClient,
                            deadline: deadline, mostBytes: PoolLimits.bytes,
                            next: plan.questions)
                    }))
        }
    }

    /// Evidence from zone files, worked out on threads that nobody else waits for.
    private func zoneEvidence(_ deadline: Duration) throws -> EvidenceSource {
        let server = try zoneServer()
        let sources = zoneSources()
        return EvidenceSource(
            computing: { subject in
                var network = ScriptedNetwork([server])
                let plan = OverlaidPlan(subject: subject, overlay: nil)
                return ScriptedCollector.collect(
                    startedAt: Int64(time(nil)), sources: sources, network: &network,
                    deadline: deadline, next: plan.questions)
            },
            pool: { target in
                Self.collect(
                    on: target, startedAt: Int64(time(nil)), sources: sources, server: server,
                    deadline: deadline)
            })
    }
}

/// How many answers were passed on; touched by one collection at a time.
private final class AnswerCount: Sendable {
    private let count = Mutex(0)

    func tellNew(in evidence: Evidence, _ onAnswer: (Observation) -> Void) {
        let first = count.withLock { count in
            defer { count = evidence.observations.count }
            return count
        }
        evidence.observations.dropFirst(first).forEach(onAnswer)
    }
}
