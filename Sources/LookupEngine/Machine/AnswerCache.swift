import DNSModel
package import SenderIdentity

/// What was looked up lately, for as long as it may be believed; the time is passed in.
///
/// One cache serves many verdicts. Budget failures are not kept: they say nothing about the name.
package struct AnswerCache: Sendable {
    private struct Entry: Sendable {
        let response: Response?
        /// Nil when the response says everything.
        let failure: LookupFailure?
        let weight: Int
        let storedAt: Duration
        let expiresAt: Duration
    }

    private var entries: [Question: Entry] = [:]
    private let capacity: Int
    /// What the entries take in memory.
    package private(set) var bytes = 0
    private let failureMemory: Duration

    /// A verdict asks some 80 questions: enough for the clients of fifty verdicts, a few megabytes.
    package static let usualCapacity = 4096
    /// Bytes of the largest answer kept: 64 addresses, or the texts of a well used domain.
    package static let largestAnswer = 16 << 10
    /// Bytes of all answers: four times what as many usual ones take.
    package static let mostBytes = 16 << 20

    /// - Parameters:
    ///   - capacity: Answers kept.
    ///   - failureMemory: How long a failure is believed; RFC 9520 §3.2 allows 1 s to 5 min.
    package init(
        capacity: Int = usualCapacity, failureMemory: Duration = LookupTimes.failureMemory
    ) {
        self.capacity = capacity
        self.failureMemory = failureMemory
    }

    package var count: Int { entries.count }

    /// The remembered observation with its TTLs run down, or nil.
    package mutating func observation(
        of planned: PlannedQuestion, at now: Duration
    ) -> Observation? {
        guard let entry = entries[planned.question] else { return nil }
        guard now < entry.expiresAt else {
            bytes -= entry.weight
            entries[planned.question] = nil
            return nil
        }
        let seconds = UInt32(clamping: (now - entry.storedAt).components.seconds)
        let response = entry.response?.aged(by: seconds)
        if let response, entry.failure == nil {
            return Observation(
                question: planned.question, stage: planned.stage, response: response, attempts: [],
                elapsed: .zero, isCached: true)
        }
        return Observation(
            question: planned.question, stage: planned.stage, failure: entry.failure ?? .timeout,
            response: response, attempts: [], elapsed: .zero, isCached: true)
    }

    /// Keeps an observation for as long as it says itself: answers by TTL, absence by its SOA.
    package mutating func store(_ observation: Observation, at now: Duration) {
        guard !observation.isCached, let lifetime = lifetime(of: observation), lifetime > .zero
        else { return }
        let weight = observation.response?.weight ?? 0
        guard weight <= Self.largestAnswer else { return }
        if let old = entries.removeValue(forKey: observation.question) { bytes -= old.weight }
        if isFull(for: weight) { makeRoom(for: weight, at: now) }
        let isExplained =
            observation.response?.outcome(of: observation.question) == observation.outcome
        entries[observation.question] = Entry(
            response: observation.response,
            failure: isExplained ? nil : observation.outcome.failure, weight: weight,
            storedAt: now, expiresAt: now + lifetime)
        bytes += weight
    }

    private func lifetime(of observation: Observation) -> Duration? {
        switch observation.outcome {
        case .answers(let answers):
            return min(.seconds(answers.ttl), LookupTimes.longestAnswerMemory)
        case .noData(let absence), .noSuchName(let absence):
            // RFC 2308 §5: without a SOA nobody said how long.
            guard let ttl = absence.ttl else { return nil }
            return min(.seconds(ttl), LookupTimes.longestAbsenceMemory)
        case .failed(.budgetExhausted), .failed(.notRecorded):
            return nil
        case .failed(.timeout):
            // One unanswered packet, cut short by the deadline, is no evidence against the name.
            return observation.attempts.count > 1 ? failureMemory : nil
        case .failed:
            return failureMemory
        }
    }

    /// Drops what has expired, and if that is nothing, the half that expires first.
    private mutating func makeRoom(for weight: Int, at now: Duration) {
        keep { $0.expiresAt > now }
        while isFull(for: weight), !entries.isEmpty {
            let times = entries.values.map(\.expiresAt).sorted()
            let middle = times[times.count / 2]
            keep { $0.expiresAt > middle }
        }
    }

    private func isFull(for weight: Int) -> Bool {
        entries.count >= capacity || bytes + weight > Self.mostBytes
    }

    private mutating func keep(_ isKept: (Entry) -> Bool) {
        entries = entries.filter { isKept($0.value) }
        bytes = entries.values.reduce(0) { $0 + $1.weight }
    }
}
