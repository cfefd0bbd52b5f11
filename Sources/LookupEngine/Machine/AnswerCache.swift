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

    /// A question with its hash, which is made once and not at each step.
    private struct Key: Hashable, Sendable {
        let question: Question
        private let hash: Int

        init(_ question: Question) {
            self.question = question
            hash = question.hashValue
        }

        static func == (left: Key, right: Key) -> Bool {
            left.hash == right.hash && left.question == right.question
        }

        func hash(into hasher: inout Hasher) { hasher.combine(hash) }
    }

    /// Where each question's entry is in ``ring``.
    private var places: [Key: Int] = [:]
    /// The entries; one whose question's place is another, or none, is dead.
    private var ring: [Entry] = []
    /// Their questions, apart: to be looked at, the two together would be copied.
    private var keys: [Key] = []
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
        guard !places.isEmpty else { return nil }
        let key = Key(planned.question)
        guard let place = places[key] else { return nil }
        let entry = ring[place]
        guard now < entry.expiresAt else {
            places[key] = nil
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
        // Where the response says it all, the failure is not kept beside it.
        let failure = observation.outcome.failure.flatMap { failure in
            observation.response?.outcome(of: observation.question) == .failed(failure)
                ? nil : failure
        }
        insert(
            Entry(
                // Whoever is told of it must not believe it for longer either.
                response: observation.response?.capped(
                    at: UInt32(clamping: lifetime.components.seconds)),
                failure: failure, weight: weight,
                storedAt: now, expiresAt: now + lifetime), for: Key(observation.question))
    }

    /// A full cache forgets its oldest entry: one by one, since a search for those that expire first
    /// would keep thousands of decisions waiting.
    private mutating func insert(_ entry: Entry, for key: Key) {
        guard capacity > 0 else { return }
        makeRoom(for: entry.weight)
        bytes += entry.weight
        if let place = places[key] {
            bytes -= ring[place].weight
            ring[place] = entry
        } else if ring.count < capacity {
            places[key] = ring.count
            ring.append(entry)
            keys.append(key)
        } else {
            bytes -= ring[oldest].weight
            forget(oldest)
            places[key] = oldest
            ring[oldest] = entry
            keys[oldest] = key
            oldest = (oldest + 1) % capacity
        }
    }

    /// Takes the question of a place out of the table, unless it has another place by now.
    private mutating func forget(_ place: Int) {
        if let index = places.index(forKey: keys[place]), places.values[index] == place {
            places.remove(at: index)
        }
    }

    /// Empties places in turn until the bytes suffice: large answers make room before places end.
    private mutating func makeRoom(for weight: Int) {
        while bytes > 0, bytes + weight > mostBytes {
            let place = nextEmptied % ring.count
            nextEmptied = place + 1
            forget(place)
            bytes -= ring[place].weight
            ring[place] = Entry(
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
