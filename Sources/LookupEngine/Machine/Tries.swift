import DNSModel
import DNSWire
import SenderIdentity

/// Sending: tries, their plain and TCP sequels, and the end of a look-up.
extension DNSMachine {
    /// Asks the next server, or gives up when the tries are spent.
    mutating func beginTry(
        _ index: Int, at now: Duration, using generator: inout some RandomNumberGenerator
    ) {
        let tries = lookups[index].tries
        guard tries < manner.tries.count else {
            fail(index, at: now)
            return
        }
        let first = lookups[index].firstServer
        let server = lookups[index].probe == nil ? (first + tries) % servers.count : first
        let isPlain =
            isKnownPlain(server, for: index)
            || !lookups[index].hasHeard && tries >= manner.triesWithExtension
        lookups[index].nextTryAt = now + manner.tries[tries]
        lookups[index].tries += 1
        sendDatagram(index, to: server, isPlain: isPlain, at: now, using: &generator)
    }

    mutating func sendDatagram(
        _ index: Int, to server: Int, isPlain: Bool, at now: Duration,
        using generator: inout some RandomNumberGenerator
    ) {
        guard pay(index, at: now) else { return }
        let exchange = Exchange(
            token: freshToken(), server: server, transport: .udp, name: lookups[index].leg.name,
            id: .random(in: 0...UInt16.max, using: &generator), usesEDNS: !isPlain, sentAt: now)
        lookups[index].exchanges.append(exchange)
        actions.append(
            .sendDatagram(exchange.token, server: server, query(exchange, lookups[index].leg)))
    }

    /// Asks the same server over TCP, where answers have room and cannot be guessed.
    mutating func openStream(
        _ index: Int, to server: Int, at now: Duration,
        using generator: inout some RandomNumberGenerator
    ) {
        guard pay(index, at: now) else { return }
        let isPlain = isKnownPlain(server, for: index)
        let exchange = Exchange(
            token: freshToken(), server: server, transport: .tcp, name: lookups[index].leg.name,
            id: .random(in: 0...UInt16.max, using: &generator), usesEDNS: !isPlain, sentAt: now)
        lookups[index].exchanges.append(exchange)
        lookups[index].nextTryAt = now + LookupTimes.stream
        actions.append(.connect(exchange.token, server: server))
    }

    mutating func sendOverStream(at place: Place) {
        let exchange = lookups[place.lookup].exchanges[place.exchange]
        let bytes = query(exchange, lookups[place.lookup].leg)
        actions.append(.sendBytes(exchange.token, StreamFrame.bytes(around: bytes)))
    }

    private func isKnownPlain(_ server: Int, for index: Int) -> Bool {
        plainServers.contains(server) || lookups[index].plainServers.contains(server)
    }

    private func query(_ exchange: Exchange, _ leg: Question) -> [UInt8] {
        let message = Message.query(
            id: exchange.id, leg, edns: exchange.usesEDNS ? .init() : nil,
            isRecursive: manner == .recursive)
        // One question always fits, so nothing is thrown; an empty packet would go unanswered.
        return (try? MessageWriter.bytes(of: message)) ?? []
    }

    /// Takes one packet from the purse; when it is empty, only open exchanges are awaited.
    private mutating func pay(_ index: Int, at now: Duration) -> Bool {
        let purse = lookups[index].purse
        if take(from: purse) { return true }
        if !purse.stage.asksOnce || lookups[index].exchanges.isEmpty {
            lookups[index].note(.budgetExhausted)
        }
        lookups[index].tries = manner.tries.count
        if !lookups[index].hasOpenExchange { fail(index, at: now) }
        return false
    }

    /// A reply that decides nothing, or a way that is barred: ask elsewhere, or stop.
    mutating func weaken(
        _ index: Int, _ failure: LookupFailure, _ response: Response? = nil, at now: Duration,
        using generator: inout some RandomNumberGenerator
    ) {
        lookups[index].note(failure, response)
        lookups[index].weakReplies += 1
        let enough =
            manner == .iterative
            ? LookupTimes.weakRepliesOfOneServer
            : max(servers.count, LookupTimes.weakRepliesOfOneServer)
        if lookups[index].weakReplies >= enough {
            fail(index, at: now)
        } else if lookups[index].tries < manner.tries.count {
            beginTry(index, at: now, using: &generator)
        } else if !lookups[index].hasOpenExchange {
            fail(index, at: now)
        }
    }

    mutating func end(_ place: Place, _ result: Observation.Attempt.Result, at now: Duration) {
        lookups[place.lookup].exchanges[place.exchange].end(result, at: now)
        actions.append(.close(lookups[place.lookup].exchanges[place.exchange].token))
    }

    /// Ends what is still awaited, because the question is settled or has moved on.
    mutating func closeOpenExchanges(_ index: Int, at now: Duration) {
        for exchange in lookups[index].exchanges.indices
        where lookups[index].exchanges[exchange].isOpen {
            end(.init(lookup: index, exchange: exchange), .failure(.timeout), at: now)
        }
    }

    mutating func finish(_ index: Int, with response: Response, at now: Duration) {
        closeOpenExchanges(index, at: now)
        lookups[index].isFinished = true
        // By its parts: a look-up is large, and would be copied to be asked.
        let attempts = Lookup.attempts(lookups[index].exchanges, servers: servers, at: now)
        let elapsed = now - lookups[index].startedAt
        for planned in lookups[index].waiters {
            let observation = Observation(
                question: planned.question, stage: planned.stage, response: response,
                attempts: attempts, elapsed: elapsed)
            report(observation, of: lookups[index].probe, to: planned)
        }
    }

    mutating func fail(_ index: Int, at now: Duration) {
        guard !lookups[index].isFinished else { return }
        closeOpenExchanges(index, at: now)
        lookups[index].isFinished = true
        for planned in lookups[index].waiters {
            let observation = lookups[index].failedObservation(
                for: planned, servers: servers, at: now)
            report(observation, of: lookups[index].probe, to: planned)
        }
    }

    private mutating func report(
        _ observation: Observation, of probe: Int?, to planned: PlannedQuestion
    ) {
        actions.append(
            probe.map { .probed($0, observation) } ?? .finished(planned, observation))
    }
}
