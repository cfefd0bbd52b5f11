import Synchronization

/// A check under way: what it has found out so far, and who waits for its end.
final class CheckJob: Sendable {
    let id: String

    enum Outcome: Sendable {
        case kept
        case failed(WebError)
    }

    private struct State {
        var lines: [String] = []
        var outcome: Outcome?
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    init(id: String) {
        self.id = id
    }

    /// A line for those who watch.
    func report(_ line: String) {
        wake { $0.lines.append(line) }
    }

    func end(_ outcome: Outcome) {
        wake { $0.outcome = outcome }
    }

    var outcome: Outcome? { state.withLock(\.outcome) }

    /// Lines from an index on, and the end if it has come; waits until there is any of both.
    func news(after count: Int) async -> (lines: [String], outcome: Outcome?) {
        while true {
            let news = state.withLock { state in
                (lines: Array(state.lines.dropFirst(count)), outcome: state.outcome)
            }
            if !news.lines.isEmpty || news.outcome != nil { return news }
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    if state.lines.count > count || state.outcome != nil { return true }
                    state.waiting.append(continuation)
                    return false
                }
                if isThere { continuation.resume() }
            }
        }
    }

    /// Waits for the end.
    func result() async -> Outcome {
        var seen = 0
        while true {
            let news = await news(after: seen)
            if let outcome = news.outcome { return outcome }
            seen += news.lines.count
        }
    }

    private func wake(_ change: (inout sending State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
