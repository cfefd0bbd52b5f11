import Glibc
import HummingbirdCore
import Logging
import NIOCore
import NIOExtras
import NIOPosix
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
    let group: any EventLoopGroup
    let logger: Logger
    /// Told the port once connections are accepted.
    let onListening: @Sendable (Int) async -> Void

    func run() async throws {
        let gate = ConnectionGate(most: mostConnections)
        let quiescing = ServerQuiescingHelper(group: group)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .serverChannelInitializer { server in
                server.eventLoop.makeCompletedFuture {
                    try server.pipeline.syncOperations.addHandler(
                        ConnectionGate.Handler(gate, server: server))
                    try server.pipeline.syncOperations.addHandler(
                        quiescing.makeServerChannelHandler(channel: server))
                }
            }
        let setUp: @Sendable (any Channel) -> EventLoopFuture<HTTP1Channel.Value> = { child in
            channel.setup(channel: child, logger: logger)
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
            // Idle connections are closed, those with a request when it is answered.
            quiescing.initiateShutdown(promise: nil)
        }
    }
}

/// Stops accepting at a number of connections: what waits then waits in the kernel's queue.
private final class ConnectionGate: Sendable {
    private let most: Int

    init(most: Int) {
        self.most = most
    }

    final class Handler: ChannelDuplexHandler {
        typealias InboundIn = any Channel
        typealias OutboundIn = Never

        private let most: Int
        private let server: NIOLoopBound<any Channel>
        private var count = 0
        private var isReadHeld = false

        init(_ gate: ConnectionGate, server: any Channel) {
            most = gate.most
            self.server = NIOLoopBound(server, eventLoop: server.eventLoop)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let child = unwrapInboundIn(data)
            count += 1
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            child.closeFuture.hop(to: context.eventLoop).whenComplete { _ in
                let (handler, context) = bound.value
                handler.ended(context)
            }
            context.fireChannelRead(data)
        }

        func read(context: ChannelHandlerContext) {
            if count < most {
                context.read()
            } else {
                isReadHeld = true
            }
        }

        private func ended(_ context: ChannelHandlerContext) {
            count -= 1
            guard isReadHeld, count < most else { return }
            isReadHeld = false
            context.read()
        }
    }
}
