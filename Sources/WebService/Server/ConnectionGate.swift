import NIOCore
import NetNames
import Synchronization

/// Stops accepting at a number of connections: what waits then waits in the kernel's queue.
final class ConnectionGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = Never

    private let most: Int
    private var count = 0
    private var isReadHeld = false

    init(most: Int) {
        self.most = most
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

/// Counts the connections of each client, so that one alone cannot hold them all.
final class ClientGate: Sendable {
    private let exempt: [AddressBlock]
    private let counts: Mutex<ClientCounts>

    /// - Parameters:
    ///   - most: Connections at once of an IPv4 address, or of an IPv6 /64.
    ///   - exempt: Proxies, behind which all visitors are.
    init(most: Int, exempt: [AddressBlock]) {
        self.exempt = exempt
        counts = Mutex(ClientCounts(mostEach: most))
    }

    /// - Returns: Whether one more connection may stay open; then ``leave(_:)`` has to follow.
    func enter(_ client: Visitor) -> Bool {
        let isExempt = exempt.contains { $0.contains(client.address) }
        return counts.withLock { $0.enter(client.address, isExempt: isExempt) }
    }

    func leave(_ client: Visitor) { counts.withLock { $0.leave(client.address) } }

    /// Closes a connection that is one too many, at once and without an answer.
    final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let gate: ClientGate
        private var client: Visitor?

        init(_ gate: ClientGate) {
            self.gate = gate
        }

        func handlerAdded(context: ChannelHandlerContext) {
            if context.channel.isActive { enter(context) }
        }

        func channelActive(context: ChannelHandlerContext) {
            if client == nil { enter(context) }
            context.fireChannelActive()
        }

        func channelInactive(context: ChannelHandlerContext) {
            if let client { gate.leave(client) }
            client = nil
            context.fireChannelInactive()
        }

        private func enter(_ context: ChannelHandlerContext) {
            let client = Visitor(peer: context.channel.remoteAddress)
            if gate.enter(client) {
                self.client = client
            } else {
                context.close(promise: nil)
            }
        }
    }
}
