import LookupEngine
import NIOCore

extension DNSClient {
    /// Carries a run out on the client's event loop, from its beginning to its end.
    /// - Parameters:
    ///   - make: Makes the run; called on the event loop.
    ///   - address: Where the run's server of an index is.
    ///   - result: What is wanted of the completed run.
    /// - Returns: The result.
    /// - Throws: `CancellationError` when the task is cancelled, and nothing else.
    func carryOut<Run: NetworkRun, Result: Sendable>(
        _ make: @escaping @Sendable (DNSClient) -> Run,
        address: @escaping @Sendable (Run, Int) -> SocketAddress,
        result: @escaping @Sendable (Run) -> Result
    ) async throws -> Result {
        let slot = NIOLoopBoundBox.makeBoxSendingValue(RunSlot<Run>.empty, eventLoop: eventLoop)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                eventLoop.execute {
                    if case .cancelled = slot.value {
                        continuation.resume(throwing: CancellationError())
                        return
                    }
                    let driver = RunDriver(make(self), client: self, address: address) { ended in
                        slot.value = .empty
                        continuation.resume(with: ended.map(result))
                    }
                    slot.value = .running(driver)
                    driver.begin()
                }
            }
        } onCancel: {
            eventLoop.execute {
                if case .running(let driver) = slot.value { driver.cancel() }
                slot.value = .cancelled
            }
        }
    }
}

/// Where a cancellation finds the run, in whichever order the two arrive.
private enum RunSlot<Run: NetworkRun> {
    case empty
    case running(RunDriver<Run>)
    case cancelled
}
