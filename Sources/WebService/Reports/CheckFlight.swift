import SenderIdentity
import Synchronization

/// A look-up under way, for all who ask about the same subject.
///
/// It is nobody's own: it goes on when whoever asked first goes away, and ends by its own deadline.
final class CheckFlight: Sendable {
    private struct State {
        var answers: [Observation] = []
        var observers: [@Sendable (Observation) -> Void] = []
        var result: Result<Evidence, any Error>?
        var waiting: [Int: CheckedContinuation<Evidence, any Error>] = [:]
        var lastWaiting = 0
        var work: Task<Void, Never>?
        var isCancelled = false
    }

    private let state = Mutex(State())

    /// Begins the look-up, which has to call ``end(_:)``.
    func begin(_ work: @escaping @Sendable () async -> Void) {
        let task = Task { await work() }
        let isCancelled = state.withLock { state in
            state.work = task
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    /// Ends it for all who wait: for the end of the service.
    func cancel() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.work
        }
        task?.cancel()
    }

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
            state.work = nil
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume(with: result) }
    }

    /// What those who ask find out.
    /// - Throws: What the look-up throws; `CancellationError` as soon as the waiting task is
    ///   cancelled, which the look-up is not.
    func value() async throws -> Evidence {
        let number = state.withLock { state in
            state.lastWaiting += 1
            return state.lastWaiting
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Evidence, any Error>? in
                    if let result = state.result { return result }
                    guard !Task.isCancelled else { return .failure(CancellationError()) }
                    state.waiting[number] = continuation
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let continuation = state.withLock { $0.waiting.removeValue(forKey: number) }
            continuation?.resume(throwing: CancellationError())
        }
    }
}
