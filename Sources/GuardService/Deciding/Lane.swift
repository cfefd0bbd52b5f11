import GuardDecisions
import LookupEngine
import NIOCore
import NetNames
import Resolution
import SenderIdentity

/// The part of the guard that lives on one event loop: its connections, its look-ups, its waiters.
final class Lane {
    let eventLoop: any EventLoop
    let desk: Desk
    /// The rules in force; replaced by a reload.
    var ruling: Ruling
    private let number: UInt64
    private let laneCount: UInt64
    private let finder: Finder
    private let shared: SharedCache?
    private var waiting: [UInt64: Pending] = [:]
    private var lastWaiter: UInt64 = 0
    private var clock: RepeatedTask?
    var connections = ConnectionList()
    private var unsent: [SessionHandler] = []
    /// The lanes of all event loops, this one among them, in the order of their numbers.
    var all: [NIOLoopBound<Lane>] = []

    /// A request that waits for facts.
    struct Pending {
        let request: GuardRequest
        let speaks: GuardProtocol
        let startedAt: Duration
        let deadline: Duration
        /// The rules that it came under: under those of a later reload its look-up may ask too little.
        let ruling: Ruling
        /// Whether this one's look-up brings the facts.
        var hasFlight = false
        let answer: (GuardDecision) -> Void
    }

    /// How often deadlines are looked at: an answer may be this much late.
    private static let tick = TimeAmount.milliseconds(20)

    init(
        _ desk: Desk, _ configuration: GuardConfiguration, number: Int, of count: Int,
        on eventLoop: any EventLoop
    ) {
        self.desk = desk
        ruling = Ruling(configuration)
        self.number = UInt64(number)
        laneCount = UInt64(count)
        self.eventLoop = eventLoop
        finder = Finder(desk.options, on: eventLoop)
        shared = desk.options.sharedCache.map { SharedCache($0, desk.metrics, on: eventLoop) }
    }

    /// Decides about a client, now or later, and by the deadline in any case.
    func decide(
        _ request: GuardRequest, _ speaks: GuardProtocol,
        answer: @escaping (GuardDecision) -> Void
    ) {
        let now = desk.now
        let ruling = ruling
        let pending = Pending(
            request: request, speaks: speaks, startedAt: now,
            deadline: now + desk.options.deadlines.of(speaks), ruling: ruling, answer: answer)
        if let decision = ruling.rules.decisionWithoutLookup(for: request) {
            finish(pending, decision, from: .none, at: now)
            return
        }
        lastWaiter += 1
        let waiter = DecisionCache.Waiter(lastWaiter * laneCount + number)
        let most = desk.options.limits.lookups
        let answer = desk.withCache { cache -> DecisionCache.Answer? in
            let answer = cache.ask(
                DecisionKey(request), by: waiter, until: pending.deadline, at: now,
                under: ruling.rules)
            // More than can be looked up in time: it is let through at once.
            if case .lookUp(let flight) = answer, cache.flightCount > most {
                _ = cache.abandon(flight)
                return nil
            }
            return answer
        }
        switch answer {
        case nil:
            finish(
                pending, ruling.rules.decision(for: request, despite: .overload), from: .none,
                at: now)
        case .spared:
            finish(
                pending, ruling.rules.decision(for: request, despite: .silentZone), from: .none,
                at: now)
        case .known(let facts):
            finish(pending, ruling.rules.decision(for: request, on: facts), from: .cache, at: now)
        case .joined:
            wait(pending, as: waiter)
        case .lookUp(let flight):
            var own = pending
            own.hasFlight = true
            wait(own, as: waiter)
            lookUp(flight, for: request, under: ruling)
        }
    }

    /// What became of a waiter's question; one that has gone meanwhile is passed over.
    func hear(_ news: News, _ waiter: DecisionCache.Waiter) {
        guard let pending = waiting.removeValue(forKey: waiter.number) else { return }
        let ruling = pending.ruling
        switch news {
        case .facts(let facts, let source):
            let isOwn = pending.hasFlight || source != .dns
            finish(
                pending, ruling.rules.decision(for: pending.request, on: facts),
                from: isOwn ? source : .joined, at: desk.now)
        case .trouble(let trouble):
            finish(
                pending, ruling.rules.decision(for: pending.request, despite: trouble), from: .none,
                at: desk.now)
        }
    }

