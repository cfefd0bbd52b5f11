import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request does not come in time: one byte a second must not hold it.
final class RequestDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart

    /// For the whole head, from the moment the connection is open.
    private static let head = TimeAmount.seconds(10)
    /// For the body: 64 KiB at modem speed.
    private static let body = TimeAmount.seconds(20)
    /// Until the next request on a connection that is kept open, its head included; counted from
    /// the end of the last one, so an answer has to be on its way by then, which a check's is.
    private static let idle = TimeAmount.seconds(90)

    private var alarm: Scheduled<Void>?

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { wait(Self.head, context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        wait(Self.head, context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: wait(Self.body, context)
        case .body: break
        case .end: wait(Self.idle, context)
        }
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        alarm?.cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        alarm?.cancel()
    }

    private func wait(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        alarm?.cancel()
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        alarm = context.eventLoop.scheduleTask(in: time) {
            bound.value.close(promise: nil)
        }
    }
}
