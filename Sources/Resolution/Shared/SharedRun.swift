import LookupEngine
import NIOCore
import NIOPosix
import SenderIdentity

/// One decision's look-ups among many others on an event loop.
final class SharedRun {
    private var run: CollectionRun
    private let collector: SharedCollector
    private let isEnough: (Evidence) -> Bool
    /// Answers at which ``isEnough`` was asked last.
    private var judged = 0
    /// Whether everything is known, or enough.
    private var isDone = false
    /// Called once; nil afterwards.
    private var completion: ((Evidence) -> Void)?
    /// Sockets that are open for this run; few, so they are searched one by one.
    private var sockets: [(token: SocketToken, state: SocketState)] = []
    /// Events that came while another was being handled: they wait, so that order is kept.
    private var events: [MachineEvent] = []
    private var isBusy = false
    /// When the machine wants to be told the time.
    private(set) var wakeAt: Duration?
    /// Where the collector keeps it.
    var slot = 0

    private enum SocketState {
        /// In the queue of a server whose window is full.
        case waiting
        case datagram(ServerPorts.Place, ServerPorts)
        case connecting
        case stream(any Channel)
    }

    init(
        _ run: CollectionRun, of collector: SharedCollector,
        isEnough: @escaping (Evidence) -> Bool, completion: @escaping (Evidence) -> Void
    ) {
        self.run = run
        self.collector = collector
        self.isEnough = isEnough
        self.completion = completion
    }

    func begin() {
        isBusy = true
        let step = run.start(
            at: collector.now, cache: &collector.cache, using: &collector.random)
        note(step)
        perform(step.actions)
        endTurn()
    }

    /// Takes an event now, or after the one being handled.
    func take(_ event: MachineEvent) {
        guard !isBusy else {
            events.append(event)
            return
        }
        isBusy = true
        handle(event)
        endTurn()
    }

    private func handle(_ event: MachineEvent) {
        guard completion != nil, !isDone else { return }
        let step = run.step(
            event, at: collector.now, cache: &collector.cache, using: &collector.random)
        note(step)
        perform(step.actions)
    }

    /// Handles what came meanwhile, and ends the run if everything is known.
    private func endTurn() {
        if !events.isEmpty {
            var next = 0
            while next < events.count {
                handle(events[next])
                next += 1
            }
            events = []
        }
        if isDone { complete() }
        isBusy = false
    }

    private func note(_ step: CollectionRun.Step) {
        isDone = step.isComplete
        guard !isDone, step.answers > judged else { return }
        judged = step.answers
        isDone = isEnough(run.evidence)
    }

    private func complete() {
        guard let completion else { return }
        self.completion = nil
        for socket in sockets { close(socket.state) }
        sockets = []
        collector.ended(self)
        completion(run.evidence)
    }

    /// Ends it without a result.
    func abandon() {
        completion = nil
        for socket in sockets { close(socket.state) }
        sockets = []
    }

    private func perform(_ actions: [MachineAction]) {
        for action in actions {
            switch action {
            case .sendDatagram(let token, let server, let bytes):
                sockets.append((token, .waiting))
                if let query = SharedQuery(bytes, of: self, token) {
                    collector.servers[server].send(query)
                }
            case .connect(let token, let server):
                openStream(token, to: server)
            case .sendBytes(let token, let bytes):
                if case .stream(let channel)? = state(of: token) {
                    send(bytes, on: channel, token)
                }
            case .close(let token):
                if let index = sockets.firstIndex(where: { $0.token == token }) {
                    close(sockets.remove(at: index).state)
                }
            case .wake(let time):
                wakeAt = time
            case .finished, .probed:
                break
            }
        }
    }

    // MARK: Datagrams

    /// The query has left the queue.
    func isSent(_ token: SocketToken, at place: ServerPorts.Place, of ports: ServerPorts) {
        set(.datagram(place, ports), for: token)
    }

    func isWaiting(_ token: SocketToken) -> Bool {
        if case .waiting? = state(of: token) { true } else { false }
    }

    private func state(of token: SocketToken) -> SocketState? {
        sockets.first { $0.token == token }?.state
    }

    private func set(_ state: SocketState, for token: SocketToken) {
        if let index = sockets.firstIndex(where: { $0.token == token }) {
            sockets[index].state = state
        }
    }

    private func close(_ state: SocketState) {
        switch state {
        case .waiting, .connecting: break
        case .datagram(let place, let ports): ports.release(place)
        case .stream(let channel): channel.close(promise: nil)
        }
    }

    // MARK: Streams

    private func openStream(_ token: SocketToken, to server: Int) {
        sockets.append((token, .connecting))
        let bound = NIOLoopBound(self, eventLoop: collector.eventLoop)
        ClientBootstrap(group: collector.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        StreamReceiver(token) { bound.value.take($0) })
                }
            }
            .connect(to: collector.addresses[server])
            .assumeIsolated()
            .whenComplete { [self] result in
                guard case .connecting? = state(of: token) else {
                    // Closed meanwhile: nobody wants it any more.
                    if case .success(let channel) = result { channel.close(promise: nil) }
                    return
                }
                switch result {
                case .success(let channel):
                    set(.stream(channel), for: token)
                    take(.connected(token))
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
}

extension CollectionRun {
    /// What follows from an event, and how far the run has come: all at once, since a run is large
    /// and would be copied to be asked.
    fileprivate struct Step {
        let actions: [MachineAction]
        let isComplete: Bool
        let answers: Int
    }

    fileprivate mutating func start(
        at now: Duration, cache: inout AnswerCache, using random: inout BulkRandom
    ) -> Step {
        let actions = begin(at: now, cache: &cache, using: &random)
        return Step(
            actions: actions, isComplete: isComplete, answers: evidence.observations.count)
    }

    fileprivate mutating func step(
        _ event: MachineEvent, at now: Duration, cache: inout AnswerCache,
        using random: inout BulkRandom
    ) -> Step {
        let actions = handle(event, at: now, cache: &cache, using: &random)
        return Step(
            actions: actions, isComplete: isComplete, answers: evidence.observations.count)
    }
}
