import LookupEngine
import NIOCore

/// Hands the datagrams of one socket to the run.
final class DatagramReceiver: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let token: SocketToken
    private let server: SocketAddress
    private let take: (MachineEvent) -> Void

    init(
        _ token: SocketToken, from server: SocketAddress, take: @escaping (MachineEvent) -> Void
    ) {
        self.token = token
        self.server = server
        self.take = take
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let bytes = Array(envelope.data.readableBytesView)
        // The kernel has checked it already; flow labels and scopes are not ours to compare.
        let isFromServer =
            envelope.remoteAddress.port == server.port
            && envelope.remoteAddress.ipAddress == server.ipAddress
        take(.datagram(token, bytes, isFromServer: isFromServer))
    }

    /// On a connected socket an ICMP error comes back as an error of the next operation.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        take(.sendFailed(token))
    }
}

/// Hands the bytes of one connection to the run.
final class StreamReceiver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let token: SocketToken
    private let take: (MachineEvent) -> Void

    init(_ token: SocketToken, take: @escaping (MachineEvent) -> Void) {
        self.token = token
        self.take = take
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        take(.bytes(token, Array(unwrapInboundIn(data).readableBytesView)))
    }

    func channelInactive(context: ChannelHandlerContext) {
        take(.closed(token))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        take(.closed(token))
    }
}
