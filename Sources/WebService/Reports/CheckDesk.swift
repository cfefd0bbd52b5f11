import Logging
import NIOPosix
import Reports
import SenderIdentity
import Synchronization

/// Runs checks, never more than allowed at once, and keeps their reports.
///
/// Equal subjects are looked up once: those who ask meanwhile wait for the same evidence, and for
/// a minute it serves whoever asks again.
final class CheckDesk: Sendable {
    private let source: EvidenceSource
    let store: ReportStore
    /// Ready bodies of what is in the store.
    let cache = BodyCache()
    private let mostChecks: Int
    private let lifetime: Int64
    private let clock: @Sendable () -> Int64
    private let logger: Logger
    private let onGone: @Sendable ([String]) -> Void
    let metrics: WebMetrics

    private struct State {
        /// Checks that ask DNS, by what they ask about.
        var flights: [Subject: CheckFlight] = [:]
        /// Pools under way: each is a check, too.
        var pools = 0

        var underWay: Int { flights.count + pools }

        /// Jobs under way, and ended ones whose report is not in the store.
        var jobs: [String: CheckJob] = [:]
        var recent = RecentEvidence()
    }

    private let state = Mutex(State())

    /// Pools at once: each has up to a thousand hosts, and all share one thread.
    private static let mostPools = 1
    /// Jobs for each check at once: many may ask the same.
    private static let jobsPerCheck = 8
    /// Bytes of reports that no store would take, each for a minute: as many as the largest sixteen.
    private static let mostUnkept = 16 << 20

    /// - Parameters:
    ///   - source: Where evidence comes from.
    ///   - store: Where reports are kept.
    ///   - mostChecks: That may ask DNS at once.
    ///   - reportDays: For which a report is kept.
    ///   - metrics: Counts checks and failures.
    ///   - logger: Told of failures.
    ///   - clock: Seconds since 1970-01-01 UTC.
    ///   - onGone: Told the names of reports that the store has no longer.
    init(
        source: EvidenceSource, store: ReportStore, mostChecks: Int, reportDays: Int,
        metrics: WebMetrics, logger: Logger, clock: @escaping @Sendable () -> Int64,
        onGone: @escaping @Sendable ([String]) -> Void
    ) {
        self.source = source
        self.store = store
        self.mostChecks = mostChecks
        lifetime = Int64(reportDays) * 86_400
        self.metrics = metrics
        self.logger = logger
        self.clock = clock
        self.onGone = onGone
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
        try await found(by: try course(for: subject))
    }

