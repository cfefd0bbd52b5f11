import DNSModel
import DNSWire
import NetNames
package import SenderIdentity

/// The DNS client of one verdict, free of I/O: events and a time go in, actions come out.
///
/// 1. A question goes to the first server, in a datagram of its own socket with a random id.
/// 2. An answer, NXDOMAIN, or NODATA with its SOA ends it. A chain of aliases that stops short is
///    asked on from its end and joined. Anything weaker is asked again at the next server, or once
///    more at the only one.
/// 3. Silence: the next server after ``LookupTimes/tries``. Truncation, or replies that do not fit:
///    TCP. EDNS refused: the same question plain.
/// 4. Every query is paid from its stage's budget; all questions share one deadline.
///
/// What does not fit a query in id, question, direction, opcode or sender is ignored and counted.
package struct DNSMachine: Sendable {
    private(set) var servers: [String]
    let deadline: Duration
    let manner: Manner
    /// Whether names in the reverse zones of special-purpose addresses are asked about, and answers
    /// taken to which an alias leads through one.
    let asksAboutSpecialAddresses: Bool
    var lookups: [Lookup] = []
    /// Few, so they are searched one by one: a table would hash each purse for each packet.
    private var spent: [(purse: PacketPurse, packets: Int)] = []
    /// Servers known to answer only plain queries.
    var plainServers: Set<Int> = []
    /// The server to begin with: moves on when it is of no use and another answers.
    var preferredServer = 0
    var actions: [MachineAction] = []
    /// Replies that fit no query.
    package var strangeReplies = 0
    private var lastToken = 0
    private var announcedWake: Duration?

    /// Whose work the servers do.
    package enum Manner: Sendable {
        /// Resolvers: any of them may answer, and shall find the answer.
        case recursive
        /// Name servers of zones: each is asked alone, without recursion, and whatever it says ends
        /// the question; nothing is cached.
        case iterative

        var tries: [Duration] {
            switch self {
            case .recursive: LookupTimes.tries
            case .iterative: WalkLimits.tries
            }
        }

        var triesWithExtension: Int {
            switch self {
            case .recursive: LookupTimes.triesWithExtension
            case .iterative: WalkLimits.triesWithExtension
            }
        }
    }

    /// Prepares a client that has asked nothing.
    /// - Parameters:
    ///   - servers: What observations name the servers as, `address#port`, in order of preference.
    ///   - deadline: When every open question fails, on the clock that the events carry.
    ///   - manner: Resolvers, or servers that are asked one by one.
    ///   - asksAboutSpecialAddresses: Whether the servers are asked about names in the reverse zones
    ///     of special-purpose addresses; false where strangers see what they answer.
    package init(
        servers: [String], deadline: Duration, manner: Manner = .recursive,
        asksAboutSpecialAddresses: Bool = true
    ) {
        precondition(
            !servers.isEmpty || manner == .iterative, "a client of resolvers needs one")
        self.servers = servers
        self.deadline = deadline
        self.manner = manner
        self.asksAboutSpecialAddresses = asksAboutSpecialAddresses
    }

    /// Makes one more server known.
    /// - Parameter server: Its label.
    /// - Returns: Its index.
    mutating func add(_ server: String) -> Int {
        servers.append(server)
        return servers.count - 1
    }

    /// Asks one server alone; the result is a ``MachineAction/probed(_:_:)`` with the given number.
    mutating func ask(
        _ planned: PlannedQuestion, of server: Int, probe: Int, at now: Duration,
        using generator: inout some RandomNumberGenerator
    ) -> [MachineAction] {
        lookups.append(
            Lookup(planned, startedAt: now, firstServer: server, probe: probe))
        if now < deadline {
            beginTry(lookups.count - 1, at: now, using: &generator)
        } else {
            fail(lookups.count - 1, at: now)
        }
        // What name servers say is not a resolver's word: it goes into no cache.
        var none = AnswerCache(capacity: 0)
        return takeActions(at: now, cache: &none)
    }

    /// Whether no question is on its way.
    var isIdle: Bool { lookups.isEmpty }

    /// Packets sent so far for a stage; for block lists, those of the one that has sent most.
    package func packetsSent(for stage: LookupStage) -> Int {
        spent.reduce(0) { $1.purse.stage == stage ? max($0, $1.packets) : $0 }
    }

    /// Takes one packet out of a purse.
    /// - Returns: False when the purse is empty.
    mutating func take(from purse: PacketPurse) -> Bool {
        guard let place = spent.firstIndex(where: { $0.purse == purse }) else {
            spent.append((purse, 1))
            return true
        }
        guard spent[place].packets < purse.stage.packetBudget else { return false }
        spent[place].packets += 1
        return true
    }

    /// Begins a look-up, joins one on its way, or answers from the cache.
    package mutating func ask(
        _ planned: PlannedQuestion, at now: Duration, cache: inout AnswerCache,
        using generator: inout some RandomNumberGenerator
    ) -> [MachineAction] {
        if !asksAboutSpecialAddresses,
            SpecialAddresses.excludesPublicReverse(planned.question.name)
        {
            let refusal = Observation(
                question: planned.question, stage: planned.stage, failure: .specialPurpose,
                attempts: [], elapsed: .zero)
            return [.finished(planned, refusal)]
        }
        if let known = cache.observation(of: planned, at: now) {
            return [.finished(planned, known)]
        }
        if let index = lookups.firstIndex(where: { $0.question == planned.question }) {
            lookups[index].waiters.append(planned)
            return []
        }
        lookups.append(Lookup(planned, startedAt: now, firstServer: preferredServer))
        if now < deadline {
            beginTry(lookups.count - 1, at: now, using: &generator)
        } else {
            fail(lookups.count - 1, at: now)
        }
        return takeActions(at: now, cache: &cache)
    }

    /// Takes one event; the actions are to be carried out in order.
    package mutating func handle(
        _ event: MachineEvent, at now: Duration, cache: inout AnswerCache,
        using generator: inout some RandomNumberGenerator
    ) -> [MachineAction] {
        switch event {
        case .datagram(let token, let bytes, let isFromServer):
            if let place = place(of: token) {
                receiveDatagram(
                    bytes, isFromServer: isFromServer, at: place, now: now, using: &generator)
            }
        case .connected(let token):
            if let place = place(of: token) { sendOverStream(at: place) }
        case .bytes(let token, let bytes):
            if let place = place(of: token) {
                receiveBytes(bytes, at: place, now: now, using: &generator)
            }
        case .closed(let token), .sendFailed(let token):
            if let place = place(of: token) {
                end(place, .failure(.unreachable), at: now)
                weaken(place.lookup, .unreachable, at: now, using: &generator)
            }
        case .timer:
            announcedWake = nil
            passTime(to: now, using: &generator)
        }
        return takeActions(at: now, cache: &cache)
    }

    /// Where an open exchange is kept.
    struct Place {
        let lookup: Int
        let exchange: Int
    }

    private func place(of token: SocketToken) -> Place? {
        // Look-ups are large: none of them is copied to be looked at.
        for index in lookups.indices {
            for exchange in lookups[index].exchanges.indices
            where lookups[index].exchanges[exchange].token == token
                && lookups[index].exchanges[exchange].isOpen
            {
                return Place(lookup: index, exchange: exchange)
            }
        }
        return nil
    }

    private mutating func passTime(
        to now: Duration, using generator: inout some RandomNumberGenerator
    ) {
        for index in lookups.indices {
            if now >= deadline {
                fail(index, at: now)
            } else if lookups[index].nextTryAt <= now {
                beginTry(index, at: now, using: &generator)
            }
        }
    }

    mutating func freshToken() -> SocketToken {
        lastToken += 1
        return SocketToken(rawValue: lastToken)
    }

    /// Hands out the actions, fills the cache, forgets finished look-ups and sets the alarm.
    private mutating func takeActions(
        at now: Duration, cache: inout AnswerCache
    ) -> [MachineAction] {
        for case .finished(_, let observation) in actions { cache.store(observation, at: now) }
        // The usual case apart: to be looked through, look-ups are copied.
        if lookups.count == 1, lookups[0].isFinished {
            lookups.removeAll(keepingCapacity: true)
        } else {
            lookups.removeAll { $0.isFinished }
        }
        var earliest: Duration?
        for index in lookups.indices {
            earliest = min(earliest ?? lookups[index].nextTryAt, lookups[index].nextTryAt)
        }
        if let earliest {
            let wake = min(earliest, deadline)
            if wake != announcedWake {
                announcedWake = wake
                actions.append(.wake(at: wake))
            }
        } else {
            announcedWake = nil
        }
        defer { actions = [] }
        return actions
    }
}
