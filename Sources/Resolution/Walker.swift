package import LookupEngine
import NIOCore
package import NetNames
package import SenderIdentity

/// Walks to the keeper of a reverse zone over real sockets, as ``ScriptedWalker`` does in scripts.
package enum Walker {
    /// Walks from the root servers to the client's PTR name.
    /// - Parameters:
    ///   - subject: The client's address.
    ///   - hints: The root servers to begin with.
    ///   - port: Where name servers listen; anything but 53 is for tests.
    ///   - client: Its event loop and clock; its resolvers are not asked.
    ///   - deadline: The time it may take.
    /// - Returns: What was met.
    /// - Throws: `CancellationError` when the task is cancelled, and nothing else.
    package static func walk(
        to subject: IPAddress, from hints: RootHints,
        port: UInt16 = ResolverAddress.usualPort, client: DNSClient,
        deadline: Duration = WalkLimits.deadline
    ) async throws -> DelegationTrace {
        try await client.carryOut(
            { client in
                DelegationWalk(to: subject, from: hints, at: client.now, deadline: deadline)
            },
            address: { walk, server in
                SocketAddress(ResolverAddress(walk.addresses[server], port: port))
            },
            result: \.trace)
    }
}
