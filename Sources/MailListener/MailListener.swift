package import FilterProtocols
import Glibc
package import Logging
import NIOCore
import NIOExtras
import NIOPosix
package import NIOSSL
package import NetNames
import ServerSockets
import ServiceLifecycle

/// The SMTP listener as a service: it says what it sees, and takes no mail.
package struct MailListener: Service {
    /// What the service is told.
    package struct Options: Sendable {
        /// An address to listen on.
        package var host: String
        package var port: Int
        package var settings: SMTPSettings
        /// Nil where STARTTLS is not offered.
        package var tls: NIOSSLContext?
        package var maxConnections = 100
        package var maxConnectionsPerClient = 5
        package var times = Times()

        package init(host: String, port: Int, settings: SMTPSettings) {
            self.host = host
            self.port = port
            self.settings = settings
        }
    }

    /// Seconds, for tests that do not wait as long as strangers may.
    package struct Times: Hashable, Sendable {
        /// What a session's waits count as one second.
        package var second = 1.0
        package var verdict = 60.0
        /// For a verdict under way when the service is to end; as long as `serve` gives HTTP.
        package var closing = 20.0
        package var farewell = 2.0

        package init() {}
    }

    /// Why the address cannot be listened on, in the system's words.
    package struct CannotListen: Error, Hashable, Sendable {
        package let reason: String
    }

    private let options: Options
    private let logger: Logger
    private let begin: @Sendable (IPAddress) -> SessionJudge
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - options: What the settings say.
    ///   - logger: Told of failures; never of who connects.
    ///   - begin: Gives each connection its judge, by the client's address.
    ///   - onListening: Told the port once connections are accepted.
    package init(
        _ options: Options, logger: Logger,
        begin: @escaping @Sendable (IPAddress) -> SessionJudge,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.options = options
        self.logger = logger
        self.begin = begin
        self.onListening = onListening
    }

    package func run() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let quiescing = ServerQuiescingHelper(group: group)
        let count = ConnectionCount(
            most: options.maxConnections, mostPerClient: options.maxConnectionsPerClient)
        let setUp: @Sendable (any Channel) -> EventLoopFuture<Void> = { child in
            self.prepare(child, count)
        }
        let server: any Channel
        do {
            server = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 1024)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                // A session writes a few kilobytes in all; who takes none is not read any more.
                .childChannelOption(
                    .writeBufferWaterMark, value: .init(low: 4 << 10, high: 16 << 10)
                )
                .serverChannelInitializer { server in
                    server.eventLoop.makeCompletedFuture {
                        try server.pipeline.syncOperations.addHandler(AcceptPause())
                        try server.pipeline.syncOperations.addHandler(
                            quiescing.makeServerChannelHandler(channel: server))
                    }
                }
                .childChannelInitializer(setUp)
                .bind(host: options.host, port: options.port).get()
        } catch let error as IOError {
            throw CannotListen(reason: String(cString: strerror(error.errnoCode)))
        }
        await onListening(server.localAddress?.port ?? 0)
        // Cancelled or asked to end: sessions under way are told, and end.
        try? await gracefulShutdown()
        let done = server.eventLoop.makePromise(of: Void.self)
        quiescing.initiateShutdown(promise: done)
        try? await done.futureResult.get()
    }

    private func prepare(_ child: any Channel, _ count: ConnectionCount) -> EventLoopFuture<Void> {
        let text = child.remoteAddress?.ipAddress ?? ""
        // A socket that serves both families sees IPv4 clients mapped; they are held as IPv4.
        guard let client = try? IPAddress(parsing: text.utf8) else {
            return child.eventLoop.makeFailedFuture(
                CannotListen(reason: "a client without address"))
        }
        guard count.enter(client) else {
            return child.eventLoop.makeCompletedFuture {
                try child.pipeline.syncOperations.addHandler(
                    OverloadHandler(SMTPSettings.overload(options.settings.hostname)))
            }
        }
        child.closeFuture.whenComplete { _ in count.leave(client) }
        return child.eventLoop.makeCompletedFuture {
            try child.pipeline.syncOperations.addHandler(
                SMTPHandler(
                    session: SMTPSession(options.settings, client: client), judge: begin(client),
                    tls: options.tls, times: .init(options.times)))
        }
    }
}

/// Tells a client that there are too many, and closes.
private final class OverloadHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let words: [UInt8]

    init(_ words: [UInt8]) {
        self.words = words
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: words)), promise: nil)
        // A client waits for the greeting, so nothing is left unread and nothing is reset.
        context.close(promise: nil)
    }
}

extension SMTPHandler.Times {
    init(_ times: MailListener.Times) {
        let amount = { (seconds: Double) in TimeAmount.milliseconds(Int64(seconds * 1000)) }
        second = amount(times.second)
        verdict = amount(times.verdict)
        closing = amount(times.closing)
        farewell = amount(times.farewell)
    }
}
