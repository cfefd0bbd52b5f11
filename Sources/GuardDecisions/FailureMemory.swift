import NetNames

/// Which delegations fail, and how long that is believed: RFC 9520 §3.2 for a client of resolvers.
///
/// 1. A zone is a client's reverse zone as it is usually cut (/24 or /64), or the registrable domain
///    of a HELO name.
/// 2. The first failure is believed for ``floor``; each one that follows, in a look-up that began
///    after the last one was noted, for twice as long, up to ``ceiling``; where a server answers with
///    an error, and asking again costs next to nothing, up to ``heardCeiling``. An answer ends it.
/// 3. From the third silence on nobody asks in that zone while the last one is believed: each of its
///    clients would wait for the whole deadline. Then one asks again.
struct FailureMemory: Sendable {
    private struct Trouble: Sendable {
        var count: Int
        var silences: Int
        var notedAt: Duration
        var until: Duration
    }

    let floor: Duration
    let ceiling: Duration
    private var zones: [DomainName: Trouble] = [:]

    /// Silences in a row until a zone is left alone: two may be two broken names.
    static let patience = 3
    /// Longest memory of a failure that somebody told: so that a mend is seen soon.
    static let heardCeiling: Duration = .seconds(30)
    /// More failing zones at once are a trouble of ours; then old ones are forgotten.
    static let capacity = 4096

    init(floor: Duration, ceiling: Duration) {
        self.floor = floor
        self.ceiling = ceiling
    }

    var isEmpty: Bool { zones.isEmpty }

    /// Whether a zone is to be left alone now.
    func isSilent(_ zone: @autoclosure () -> DomainName, at now: Duration) -> Bool {
        guard !zones.isEmpty, let trouble = zones[zone()] else { return false }
        return trouble.silences >= Self.patience && now < trouble.until
    }

    /// Notes a failure.
    /// - Returns: How long it is believed.
    mutating func note(
        _ zone: DomainName, isSilent: Bool, since startedAt: Duration, at now: Duration
    ) -> Duration {
        guard var trouble = zones[zone] else {
            if zones.count >= Self.capacity { makeRoom(at: now) }
            zones[zone] = Trouble(
                count: 1, silences: isSilent ? 1 : 0, notedAt: now, until: now + floor)
            return floor
        }
        // Look-ups that were on their way together say it only once.
        guard startedAt >= trouble.notedAt else { return max(floor, trouble.until - now) }
        trouble.count += 1
        trouble.silences = isSilent ? trouble.silences + 1 : 0
        trouble.notedAt = now
        let believed = interval(after: trouble.count, isSilent: isSilent)
        trouble.until = now + believed
        zones[zone] = trouble
        return believed
    }

    mutating func forget(_ zone: @autoclosure () -> DomainName) {
        if !zones.isEmpty { zones[zone()] = nil }
    }

    private func interval(after count: Int, isSilent: Bool) -> Duration {
        let ceiling = isSilent ? ceiling : min(ceiling, Self.heardCeiling)
        var interval = floor
        for _ in 1..<count where interval < ceiling { interval *= 2 }
        return min(interval, ceiling)
    }

    /// Drops what is over, and if that is nothing, everything.
    private mutating func makeRoom(at now: Duration) {
        zones = zones.filter { $0.value.until > now }
        if zones.count >= Self.capacity { zones = [:] }
    }
}
