import SenderIdentity
import Synchronization

/// A look-up under way, for all who ask about the same subject.
final class CheckFlight: Sendable {
    private struct State {
        var answers: [Observation] = []
        var observers: [@Sendable (Observation) -> Void] = []
        var result: Result<Evidence, any Error>?
        var waiting: [CheckedContinuation<Evidence, any Error>] = []
    }

    private let state = Mutex(State())

    /// Tells an observer of the answers so far, and of each to come.
    func observe(_ observer: @escaping @Sendable (Observation) -> Void) {
        let past = state.withLock { state in
            state.observers.append(observer)
            return state.answers
        }
        past.forEach(observer)
    }

    func tell(_ observation: Observation) {
        let observers = state.withLock { state in
            state.answers.append(observation)
            return state.observers
        }
        for observer in observers { observer(observation) }
    }

    func end(_ result: Result<Evidence, any Error>) {
        let waiting = state.withLock { state in
            state.result = result
            state.observers = []
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(with: result) }
    }

    /// What the one who asks finds out.
    ///
    /// It ends by its own deadline, so waiting does too.
    func value() async throws -> Evidence {
        try await withCheckedThrowingContinuation { continuation in
            let result = state.withLock { state in
                if state.result == nil { state.waiting.append(continuation) }
                return state.result
            }
            if let result { continuation.resume(with: result) }
        }
    }
}
