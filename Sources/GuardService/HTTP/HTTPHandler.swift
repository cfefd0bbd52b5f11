import GuardDecisions
import NIOCore
import NIOHTTP1

/// One HTTP connection: decisions for rspamd, KumoMTA and others, health, metrics.
final class HTTPHandler: ChannelInboundHandler, GuardedConnection {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let lane: Lane
    private var context: ChannelHandlerContext?
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isTooLong = false
    /// Whether an answer is due.
    private var isDeciding = false
    private var isDraining = false
    private var heardAt: Duration
    var place = 0

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
        if case .inputClosed? = event as? ChannelEvent, !isDeciding { close() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The decoder has answered what it could not read.
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            heardAt = lane.desk.now
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
            guard !isTooLong, let head else { return }
            isDeciding = true
            HTTPRoute(head).answer(body, on: lane) { [weak self] in self?.answer($0) }
        }
    }

    private func answer(_ reply: HTTPReply) {
        isDeciding = false
        heardAt = lane.desk.now
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
        if !staysOpen {
            written.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        }
    }

    // MARK: Limits

    func check(at now: Duration) {
        guard !isDeciding else { return }
        let limit =
            head == nil ? lane.desk.options.limits.lineIdle : lane.desk.options.limits.request
        if now - heardAt > limit { close() }
    }

    func drain() {
        isDraining = true
        if !isDeciding, head == nil { close() }
    }

    func close() { context?.close(promise: nil) }
}