    /// Asks the other guards, where there are some, and then the DNS.
    private func lookUp(
        _ flight: DecisionCache.Flight, for request: GuardRequest, under ruling: Ruling
    ) {
        guard let shared else {
            find(flight, for: request, under: ruling)
            return
        }
        shared.find(flight.key, under: ruling, at: desk.wallClock) { [self] facts in
            guard let facts else {
                find(flight, for: request, under: ruling)
                return
            }
            let now = desk.now
            let arrival = desk.withCache { $0.admit(facts, for: flight, at: now) }
            desk.tell(arrival.waiters, .facts(arrival.facts, from: .shared), from: self)
        }
    }

    private func find(
        _ flight: DecisionCache.Flight, for request: GuardRequest, under ruling: Ruling
    ) {
        let plan = GuardPlan(for: request, under: ruling.rules)
        finder.find(plan, startedAt: desk.wallClock, deadline: desk.options.deadlines.lookups) {
            [self] evidence in
            desk.metrics.count(evidence)
            let outcome = plan.outcome(of: evidence)
            let now = desk.now
            let arrival = desk.withCache { $0.complete(flight, with: outcome, at: now) }
            if let shared, let lifetime = arrival.sharedFor {
                shared.keep(
                    SharedFacts(key: flight.key, facts: arrival.facts, lifetime: lifetime),
                    at: desk.wallClock)
            }
            desk.tell(arrival.waiters, .facts(arrival.facts, from: .dns), from: self)
        }
    }

    private func wait(_ pending: Pending, as waiter: DecisionCache.Waiter) {
        waiting[waiter.number] = pending
        guard clock == nil else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        clock = eventLoop.scheduleRepeatedTask(initialDelay: Self.tick, delay: Self.tick) { task in
            bound.value.passTime(task)
        }
    }

    /// Those whose deadline has passed are answered; their look-ups go on.
    private func passTime(_ task: RepeatedTask) {
        let now = desk.now
        let late = desk.withCache { $0.expire(at: now) }
        desk.tell(late, .trouble(.deadline), from: self)
        if waiting.isEmpty {
            task.cancel()
            clock = nil
        }
    }

    private func finish(
        _ pending: Pending, _ decision: GuardDecision, from source: FactSource, at now: Duration
    ) {
        let elapsed = now - pending.startedAt
        desk.metrics.count(decision, by: pending.speaks, from: source, took: elapsed)
        if desk.options.logsDecisions {
            desk.log.append(
                DecisionLogLine.bytes(
                    of: decision, pending.request, listener: pending.speaks.rawValue,
                    source: source.rawValue, elapsed: elapsed))
        }
        pending.answer(decision)
    }

    /// Logs under which number a message has come that was decided about before it had one.
    func noteQueued(_ id: [UInt8], _ client: IPAddress, _ speaks: GuardProtocol) {
        guard desk.options.logsDecisions else { return }
        var line = Array("client=\(client) listener=\(speaks.rawValue) queued=".utf8)
        LogText.append(id, to: &line)
        desk.log.append(line + [Ascii.lineFeed])
    }

    /// Sends a connection's answers when this turn of the event loop ends.
    ///
    /// A system call between two decisions takes the processor's caches from the next one: decisions
    /// of one turn are made one after another, and their answers leave together.
    func sendSoon(_ handler: SessionHandler) {
        unsent.append(handler)
        guard unsent.count == 1 else { return }
        eventLoop.assumeIsolated().execute { [self] in
            let handlers = unsent
            unsent = []
            for handler in handlers { handler.sendAnswers() }
        }
    }

    /// What the metrics show of this lane.
    struct Numbers: Sendable {
        let dns: SharedCollector.Counts?
        let waiting: Int
    }

    var numbers: Numbers { Numbers(dns: finder.counts, waiting: waiting.count) }

    /// Ends everything; whoever still waits is let through.
    func shutDown() {
        clock?.cancel()
        clock = nil
        let left = waiting.values
        waiting = [:]
        for pending in left {
            finish(
                pending,
                ruling.rules.decision(for: pending.request, despite: .ending), from: .none,
                at: desk.now)
        }
        finder.shutDown()
        shared?.shutDown()
    }
}

extension GuardOptions.Deadlines {
    func of(_ speaks: GuardProtocol) -> Duration {
        switch speaks {
        case .policy: policy
        case .milter: milter
        case .exim: exim
        case .http: http
        case .openSMTPD: openSMTPD
        }
    }
}
