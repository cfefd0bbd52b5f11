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

    /// Where each question's entry is in ``ring``.
    private var places: [Question: Int] = [:]
    /// The entries with their questions; one whose place is another's, or nobody's, is dead.
    private var ring: [(question: Question, entry: Entry)] = []
    /// The place of the oldest entry, once all places are taken.
    private var oldest = 0
    private let capacity: Int
    /// Bytes of all answers: 16 MiB for the usual capacity.
    package let mostBytes: Int
    /// The place that is emptied next where bytes are short.
    private var nextEmptied = 0
    /// What the entries take in memory, dead ones included.
    package private(set) var bytes = 0
    private let failureMemory: Duration
    private let longestAnswer: Duration
    private let longestAbsence: Duration

    /// A verdict asks some 80 questions: enough for the clients of fifty verdicts, a few megabytes.
    package static let usualCapacity = 4096
    /// Bytes of the largest answer kept: 64 addresses, or the texts of a well used domain.
    package static let largestAnswer = 16 << 10
    /// Bytes for each of them: four times what a usual one takes.
    package static let bytesPerAnswer = 4 << 10

    /// - Parameters:
    ///   - capacity: Answers kept.
    ///   - failureMemory: How long a failure is believed; RFC 9520 §3.2 allows 1 s to 5 min.
    ///   - longestAnswer: How long an answer is believed at most, whatever its TTL.
    ///   - longestAbsence: The same for an absence.
    package init(
        capacity: Int = usualCapacity, failureMemory: Duration = LookupTimes.failureMemory,
        longestAnswer: Duration = LookupTimes.longestAnswerMemory,
        longestAbsence: Duration = LookupTimes.longestAbsenceMemory
    ) {
        self.capacity = capacity
        mostBytes = capacity * Self.bytesPerAnswer
        self.failureMemory = failureMemory
        self.longestAnswer = longestAnswer
        self.longestAbsence = longestAbsence
    }

    package var count: Int { places.count }

    /// The remembered observation with its TTLs run down, or nil.
    package mutating func observation(
        of planned: PlannedQuestion, at now: Duration
    ) -> Observation? {
        guard let place = places[planned.question] else { return nil }
        let entry = ring[place].entry
        guard now < entry.expiresAt else {
            places[planned.question] = nil
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
        let isExplained =
            observation.response?.outcome(of: observation.question) == observation.outcome
        insert(
            Entry(
                // Whoever is told of it must not believe it for longer either.
                response: observation.response?.capped(
                    at: UInt32(clamping: lifetime.components.seconds)),
                failure: isExplained ? nil : observation.outcome.failure, weight: weight,
                storedAt: now, expiresAt: now + lifetime), for: observation.question)
    }

    /// A full cache forgets its oldest entry: one by one, since a search for those that expire first
    /// would keep thousands of decisions waiting.
    private mutating func insert(_ entry: Entry, for question: Question) {
        guard capacity > 0 else { return }
        makeRoom(for: entry.weight)
        bytes += entry.weight
        if let place = places[question] {
            bytes -= ring[place].entry.weight
            ring[place] = (question, entry)
        } else if ring.count < capacity {
            places[question] = ring.count
            ring.append((question, entry))
        } else {
            let last = ring[oldest]
            bytes -= last.entry.weight
            if places[last.question] == oldest { places[last.question] = nil }
            places[question] = oldest
            ring[oldest] = (question, entry)
            oldest = (oldest + 1) % capacity
        }
    }

    /// Empties places in turn until the bytes suffice: large answers make room before places end.
    private mutating func makeRoom(for weight: Int) {
        while bytes > 0, bytes + weight > mostBytes {
            let place = nextEmptied % ring.count
            nextEmptied = place + 1
            let (question, entry) = ring[place]
            if places[question] == place { places[question] = nil }
            bytes -= entry.weight
            ring[place].entry = Entry(
                response: nil, failure: nil, weight: 0, storedAt: .zero, expiresAt: .zero)
        }
    }

    private func lifetime(of observation: Observation) -> Duration? {
        switch observation.outcome {
        case .answers(let answers):
            return min(.seconds(answers.ttl), longestAnswer)
        case .noData(let absence), .noSuchName(let absence):
            // RFC 2308 §5: without a SOA nobody said how long.
            guard let ttl = absence.ttl else { return nil }
            return min(.seconds(ttl), longestAbsence)
        case .failed(.budgetExhausted), .failed(.notRecorded), .failed(.specialPurpose):
            return nil
        case .failed(.timeout):
            // One unanswered packet, cut short by the deadline, is no evidence against the name.
            return observation.attempts.count > 1 ? failureMemory : nil
        case .failed:
            return failureMemory
        }
    }
}
