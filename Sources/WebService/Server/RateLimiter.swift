import NetNames
import Synchronization

/// Token buckets: one per visitor, and one for all together.
///
/// Pure but for its lock: the time is passed in, in seconds of any steady clock.
final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: Double
    }

    private struct State {
        var visitors: [IPAddress: Bucket] = [:]
        var all: Bucket
    }

    private let perSecond: Double
    private let burst: Double
    private let allPerSecond: Double
    private let allBurst: Double
    private let state: Mutex<State>

    /// Visitors remembered; a full bucket is forgotten without loss.
    static let mostVisitors = 65_536

    init(perMinute: Int, burst: Int, perHour: Int) {
        perSecond = Double(perMinute) / 60
        self.burst = Double(burst)
        allPerSecond = Double(perHour) / 3600
        // A tenth of an hour's worth at once: visitors come in crowds.
        allBurst = max(Double(burst), Double(perHour) / 10)
        state = Mutex(State(all: Bucket(tokens: allBurst, at: 0)))
    }

    /// Takes tokens.
    /// - Parameters:
    ///   - visitor: Whose.
    ///   - now: Seconds of a steady clock.
    ///   - cost: How many; never more than the burst, or it would never be allowed.
    /// - Returns: Nil if they were there, else the seconds until they are.
    func take(_ visitor: Visitor, at now: Double, cost: Int = 1) -> Int? {
        let cost = min(Double(cost), burst)
        return state.withLock { state in
            var all = refilled(state.all, at: now, perSecond: allPerSecond, burst: allBurst)
            var own = refilled(
                state.visitors[visitor.address.limitKey] ?? Bucket(tokens: burst, at: now), at: now,
                perSecond: perSecond, burst: burst)
            let wait = max(
                own.tokens >= cost ? 0 : (cost - own.tokens) / perSecond,
                all.tokens >= cost ? 0 : (cost - all.tokens) / allPerSecond)
            if wait == 0 {
                own.tokens -= cost
                all.tokens -= cost
            }
            state.all = all
            makeRoom(&state, at: now)
            state.visitors[visitor.address.limitKey] = own
            return wait == 0 ? nil : max(1, Int(wait.rounded(.up)))
        }
    }

    private func refilled(
        _ bucket: Bucket, at now: Double, perSecond: Double, burst: Double
    ) -> Bucket {
        Bucket(
            tokens: min(burst, bucket.tokens + max(0, now - bucket.at) * perSecond), at: now)
    }

    /// Forgets full buckets; when all are in use, everyone begins anew rather than memory growing.
    private func makeRoom(_ state: inout State, at now: Double) {
        guard state.visitors.count >= Self.mostVisitors else { return }
        state.visitors = state.visitors.filter { _, bucket in
            refilled(bucket, at: now, perSecond: perSecond, burst: burst).tokens < burst
        }
        if state.visitors.count >= Self.mostVisitors { state.visitors = [:] }
    }
}
