import FilterProtocols
import GuardDecisions
import SenderIdentity
import Synchronization

/// Counters for Prometheus: never a name or an address as a label.
final class GuardMetrics: Sendable {
    struct Decided: Hashable {
        let speaks: GuardProtocol
        let verdict: String
        let action: String
        let source: FactSource

        /// By lengths: texts would be hashed byte by byte, for each decision.
        func hash(into hasher: inout Hasher) {
            hasher.combine(
                (speaks.index << 5 | verdict.utf8.count) << 10
                    | action.utf8.count << 5 | source.rawValue.utf8.count)
        }
    }

    /// What questions ended with.
    struct Lookups {
        var answers = 0
        var noData = 0
        var noSuchName = 0
        var failed: [LookupFailure: Int] = [:]

        /// As the metrics name them; what never happened is left out.
        var words: [(word: String, count: Int)] {
            let found = [
                ("answers", answers), ("no-data", noData), ("no-such-name", noSuchName),
            ].filter { $0.1 > 0 }
            return found + failed.map { ($0.key.rawValue, $0.value) }
        }
    }

    struct State {
        var decided: [Decided: Int] = [:]
        var troubles: [GuardTrouble: Int] = [:]
        var wouldBe: [String: Int] = [:]
        /// One row for each protocol.
        var buckets = GuardProtocol.allCases.map { _ in GuardMetrics.bounds.map { _ in 0 } }
        var seconds = GuardProtocol.allCases.map { _ in 0.0 }
        var lookups = Lookups()
        var connections = GuardProtocol.allCases.map { _ in 0 }
        var accepted = GuardProtocol.allCases.map { _ in 0 }
        var refusedConnections = GuardProtocol.allCases.map { _ in 0 }
        var ends: [SessionEnd: Int] = [:]
        var warnings: [SessionWarning: Int] = [:]
        var reloads: [Bool: Int] = [:]
        var shared: [String: Int] = [:]
    }

    struct SessionEnd: Hashable {
        let speaks: GuardProtocol
        let end: FilterEnd
    }

    struct SessionWarning: Hashable {
        let speaks: GuardProtocol
        let warning: FilterWarning
    }

    /// Seconds: a remembered answer is below the first, a deadline is 0.8, 2.5 or 4.
    static let bounds = [0.0005, 0.002, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4.1]

    private let state = Mutex(State())

    /// The numbers as they are now.
    var snapshot: State { state.withLock { $0 } }

    func count(
        _ decision: GuardDecision, by speaks: GuardProtocol, from source: FactSource,
        took time: Duration
    ) {
        let decided = Decided(
            speaks: speaks, verdict: decision.iprev?.rawValue ?? "none",
            action: decision.action.word, source: source)
        let (seconds, attoseconds) = time.components
        let value = Double(seconds) + Double(attoseconds) / 1e18
        let bucket = Self.bounds.firstIndex { value <= $0 }
        state.withLock { state in
            state.decided[decided, default: 0] += 1
            state.seconds[speaks.index] += value
            if let bucket { state.buckets[speaks.index][bucket] += 1 }
            if case .trouble(let trouble) = decision.basis {
                state.troubles[trouble, default: 0] += 1
            }
            if let wouldBe = decision.wouldBe { state.wouldBe[wouldBe.word, default: 0] += 1 }
        }
    }

    /// Counts what the look-ups of one client ended with.
    func count(_ evidence: Evidence) {
        state.withLock { state in
            for observation in evidence.observations {
                switch observation.outcome {
                case .answers: state.lookups.answers += 1
                case .noData: state.lookups.noData += 1
                case .noSuchName: state.lookups.noSuchName += 1
                case .failed(let failure): state.lookups.failed[failure, default: 0] += 1
                }
            }
        }
    }

    /// Counts a connection, unless there are so many already.
    /// - Returns: Whether there is room for it.
    func open(_ speaks: GuardProtocol, most: Int) -> Bool {
        state.withLock { state in
            guard state.connections[speaks.index] < most else {
                state.refusedConnections[speaks.index] += 1
                return false
            }
            state.connections[speaks.index] += 1
            state.accepted[speaks.index] += 1
            return true
        }
    }

    func closed(_ speaks: GuardProtocol) {
        state.withLock { $0.connections[speaks.index] -= 1 }
    }

    var connections: Int { state.withLock { $0.connections.reduce(0, +) } }

    func ended(_ speaks: GuardProtocol, _ end: FilterEnd) {
        state.withLock { $0.ends[SessionEnd(speaks: speaks, end: end), default: 0] += 1 }
    }

    func warned(_ speaks: GuardProtocol, _ warning: FilterWarning) {
        let key = SessionWarning(speaks: speaks, warning: warning)
        state.withLock { $0.warnings[key, default: 0] += 1 }
    }

    func reloaded(isValid: Bool) { state.withLock { $0.reloads[isValid, default: 0] += 1 } }

    func shared(_ what: String) { state.withLock { $0.shared[what, default: 0] += 1 } }
}
