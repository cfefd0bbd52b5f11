import DNSModel
import LookupEngine
import NIOCore
import NIOPosix
import NetNames
import Resolution
import SenderIdentity

/// A name server on loopback, UDP only, that takes its time; on a thread of its own.
struct DelayedServer {
    let address: ResolverAddress
    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup

    static func start(world: ZoneWorld, latency: Duration) async throws -> DelayedServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel = try await DatagramBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let script = ScriptedServer(
                        label: "delayed", latency: latency, reply: { world.reply(to: $0) })
                    try channel.pipeline.syncOperations.addHandler(Answering(script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = UInt16(truncatingIfNeeded: channel.localAddress?.port ?? 0)
        return DelayedServer(
            address: ResolverAddress(.v4(0x7f00_0001), port: port), channel: channel, group: group)
    }

    func stop() async {
        try? await channel.close()
        try? await group.shutdownGracefully()
    }
}

/// Answers every datagram when its time has come.
private final class Answering: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private var script: ScriptedServer

    init(_ script: ScriptedServer) { self.script = script }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let channel = context.channel
        for delivery in script.answer(Array(envelope.data.readableBytesView), over: .udp) {
            guard case .bytes(let bytes) = delivery.content else { continue }
            let reply = AddressedEnvelope(
                remoteAddress: envelope.remoteAddress, data: ByteBuffer(bytes: bytes))
            context.eventLoop.scheduleTask(in: .init(script.latency)) {
                channel.writeAndFlush(reply, promise: nil)
            }
        }
    }
}
