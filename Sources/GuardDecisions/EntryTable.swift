import NetNames
import ReceiverModels

/// What is kept of clients, bounded in number and bytes.
///
/// When it is full, a hand goes round: an entry that was asked for since it last came by stays, the
/// next one that was not goes (the clock algorithm). A flood of new clients so drives out itself.
struct EntryTable: Sendable {
    struct Entry: Sendable {
        let key: DecisionKey
        let facts: GuardFacts
        /// Until then the DNS vouches for it.
        let provenUntil: Duration
        /// Until then it may be used as long as it refuses nothing, and unless a failure is the
        /// reason puts nothing off.
        let keptUntil: Duration
        var isAskedFor = false

        /// What the entry takes, its place in the table included.
        var bytes: Int {
            Self.fixed + (key.helo?.count ?? 0) * 2
                + facts.confirmedNames.reduce(0) { $0 + $1.wire.count + Self.perArray }
        }

        /// Two places for the key, the facts, and the arrays behind them.
        private static let fixed = 320
        private static let perArray = 40
    }

    private let capacity: Int
    private let mostBytes: Int
    private var places: [DecisionKey: Int] = [:]
    private var entries: [Entry?] = []
    private var free: [Int] = []
    private var hand = 0
    private(set) var bytes = 0

    init(capacity: Int, bytes: Int) {
        self.capacity = max(1, capacity)
        mostBytes = bytes
    }

    var count: Int { places.count }

    /// The facts, if they may be used under these rules now.
    mutating func facts(
        of key: DecisionKey, at now: Duration, under rules: GuardRules
    ) -> GuardFacts? {
        guard let place = places[key], let entry = entries[place], rules.areEnough(entry.facts)
        else { return nil }
        guard now < entry.keptUntil else {
            remove(place)
            return nil
        }
        if now >= entry.provenUntil {
            let isBarred =
                entry.facts.isOpen ? rules.refuses(entry.facts) : rules.restrains(entry.facts)
            if isBarred { return nil }
        }
        if !entry.isAskedFor { entries[place]?.isAskedFor = true }
        return entry.facts
    }

    /// Puts an entry in the place of an older one of its key.
    /// - Returns: How many others had to go.
    mutating func insert(_ entry: Entry) -> Int {
        if let place = places[entry.key] { remove(place) }
        guard entry.bytes <= mostBytes else { return 0 }
        var evicted = 0
        while places.count >= capacity || bytes + entry.bytes > mostBytes {
            evictOne()
            evicted += 1
        }
        bytes += entry.bytes
        if let place = free.popLast() {
            places[entry.key] = place
            entries[place] = entry
        } else {
            places[entry.key] = entries.count
            entries.append(entry)
        }
        return evicted
    }

    /// Only called when there is an entry.
    private mutating func evictOne() {
        while true {
            hand = hand + 1 < entries.count ? hand + 1 : 0
            guard let entry = entries[hand] else { continue }
            guard entry.isAskedFor else {
                remove(hand)
                return
            }
            entries[hand]?.isAskedFor = false
        }
    }

    private mutating func remove(_ place: Int) {
        guard let entry = entries[place] else { return }
        bytes -= entry.bytes
        places[entry.key] = nil
        entries[place] = nil
        free.append(place)
    }
}