    /// Joins or begins, at once: so a check that is accepted has its place.
    private func course(
        for subject: Subject, onAnswer: (@Sendable (Observation) -> Void)? = nil
    ) throws(WebError) -> Course {
        let course = state.withLock { state -> Course? in
            if let known = state.recent.evidence(about: subject, at: .now) {
                return .known(known)
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
        case .joined(let flight): onAnswer.map(flight.observe)
        case .begun(let flight):
            onAnswer.map(flight.observe)
            flight.begin { await self.lookUp(subject, for: flight) }
        }
        return course
    }

    private func found(by course: Course) async throws -> Evidence {
        switch course {
        case .known(let evidence): evidence
        case .joined(let flight), .begun(let flight): try await flight.value()
        }
    }

    private func lookUp(_ subject: Subject, for flight: CheckFlight) async {
        let began = ContinuousClock.now
        do {
            let evidence = try await source.collect(subject, flight.tell)
            metrics.countCheck(took: ContinuousClock.now - began)
            land(subject, evidence)
            flight.end(.success(evidence))
        } catch {
            land(subject, nil)
            flight.end(.failure(error))
        }
    }

    private func land(_ subject: Subject, _ evidence: Evidence?) {
        state.withLock { state in
            state.flights[subject] = nil
            if let evidence { state.recent.note(evidence, about: subject, at: .now) }
        }
    }

    /// Looks a pool up, always anew, and judges it; one pool at a time: a thousand hosts are work.
    /// - Parameters:
    ///   - pool: Which hosts.
    ///   - judge: What is wanted of the evidence; called on a thread where nobody waits behind it.
    /// - Returns: The judgement.
    /// - Throws: ``WebError`` when too many checks are under way, or another pool.
    func judgement<Value: Sendable>(
        on pool: PoolTarget, _ judge: @escaping @Sendable (Evidence) throws -> Value
    ) async throws -> Value {
        let refusal = state.withLock { state -> WebError? in
            guard state.pools < Self.mostPools else { return .poolUnderWay }
            guard state.underWay < mostChecks else { return .overloaded }
            state.pools += 1
            return nil
        }
        if let refusal { throw refusal }
        defer { state.withLock { $0.pools -= 1 } }
        let began = ContinuousClock.now
        let evidence = try await source.collectPool(pool)
        metrics.countCheck(took: ContinuousClock.now - began)
        return try await NIOThreadPool.singleton.runIfActive { try judge(evidence) }
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
            Self.forgetStale(&state.jobs, at: time)
            // Ended ones hold what no store would take; they make no check wait.
            guard state.jobs.values.count(where: { !$0.hasEnded }) < mostJobs else { return false }
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
        Task {
            await run(job, course, subject, token: token)
            forgetTooMany()
        }
        return (job, token)
    }

    private var mostJobs: Int { mostChecks * Self.jobsPerCheck }

    private func run(_ job: CheckJob, _ course: Course, _ subject: Subject, token: String) async {
        let evidence: Evidence
        do {
            evidence = try await found(by: course)
        } catch {
            // Those who ask for the report within the next minute are told.
            job.end(.failed(WebError(error)), at: now)
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

    /// The job of a report that is not in the store, or not yet.
    func job(_ id: String) -> CheckJob? {
        let time = now
        return state.withLock { state in
            guard let job = state.jobs[id], !job.isStale(at: time) else { return nil }
            return job
        }
    }

    private static func forgetStale(_ jobs: inout [String: CheckJob], at time: Int64) {
        jobs = jobs.filter { !$0.value.isStale(at: time) }
    }

    /// Of ended jobs the oldest make room, in number and in bytes.
    private func forgetTooMany() {
        state.withLock { state in
            var ended = state.jobs.values.compactMap(\.remains).sorted { $0.since > $1.since }
            var weight = ended.reduce(0) { $0 + $1.weight }
            while ended.count > mostJobs || weight > Self.mostUnkept, let oldest = ended.popLast() {
                state.jobs[oldest.id] = nil
                weight -= oldest.weight
            }
        }
    }

    private func forget(_ job: CheckJob) {
        _ = state.withLock { $0.jobs.removeValue(forKey: job.id) }
    }

    // MARK: The end of the service

    /// Ends all look-ups, where there is no time left to wait for them.
    func cancel() {
        for flight in state.withLock({ Array($0.flights.values) }) { flight.cancel() }
    }

    /// Waits until nothing is under way: reports are kept before the service ends, and no look-up
    /// outlives the sockets it asks through.
    func drain() async {
        for flight in state.withLock({ Array($0.flights.values) }) { _ = try? await flight.value() }
        for job in state.withLock({ Array($0.jobs.values) }) { await job.end() }
    }

    // MARK: The store

    /// - Throws: ``WebError/notKept``.
    func keep(
        _ evidence: Evidence, of subject: Subject, as id: String, token: String
    ) async throws {
        do {
            forget(
                try await store.keep(
                    .init(
                        id: id, owner: OwnerDigest(of: token), expires: now + lifetime,
                        evidence: try EvidenceCodec.encode(evidence, of: subject))))
        } catch {
            logger.error(
                "a report could not be kept", metadata: ["error": "\(StoreError(error).what)"])
            metrics.countStoreFailure()
            throw WebError.notKept
        }
        metrics.countKept()
    }

    /// Deletes a report if the token is its owner's.
    /// - Throws: ``WebError/gone`` if it is not, or there is none; ``WebError/storeDown``.
    func delete(_ id: String, token: String) async throws {
        let isGone: Bool
        do {
            isGone = try await store.delete(id, token: token)
        } catch {
            metrics.countStoreFailure()
            throw WebError.storeDown
        }
        guard isGone else { throw WebError.gone }
        forget([id])
    }

    /// Forgets what is held of reports that the store has no longer.
    private func forget(_ ids: [String]) {
        guard !ids.isEmpty else { return }
        cache.forget(ids)
        onGone(ids)
    }

    /// Deletes what is past its time, in the store and in memory.
    func sweep() async {
        let time = now
        state.withLock { state in
            Self.forgetStale(&state.jobs, at: time)
            state.recent.forgetOld(at: .now)
        }
        if let gone = try? await store.sweep(at: time) { forget(gone) }
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
