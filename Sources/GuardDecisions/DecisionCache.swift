package import NetNames
package import ReceiverModels
import SenderIdentity

/// Whose facts are kept: a client and what it says of itself.
package struct DecisionKey: Hashable, Sendable {
    package let client: IPAddress
    /// In lower case, as names compare; nil where there was no HELO.
    package let helo: [UInt8]?
    /// Made once: a decision looks its key up some ten times.
    private let hash: Int

    package init(client: IPAddress, helo: [UInt8]?) {
        let helo = helo.map { $0.prefix(HELOLimit.longest).map(Ascii.lowercased) }
        var hasher = Hasher()
        hasher.combine(client)
        hasher.combine(helo?.count ?? -1)
        // All bytes in one piece: the hasher's work is by the call.
        helo?.withUnsafeBytes { hasher.combine(bytes: $0) }
        self.client = client
        self.helo = helo
        hash = hasher.finalize()
    }

    package init(_ request: GuardRequest) {
        self.init(client: request.client, helo: request.helo)
    }

    package static func == (left: DecisionKey, right: DecisionKey) -> Bool {
        left.hash == right.hash && left.client == right.client && left.helo == right.helo
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }

    private enum HELOLimit {
        /// SMTP command lines end at 512 bytes (RFC 5321 §4.5.3.1.4), and no more is ever looked at.
        static let longest = 512
    }
}

