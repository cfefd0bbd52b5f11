import FilterProtocols
import NIOCore
import NIOExtras
import NIOSSL
import NIOTLS

/// Carries a session: bytes to it, its replies back, its waits as timers.
///
/// Nothing is read while a verdict is made or while the client does not take its replies, so a
/// connection holds a few kilobytes whatever its client does.
final class SMTPHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How long things may take; tests do not wait as long as strangers may.
    struct Times: Sendable {
        /// Of a session's own waits, one second each.
        var second = TimeAmount.seconds(1)
        /// For a verdict: two look-ups behind each other and a walk to the keeper.
        var verdict = TimeAmount.seconds(60)
        /// For a verdict under way when the service is to end.
        var closing = TimeAmount.seconds(20)
        /// For the client to take our last words.
        var farewell = TimeAmount.seconds(2)
    }

    private var session: SMTPSession
    private let judge: SessionJudge
    private let tls: NIOSSLContext?
    private let times: Times
    private var alarm: Scheduled<Void>?
    private var lastAlarm: Scheduled<Void>?
    private var question: Task<Void, Never>?
    private var isHandshaking = false
    private var isInputClosed = false
    private var isReadHeld = false
    private var end: SMTPSession.End?
    private var isEnding = false

    init(session: SMTPSession, judge: SessionJudge, tls: NIOSSLContext?, times: Times) {
        self.session = session
        self.judge = judge
        self.tls = tls
        self.times = times
    }

    func channelActive(context: ChannelHandlerContext) {
        lastAlarm = schedule(
            in: .nanoseconds(times.second.nanoseconds * Int64(SMTPLimits.session)), context
        ) { handler, context in
            handler.perform(handler.session.handle(.idle), context)
        }
        perform(session.handle(.connected), context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        perform(session.handle(.received(Array(buffer: unwrapInboundIn(data)))), context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            isInputClosed = true
            if isEnding {
                context.close(promise: nil)
            } else {
                perform(session.handle(.inputClosed), context)
            }
        case is ChannelShouldQuiesceEvent: shutDown(context)
        case TLSUserEvent.handshakeCompleted:
            isHandshaking = false
            perform(session.handle(.secured), context)
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset, or no TLS where TLS was wanted: nobody is left to talk to.
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        alarm?.cancel()
        lastAlarm?.cancel()
        question?.cancel()
        judge.ended(end)
        context.fireChannelInactive()
    }

    // MARK: Reading only what is wanted

    func read(context: ChannelHandlerContext) {
        if isEnding || isHandshaking || (session.wantsInput && context.channel.isWritable) {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        resumeReading(context)
        context.fireChannelWritabilityChanged()
    }

    private func resumeReading(_ context: ChannelHandlerContext) {
        guard isReadHeld else { return }
        isReadHeld = false
        read(context: context)
    }

    // MARK: What the session wants

    private func perform(_ actions: [SMTPSession.Action], _ context: ChannelHandlerContext) {
        for action in actions {
            switch action {
            case .prepare(let client): judge.prepare(client)
            case .ask(let client, let recipient, let ticket):
                ask(client, recipient, ticket, context)
            case .send(let bytes):
                context.write(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            case .wait(let wait):
                wake(in: .nanoseconds(times.second.nanoseconds * Int64(wait.seconds)), context) {
                    $0.handle(.idle)
                }
            case .startTLS: startTLS(context)
            case .close(let end): close(end, context)
            }
        }
        if !isEnding { context.flush() }
        resumeReading(context)
    }

    private func ask(
        _ client: SMTPClient, _ recipient: [UInt8], _ ticket: Ticket,
        _ context: ChannelHandlerContext
    ) {
        wake(in: times.verdict, context) { $0.handle(.expired(ticket)) }
        let answer = context.eventLoop.makePromise(of: SMTPDecision.self)
        let judge = judge
        question = Task { answer.succeed(await judge.decide(client, recipient)) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        answer.futureResult.whenSuccess { decision in
            let (handler, context) = bound.value
            guard context.channel.isActive else { return }
            handler.perform(handler.session.handle(.decided(ticket, decision)), context)
        }
    }

    /// The bytes that come from now on are the handshake's.
    private func startTLS(_ context: ChannelHandlerContext) {
        context.flush()
        guard let tls else { return }
        isHandshaking = true
        do {
            try context.pipeline.syncOperations.addHandler(
                NIOSSLServerHandler(context: tls), position: .first)
        } catch {
            context.close(promise: nil)
        }
    }

    /// Our half is closed, and what still comes is left unread in peace: closing at once would make
    /// the kernel reset the connection, and the client never see the reply.
    private func close(_ end: SMTPSession.End, _ context: ChannelHandlerContext) {
        self.end = end
        isEnding = true
        lastAlarm?.cancel()
        context.flush()
        guard !isInputClosed else {
            context.close(promise: nil)
            return
        }
        context.close(mode: .output, promise: nil)
        alarm?.cancel()
        alarm = schedule(in: times.farewell, context) { _, context in
            context.close(promise: nil)
        }
    }

    /// Ends the session, if need be when its verdict was told.
    private func shutDown(_ context: ChannelHandlerContext) {
        perform(session.handle(.shutdown), context)
        guard !isEnding else { return }
        lastAlarm?.cancel()
        lastAlarm = schedule(in: times.closing, context) { handler, context in
            handler.perform(handler.session.handle(.shutdown), context)
        }
    }

    // MARK: Timers

    private func wake(
        in time: TimeAmount, _ context: ChannelHandlerContext,
        _ event: @escaping @Sendable (inout SMTPSession) -> [SMTPSession.Action]
    ) {
        alarm?.cancel()
        alarm = schedule(in: time, context) { handler, context in
            handler.perform(event(&handler.session), context)
        }
    }

    private func schedule(
        in time: TimeAmount, _ context: ChannelHandlerContext,
        _ body: @escaping @Sendable (SMTPHandler, ChannelHandlerContext) -> Void
    ) -> Scheduled<Void> {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        return context.eventLoop.scheduleTask(in: time) {
            let (handler, context) = bound.value
            body(handler, context)
        }
    }
}
