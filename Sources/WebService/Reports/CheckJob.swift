import SenderIdentity
import Synchronization

/// A check under way: what it has found out so far, and who waits for its end.
final class CheckJob: Sendable {
    let id: String

    enum Outcome: Sendable {
        case kept
        /// Found out, but the store refused it.
        case unkept(Subject, Evidence)
        case failed(WebError)

        /// Bytes of evidence that it holds.
        var weight: Int {
            guard case .unkept(_, let evidence) = self else { return 0 }
            return evidence.weight
        }
    }

    private struct State {
        var lines: [String] = []
        var outcome: Outcome?
        /// Seconds since 1970-01-01 UTC.
        var ended: Int64 = 0
        /// The same, to tell which of two was first.
        var endedAt = ContinuousClock.now
        var waiting: [CheckedContinuation<Bool, Never>] = []
    }

    private let state = Mutex(State())

    /// Who may wait at once: one browser watches and one waits, the rest is somebody's game.
    static let mostWaiting = 16
    /// Seconds for which an end that is in no store can be asked for.
    private static let remembrance: Int64 = 60

    init(id: String) {
        self.id = id
    }

    /// A line for those who watch.
    func report(_ line: String) {
        wake { $0.lines.append(line) }
    }

    func end(_ outcome: Outcome, at now: Int64) {
        wake { state in
            state.outcome = outcome
            state.ended = now
            state.endedAt = .now
        }
    }

    var hasEnded: Bool { state.withLock { $0.outcome != nil } }

    /// What an ended job holds until it is forgotten.
    struct Remains {
        let id: String
        let since: ContinuousClock.Instant
        /// Bytes.
        let weight: Int
    }

    /// Nil while it is under way.
    var remains: Remains? {
        state.withLock { state in
            state.outcome.map { Remains(id: id, since: state.endedAt, weight: $0.weight) }
        }
    }

    func isStale(at now: Int64) -> Bool {
        state.withLock { $0.outcome != nil && now - $0.ended >= Self.remembrance }
    }

    /// Lines from an index on, and the end if it has come; waits until there is any of both.
    /// - Throws: ``WebError/overloaded`` when too many wait already.
    func news(after count: Int) async throws(WebError) -> (lines: [String], outcome: Outcome?) {
        while true {
            let news = present(after: count)
            if !news.lines.isEmpty || news.outcome != nil { return news }
            let mayWait = await withCheckedContinuation { continuation in
                waitForNews(after: count, continuation)
            }
            guard mayWait else { throw .overloaded }
        }
    }

    /// The same without waiting.
    func present(after count: Int) -> (lines: [String], outcome: Outcome?) {
        state.withLock { (lines: Array($0.lines.dropFirst(count)), outcome: $0.outcome) }
    }

    /// Waits for the end.
    /// - Throws: ``WebError/overloaded`` when too many wait already.
    func result() async throws(WebError) -> Outcome {
        var seen = 0
        while true {
            let news = try await news(after: seen)
            if let outcome = news.outcome { return outcome }
            seen += news.lines.count
        }
    }

    /// Waits for the end, however many do: for the service's own end.
    func end() async {
        while !hasEnded {
            let seen = state.withLock(\.lines.count)
            _ = await withCheckedContinuation { continuation in
                waitForNews(after: seen, isCounted: false, continuation)
            }
        }
    }

    private func waitForNews(
        after count: Int, isCounted: Bool = true, _ continuation: CheckedContinuation<Bool, Never>
    ) {
        let answer = state.withLock { state -> Bool? in
            if state.lines.count > count || state.outcome != nil { return true }
            guard !isCounted || state.waiting.count < Self.mostWaiting else { return false }
            state.waiting.append(continuation)
            return nil
        }
        if let answer { continuation.resume(returning: answer) }
    }

    private func wake(_ change: (inout sending State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: true) }
    }
}
