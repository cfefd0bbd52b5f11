import GuardDecisions
import NIOCore
import NIOHTTP1

/// One HTTP connection: decisions for rspamd, KumoMTA and others, health, metrics.
final class HTTPHandler: ChannelDuplexHandler, GuardedConnection {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let lane: Lane
    private var context: ChannelHandlerContext?
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isTooLong = false
    private var turn = Turn.none
    /// Whether a request is being answered further up the stack.
    private var isAnswering = false
    private var isDraining = false
    private var isReadHeld = false
    /// Whether this turn's bytes were a request, or a part of one that is passed on.
    private var isPartHeard = false
    private var isInputClosed = false
    private var heardAt: Duration
    /// Since when bytes are there that make no request yet.
    private var partSince: Duration?
    /// Since when answers are not read.
    private var unreadSince: Duration?
    var place = 0

    /// How far the request that has come whole is.
    private enum Turn {
        case none
        case due
        case asked
    }

    /// A request has an address and some names.
    private static let longestBody = 64 << 10

    init(on lane: Lane) {
        self.lane = lane
        heardAt = lane.desk.now
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard self.context == nil else { return }
        self.context = context
        lane.connections.add(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        lane.connections.remove(self)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Half a connection is enough for an answer that is due.
        if case .inputClosed? = event as? ChannelEvent {
            isInputClosed = true
            if turn == .none { close() }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The decoder has answered what it could not read.
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isPartHeard = true
        switch unwrapInboundIn(data) {
        case .head(let head):
            heardAt = lane.desk.now
            partSince = nil
            self.head = head
            body = []
            isTooLong = false
        case .body(let part):
            guard !isTooLong else { return }
            body += part.readableBytesView
            if body.count > Self.longestBody {
                isTooLong = true
                body = []
                answer(.plain(.payloadTooLarge, "a request has at most 65536 bytes\n"))
            }
        case .end:
            guard !isTooLong, head != nil else { return }
            turn = .due
            answerDue()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !isPartHeard, head == nil, partSince == nil { partSince = lane.desk.now }
        isPartHeard = false
        context.fireChannelReadComplete()
    }

    /// Answers the request that is due, and those that come with it.
    ///
    /// Many may come in one piece: the next is there as soon as one is answered. They need no deep
    /// stack, and whoever reads no answers gets no more of them.
    private func answerDue() {
        guard !isAnswering else { return }
        isAnswering = true
        defer { isAnswering = false }
        while turn == .due, let context, let head {
            guard context.channel.isWritable else {
                unreadSince = unreadSince ?? lane.desk.now
                return
            }
            unreadSince = nil
            turn = .asked
            HTTPRoute(head).answer(body, on: lane) { [weak self] in self?.answer($0) }
        }
    }

    func read(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            if unreadSince != nil { answerDue() }
            if isReadHeld, context.channel.isWritable {
                isReadHeld = false
                context.read()
            }
        }
        context.fireChannelWritabilityChanged()
    }

    private func answer(_ reply: HTTPReply) {
        turn = .none
        heardAt = lane.desk.now
        partSince = nil
        guard let context, let head else { return }
        self.head = nil
        let staysOpen = head.isKeepAlive && !isTooLong && !isDraining
        var fields = HTTPHeaders([
            ("content-type", reply.type), ("content-length", "\(reply.body.count)"),
            ("cache-control", "no-store"),
        ])
        if !staysOpen { fields.add(name: "connection", value: "close") }
        if let allowed = reply.allowed { fields.add(name: "allow", value: allowed) }
        let answer = HTTPResponseHead(version: head.version, status: reply.status, headers: fields)
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        if head.method != .HEAD, !reply.body.isEmpty {
            var buffer = context.channel.allocator.buffer(capacity: reply.body.count)
            buffer.writeBytes(reply.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        // Requests that came with it have begun by now.
        if !staysOpen || isInputClosed && turn == .none && self.head == nil {
            written.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        }
    }

    // MARK: Limits

    func check(at now: Duration) {
        let limits = lane.desk.options.limits
        if let unreadSince {
            if now - unreadSince > limits.unread { close() }
            return
        }
        guard turn == .none else { return }
        let isSlow = partSince.map { now - $0 > limits.request } ?? false
        if isSlow || now - heardAt > (head == nil ? limits.lineIdle : limits.request) { close() }
    }

    func drain() {
        isDraining = true
        if turn == .none, head == nil { close() }
    }

    func close() { context?.close(promise: nil) }
}
