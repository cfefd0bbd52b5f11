import NetNames

/// What failed, and how long that is believed: RFC 9520 §3.2 for a client of resolvers.
///
/// 1. A client's reverse look-up counts for that client alone: a neighbor's failure says nothing
///    about it (``SilentZones``). That of a HELO name counts for its registrable domain.
/// 2. The first failure is believed for ``floor``; each one that follows, in a look-up that began
///    after the last one was noted, for twice as long, up to ``ceiling``; where a server answers with
///    an error, and asking again costs next to nothing, up to ``heardCeiling``. An answer ends it.
struct FailureMemory: Sendable {
    enum Subject: Hashable, Sendable {
        case client(IPAddress)
        case domain(DomainName)
    }

    private struct Trouble: Sendable {
        var count: Int
        var isSilent: Bool
        var notedAt: Duration
        var until: Duration
    }

    let floor: Duration
    let ceiling: Duration
    private var troubles: [Subject: Trouble] = [:]

    /// Longest memory of a failure that somebody told: a mend is seen soon, and a resolver that is
    /// asked again answers out of its own memory (BIND's servfail-ttl is 1 s, Unbound's 5 s).
    ///
    /// With 30 s, more than one of a hundred decisions of the trial rested on a failure that was over.
    static let heardCeiling: Duration = .seconds(8)
    /// Some 5 MB; more that fails at once is a trouble of ours, and then it is forgotten.
    static let capacity = 32_768

    init(floor: Duration, ceiling: Duration) {
        self.floor = floor
        self.ceiling = ceiling
    }

    /// Whether nobody answered for it the last time, and that is still believed.
    func isSilent(_ subject: Subject, at now: Duration) -> Bool {
        guard !troubles.isEmpty, let trouble = troubles[subject] else { return false }
        return trouble.isSilent && now < trouble.until
    }

    /// Notes a failure.
    /// - Returns: How long it is believed.
    mutating func note(
        _ subject: Subject, isSilent: Bool, since startedAt: Duration, at now: Duration
    ) -> Duration {
        guard var trouble = troubles[subject] else {
            if troubles.count >= Self.capacity { makeRoom(at: now) }
            troubles[subject] = Trouble(
                count: 1, isSilent: isSilent, notedAt: now, until: now + floor)
            return floor
        }
        // Look-ups that were on their way together say it only once.
        guard startedAt >= trouble.notedAt else { return max(floor, trouble.until - now) }
        trouble.count += 1
        trouble.isSilent = isSilent
        trouble.notedAt = now
        let believed = interval(after: trouble.count, isSilent: isSilent)
        trouble.until = now + believed
        troubles[subject] = trouble
        return believed
    }

    mutating func forget(_ subject: Subject) {
        if !troubles.isEmpty { troubles[subject] = nil }
    }

    private func interval(after count: Int, isSilent: Bool) -> Duration {
        let ceiling = isSilent ? ceiling : min(ceiling, Self.heardCeiling)
        var interval = floor
        for _ in 1..<count where interval < ceiling { interval *= 2 }
        return min(interval, ceiling)
    }

    /// Drops what is over; everything, if that leaves no more than half the room: looking through
    /// all of them for each new one would be dear.
    private mutating func makeRoom(at now: Duration) {
        troubles = troubles.filter { $0.value.until > now }
        if troubles.count > Self.capacity / 2 { troubles = [:] }
    }
}
