import LookupEngine
package import NIOCore
package import SenderIdentity

/// Collects evidence for many decisions at once on one event loop.
///
/// ``Collector`` opens a socket for every query, some 50 µs of CPU time: right for a check, too much
/// for thousands of decisions a second. Here a few sockets to each server carry the queries of all
/// of them, and those that one turn of the event loop makes go out together. It belongs to its
/// event loop: every call is made there.
package final class SharedCollector {
    package let eventLoop: any EventLoop
    let addresses: [SocketAddress]
    let servers: [ServerPorts]
    private let labels: [String]
    private let limits: SharedLimits
    private let epoch = NIODeadline.now()
    var cache: AnswerCache
    var random = BulkRandom()
    private var runs: [SharedRun] = []
    private var clock: RepeatedTask?

    /// Prepares a collector; no socket is opened before the first question.
    /// - Parameters:
    ///   - servers: At least one, in order of preference.
    ///   - eventLoop: Where it is made and used.
    ///   - limits: What it may keep open.
    package init(
        servers: [ResolverAddress], on eventLoop: any EventLoop, limits: SharedLimits = .init()
    ) {
        precondition(!servers.isEmpty, "a DNS client needs a server")
        eventLoop.preconditionInEventLoop()
        self.eventLoop = eventLoop
        self.limits = limits
        let addresses = servers.map(SocketAddress.init)
        self.addresses = addresses
        self.servers = addresses.map { ServerPorts($0, on: eventLoop, limits: limits) }
        labels = servers.map(\.description)
        cache = AnswerCache(
            capacity: limits.answers, failureMemory: limits.failureMemory,
            longestAnswer: limits.answerMemory, longestAbsence: limits.absenceMemory)
    }

    /// Asks whatever the planner wants until nothing is on its way.
    /// - Parameters:
    ///   - evidence: Empty evidence with its start and sources.
    ///   - deadline: Time for everything; what is open then has failed.
    ///   - next: What is worth asking now, given the evidence so far.
    ///   - isEnough: Whether the rest need not be waited for; asked after every answer.
    ///   - completion: Given the complete evidence, once; perhaps before this returns.
    package func collect(
        _ evidence: Evidence, deadline: Duration,
        next: @escaping (Evidence) -> [PlannedQuestion],
        isEnough: @escaping (Evidence) -> Bool = { _ in false },
        completion: @escaping (Evidence) -> Void
    ) {
        let machine = DNSMachine(servers: labels, deadline: now + deadline)
        let run = SharedRun(
            CollectionRun(machine: machine, evidence: evidence, next: next), of: self,
            isEnough: isEnough, completion: completion)
        run.slot = runs.count
        runs.append(run)
        run.begin()
        if !runs.isEmpty, clock == nil { startClock() }
    }

    /// Ends what is under way without results, and closes the sockets.
    package func shutDown() {
        clock?.cancel()
        clock = nil
        let open = runs
        runs = []
        for run in open { run.abandon() }
        for server in servers { server.close() }
    }

    /// Decisions under way.
    package var openCount: Int { runs.count }

    package var counts: Counts {
        Counts(
            sent: servers.reduce(0) { $0 + $1.sent },
            strays: servers.reduce(0) { $0 + $1.strays },
            sockets: servers.reduce(0) { $0 + $1.openSockets })
    }

    package struct Counts: Hashable, Sendable {
        /// Queries over UDP.
        package let sent: Int
        /// Datagrams that answered no open query.
        package let strays: Int
        package let sockets: Int
    }

    /// The clock of all runs.
    var now: Duration { .nanoseconds((NIODeadline.now() - epoch).nanoseconds) }

    func ended(_ run: SharedRun) {
        guard run.slot < runs.count, runs[run.slot] === run else { return }
        let last = runs.removeLast()
        guard last !== run else { return }
        last.slot = run.slot
        runs[run.slot] = last
    }

    /// One clock for all runs: setting and clearing a timer for each would cost more.
    private func startClock() {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        clock = eventLoop.scheduleRepeatedTask(initialDelay: limits.tick, delay: limits.tick) {
            task in
            bound.value.tick(task)
        }
    }

    private func tick(_ task: RepeatedTask) {
        guard !runs.isEmpty else {
            task.cancel()
            clock = nil
            return
        }
        let now = now
        let due = runs.filter { $0.wakeAt.map { $0 <= now } ?? false }
        for run in due { run.take(.timer) }
    }
}
