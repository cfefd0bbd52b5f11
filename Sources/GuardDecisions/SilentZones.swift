import NetNames

/// Reverse zones that seem to answer nobody: few of their clients are asked about, so that they do
/// not hold every place for look-ups until the deadline.
///
/// Where a zone is really cut is not to be seen in silence: a recursive resolver tells nothing of
/// the way it went. A /24 (or /64) is a guess, and whoever holds a /28 of it by RFC 2317 can be
/// silent there at will. So the silence of neighbors never counts against a client: it is asked
/// about, or let in and marked as one that could not be (``GuardTrouble/silentZone``); it is put off
/// for its own silence alone (``FailureMemory``).
///
/// 1. After ``patience`` silences in a row, each in a look-up that began after the one before was
///    noted, one look-up may begin in the zone each ``probing``.
/// 2. A single answer about any of its clients ends that, and so does ``memory`` without another
///    silence.
///
/// A zone that is silent as a whole holds five places at most, whatever comes from it, and is asked
/// again within a second of its mend.
struct SilentZones: Sendable {
    private struct Zone: Sendable {
        var silences: Int
        var notedAt: Duration
        var probedAt: Duration?
    }

    /// By the lowest address.
    private var zones: [IPAddress: Zone] = [:]

    /// Silences in a row until few are asked: two may be two broken names.
    static let patience = 3
    /// Between two look-ups in a zone that is silent: five are under way at most
    /// (`LookupDeadline.usual`).
    static let probing: Duration = .seconds(1)
    /// How long a silence counts: as long as the longest failure that RFC 9520 §3.2 remembers.
    static let memory: Duration = .seconds(300)
    /// More silent zones at once are a trouble of ours, and then they are forgotten.
    static let capacity = 4096

    /// Whether a look-up about the client may begin now.
    mutating func admit(_ client: IPAddress, at now: Duration) -> Bool {
        guard !zones.isEmpty else { return true }
        let base = Self.base(of: client)
        guard let zone = zones[base], zone.silences >= Self.patience,
            now - zone.notedAt < Self.memory
        else { return true }
        if let last = zone.probedAt, now - last < Self.probing { return false }
        zones[base]?.probedAt = now
        return true
    }

    /// Nobody answered for the client's reverse zone.
    mutating func noteSilence(of client: IPAddress, since startedAt: Duration, at now: Duration) {
        let base = Self.base(of: client)
        guard var zone = zones[base], now - zone.notedAt < Self.memory else {
            if zones.count >= Self.capacity { makeRoom(at: now) }
            zones[base] = Zone(silences: 1, notedAt: now)
            return
        }
        // Look-ups that were on their way together say it only once.
        guard startedAt >= zone.notedAt else { return }
        zone.silences += 1
        zone.notedAt = now
        zones[base] = zone
    }

    /// Somebody answered, were it with an error.
    mutating func noteAnswer(about client: IPAddress) {
        if !zones.isEmpty { zones[Self.base(of: client)] = nil }
    }

    /// Of the zone as it is usually cut, like ``ReverseName/conventionalZone(of:)``.
    private static func base(of client: IPAddress) -> IPAddress {
        client.masked(to: client.family == .v4 ? 24 : 64)
    }

    private mutating func makeRoom(at now: Duration) {
        zones = zones.filter { now - $0.value.notedAt < Self.memory }
        if zones.count > Self.capacity / 2 { zones = [:] }
    }
}
