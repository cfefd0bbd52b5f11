import Synchronization

/// Time that passes, with and without what the machine itself is late.
///
/// A task that sleeps beside what is measured says how much too late it wakes. On a busy machine
/// that is seconds, and means nothing of the code under test.
package final class Stopwatch: Sendable {
    private let start = ContinuousClock.now
    private let sleeper: Sleeper
    private let task: Task<Void, Never>

    package init() {
        let sleeper = Sleeper()
        self.sleeper = sleeper
        task = Task { while !Task.isCancelled { try? await sleeper.sleep() } }
    }

    deinit { task.cancel() }

    /// All that has passed since the start.
    package var total: Duration { ContinuousClock.now - start }

    /// What has passed since the start on a machine that is never late.
    package var elapsed: Duration { total - sleeper.lateness }
}

private final class Sleeper: Sendable {
    private struct State {
        var lateness = Duration.zero
        var begun = ContinuousClock.now

        /// How much too long the sleep under way already is.
        var current: Duration {
            let late = ContinuousClock.now - begun - Sleeper.tick
            return late > Sleeper.tolerance ? late : .zero
        }
    }

    private static let tick = Duration.milliseconds(20)
    /// A healthy machine's own inexactness.
    private static let tolerance = Duration.milliseconds(5)

    private let state = Mutex(State())

    var lateness: Duration { state.withLock { $0.lateness + $0.current } }

    func sleep() async throws {
        state.withLock { $0.begun = .now }
        try await Task.sleep(for: Self.tick)
        state.withLock { state in
            state.lateness += state.current
            state.begun = .now
        }
    }
}
