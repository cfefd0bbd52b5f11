import GuardDecisions
import NIOCore
import NIOPosix

/// The connection of a lane to the shared cache.
///
/// It is a help and no more: where it is down, slow or talks nonsense, the guard does without it and
/// tries again later.
final class SharedCache {
    private let options: SharedCacheOptions
    private let eventLoop: any EventLoop
    private let codec: SharedFactsCodec
    private let metrics: GuardMetrics
    private var link = Link.closed
    private var reader = RedisReader(longest: SharedFactsCodec.longest)
    /// Commands without a reply, in their order.
    private var open = CircularBuffer<Command>()
    private var alarm: Scheduled<Void>?
    private var pause = SharedCacheLimits.firstPause
    private var restUntil: NIODeadline?
    private var lateInARow = 0
    private var isFlushPlanned = false
    private var isShutDown = false

    private enum Link {
        case closed
        case opening
        case open(any Channel)
    }

    private struct Command {
        /// Nil when nobody waits for the reply, or waits no longer.
        var completion: (([UInt8]?) -> Void)?
        let due: NIODeadline
        let isQuestion: Bool
    }

    init(_ options: SharedCacheOptions, _ metrics: GuardMetrics, on eventLoop: any EventLoop) {
        self.options = options
        self.metrics = metrics
        self.eventLoop = eventLoop
        codec = SharedFactsCodec(secret: Array(options.secret.utf8))
    }

    /// Asks for facts.
    /// - Parameters:
    ///   - key: About whom.
    ///   - ruling: What they have to be enough for.
    ///   - wallClock: Seconds since 1970-01-01 UTC.
    ///   - completion: Called once, perhaps before this returns; nil where the cache is no help.
    func find(
        _ key: DecisionKey, under ruling: Ruling, at wallClock: Int64,
        completion: @escaping (SharedFacts?) -> Void
    ) {
        guard let channel = usableChannel() else {
            completion(nil)
            return
        }
        let (codec, metrics) = (codec, metrics)
        send(RedisCommand.get(codec.name(of: key)), on: channel, isQuestion: true) { value in
            let facts = value.flatMap { codec.decode($0, for: key, at: wallClock) }
                .flatMap { ruling.rules.areEnough($0.facts) ? $0 : nil }
            metrics.shared(facts != nil ? "hit" : value != nil ? "unusable" : "miss")
            completion(facts)
        }
    }

    /// Tells the others; whether it arrives is of no importance.
    func keep(_ facts: SharedFacts, at wallClock: Int64) {
        let milliseconds =
            facts.lifetime.components.seconds * 1000
            + facts.lifetime.components.attoseconds / 1_000_000_000_000_000
        guard milliseconds > 0, let channel = usableChannel() else { return }
        metrics.shared("stored")
        send(
            RedisCommand.set(
                codec.name(of: facts.key), codec.encode(facts, at: wallClock), for: milliseconds),
            on: channel, isQuestion: false)
    }

    func shutDown() {
        isShutDown = true
        fail(counting: nil)
    }

    // MARK: Commands

    private func usableChannel() -> (any Channel)? {
        switch link {
        case .open(let channel):
            guard open.count < SharedCacheLimits.ahead else { return nil }
            return channel
        case .opening:
            return nil
        case .closed:
            if !isShutDown, restUntil.map({ $0 <= .now() }) ?? true { connect() }
            return nil
        }
    }

    private func send(
        _ bytes: [UInt8], on channel: any Channel, isQuestion: Bool,
        completion: (([UInt8]?) -> Void)? = nil
    ) {
        let due = NIODeadline.now() + .init(options.deadline)
        open.append(Command(completion: completion, due: due, isQuestion: isQuestion))
        channel.write(ByteBuffer(bytes: bytes), promise: nil)
        if isQuestion, alarm == nil { setAlarm(at: due) }
        guard !isFlushPlanned else { return }
        isFlushPlanned = true
        eventLoop.assumeIsolated().execute { [self] in
            isFlushPlanned = false
            if case .open(let channel) = link { channel.flush() }
        }
    }

