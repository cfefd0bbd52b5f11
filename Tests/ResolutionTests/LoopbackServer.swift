import DNSModel
import DNSWire
import LookupEngine
import NIOCore
import NIOPosix
import NetNames
import Resolution
import SenderIdentity

/// A scripted server on real sockets: UDP and TCP on one ephemeral port of the loopback.
struct LoopbackServer: Sendable {
    let address: ResolverAddress
    private let channels: [any Channel]
    private let script: NIOLoopBoundBox<Script>

    /// The script and what it was asked; touched on the event loop alone.
    final class Script {
        var server: ScriptedServer
        /// Sends what comes from a wrong source.
        var elsewhere: (any Channel)?
        var queries: [(transport: Observation.Transport, port: Int)] = []

        init(_ server: ScriptedServer) { self.server = server }
    }

    /// Binds both sockets; `latency` is the script's.
    static func start(
        _ server: ScriptedServer, on host: String = "127.0.0.1"
    ) async throws -> LoopbackServer {
        // The port the kernel gives for UDP may be taken for TCP: then another one is tried.
        for _ in 0..<20 {
            if let started = try? await attempt(server, on: host) { return started }
        }
        return try await attempt(server, on: host)
    }

    private static func attempt(
        _ server: ScriptedServer, on host: String
    ) async throws -> LoopbackServer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let script = NIOLoopBoundBox.makeBoxSendingValue(Script(server), eventLoop: loop)
        let udp = try await DatagramBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(UDPSide(script.value))
                }
            }
            .bind(host: host, port: 0).get()
        let port = udp.localAddress?.port ?? 0
        let tcp: any Channel
        do {
            tcp = try await ServerBootstrap(group: loop)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(TCPSide(script.value))
                    }
                }
                .bind(host: host, port: port).get()
        } catch {
            try? await udp.close()
            throw error
        }
        let elsewhere = try await DatagramBootstrap(group: loop).bind(host: host, port: 0).get()
        try await loop.submit { script.value.elsewhere = elsewhere }.get()
        return LoopbackServer(
            address: ResolverAddress(
                IPAddress(host) ?? .v4(0), port: UInt16(truncatingIfNeeded: port)),
            channels: [udp, elsewhere, tcp], script: script)
    }

    /// The client ports the datagrams came from, in order.
    func clientPorts() async throws -> [Int] {
        try await channels[0].eventLoop.submit { [script] in
            script.value.queries.filter { $0.transport == .udp }.map(\.port)
        }.get()
    }

    func stop() async {
        for channel in channels { try? await channel.close() }
    }
}

private final class UDPSide: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let script: LoopbackServer.Script

    init(_ script: LoopbackServer.Script) { self.script = script }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let peer = envelope.remoteAddress
        script.queries.append((.udp, peer.port ?? 0))
        let query = Array(envelope.data.readableBytesView)
        for delivery in script.server.answer(query, over: .udp) {
            guard case .bytes(let bytes) = delivery.content else { continue }
            let channel = delivery.isFromServer ? context.channel : script.elsewhere
            let reply = AddressedEnvelope(
                remoteAddress: peer, data: ByteBuffer(bytes: bytes))
            context.eventLoop.scheduleTask(in: .init(script.server.latency + delivery.delay)) {
                channel?.writeAndFlush(reply, promise: nil)
            }
        }
    }
}

private final class TCPSide: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let script: LoopbackServer.Script
    private var frame = StreamFrame()

    init(_ script: LoopbackServer.Script) { self.script = script }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .message(let query) = frame.append(unwrapInboundIn(data).readableBytesView)
        else { return }
        script.queries.append((.tcp, context.remoteAddress?.port ?? 0))
        let channel = context.channel
        for delivery in script.server.answer(query, over: .tcp) {
            context.eventLoop.scheduleTask(in: .init(script.server.latency + delivery.delay)) {
                switch delivery.content {
                case .bytes(let bytes):
                    channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
                case .close:
                    channel.close(promise: nil)
                }
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
