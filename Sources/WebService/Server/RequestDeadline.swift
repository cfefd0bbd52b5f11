import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Synchronization

/// When the last connections are closed, once the service is to end.
final class ClosingTime: Sendable {
    /// An answer that nobody reads must not keep the service: systemd kills it after
    /// TimeoutStopSec, 90 s in our unit.
    private let grace: TimeAmount
    private let deadline = Mutex(NIODeadline.distantFuture)

    init(grace: TimeAmount) {
        self.grace = grace
    }

    func begin() {
        deadline.withLock { $0 = min($0, .now() + grace) }
    }

    var time: NIODeadline { deadline.withLock { $0 } }
}

/// Closes a connection that keeps us waiting: one byte a second must not hold it.
///
/// Nothing that arrives puts a deadline off but the part it is waiting for. A timer for each part
/// would cost more than the request: one looks now and then, and closes at most half of the shortest
/// time too late.
final class RequestDeadline: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long each part may take.
    struct Times: Sendable {
        /// The whole head, from the moment the connection is open; that of a further request from
        /// its first byte, and no longer than the connection may be idle.
        var head = TimeAmount.seconds(10)
        /// The body: 64 KiB at modem speed.
        var body = TimeAmount.seconds(20)
        /// The answer, until its end is taken: a check's deadline of at most a minute, and sending
        /// it over a slow line.
        var answer = TimeAmount.seconds(120)
        /// Until the next request has its whole head, on a connection that is kept open.
        var idle = TimeAmount.seconds(30)
    }

    private let times: Times
    private let closing: ClosingTime
    private let interval: TimeAmount
    private var alarm: Scheduled<Void>?
    private var deadline = NIODeadline.distantFuture
    /// Requests that came whole, less answers that left.
    private var due = 0
    /// Whether a head came whose body has not come whole.
    private var isBody = false
    /// Whether bytes of the next head came; not noticed in one read with the end of a request.
    private var isHeadBegun = false
    /// Bytes of a body that came after its answer.
    private var skipped = 0
    /// Whether the last answer says that it is the last.
    private var isLast = false

    /// The rest of a refused body is read, so that the answer arrives; a long one is not.
    private static let mostSkipped = 64 << 10

    init(_ times: Times, closing: ClosingTime) {
        self.times = times
        self.closing = closing
        let shortest = [times.head, times.body, times.answer, times.idle].min() ?? times.head
        interval = .nanoseconds(shortest.nanoseconds / 2)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { wait(times.head, context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        wait(times.head, context)
        context.fireChannelActive()
    }

    /// Bytes came that the parser has yet to see.
    func bytesCame() {
        guard !isBody, !isHeadBegun else { return }
        isHeadBegun = true
        // While a request waits for its answer, that has the time.
        if due == 0 { deadline = min(deadline, .now() + times.head) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let request):
            isBody = true
            isHeadBegun = false
            wait(times.body, context)
            invite(request, context)
        case .body(let bytes):
            if due < 0 {
                skipped += bytes.readableBytes
                guard skipped <= Self.mostSkipped else {
                    context.close(promise: nil)
                    return
                }
            }
        case .end:
            isBody = false
            due += 1
            skipped = 0
            if isLast, due == 0 {
                context.close(promise: nil)
                return
            }
            // An answer may be given before the end of the body: a refused one.
            wait(due > 0 ? times.answer : times.idle, context)
        }
        context.fireChannelRead(data)
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        let part = unwrapOutboundIn(data)
        if case .head(let response) = part,
            response.headerFields[.connection] == ConnectionOption.close
        {
            isLast = true
        }
        guard case .end = part else {
            context.write(data, promise: promise)
            return
        }
        // Counted from when the kernel has taken it all: a peer that does not read is not idle.
        let written = promise ?? context.eventLoop.makePromise()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        written.futureResult.whenSuccess {
            let (handler, context) = bound.value
            handler.answered(context)
        }
        context.write(data, promise: written)
    }

    /// Tells a client that waits for it to send its body (RFC 9110 §10.1.1).
    private func invite(_ request: HTTPRequest, _ context: ChannelHandlerContext) {
        guard due == 0, request.headerFields[.expect]?.lowercased() == "100-continue",
            request.headerFields[.contentLength].flatMap({ Int($0) }) ?? 0 <= Site.longestPool
        else { return }
        context.writeAndFlush(
            wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }

    private func answered(_ context: ChannelHandlerContext) {
        due -= 1
        if isLast, due >= 0 {
            context.close(promise: nil)
            return
        }
        // Below zero the rest of a body is still on its way, and its alarm is set.
        if due >= 0, context.channel.isActive {
            wait(due > 0 ? times.answer : isHeadBegun ? times.head : times.idle, context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        alarm?.cancel()
        alarm = nil
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        alarm?.cancel()
        alarm = nil
    }

    private func wait(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        deadline = .now() + time
        if alarm == nil { look(context) }
    }

    private func look(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        deadline = min(deadline, closing.time)
        guard now < deadline else {
            context.close(promise: nil)
            return
        }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        alarm = context.eventLoop.scheduleTask(in: min(interval, deadline - now)) {
            let (handler, context) = bound.value
            handler.look(context)
        }
    }
}
