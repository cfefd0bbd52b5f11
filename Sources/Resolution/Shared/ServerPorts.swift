import LookupEngine
import NIOCore
import NIOPosix

/// The sockets to one server: a few in use, replaced one by one, and old ones until they are done.
final class ServerPorts {
    private let server: SocketAddress
    private let eventLoop: any EventLoop
    private let limits: SharedLimits
    private var ports: [QueryPort] = []
    private var retired: [QueryPort] = []
    private var opening = 0
    /// The port of this turn of the event loop: queries of one turn go out in one call.
    private var current: Int?
    private var random = BulkRandom()
    /// Queries without a port: the window is full, or no socket is open yet.
    private var waiting = CircularBuffer<SharedQuery>()
    private var inFlight = 0
    private var isFlushPlanned = false
    private var isClosed = false
    private(set) var sent = 0
    private var straysOfClosed = 0

    /// Where a query is released.
    struct Place {
        let port: QueryPort
        let id: UInt16
    }

    init(_ server: SocketAddress, on eventLoop: any EventLoop, limits: SharedLimits) {
        self.server = server
        self.eventLoop = eventLoop
        self.limits = limits
    }

    var strays: Int { (ports + retired).reduce(straysOfClosed) { $0 + $1.strays } }
    var openSockets: Int { ports.count + retired.count + opening }

    func send(_ query: SharedQuery) {
        if current == nil { openMore() }
        guard !ports.isEmpty, inFlight < limits.window else {
            waiting.append(query)
            return
        }
        put(query)
    }

    func release(_ place: Place) {
        place.port.release(place.id)
        inFlight -= 1
        sendWaiting()
        closeIfDone(place.port)
    }

    func close() {
        isClosed = true
        for port in ports + retired { port.channel.close(promise: nil) }
        ports = []
        retired = []
        waiting = []
    }

    // MARK: Sending

    private func put(_ query: SharedQuery) {
        let index = current ?? Int(random.next() % UInt64(ports.count))
        current = index
        let port = ports[index]
        let id = port.send(query, using: &random)
        inFlight += 1
        sent += 1
        query.run.isSent(query.token, at: Place(port: port, id: id), of: self)
        planFlush()
    }

    private func sendWaiting() {
        while !ports.isEmpty, inFlight < limits.window, let query = waiting.popFirst() {
            if query.run.isWaiting(query.token) { put(query) }
        }
    }

    private func planFlush() {
        guard !isFlushPlanned else { return }
        isFlushPlanned = true
        eventLoop.assumeIsolated().execute { [self] in
            isFlushPlanned = false
            current = nil
            for port in ports { port.flush() }
            for port in retired { port.flush() }
        }
    }

    // MARK: Opening and replacing

    /// Opens what is missing, and one socket for the oldest that has served its time.
    private func openMore() {
        if ports.count + opening < limits.ports {
            open()
        } else if opening == 0, ports.contains(where: isUsedUp) {
            open()
        }
    }

    private func isUsedUp(_ port: QueryPort) -> Bool {
        port.served >= limits.queriesPerPort || port.strays >= limits.straysPerPort
            || NIODeadline.now() - port.openedAt > limits.portAge
    }

    private func open() {
        opening += 1
        let handler = NIOLoopBound(QueryPortHandler(), eventLoop: eventLoop)
        DatagramBootstrap(group: eventLoop)
            .channelOption(.datagramVectorReadMessageCount, value: SharedLimits.vector)
            .channelOption(
                .recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(
                    capacity: SharedLimits.vector * SharedLimits.datagram)
            )
            // What is left over wakes the event loop again; asking once more would be in vain.
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.socketOption(.so_rcvbuf), value: SharedLimits.receiveBuffer)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
            .connect(to: server)
            .assumeIsolated()
            .whenComplete { [self] result in
                opening -= 1
                switch result {
                case .success(let channel): take(channel, handler.value)
                case .failure: failWaiting()
                }
            }
    }

    private func take(_ channel: any Channel, _ handler: QueryPortHandler) {
        guard !isClosed, channel.isActive else {
            channel.close(promise: nil)
            return
        }
        let port = QueryPort(channel, at: .now())
        handler.port = port
        handler.shelf = self
        if ports.count >= limits.ports, let old = ports.firstIndex(where: isUsedUp) {
            let last = ports.remove(at: old)
            retired.append(last)
            last.flush()
            closeIfDone(last)
        }
        ports.append(port)
        current = nil
        sendWaiting()
    }

    /// Without any socket nothing can be sent: descriptors are used up, or there is no route.
    private func failWaiting() {
        guard ports.isEmpty, opening == 0 else { return }
        let failed = waiting
        waiting = []
        for query in failed { query.run.take(.sendFailed(query.token)) }
    }

    private func closeIfDone(_ port: QueryPort) {
        guard port.openCount == 0, let index = retired.firstIndex(where: { $0 === port }) else {
            return
        }
        retired.remove(at: index)
        straysOfClosed += port.strays
        port.channel.close(promise: nil)
    }

    /// The socket is closed: nothing may be sent on it any more.
    func forget(_ port: QueryPort) {
        ports.removeAll { $0 === port }
        retired.removeAll { $0 === port }
        current = nil
    }
}
