import Glibc
import HummingbirdCore
import Logging
import NIOCore
import NIOExtras
import NIOHTTPTypesHTTP1
import NIOPosix
import ServerSockets
import ServiceLifecycle

/// Where the service is reached.
package enum ListeningAddress: Hashable, Sendable {
    case address(host: String, port: Int)
    /// A socket that the service manager opened and passed on (sd_listen_fds(3)).
    case descriptor(CInt)
}

/// Why the address cannot be listened on, in the system's words.
package struct ListeningError: Error, Hashable, Sendable {
    package let reason: String
}

/// Accepts connections and hands each to Hummingbird's HTTP/1 channel.
///
/// Our own accept loop, because Hummingbird's server cannot take over a descriptor.
struct HTTPListener: Service {
    let channel: HTTP1Channel
    let address: ListeningAddress
    let mostConnections: Int
    let clients: ClientGate
    /// Told when the service is to end.
    let closing: ClosingTime
    let group: any EventLoopGroup
    let logger: Logger
    /// Told the port once connections are accepted.
    let onListening: @Sendable (Int) async -> Void

    func run() async throws {
        let quiescing = ServerQuiescingHelper(group: group)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .serverChannelInitializer { server in
                server.eventLoop.makeCompletedFuture {
                    try server.pipeline.syncOperations.addHandler(AcceptPause())
                    try server.pipeline.syncOperations.addHandler(
                        ConnectionGate(most: mostConnections))
                    try server.pipeline.syncOperations.addHandler(
                        quiescing.makeServerChannelHandler(channel: server))
                }
            }
        let setUp: @Sendable (any Channel) -> EventLoopFuture<HTTP1Channel.Value> = { child in
            do {
                try child.pipeline.syncOperations.addHandler(ClientGate.Handler(clients))
            } catch {
                return child.eventLoop.makeFailedFuture(error)
            }
            return channel.setup(channel: child, logger: logger).flatMapThrowing { value in
                let pipeline = child.pipeline.syncOperations
                let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
                try pipeline.addHandler(HeadCheck(), position: .before(codec))
                let deadline = try pipeline.handler(type: RequestDeadline.self)
                try pipeline.addHandler(FirstByte(of: deadline), position: .first)
                return value
            }
        }
        let server: NIOAsyncChannel<HTTP1Channel.Value, Never>
        do {
            server =
                switch address {
                case .address(let host, let port):
                    try await bootstrap.bind(
                        host: host, port: port, childChannelInitializer: setUp)
                case .descriptor(let descriptor):
                    try await bootstrap.bind(
                        descriptor, cleanupExistingSocketFile: false,
                        childChannelInitializer: setUp)
                }
        } catch let error as IOError {
            throw ListeningError(reason: String(cString: strerror(error.errnoCode)))
        }
        await withGracefulShutdownHandler {
            await onListening(server.channel.localAddress?.port ?? 0)
            await withDiscardingTaskGroup { tasks in
                do {
                    try await server.executeThenClose { connections in
                        for try await connection in connections {
                            tasks.addTask {
                                await channel.handle(value: connection, logger: logger)
                            }
                        }
                    }
                } catch {
                    logger.error("accepting connections ended", metadata: ["error": "\(error)"])
                }
            }
        } onGracefulShutdown: {
            // Idle connections are closed, those with a request when it is answered, and soon.
            closing.begin()
            quiescing.initiateShutdown(promise: nil)
        }
    }
}
