import Glibc
import GuardDecisions
import NIOCore
import ReceiverModels
import Synchronization

/// What all event loops of the guard share: what is remembered, counted and logged.
final class Desk: Sendable {
    let options: GuardOptions
    let metrics = GuardMetrics()
    let log: DecisionLog
    private let epoch = NIODeadline.now()
    private let cache: Mutex<DecisionCache>
    private let ending = Mutex(false)
    private let loops = Mutex<[NIOLoopBound<Lane>]>([])

    init(_ options: GuardOptions, log: DecisionLog) {
        self.options = options
        self.log = log
        cache = Mutex(DecisionCache(options.cache))
    }

    /// The clock of decisions.
    var now: Duration { .nanoseconds((NIODeadline.now() - epoch).nanoseconds) }

    /// Seconds since 1970-01-01 UTC.
    var wallClock: Int64 { Int64(time(nil)) }

    /// Whether the service is about to end.
    var isEnding: Bool { ending.withLock { $0 } }

    /// - Returns: False when it was about to end already.
    func end() -> Bool {
        ending.withLock { isEnding in
            defer { isEnding = true }
            return !isEnding
        }
    }

    func open(_ lanes: [NIOLoopBound<Lane>]) { loops.withLock { $0 = lanes } }

    var lanes: [NIOLoopBound<Lane>] { loops.withLock { $0 } }

    /// The lane of an event loop, on that loop.
    func lane(on eventLoop: any EventLoop) -> Lane? {
        lanes.first { $0.eventLoop === eventLoop }?.value
    }

    func withCache<Result: Sendable>(_ body: (inout DecisionCache) -> sending Result) -> Result {
        cache.withLock { cache in body(&cache) }
    }

    var cacheCount: Int { cache.withLock { $0.count } }
    var cacheCounters: DecisionCache.Counters { cache.withLock { $0.counters } }

    /// Tells those who wait, each on its own event loop.
    /// - Parameters:
    ///   - waiters: Whom.
    ///   - news: What.
    ///   - lane: Whose event loop this is.
    func tell(
        _ waiters: [DecisionCache.Waiter], _ news: News, from lane: Lane
    ) {
        let lanes = lane.all
        let count = UInt64(lanes.count)
        for waiter in waiters {
            let other = lanes[Int(waiter.number % count)]
            if other.eventLoop === lane.eventLoop {
                lane.hear(news, waiter)
            } else {
                other.eventLoop.execute { other.value.hear(news, waiter) }
            }
        }
    }
}

/// What a waiter hears.
enum News: Sendable {
    case facts(GuardFacts, from: FactSource)
    case trouble(GuardTrouble)
}

/// Where facts are from, as the log and the metrics name it.
enum FactSource: String, CaseIterable, Sendable {
    case cache
    case dns
    case joined
    case shared
    case none
}