/// What the guard remembers of clients, and who waits for what is being looked up; the time is
/// passed in.
///
/// 1. Facts are kept, not decisions: after a reload the new rules judge them, unless these need
///    names that were not asked for (``GuardRules/areEnough(_:)``).
/// 2. Facts that refuse mail are used no longer than the DNS vouches for them. Those that let it in
///    live at least ``Bounds/floor``, so that tiny TTLs do not cost a look-up for each message.
/// 3. One look-up runs for a key at a time; whoever asks meanwhile waits for it.
/// 4. Failures are remembered for a short time that grows (``FailureMemory``), and of reverse zones
///    that seem to answer nobody few clients are asked about (``SilentZones``).
/// 5. Entries and their bytes are bounded; what was not asked for lately goes first.
package struct DecisionCache: Sendable {
    /// How long what is kept, and how much of it.
    package struct Bounds: Hashable, Sendable {
        /// Clients with their HELO names.
        package var entries = 100_000
        /// Bytes of all entries: HELO names and PTR names may be long, and are chosen by the peer.
        package var bytes = 64 << 20
        /// Least lifetime of facts that keep no mail out, for domains with tiny TTLs.
        package var floor: Duration = .seconds(10)
        /// Longest lifetime: an hour, so that a mend is seen the same day whatever the TTL was.
        package var ceiling: Duration = .seconds(3600)
        /// Longest lifetime of facts that rest on an absence, which people mend first.
        package var negativeCeiling: Duration = .seconds(900)
        /// The first memory of a failure; RFC 9520 §3.2 allows 1 s to 5 min.
        package var failureFloor: Duration = .seconds(1)
        package var failureCeiling: Duration = .seconds(300)

        package init() {}
    }

    /// Who asked: a number that the shell gives out.
    package struct Waiter: Hashable, Sendable {
        package let number: UInt64

        package init(_ number: UInt64) {
            self.number = number
        }
    }

    /// One look-up on its way.
    package struct Flight: Hashable, Sendable {
        package let key: DecisionKey
        package let number: UInt64
        package let startedAt: Duration
    }

    package enum Answer: Hashable, Sendable {
        /// Decide on these facts at once; the waiter is not noted.
        case known(GuardFacts)
        /// Somebody has asked already: ``DecisionCache/complete(_:with:at:)`` names the waiter.
        case joined(Flight)
        /// Look it up, then call ``DecisionCache/complete(_:with:at:)`` or
        /// ``DecisionCache/abandon(_:)``, which name the waiter too.
        case lookUp(Flight)
        /// Nobody can be asked about it now, by no fault of its own
        /// (``GuardTrouble/silentZone``); the waiter is not noted.
        case spared
    }

    /// Facts and those who wait for them.
    package struct Arrival: Hashable, Sendable {
        package let facts: GuardFacts
        package let waiters: [Waiter]
        /// How long other guards may use the facts; nil where they may not.
        package let sharedFor: Duration?
    }

    /// What happened since the start.
    package struct Counters: Hashable, Sendable {
        package var hits = 0
        package var misses = 0
        package var joins = 0
        /// Entries that went for want of room.
        package var evictions = 0
        /// Entries that came from the shared cache.
        package var admitted = 0
        /// Answers without a look-up, because nobody answered for the client or its reverse zone.
        package var spared = 0

        package init() {}
    }

    package let bounds: Bounds
    package private(set) var counters = Counters()
    private var entries: EntryTable
    private var flights: [DecisionKey: OpenFlight] = [:]
    private var deadlines = DeadlineQueue()
    /// Those who wait for anything.
    private var waiting: Set<Waiter> = []
    /// How many deadlines there are when they are looked through next.
    private var sweepAt = DecisionCache.fewDeadlines
    private var failures: FailureMemory
    private var silentZones = SilentZones()
    /// When a server last said anything to anybody; nil before the first time.
    private var lastHeard: Duration?
    private var lastNumber: UInt64 = 0

    private struct OpenFlight: Sendable {
        let flight: Flight
        /// Whether it asks for every PTR name.
        let findsEveryName: Bool
        var waiters: [Waiter] = []

        /// Whether it will bring what these rules need.
        func serves(_ rules: GuardRules, at now: Duration) -> Bool {
            now - flight.startedAt < DecisionCache.longestFlight
                && (findsEveryName || !rules.needsEveryName)
        }
    }

    /// Up to this many are not worth looking through.
    private static let fewDeadlines = 1_024

    /// A look-up that has not ended by then was forgotten by its shell; longer than any deadline.
    package static let longestFlight: Duration = .seconds(30)

    package init(_ bounds: Bounds = Bounds()) {
        self.bounds = bounds
        entries = EntryTable(capacity: bounds.entries, bytes: bounds.bytes)
        failures = FailureMemory(floor: bounds.failureFloor, ceiling: bounds.failureCeiling)
    }

    package var count: Int { entries.count }
    /// Roughly, the memory of the entries.
    package var byteCount: Int { entries.bytes }
    package var flightCount: Int { flights.count }

    /// Asks for a key's facts.
    /// - Parameters:
    ///   - key: Client and HELO.
    ///   - waiter: Whom to name when the facts arrive.
    ///   - deadline: When the waiter gives up; see ``expire(at:)``.
    ///   - now: The time, on any clock that does not go back.
    ///   - rules: Under which the facts will be looked up and judged.
    /// - Returns: The facts, or what to do to have them.
    package mutating func ask(
        _ key: DecisionKey, by waiter: Waiter, until deadline: Duration, at now: Duration,
        under rules: GuardRules
    ) -> Answer {
        if let facts = entries.facts(of: key, at: now, under: rules) {
            counters.hits += 1
            return .known(facts)
        }
        if let open = flights[key], open.serves(rules, at: now) {
            counters.joins += 1
            flights[key]?.waiters.append(waiter)
            note(waiter, of: key, until: deadline)
            return .joined(open.flight)
        }
        // Its own silence counts whatever it says as HELO, unless that may be an exception.
        if !rules.acceptsByHELO, failures.isSilent(.client(key.client), at: now) {
            counters.spared += 1
            return .known(.silentClient)
        }
        guard silentZones.admit(key.client, at: now) else {
            counters.spared += 1
            return .spared
        }
        counters.misses += 1
        lastNumber += 1
        let flight = Flight(key: key, number: lastNumber, startedAt: now)
        // Those who wait for a lost look-up, or for one that asks for less, wait for this one now.
        let waiters = (flights[key]?.waiters ?? []) + [waiter]
        flights[key] = OpenFlight(
            flight: flight, findsEveryName: rules.needsEveryName, waiters: waiters)
        note(waiter, of: key, until: deadline)
        return .lookUp(flight)
    }

    private mutating func note(_ waiter: Waiter, of key: DecisionKey, until deadline: Duration) {
        waiting.insert(waiter)
        deadlines.insert(.init(at: deadline, waiter: waiter, key: key))
        // Most are answered long before their deadline: their places are not kept until it. Looked
        // through when they have doubled, so that each is looked at twice on average.
        guard deadlines.count >= sweepAt else { return }
        deadlines.keep { waiting.contains($0.waiter) }
        sweepAt = max(Self.fewDeadlines, 2 * deadlines.count)
    }

    /// Ends a look-up with its outcome, which is kept as long as it may be.
    ///
    /// The facts to decide on are the arrival's: where nobody was heard from since the look-up
    /// began, its failures are taken for ours.
    /// - Parameters:
    ///   - flight: The look-up; one that was ended or replaced before names no waiters, and what it
    ///     brings is not kept.
    ///   - outcome: What came of it.
    ///   - now: The time.
    /// - Returns: The facts, and who waits for them.
    package mutating func complete(
        _ flight: Flight, with outcome: GuardOutcome, at now: Duration
    ) -> Arrival {
        if outcome.heardAnything { lastHeard = now }
        let isCurrent = flights[flight.key]?.flight == flight
        let waiters = end(flight)
        let lifetime = outcome.lifetime ?? .zero
        if outcome.facts.isOpen {
            // Somebody heard in the very moment it began says nothing of what came after.
            let isOurs =
                !outcome.heardAnything && (lastHeard.map { $0 <= flight.startedAt } ?? true)
            let facts = isOurs ? outcome.facts.blamingNobody : outcome.facts
            let memory = remember(facts, of: flight, isOurs: isOurs, outcome.isSilent, at: now)
            // One side may be proven bad while the other failed.
            if isCurrent {
                keep(
                    facts, for: flight.key, provenUntil: flight.startedAt + lifetime,
                    keptUntil: now + memory)
            }
            return Arrival(facts: facts, waiters: waiters, sharedFor: nil)
        }
        noteAnswer(about: flight.key.client)
        guard isCurrent else {
            return Arrival(facts: outcome.facts, waiters: waiters, sharedFor: nil)
        }
        let isAbsence = outcome.facts.iprev == .permerror || outcome.facts.iprev == .fail
        let proven = min(lifetime, isAbsence ? bounds.negativeCeiling : bounds.ceiling)
        keep(
            outcome.facts, for: flight.key, provenUntil: flight.startedAt + proven,
            keptUntil: max(flight.startedAt + proven, now + bounds.floor))
        let left = flight.startedAt + proven - now
        return Arrival(
            facts: outcome.facts, waiters: waiters, sharedFor: left > .zero ? left : nil)
    }

    /// Ends a look-up that brings nothing: those who wait are told of a ``GuardTrouble``.
    package mutating func abandon(_ flight: Flight) -> [Waiter] { end(flight) }

    /// Those whose deadline has passed; their look-up goes on, for the next who asks.
    ///
    /// Calling it is a matter of choice: a shell with timers of its own need not.
    package mutating func expire(at now: Duration) -> [Waiter] {
        var expired: [Waiter] = []
        while let next = deadlines.first, next.at <= now {
            deadlines.removeFirst()
            if forget(next.waiter, of: next.key) { expired.append(next.waiter) }
        }
        return expired
    }

    /// Takes what another guard has found out, in place of a look-up's outcome.
    ///
    /// As in ``complete(_:with:at:)``, what comes for a look-up that was replaced is not kept: the
    /// rules may need more by now.
    /// - Returns: The facts, and who waits for them.
    package mutating func admit(
        _ shared: SharedFacts, for flight: Flight, at now: Duration
    ) -> Arrival {
        guard flights[flight.key]?.flight == flight, flight.key == shared.key else {
            return Arrival(facts: shared.facts, waiters: [], sharedFor: nil)
        }
        counters.admitted += 1
        let isAbsence = shared.facts.iprev == .permerror || shared.facts.iprev == .fail
        let proven =
            now + min(shared.lifetime, isAbsence ? bounds.negativeCeiling : bounds.ceiling)
        keep(shared.facts, for: shared.key, provenUntil: proven, keptUntil: proven)
        return Arrival(facts: shared.facts, waiters: end(flight), sharedFor: nil)
    }

    private mutating func end(_ flight: Flight) -> [Waiter] {
        guard flights[flight.key]?.flight == flight else { return [] }
        let waiters = flights.removeValue(forKey: flight.key)?.waiters ?? []
        for waiter in waiters { waiting.remove(waiter) }
        // What nobody waits for is no deadline.
        if flights.isEmpty { deadlines = DeadlineQueue() }
        return waiters
    }

    private mutating func forget(_ waiter: Waiter, of key: DecisionKey) -> Bool {
        guard waiting.remove(waiter) != nil,
            let place = flights[key]?.waiters.firstIndex(of: waiter)
        else { return false }
        flights[key]?.waiters.remove(at: place)
        return true
    }

    /// How long a failure is believed.
    private mutating func remember(
        _ facts: GuardFacts, of flight: Flight, isOurs: Bool, _ isSilent: Bool, at now: Duration
    ) -> Duration {
        // Our own trouble ends for all clients at once: nothing is to remember it for long.
        if isOurs { return bounds.failureFloor }
        let (client, startedAt) = (flight.key.client, flight.startedAt)
        if facts.iprev == .temperror {
            if isSilent {
                silentZones.noteSilence(of: client, since: startedAt, at: now)
            } else {
                silentZones.noteAnswer(about: client)
            }
            return failures.note(.client(client), isSilent: isSilent, since: startedAt, at: now)
        }
        noteAnswer(about: client)
        guard let name = flight.key.heloName else { return bounds.failureFloor }
        return failures.note(
            .domain(RegistrableDomain.of(name) ?? name), isSilent: false, since: startedAt, at: now)
    }

    private mutating func noteAnswer(about client: IPAddress) {
        failures.forget(.client(client))
        silentZones.noteAnswer(about: client)
    }

    private mutating func keep(
        _ facts: GuardFacts, for key: DecisionKey, provenUntil: Duration, keptUntil: Duration
    ) {
        counters.evictions += entries.insert(
            .init(key: key, facts: facts, provenUntil: provenUntil, keptUntil: keptUntil))
    }
}

extension GuardFacts {
    /// What is said of a client whose PTR nobody answered for a moment ago.
    static let silentClient = GuardFacts(
        findings: FindingSet([.reverseLookupFailed]), iprev: .temperror,
        address: .temporary(.timeout))
}

extension DecisionKey {
    fileprivate var heloName: DomainName? { helo.flatMap { HELOArgument($0).name } }
}
