import LookupEngine
import NIOCore
package import SenderIdentity

/// Collects evidence from real servers, with the same core as ``ScriptedCollector``.
package enum Collector {
    /// Asks whatever the planner wants until nothing is on its way.
    /// - Parameters:
    ///   - startedAt: Seconds since 1970-01-01 UTC, for the evidence.
    ///   - sources: What the evidence names as its sources.
    ///   - client: Whom to ask, and what is remembered.
    ///   - deadline: Time for everything; what is open then has failed.
    ///   - next: What is worth asking now, given the evidence so far; called on the event loop.
    /// - Returns: The evidence, complete: every question asked has an observation.
    /// - Throws: `CancellationError` when the task is cancelled, and nothing else.
    package static func collect(
        startedAt: Int64, sources: [Evidence.Source], client: DNSClient,
        deadline: Duration = LookupTimes.deadline,
        next: @escaping @Sendable (Evidence) -> [PlannedQuestion]
    ) async throws -> Evidence {
        let slot = NIOLoopBoundBox.makeBoxSendingValue(RunSlot.empty, eventLoop: client.eventLoop)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                client.eventLoop.execute {
                    if case .cancelled = slot.value {
                        continuation.resume(throwing: CancellationError())
                        return
                    }
                    let machine = DNSMachine(
                        servers: client.servers.map(\.description),
                        deadline: client.now + deadline)
                    let run = CollectionRun(
                        machine: machine,
                        evidence: Evidence(startedAt: startedAt, sources: sources), next: next)
                    let driver = RunDriver(run, client: client) { result in
                        slot.value = .empty
                        continuation.resume(with: result)
                    }
                    slot.value = .running(driver)
                    driver.begin()
                }
            }
        } onCancel: {
            client.eventLoop.execute {
                if case .running(let driver) = slot.value { driver.cancel() }
                slot.value = .cancelled
            }
        }
    }
}

/// Where a cancellation finds the run, in whichever order the two arrive.
private enum RunSlot {
    case empty
    case running(RunDriver)
    case cancelled
}
