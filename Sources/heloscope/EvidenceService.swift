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
        guard evidence == nil, saveEvidence == nil, overlay == nil else {
            throw UserError.usage(
                "a service goes with --zone and --resolver only",
                hint: "leave --evidence, --save-evidence and --overlay out")
        }
        let deadline = Duration.seconds(dns.deadline)
        if !zone.isEmpty {
            let server = try zoneServer()
            let sources = zoneSources()
            try await body(
                EvidenceSource(
                    collect: { subject, onAnswer in
                        var network = ScriptedNetwork([server])
                        let plan = OverlaidPlan(subject: subject, overlay: nil)
                        let found = ScriptedCollector.collect(
                            startedAt: Int64(time(nil)), sources: sources, network: &network,
                            deadline: deadline, next: plan.questions)
                        found.observations.forEach(onAnswer)
                        return found
                    },
                    collectPool: { target in
                        var network = ScriptedNetwork([server])
                        return ScriptedCollector.collect(
                            startedAt: Int64(time(nil)), sources: sources, network: &network,
                            deadline: deadline, next: PoolPlan(for: target).questions)
                    }))
            return
        }
        let servers =
            resolver.isEmpty && !dns.resolvers.isEmpty
            ? try Self.resolverAddresses(dns.resolvers) : try resolverAddresses()
        let kind: Evidence.Source.Kind =
            isPublic || resolver.isEmpty ? .systemResolver : .resolver
        let sources = servers.map { Evidence.Source(kind: kind, name: $0.description) }
        try await DNSClient.withOwnThread(servers: servers) { client in
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
                        let plan = PoolPlan(for: target)
                        return try await Collector.collect(
                            startedAt: Int64(time(nil)), sources: sources, client: client,
                            deadline: deadline, next: plan.questions)
                    }))
        }
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
