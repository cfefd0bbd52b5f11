import DNSModel
import DNSWire
import NetNames
import SenderIdentity

/// Receiving: whether a reply is ours, and what follows from it.
extension DNSMachine {
    mutating func receiveDatagram(
        _ bytes: [UInt8], isFromServer: Bool, at place: Place, now: Duration,
        using generator: inout some RandomNumberGenerator
    ) {
        guard isFromServer, isReply(bytes, to: place) else {
            meetStranger(at: place, now: now, using: &generator)
            return
        }
        guard let message = try? Message(reading: bytes) else {
            end(place, .failure(.malformed), at: now)
            weaken(place.lookup, .malformed, at: now, using: &generator)
            return
        }
        guard answersQuestion(message, at: place) else {
            meetStranger(at: place, now: now, using: &generator)
            return
        }
        lookups[place.lookup].hasHeard = true
        if message.flags.contains(.truncated) {
            end(place, .response(message.code, truncated: true), at: now)
            lookups[place.lookup].note(.truncated, lookups[place.lookup].chain)
            let server = lookups[place.lookup].exchanges[place.exchange].server
            openStream(place.lookup, to: server, at: now, using: &generator)
        } else {
            judge(message, at: place, now: now, using: &generator)
        }
    }

    /// Over TCP nobody can guess, so a reply that does not fit is a broken server's.
    mutating func receiveBytes(
        _ bytes: [UInt8], at place: Place, now: Duration,
        using generator: inout some RandomNumberGenerator
    ) {
        switch lookups[place.lookup].exchanges[place.exchange].frame.append(bytes) {
        case .needMore:
            break
        case .broken:
            end(place, .failure(.malformed), at: now)
            weaken(place.lookup, .malformed, at: now, using: &generator)
        case .message(let bytes):
            guard isReply(bytes, to: place), let message = try? Message(reading: bytes),
                answersQuestion(message, at: place)
            else {
                end(place, .failure(.malformed), at: now)
                weaken(place.lookup, .malformed, at: now, using: &generator)
                return
            }
            lookups[place.lookup].hasHeard = true
            if message.flags.contains(.truncated) {
                end(place, .response(message.code, truncated: true), at: now)
                weaken(place.lookup, .truncated, at: now, using: &generator)
            } else {
                judge(message, at: place, now: now, using: &generator)
            }
        }
    }

    /// Whether the header is that of an answer to this query.
    private func isReply(_ bytes: [UInt8], to place: Place) -> Bool {
        guard let header = Message.Header(of: bytes) else { return false }
        return header.id == lookups[place.lookup].exchanges[place.exchange].id
            && header.flags.contains(.response) && header.opcode == 0
    }

    /// Whether the question came back; servers that refuse a query may leave it out.
    private func answersQuestion(_ message: Message, at place: Place) -> Bool {
        if message.questions.isEmpty {
            return message.code != .noError && message.code != .noSuchName
        }
        return message.questions.count == 1 && message.questions[0] == lookups[place.lookup].leg
    }

    /// A reply that fits no query is ignored; after several, TCP is the safer way.
    private mutating func meetStranger(
        at place: Place, now: Duration, using generator: inout some RandomNumberGenerator
    ) {
        strangeReplies += 1
        lookups[place.lookup].strangeReplies += 1
        if lookups[place.lookup].strangeReplies == LookupTimes.strangeReplies {
            let server = lookups[place.lookup].exchanges[place.exchange].server
            openStream(place.lookup, to: server, at: now, using: &generator)
        }
    }

    private mutating func judge(
        _ message: Message, at place: Place, now: Duration,
        using generator: inout some RandomNumberGenerator
    ) {
        let index = place.lookup
        let exchange = lookups[index].exchanges[place.exchange]
        end(place, .response(message.code, truncated: false), at: now)
        let response = Response(
            message, to: lookups[index].leg, keepsGlue: manner == .iterative)
        if !asksAboutSpecialAddresses, response.leadsToSpecialAddress {
            // The resolver has followed the alias already: nothing of what it found is kept.
            withhold(index, at: now)
            return
        }
        if exchange.usesEDNS, Self.refusesEDNS(message.code) {
            if let failure = response.outcome(of: lookups[index].leg).failure {
                lookups[index].note(failure, response)
            }
            lookups[index].plainServers.insert(exchange.server)
            if exchange.transport == .tcp {
                openStream(index, to: exchange.server, at: now, using: &generator)
            } else {
                sendDatagram(index, to: exchange.server, isPlain: true, at: now, using: &generator)
            }
            return
        }
        if manner == .iterative {
            finish(index, with: response, at: now)
            return
        }
        let joined = lookups[index].chain?.joined(with: response) ?? response
        let question = lookups[index].question
        switch joined.outcome(of: question) {
        case .answers, .noData, .noSuchName:
            learn(from: exchange, of: index)
            finish(index, with: joined, at: now)
        case .failed(let failure):
            if let end = joined.danglingEnd(of: question), end != lookups[index].leg.name {
                learn(from: exchange, of: index)
                closeOpenExchanges(index, at: now)
                lookups[index].restart(at: end, chain: joined)
                beginTry(index, at: now, using: &generator)
            } else {
                weaken(index, failure, joined, at: now, using: &generator)
            }
        }
    }

    private mutating func withhold(_ index: Int, at now: Duration) {
        lookups[index].failure = .specialPurpose
        lookups[index].failedResponse = nil
        lookups[index].chain = nil
        fail(index, at: now)
    }

    /// What servers without EDNS say to it (RFC 6891 §7).
    private static func refusesEDNS(_ code: ResponseCode) -> Bool {
        code == .formatError || code == .notImplemented || code == .badVersion
    }

    /// Remembers for the next questions which server answers, and whether only plainly.
    private mutating func learn(from exchange: Exchange, of index: Int) {
        if !exchange.usesEDNS { plainServers.insert(exchange.server) }
        let first = lookups[index].firstServer
        guard exchange.server != first, preferredServer == first else { return }
        if lookups[index].exchanges.contains(where: { $0.server == first && $0.isUseless }) {
            preferredServer = exchange.server
        }
    }
}

extension Response {
    /// Whether one of its aliases leads into the reverse zone of special-purpose addresses.
    fileprivate var leadsToSpecialAddress: Bool {
        answers.contains { record in
            guard case .cname(let target) = record.data else { return false }
            return SpecialAddresses.excludesPublicReverse(target)
        }
    }
}
