import Logging
import Reports
package import SenderIdentity
import Synchronization

/// Where a check's evidence comes from: live DNS, or a zone file in tests.
package struct EvidenceSource: Sendable {
    /// Collects the evidence; the closure is told of each answer as it comes.
    package let collect:
        @Sendable (Subject, @escaping @Sendable (Observation) -> Void) async throws -> Evidence
    /// The same for a pool.
    package let collectPool: @Sendable (PoolTarget) async throws -> Evidence

    package init(
        collect:
            @escaping @Sendable (
                Subject, @escaping @Sendable (Observation) -> Void
            ) async throws -> Evidence,
        collectPool: @escaping @Sendable (PoolTarget) async throws -> Evidence
    ) {
        self.collect = collect
        self.collectPool = collectPool
    }
}

/// Runs checks, never more than allowed at once, and keeps their reports.
///
/// Equal subjects are looked up once: those who ask meanwhile wait for the same evidence, and for
/// a minute it serves whoever asks again.
final class CheckDesk: Sendable {
    private let source: EvidenceSource
    let store: ReportStore
    private let mostChecks: Int
    private let lifetime: Int64
    private let clock: @Sendable () -> Int64
    private let logger: Logger
    let metrics: WebMetrics

    private struct State {
        /// Checks that ask DNS, by what they ask about.
        var flights: [Subject: CheckFlight] = [:]
        /// Pools under way: each is a check, too.
        var pools = 0

        var underWay: Int { flights.count + pools }

        /// Jobs under way, and ended ones whose report is not in the store.
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
    /// Jobs for each check at once: many may ask the same.
    private static let jobsPerCheck = 8

    init(
        source: EvidenceSource, store: ReportStore, mostChecks: Int, reportDays: Int,
        metrics: WebMetrics, logger: Logger, clock: @escaping @Sendable () -> Int64
    ) {
        self.source = source
        self.store = store
        self.mostChecks = mostChecks
        lifetime = Int64(reportDays) * 86_400
        self.metrics = metrics
        self.logger = logger
        self.clock = clock
    }

    var now: Int64 { clock() }

    /// Checks that ask DNS.
    var underWay: Int { state.withLock(\.underWay) }

    // MARK: Evidence

    private enum Course {
        case known(Evidence)
        case joined(CheckFlight)
        case begun(CheckFlight)
    }

    /// The evidence about a subject: of the last minute, of a check under way, or new.
    /// - Throws: ``WebError`` when too many checks are under way.
    func evidence(about subject: Subject) async throws -> Evidence {
        try await finish(try course(for: subject), subject)
    }

    /// Joins or begins, at once: so a check that is accepted has its place.
    private func course(
        for subject: Subject, onAnswer: (@Sendable (Observation) -> Void)? = nil
    ) throws(WebError) -> Course {
        let time = now
        let course = state.withLock { state -> Course? in
            if let known = state.recent[subject], time - known.at < Self.freshness {
                return .known(known.evidence)
            }
            if let flight = state.flights[subject] { return .joined(flight) }
            guard state.underWay < mostChecks else { return nil }
            let flight = CheckFlight()
            state.flights[subject] = flight
            return .begun(flight)
        }
        guard let course else { throw .overloaded }
        switch course {
        case .known: break
        case .joined(let flight), .begun(let flight): onAnswer.map(flight.observe)
        }
        return course
    }

    private func finish(_ course: Course, _ subject: Subject) async throws -> Evidence {
        let flight: CheckFlight
        switch course {
        case .known(let evidence): return evidence
        case .joined(let other): return try await other.value()
        case .begun(let own): flight = own
        }
        let began = ContinuousClock.now
        do {
            let evidence = try await source.collect(subject, flight.tell)
            metrics.countCheck(took: ContinuousClock.now - began)
            land(subject, evidence)
            flight.end(.success(evidence))
            return evidence
        } catch {
            land(subject, nil)
            flight.end(.failure(error))
            throw error
        }
    }

    private func land(_ subject: Subject, _ evidence: Evidence?) {
        let time = now
        state.withLock { state in
            state.flights[subject] = nil
            guard let evidence else { return }
            if state.recent.count >= Self.mostRecent {
                state.recent = state.recent.filter { time - $0.value.at < Self.freshness }
                if state.recent.count >= Self.mostRecent { state.recent = [:] }
            }
            state.recent[subject] = Recent(evidence: evidence, at: time)
        }
    }

    /// The evidence about a pool, always new.
    /// - Throws: ``WebError`` when too many checks are under way.
    func evidence(about pool: PoolTarget) async throws -> Evidence {
        let hasRoom = state.withLock { state in
            guard state.underWay < mostChecks else { return false }
            state.pools += 1
            return true
        }
        guard hasRoom else { throw WebError.overloaded }
        defer { state.withLock { $0.pools -= 1 } }
        let began = ContinuousClock.now
        let evidence = try await source.collectPool(pool)
        metrics.countCheck(took: ContinuousClock.now - began)
        return evidence
    }

    // MARK: Jobs

    /// Begins a check whose report will be kept.
    /// - Returns: The report's name and the token of its owner.
    /// - Throws: ``WebError`` when too many checks are under way.
    func begin(_ subject: Subject) throws(WebError) -> (job: CheckJob, token: String) {
        let job = CheckJob(id: RandomName.make())
        let token = RandomName.make()
        let time = now
        let hasRoom = state.withLock { state in
            state.jobs = state.jobs.filter { !$0.value.isStale(at: time) }
            guard state.jobs.count < mostChecks * Self.jobsPerCheck else { return false }
            state.jobs[job.id] = job
            return true
        }
        guard hasRoom else { throw .overloaded }
        let course: Course
        do {
            course = try self.course(for: subject) { observation in
                job.report("\(observation.question): \(Self.word(of: observation.outcome))")
            }
        } catch {
            forget(job)
            throw error
        }
        // The visitor comes back for it on another connection, so it outlives his request.
        Task { await run(job, course, subject, token: token) }
        return (job, token)
    }

    private func run(_ job: CheckJob, _ course: Course, _ subject: Subject, token: String) async {
        let evidence: Evidence
        do {
            evidence = try await finish(course, subject)
        } catch {
            // Those who ask for the report within the next minute are told.
            job.end(.failed(error as? WebError ?? .broken), at: now)
            return
        }
        do {
            try await keep(evidence, of: subject, as: job.id, token: token)
            job.end(.kept, at: now)
            forget(job)
        } catch {
            // Without its store the service still says what it found out.
            job.end(.unkept(subject, evidence), at: now)
        }
    }

    func job(_ id: String) -> CheckJob? { state.withLock { $0.jobs[id] } }

    private func forget(_ job: CheckJob) {
        _ = state.withLock { $0.jobs.removeValue(forKey: job.id) }
    }

    /// Waits until no job is under way: their reports are kept before the service ends.
    func drain() async {
        for job in state.withLock({ Array($0.jobs.values) }) { _ = try? await job.result() }
    }

    /// - Throws: ``WebError/notKept``.
    func keep(
        _ evidence: Evidence, of subject: Subject, as id: String, token: String
    ) async throws {
        do {
            try await store.keep(
                .init(
                    id: id, token: token, expires: now + lifetime,
                    evidence: try EvidenceCodec.encode(evidence, of: subject)))
        } catch {
            logger.error(
                "a report could not be kept", metadata: ["error": "\(StoreError(error).what)"])
            metrics.countStoreFailure()
            throw WebError.notKept
        }
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
