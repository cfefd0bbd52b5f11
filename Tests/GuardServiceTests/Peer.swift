import NIOCore
import NIOPosix
import Testing

/// A connection to the guard by hand: what a test sends is exactly what arrives.
struct Peer: Sendable {
    private let channel: any Channel
    private let inbox: NIOLoopBound<Inbox>

    static func connect(to port: Int) async throws -> Peer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let inbox = try await loop.submit { NIOLoopBound(Inbox(), eventLoop: loop) }.get()
        let channel = try await bootstrap(loop, inbox).connect(host: "127.0.0.1", port: port).get()
        return Peer(channel: channel, inbox: inbox)
    }

    static func connect(toSocket path: String) async throws -> Peer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let inbox = try await loop.submit { NIOLoopBound(Inbox(), eventLoop: loop) }.get()
        let channel = try await bootstrap(loop, inbox).connect(unixDomainSocketPath: path).get()
        return Peer(channel: channel, inbox: inbox)
    }

    private static func bootstrap(
        _ loop: any EventLoop, _ inbox: NIOLoopBound<Inbox>
    ) -> ClientBootstrap {
        ClientBootstrap(group: loop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(inbox.value)
                }
            }
    }

    /// The other end may have closed: that is what some tests are about.
    func send(_ bytes: [UInt8]) async { try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    func send(_ text: String) async { await send(Array(text.utf8)) }

    func finish() async { try? await channel.close(mode: .output) }

    func close() async { try? await channel.close() }

    /// Takes what has come, once it ends with the text or the other end has closed.
    /// - Throws: ``Silence`` when neither happens in time.
    func read(until end: String, within time: Duration = .seconds(10)) async throws -> String {
        let bytes = try await read(within: time) {
            $0.suffix(end.utf8.count).elementsEqual(end.utf8)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Takes what has come, once there is so much of it or the other end has closed.
    func read(count: Int, within time: Duration = .seconds(10)) async throws -> [UInt8] {
        try await read(within: time) { $0.count >= count }
    }

    /// Takes everything until the other end closes.
    func readToEnd(within time: Duration = .seconds(10)) async throws -> String {
        String(decoding: try await read(within: time) { _ in false }, as: UTF8.self)
    }

    private func read(
        within time: Duration, _ isEnough: @escaping @Sendable ([UInt8]) -> Bool
    ) async throws -> [UInt8] {
        let promise = channel.eventLoop.makePromise(of: [UInt8].self)
        channel.eventLoop.execute { inbox.value.wait(isEnough, promise) }
        let alarm = channel.eventLoop.scheduleTask(in: .init(time)) { inbox.value.giveUp() }
        defer { alarm.cancel() }
        return try await promise.futureResult.get()
    }
}

/// The other end neither answered nor closed; what it said so far.
struct Silence: Error {
    let soFar: [UInt8]
}

private final class Inbox: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var bytes: [UInt8] = []
    private var isClosed = false
    private var waiter: (isEnough: ([UInt8]) -> Bool, promise: EventLoopPromise<[UInt8]>)?

    func wait(_ isEnough: @escaping ([UInt8]) -> Bool, _ promise: EventLoopPromise<[UInt8]>) {
        waiter = (isEnough, promise)
        look()
    }

    func giveUp() {
        waiter?.promise.fail(Silence(soFar: bytes))
        waiter = nil
    }

    private func look() {
        guard let waiter, isClosed || waiter.isEnough(bytes) else { return }
        self.waiter = nil
        defer { bytes = [] }
        waiter.promise.succeed(bytes)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView
        look()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { end() }
    }

    func channelInactive(context: ChannelHandlerContext) { end() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func end() {
        isClosed = true
        look()
    }
}
