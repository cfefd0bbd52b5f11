import DNSModel
import GuardService
import LookupEngine
import NIOCore
import NIOPosix
import NetNames
import Resolution
import SenderIdentity

/// A resolver on the loopback that answers from a zone file, late or never as its faults say.
struct WorldResolver: Sendable {
    private let address: ResolverAddress
    private let channel: any Channel
    private let script: NIOLoopBound<Script>

    /// Begins to answer.
    ///
    /// Records live an hour, names are written from the root, faults are lines as `--faults` has them.
    static func start(_ zone: String, faults: String = "") async throws -> WorldResolver {
        let head = "$TTL 1h\n$ORIGIN .\n@ SOA ns. hostmaster. ( 1 1h 15m 2w 1h )\n"
        let world = try ZoneWorld(files: [
            try ZoneFile(name: "world.zone", bytes: Array((head + zone + "\n").utf8))
        ])
        let rules = try FaultRules(parsing: Array(faults.utf8))
        let server = ScriptedServer(
            label: "world", reply: { world.reply(to: $0) }, faults: { rules.faults(for: $0) })
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let script = try await loop.submit { NIOLoopBound(Script(server), eventLoop: loop) }.get()
        let channel = try await DatagramBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answerer(script.value))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = UInt16(truncatingIfNeeded: channel.localAddress?.port ?? 0)
        return WorldResolver(
            address: ResolverAddress(.v4(0x7f00_0001), port: port), channel: channel,
            script: script)
    }

    var source: LookupSource {
        .resolvers([address], named: [.init(kind: .resolver, name: address.description)])
    }

    /// Queries so far.
    func queries() async throws -> Int {
        try await channel.eventLoop.submit { [script] in script.value.queries }.get()
    }

    func stop() async { try? await channel.close() }

    fileprivate final class Script {
        var server: ScriptedServer
        var queries = 0

        init(_ server: ScriptedServer) { self.server = server }
    }
}

private final class Answerer: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let script: WorldResolver.Script

    init(_ script: WorldResolver.Script) { self.script = script }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let (peer, channel) = (envelope.remoteAddress, context.channel)
        script.queries += 1
        for delivery in script.server.answer(Array(envelope.data.readableBytesView), over: .udp) {
            guard case .bytes(let bytes) = delivery.content else { continue }
            context.eventLoop.scheduleTask(in: .init(delivery.delay)) {
                channel.writeAndFlush(
                    AddressedEnvelope(remoteAddress: peer, data: ByteBuffer(bytes: bytes)),
                    promise: nil)
            }
        }
    }
}