    private func setAlarm(at due: NIODeadline) {
        alarm = eventLoop.assumeIsolated().scheduleTask(deadline: due) { [self] in
            alarm = nil
            giveUpLate()
        }
    }

    /// Questions whose time is over are answered without the cache; their replies may still come.
    private func giveUpLate() {
        let now = NIODeadline.now()
        var next: NIODeadline?
        var late: [([UInt8]?) -> Void] = []
        for index in open.indices {
            guard let completion = open[index].completion else { continue }
            guard open[index].due <= now else {
                next = open[index].due
                break
            }
            open[index].completion = nil
            late.append(completion)
        }
        if let next { setAlarm(at: next) }
        lateInARow += late.count
        for completion in late {
            metrics.shared("late")
            completion(nil)
        }
        if lateInARow >= SharedCacheLimits.patience { fail(counting: "slow") }
    }

    // MARK: Connection

    private func connect() {
        link = .opening
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(.init(SharedCacheLimits.connecting))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        SharedCacheReceiver(bound.value))
                }
            }
        let opening: EventLoopFuture<any Channel>
        switch options.place {
        case .host(let host, let port): opening = bootstrap.connect(host: host, port: port)
        case .unix(let path): opening = bootstrap.connect(unixDomainSocketPath: path)
        }
        opening.assumeIsolated().whenComplete { [self] result in
            switch result {
            case .success(let channel) where isShutDown: channel.close(promise: nil)
            case .success(let channel): begin(channel)
            case .failure: fail(counting: "unreachable")
            }
        }
    }

    private func begin(_ channel: any Channel) {
        link = .open(channel)
        reader = RedisReader(longest: SharedFactsCodec.longest)
        if !options.password.isEmpty {
            send(
                RedisCommand.bytes([Array("AUTH".utf8), Array(options.password.utf8)]),
                on: channel, isQuestion: false)
        }
        if options.database != 0 {
            send(
                RedisCommand.bytes([Array("SELECT".utf8), Array("\(options.database)".utf8)]),
                on: channel, isQuestion: false)
        }
    }

    func received(_ bytes: ByteBuffer) {
        reader.append(bytes.readableBytesView)
        do throws(RedisReader.Broken) {
            // What comes after a failure is no reply any more.
            while isOpen, let reply = try reader.next() { take(reply) }
        } catch {
            fail(counting: "broken")
        }
    }

    private func take(_ reply: RedisReply) {
        guard let command = open.popFirst() else {
            fail(counting: "broken")
            return
        }
        switch reply {
        case .value(let value):
            settle()
            command.completion?(value)
        case .absent, .status, .number:
            settle()
            command.completion?(nil)
        case .failure:
            // Read-only, out of memory, no password: no use for now.
            command.completion?(nil)
            fail(counting: "refused")
        }
    }

    /// The server helps: what was held against it is forgotten.
    private func settle() {
        lateInARow = 0
        pause = SharedCacheLimits.firstPause
    }

    private var isOpen: Bool { if case .open = link { true } else { false } }

    func closed() { if isOpen { fail(counting: "closed") } }

    /// Does without the cache for a while.
    private func fail(counting what: String?) {
        if let what { metrics.shared(what) }
        let old = link
        link = .closed
        alarm?.cancel()
        alarm = nil
        lateInARow = 0
        restUntil = .now() + .init(pause)
        pause = min(pause * 2, SharedCacheLimits.longestPause)
        let waiting = open
        open = []
        if case .open(let channel) = old { channel.close(promise: nil) }
        for command in waiting { command.completion?(nil) }
    }
}

private final class SharedCacheReceiver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let cache: SharedCache

    init(_ cache: SharedCache) {
        self.cache = cache
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        cache.received(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) { cache.closed() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
