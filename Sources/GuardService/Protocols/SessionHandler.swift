import FilterProtocols
import GuardDecisions
import NIOCore

/// Carries out what a session wants, on its channel and its lane.
final class SessionHandler: ChannelDuplexHandler, GuardedConnection {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let filter: any FilterSession
    private let lane: Lane
    private let speaks: GuardProtocol
    private let idleLimit: Duration
    private var context: ChannelHandlerContext?
    /// Events that came while another was being handled: they wait, so that order is kept and many
    /// requests in one piece need no deep stack.
    private var events: [Event] = []
    private var isBusy = false
    private var output: [UInt8] = []
    /// Whether answers are written that the lane will send.
    private var hasUnsent = false
    private var isReadHeld = false
    private var isEnding = false
    private var isDraining = false
    private var heardAt: Duration
    private var requestSince: Duration?
    private var endedAt: Duration?
    var place = 0

    private enum Event {
        case received([UInt8])
        case inputClosed
        case idle
        case decided(Ticket, GuardDecision)
    }

    init(_ filter: any FilterSession, _ speaks: GuardProtocol, on lane: Lane, idle: Duration) {
        self.filter = filter
        self.speaks = speaks
        self.lane = lane
        idleLimit = idle
        heardAt = lane.desk.now
    }

    // MARK: Channel

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    /// A handler may be added before its channel is active, or after.
    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard self.context == nil else { return }
        self.context = context
        if filter.isMidRequest { requestSince = heardAt }
        lane.connections.add(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        lane.connections.remove(self)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        heardAt = lane.desk.now
        take(.received(Array(unwrapInboundIn(data).readableBytesView)))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { take(.inputClosed) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        readIfWanted()
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// While a decision is made one piece is read ahead; reading waits then, and while the peer takes
    /// no answers.
    func read(context: ChannelHandlerContext) {
        if mayRead(context) {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    private func mayRead(_ context: ChannelHandlerContext) -> Bool {
        filter.wantsInput && context.channel.isWritable && !isEnding
    }

    private func readIfWanted() {
        guard isReadHeld, let context, mayRead(context) else { return }
        isReadHeld = false
        context.read()
    }

    // MARK: Session

    private func take(_ event: Event) {
        events.append(event)
        guard !isBusy else { return }
        isBusy = true
        var next = 0
        while next < events.count, !isEnding {
            let event = events[next]
            next += 1
            perform(steps(for: event))
        }
        events.removeAll(keepingCapacity: true)
        isBusy = false
        noteRequest()
        flush()
        if isDraining { drain() }
        readIfWanted()
    }

    private func steps(for event: Event) -> [FilterStep] {
        switch event {
        case .received(let bytes): filter.received(bytes)
        case .inputClosed: filter.inputClosed()
        case .idle: filter.idle()
        case .decided(let ticket, let decision):
            filter.decided(ticket, decision, in: lane.ruling.words)
        }
    }

    private func perform(_ steps: [FilterStep]) {
        for step in steps {
            switch step {
            case .ask(let request, let ticket):
                lane.decide(request, speaks) { [weak self] decision in
                    self?.take(.decided(ticket, decision))
                }
            case .send(let bytes):
                output += bytes
            case .queued(let id, let client):
                lane.noteQueued(id, client, speaks)
            case .warn(let warning):
                lane.desk.metrics.warned(speaks, warning)
            case .close(let end):
                lane.desk.metrics.ended(speaks, end)
                isEnding = true
            }
        }
    }

    private func flush() {
        guard let context else { return }
        if output.isEmpty {
            if isEnding, endedAt == nil { close() }
            return
        }
        var buffer = context.channel.allocator.buffer(capacity: output.count)
        buffer.writeBytes(output)
        output.removeAll(keepingCapacity: output.count <= 4096)
        guard isEnding else {
            context.write(wrapOutboundOut(buffer), promise: nil)
            if !hasUnsent {
                hasUnsent = true
                lane.sendSoon(self)
            }
            return
        }
        // What is written must have left before the connection is closed.
        endedAt = lane.desk.now
        context.writeAndFlush(wrapOutboundOut(buffer)).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }

    /// Sends what was answered in this turn of the event loop.
    func sendAnswers() {
        hasUnsent = false
        context?.flush()
    }

    private func noteRequest() {
        if !filter.isMidRequest {
            requestSince = nil
        } else if requestSince == nil {
            requestSince = lane.desk.now
        }
    }

    // MARK: Limits

    func check(at now: Duration) {
        let limits = lane.desk.options.limits
        if let endedAt {
            if now - endedAt > limits.unread { close() }
            return
        }
        let isSlow = requestSince.map { now - $0 > limits.request } ?? false
        if isSlow || now - heardAt > idleLimit { take(.idle) }
    }

    func drain() {
        isDraining = true
        if filter.mayClose { close() }
    }

    /// What was answered leaves first.
    func close() {
        if hasUnsent { sendAnswers() }
        context?.close(promise: nil)
    }
}
