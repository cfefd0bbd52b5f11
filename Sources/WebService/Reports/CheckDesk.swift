import Reports
package import SenderIdentity
import Synchronization

/// Where a check's evidence comes from: live DNS, or a zone file in tests.
package struct EvidenceSource: Sendable {
    /// Collects the evidence; the closure is told of each answer as it comes.
    package let collect:
        @Sendable (Subject, @escaping @Sendable (Observation) -> Void) async throws -> Evidence

    package init(
        collect:
            @escaping @Sendable (
                Subject, @escaping @Sendable (Observation) -> Void
            ) async throws -> Evidence
    ) {
        self.collect = collect
    }
}

/// Runs checks, never more than allowed at once, and keeps their reports.
final class CheckDesk: Sendable {
    private let source: EvidenceSource
    let store: ReportStore
    private let mostChecks: Int
    private let lifetime: Int64
    private let clock: @Sendable () -> Int64
    let metrics: WebMetrics

    private struct State {
        var underWay = 0
        var jobs: [String: CheckJob] = [:]
        /// Evidence of the last minute by its subject.
        var recent: [Subject: Recent] = [:]
    }

    private struct Recent {
        let evidence: Evidence
        let at: Int64
    }

    private let state = Mutex(State())

    /// Seconds that a result serves others who ask the same: a reload is no new check.
    private static let freshness: Int64 = 60
    /// Subjects remembered; a busy minute's worth at the hourly rate.
    private static let mostRecent = 512

    init(
        source: EvidenceSource, store: ReportStore, mostChecks: Int, reportDays: Int,
        metrics: WebMetrics, clock: @escaping @Sendable () -> Int64
    ) {
        self.source = source
        self.store = store
        self.mostChecks = mostChecks
        lifetime = Int64(reportDays) * 86_400
        self.metrics = metrics
        self.clock = clock
    }

    var now: Int64 { clock() }

    /// Checks under way.
    var underWay: Int { state.withLock(\.underWay) }

    /// The evidence about a subject, of the last minute or new.
    /// - Throws: ``WebError`` when too many checks are under way.
    func evidence(
        about subject: Subject, onAnswer: @escaping @Sendable (Observation) -> Void = { _ in }
    ) async throws -> Evidence {
        let time = now
        let recent = try state.withLock { state -> Evidence? in
            if let known = state.recent[subject], time - known.at < Self.freshness {
                return known.evidence
            }
            guard state.underWay < mostChecks else { throw WebError.overloaded }
            state.underWay += 1
            return nil
        }
        if let recent { return recent }
        defer { state.withLock { $0.underWay -= 1 } }
        let began = ContinuousClock.now
        let evidence = try await source.collect(subject, onAnswer)
        metrics.countCheck(took: ContinuousClock.now - began)
        state.withLock { state in
            if state.recent.count >= Self.mostRecent {
                state.recent = state.recent.filter { time - $0.value.at < Self.freshness }
                if state.recent.count >= Self.mostRecent { state.recent = [:] }
            }
            state.recent[subject] = Recent(evidence: evidence, at: time)
        }
        return evidence
    }

    /// Begins a check whose report will be kept.
    /// - Returns: The report's name and the token of its owner.
    /// - Throws: ``WebError`` when too many checks are under way.
    func begin(_ subject: Subject) throws -> (job: CheckJob, token: String) {
        guard underWay < mostChecks else { throw WebError.overloaded }
        let job = CheckJob(id: RandomName.make())
        let token = RandomName.make()
        state.withLock { $0.jobs[job.id] = job }
        Task {
            do {
                let evidence = try await evidence(about: subject) { observation in
                    job.report(
                        "\(observation.question): \(Self.word(of: observation.outcome))")
                }
                try await keep(evidence, of: subject, as: job.id, token: token)
                job.end(.kept)
            } catch let error as WebError {
                job.end(.failed(error))
            } catch {
                job.end(.failed(.broken))
            }
            // Whoever watches has the job; others find the report in the store.
            _ = state.withLock { $0.jobs.removeValue(forKey: job.id) }
        }
        return (job, token)
    }

    func job(_ id: String) -> CheckJob? { state.withLock { $0.jobs[id] } }

    func keep(
        _ evidence: Evidence, of subject: Subject, as id: String, token: String
    ) async throws {
        try await store.keep(
            .init(
                id: id, token: token, expires: now + lifetime,
                evidence: try EvidenceCodec.encode(evidence, of: subject)))
        metrics.countKept()
    }

    private static func word(of outcome: LookupOutcome) -> String {
        switch outcome {
        case .answers(let answers):
            answers.data.count == 1 ? "1 record" : "\(answers.data.count) records"
        case .noData: "none of this type"
        case .noSuchName: "no such name"
        case .failed(let failure): "failed (\(failure.rawValue))"
        }
    }
}
