import LookupEngine
import NIOCore
package import SenderIdentity

/// Collects evidence from real servers, with the same core as ``ScriptedCollector``.
package enum Collector {
    /// Asks whatever the planner wants until nothing is on its way.
    /// - Parameters:
    ///   - startedAt: Seconds since 1970-01-01 UTC, for the evidence.
    ///   - sources: What the evidence names as its sources.
    ///   - client: Whom to ask, and what is remembered.
    ///   - deadline: Time for everything; what is open then has failed.
    ///   - mostBytes: Answers beyond are not kept.
    ///   - next: What is worth asking now, given the evidence so far; called on the event loop.
    /// - Returns: The evidence, complete: every question asked has an observation.
    /// - Throws: `CancellationError` when the task is cancelled, and nothing else.
    package static func collect(
        startedAt: Int64, sources: [Evidence.Source], client: DNSClient,
        deadline: Duration = LookupTimes.deadline, mostBytes: Int = EvidenceLimits.bytes,
        next: @escaping @Sendable (Evidence) -> [PlannedQuestion]
    ) async throws -> Evidence {
        try await client.carryOut(
            { client in
                let evidence = Evidence(startedAt: startedAt, sources: sources)
                return CollectionRun(
                    machine: DNSMachine(
                        servers: client.servers.map(\.description),
                        deadline: client.now + deadline,
                        asksAboutSpecialAddresses: !evidence.isOfSystemResolvers),
                    evidence: evidence, mostBytes: mostBytes, next: next)
            },
            address: { [client] _, server in client.serverAddresses[server] },
            result: \.evidence)
    }
}
