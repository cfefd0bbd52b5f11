import NIOPosix
package import SenderIdentity

/// Where a check's evidence comes from: live DNS, or a zone file in tests.
package struct EvidenceSource: Sendable {
    /// Collects the evidence; the closure is told of each answer as it comes.
    package let collect:
        @Sendable (Subject, @escaping @Sendable (Observation) -> Void) async throws -> Evidence
    /// The same for a pool.
    package let collectPool: @Sendable (PoolTarget) async throws -> Evidence

    package init(
        collect:
            @escaping @Sendable (
                Subject, @escaping @Sendable (Observation) -> Void
            ) async throws -> Evidence,
        collectPool: @escaping @Sendable (PoolTarget) async throws -> Evidence
    ) {
        self.collect = collect
        self.collectPool = collectPool
    }
}

extension EvidenceSource {
    /// A source that computes without waiting, such as a zone file: on threads where nobody else's
    /// request waits behind it.
    package init(
        computing check: @escaping @Sendable (Subject) -> Evidence,
        pool: @escaping @Sendable (PoolTarget) -> Evidence
    ) {
        self.init(
            collect: { subject, onAnswer in
                let found = try await NIOThreadPool.singleton.runIfActive { check(subject) }
                found.observations.forEach(onAnswer)
                return found
            },
            collectPool: { target in
                try await NIOThreadPool.singleton.runIfActive { pool(target) }
            })
    }
}
