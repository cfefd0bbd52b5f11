import LookupEngine
import NIOCore
import NIOPosix

/// Carries out one run's actions on sockets and feeds it what happens; lives on the event loop.
final class RunDriver<Run: NetworkRun> {
    private var run: Run
    private let client: DNSClient
    /// Where the run's servers are, by their indices.
    private let address: (Run, Int) -> SocketAddress
    /// Called once; nil afterwards.
    private var completion: ((Result<Run, any Error>) -> Void)?
    private var sockets: [SocketToken: Socket] = [:]
    private var alarm: Scheduled<Void>?
    /// Events that came while another was being handled: they wait, so that order is kept.
    private var events: [MachineEvent] = []
    private var isBusy = false

    private enum Socket {
        /// The bytes are sent when the socket is there; nil for a stream, whose machine is told.
        case opening([UInt8]?)
        case open(any Channel)
    }

    init(
        _ run: Run, client: DNSClient, address: @escaping (Run, Int) -> SocketAddress,
        completion: @escaping (Result<Run, any Error>) -> Void
    ) {
        self.run = run
        self.client = client
        self.address = address
        self.completion = completion
    }

    func begin() {
        var random = SystemRandomNumberGenerator()
        isBusy = true
        let cache = client.memory.value
        perform(run.begin(at: client.now, cache: &cache.cache, using: &random))
        isBusy = false
        drain()
    }

    func cancel() { complete(.failure(CancellationError())) }

    /// Takes an event now, or after the one being handled.
    func take(_ event: MachineEvent) {
        events.append(event)
        drain()
    }

    private func drain() {
        guard !isBusy else { return }
        isBusy = true
        defer { isBusy = false }
        let memory = client.memory.value
        var random = SystemRandomNumberGenerator()
        while completion != nil, !run.isComplete, !events.isEmpty {
            let event = events.removeFirst()
            perform(run.handle(event, at: client.now, cache: &memory.cache, using: &random))
        }
        if run.isComplete { complete(.success(run)) }
    }

    private func complete(_ result: Result<Run, any Error>) {
        guard let completion else { return }
        self.completion = nil
        alarm?.cancel()
        for token in Array(sockets.keys) { close(token) }
        completion(result)
    }

    private func perform(_ actions: [MachineAction]) {
        for action in actions {
            switch action {
            case .sendDatagram(let token, let server, let bytes):
                openDatagramSocket(token, to: server, sending: bytes)
            case .connect(let token, let server):
                openStream(token, to: server)
            case .sendBytes(let token, let bytes):
                if case .open(let channel) = sockets[token] { send(bytes, on: channel, token) }
            case .close(let token):
                close(token)
            case .wake(let time):
                setAlarm(at: time)
            case .finished, .probed:
                break
            }
        }
    }

    /// Connecting fixes the peer in the kernel, which then drops what others send, and picks a
    /// random port.
    private func openDatagramSocket(_ token: SocketToken, to server: Int, sending bytes: [UInt8]) {
        sockets[token] = .opening(bytes)
        let driver = NIOLoopBound(self, eventLoop: client.eventLoop)
        let address = address(run, server)
        let opening = DatagramBootstrap(group: client.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        DatagramReceiver(token, from: address) { driver.value.take($0) })
                }
            }
            .connect(to: address)
        follow(opening, token)
    }

    private func openStream(_ token: SocketToken, to server: Int) {
        sockets[token] = .opening(nil)
        let driver = NIOLoopBound(self, eventLoop: client.eventLoop)
        let opening = ClientBootstrap(group: client.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        StreamReceiver(token) { driver.value.take($0) })
                }
            }
            .connect(to: address(run, server))
        follow(opening, token)
    }

    private func follow(_ opening: EventLoopFuture<any Channel>, _ token: SocketToken) {
        opening.assumeIsolated().whenComplete { [self] result in
            guard case .opening(let bytes) = sockets[token] else {
                // Closed meanwhile: nobody wants it any more.
                if case .success(let channel) = result { channel.close(promise: nil) }
                return
            }
            switch result {
            case .success(let channel):
                sockets[token] = .open(channel)
                if let bytes {
                    send(bytes, on: channel, token)
                } else {
                    take(.connected(token))
                }
            case .failure:
                take(.sendFailed(token))
            }
        }
    }

    private func send(_ bytes: [UInt8], on channel: any Channel, _ token: SocketToken) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes)).assumeIsolated().whenFailure { [self] _ in
            take(.sendFailed(token))
        }
    }

    private func close(_ token: SocketToken) {
        if case .open(let channel) = sockets.removeValue(forKey: token) {
            channel.close(promise: nil)
        }
    }

    private func setAlarm(at time: Duration) {
        alarm?.cancel()
        alarm = client.eventLoop.assumeIsolated().scheduleTask(
            deadline: client.deadline(at: time)
        ) { [self] in
            take(.timer)
        }
    }
}
