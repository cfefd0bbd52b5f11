import LookupEngine
package import NIOCore
import NIOPosix
import NetNames

/// The DNS client on real sockets: one event loop owns everything, so nothing is locked.
///
/// What it remembers lasts as long as the client and serves all verdicts asked through it.
package final class DNSClient: Sendable {
    package let servers: [ResolverAddress]
    let eventLoop: any EventLoop
    let serverAddresses: [SocketAddress]
    /// Times are counted from here.
    let epoch: NIODeadline
    let memory: NIOLoopBoundBox<ClientMemory>

    /// Prepares a client; no socket is opened before the first question.
    /// - Parameters:
    ///   - servers: At least one, in order of preference.
    ///   - eventLoop: Where sockets and the state machine live.
    package init(servers: [ResolverAddress], on eventLoop: any EventLoop) {
        precondition(!servers.isEmpty, "a DNS client needs a server")
        self.servers = servers
        self.eventLoop = eventLoop
        serverAddresses = servers.map(SocketAddress.init)
        epoch = .now()
        memory = .makeBoxSendingValue(ClientMemory(), eventLoop: eventLoop)
    }

    /// Runs `body` with a client on a thread of its own, which is gone afterwards.
    package static func withOwnThread<Result: Sendable>(
        servers: [ResolverAddress], _ body: (DNSClient) async throws -> Result
    ) async throws -> Result {
        try await withOwnThreads(1, servers: servers) { try await body($0[0]) }
    }

    /// The same with several clients, each on a thread of its own and with a memory of its own.
    package static func withOwnThreads<Result: Sendable>(
        _ count: Int, servers: [ResolverAddress], _ body: ([DNSClient]) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        let result: Result
        do {
            result = try await body(
                (0..<count).map { _ in DNSClient(servers: servers, on: group.next()) })
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
        return result
    }

    /// The client's clock, as the state machine counts it.
    var now: Duration { .nanoseconds((NIODeadline.now() - epoch).nanoseconds) }

    func deadline(at time: Duration) -> NIODeadline {
        let (seconds, attoseconds) = time.components
        return epoch + .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

/// What outlives a verdict; touched on the event loop alone.
final class ClientMemory {
    var cache = AnswerCache()
}

extension SocketAddress {
    init(_ resolver: ResolverAddress) {
        let packed = ByteBuffer(bytes: resolver.address.bytes)
        do {
            self = try SocketAddress(packedIPAddress: packed, port: Int(resolver.port))
        } catch {
            preconditionFailure("an address has 4 or 16 bytes")
        }
    }
}
