import DNSModel
import DNSWire
import SenderIdentity

/// Servers in virtual time: carries out a machine's actions and says what happens next.
///
/// Everything is decided by the script and the seed, so a run can be repeated to the byte.
package struct ScriptedNetwork: Sendable {
    package private(set) var servers: [ScriptedServer]
    /// The virtual clock; it runs on from one verdict to the next.
    package private(set) var now: Duration = .zero
    package private(set) var packetsCarried = 0
    /// Of a hundred datagrams, how many are lost, in each direction.
    private let lossPercent: Int
    /// Of a hundred queries, how many are answered SERVFAIL.
    private let failurePercent: Int
    private var generator: SeededGenerator
    private var schedule: [Scheduled] = []
    private var streams: [SocketToken: Stream] = [:]
    private var alarm: Duration?

    package init(
        _ servers: [ScriptedServer], lossPercent: Int = 0, failurePercent: Int = 0,
        seed: UInt64 = 1
    ) {
        self.servers = servers
        self.lossPercent = lossPercent
        self.failurePercent = failurePercent
        generator = SeededGenerator(seed: seed)
    }

    private struct Scheduled: Sendable {
        let at: Duration
        let token: SocketToken
        let event: MachineEvent
    }

    private struct Stream: Sendable {
        let server: Int
        var frame = StreamFrame()
    }

    /// A generator for one client, from the same seed.
    mutating func clientGenerator() -> SeededGenerator {
        SeededGenerator(seed: generator.next())
    }

    package mutating func perform(_ action: MachineAction) {
        switch action {
        case .sendDatagram(let token, let server, let bytes):
            packetsCarried += 1
            guard !isLost() else { return }
            for delivery in answer(bytes, server: server, over: .udp) where !isLost() {
                guard case .bytes(let reply) = delivery.content else { continue }
                let event = MachineEvent.datagram(
                    token, reply, isFromServer: delivery.isFromServer)
                plan(event, token, after: servers[server].latency + delivery.delay)
            }
        case .connect(let token, let server):
            packetsCarried += 1
            streams[token] = Stream(server: server)
            plan(.connected(token), token, after: servers[server].latency)
        case .sendBytes(let token, let bytes):
            guard let server = streams[token]?.server,
                case .message(let query) = streams[token]?.frame.append(bytes)
            else { return }
            for delivery in answer(query, server: server, over: .tcp) {
                let after = servers[server].latency + delivery.delay
                switch delivery.content {
                case .bytes(let piece): plan(.bytes(token, piece), token, after: after)
                case .close: plan(.closed(token), token, after: after)
                }
            }
        case .close(let token):
            streams[token] = nil
            schedule.removeAll { $0.token == token }
        case .wake(let time):
            alarm = time
        case .finished, .probed:
            break
        }
    }

    /// Moves the clock to the next event; nil when nothing will ever happen.
    package mutating func nextEvent() -> MachineEvent? {
        // The first of the earliest, so that the order of sending breaks ties.
        var earliest: Int?
        for (index, scheduled) in schedule.enumerated()
        where earliest.map({ scheduled.at < schedule[$0].at }) ?? true {
            earliest = index
        }
        if let alarm, earliest.map({ schedule[$0].at > alarm }) ?? true {
            self.alarm = nil
            now = max(now, alarm)
            return .timer
        }
        guard let earliest else { return nil }
        let scheduled = schedule.remove(at: earliest)
        now = max(now, scheduled.at)
        return scheduled.event
    }

    /// Lets virtual time pass between verdicts.
    package mutating func wait(_ time: Duration) { now += time }

    /// Ends a verdict: what is still under way belongs to nobody.
    mutating func forget() {
        schedule = []
        streams = [:]
        alarm = nil
    }

    private mutating func plan(_ event: MachineEvent, _ token: SocketToken, after: Duration) {
        schedule.append(.init(at: now + after, token: token, event: event))
    }

    private mutating func answer(
        _ query: [UInt8], server: Int, over transport: Observation.Transport
    ) -> [ScriptedServer.Delivery] {
        let isFailing =
            failurePercent > 0 && .random(in: 0..<100, using: &generator) < failurePercent
        return servers[server].answer(
            query, over: transport, alsoFailing: isFailing ? [.code(.serverFailure)] : [])
    }

    private mutating func isLost() -> Bool {
        lossPercent > 0 && .random(in: 0..<100, using: &generator) < lossPercent
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): random enough for tests, the same for one seed.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
