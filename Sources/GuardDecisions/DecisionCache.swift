package import NetNames
package import ReceiverModels

/// Whose facts are kept: a client and what it says of itself.
package struct DecisionKey: Hashable, Sendable {
    package let client: IPAddress
    /// In lower case, as names compare; nil where there was no HELO.
    package let helo: [UInt8]?

    package init(client: IPAddress, helo: [UInt8]?) {
        self.client = client
        self.helo = helo.map { $0.map(Ascii.lowercased) }
    }

    package init(_ request: GuardRequest) {
        self.init(client: request.client, helo: request.helo)
    }
}

/// What the guard remembers of clients, and who waits for what is being looked up; the time is
/// passed in.
///
/// Facts are kept, not decisions: after a reload the new rules judge them. One look-up runs for a
/// key at a time; whoever asks meanwhile waits for it.
package struct DecisionCache: Sendable {
    /// How long what is kept, and how much of it.
    package struct Bounds: Hashable, Sendable {
        /// Entries; one takes some 300 bytes.
        package var entries = 100_000
        /// Least lifetime of facts that keep no mail out, for domains with tiny TTLs.
        package var floor: Duration = .seconds(10)
        package var ceiling: Duration = .seconds(3600)
        /// Longest lifetime of facts that rest on an absence (RFC 2308 §5).
        package var negativeCeiling: Duration = .seconds(900)
        /// The first memory of a failure, doubled by each one that follows: RFC 9520 §3.2 allows
        /// 1 s to 5 min.
        package var failureFloor: Duration = .seconds(1)
        package var failureCeiling: Duration = .seconds(300)

        package init() {}
    }

    /// Who asked: a number that the shell gives out.
    package struct Waiter: Hashable, Sendable {
        package let number: UInt64
        package init(_ number: UInt64) { self.number = number }
    }

    /// One look-up on its way.
    package struct Flight: Hashable, Sendable {
        package let key: DecisionKey
        package let number: UInt64
        package let startedAt: Duration
    }

    package enum Answer: Hashable, Sendable {
        /// Decide on these facts at once.
        case known(GuardFacts)
        /// Somebody has asked already: ``complete(_:with:at:)`` will name the waiter.
        case joined
        /// Look it up, then call ``complete(_:with:at:)`` or ``abandon(_:)``; the waiter is noted.
        case lookUp(Flight)
    }

    /// Facts and those who wait for them.
    package struct Arrival: Hashable, Sendable {
        package let facts: GuardFacts
        package let waiters: [Waiter]
        /// What another guard may be told of it; nil when it is not to be shared.
        package let shared: SharedFacts?
    }

    package struct Counters: Hashable, Sendable {
        package var hits = 0
        package var misses = 0
        package var joins = 0
        package var evictions = 0
        /// Entries that came from the shared cache.
        package var admitted = 0
        /// Answers that were given because a delegation is known to be silent.
        package var spared = 0
        package init() {}
    }

    package private(set) var counters = Counters()

    package init(_ bounds: Bounds = Bounds()) { preconditionFailure("not written yet") }

    package var count: Int { preconditionFailure("not written yet") }
    package var flightCount: Int { preconditionFailure("not written yet") }

    /// Asks for a key's facts.
    /// - Parameters:
    ///   - waiter: Whom to name when the facts arrive; forgotten when they are known at once.
    ///   - deadline: When the waiter gives up; see ``expire(at:)``.
    package mutating func ask(
        _ key: DecisionKey, by waiter: Waiter, until deadline: Duration, at now: Duration,
        under rules: GuardRules
    ) -> Answer { preconditionFailure("not written yet") }

    /// Ends a look-up with its outcome, which is kept as long as it may be.
    ///
    /// The facts to decide on are the arrival's: where nothing was heard from anybody meanwhile, a
    /// failure is taken for ours.
    package mutating func complete(
        _ flight: Flight, with outcome: GuardOutcome, at now: Duration
    ) -> Arrival { preconditionFailure("not written yet") }

    /// Ends a look-up that brings nothing: those who wait are told ``GuardTrouble``.
    package mutating func abandon(_ flight: Flight) -> [Waiter] {
        preconditionFailure("not written yet")
    }

    /// Those whose deadline has passed; their look-up goes on, for the next who asks.
    package mutating func expire(at now: Duration) -> [Waiter] {
        preconditionFailure("not written yet")
    }

    /// When ``expire(at:)`` has something to do; nil when nobody waits.
    package var nextDeadline: Duration? { preconditionFailure("not written yet") }

    /// Takes what another guard has found out; it ends a flight of the same key.
    /// - Returns: Those who waited, with the facts.
    package mutating func admit(
        _ shared: SharedFacts, for key: DecisionKey, at now: Duration
    ) -> Arrival? { preconditionFailure("not written yet") }
}

/// Facts on their way between guards, with the time they have left.
package struct SharedFacts: Hashable, Sendable {
    package let key: DecisionKey
    package let facts: GuardFacts
    /// When the DNS no longer vouches for them, in seconds since 1970-01-01 UTC.
    package let lifetime: Duration

    /// The key for a shared cache, such as Redis: printable ASCII and short.
    package static func name(of key: DecisionKey) -> [UInt8] {
        preconditionFailure("not written yet")
    }

    /// A compact form with a version and a checksum.
    package func encoded(at wallClock: Int64) -> [UInt8] { preconditionFailure("not written yet") }

    /// Reads what a shared cache gave: untrusted, so that anything odd is nil.
    package init?(_ bytes: [UInt8], for key: DecisionKey, at wallClock: Int64) { return nil }
}
