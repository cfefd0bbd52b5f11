import DNSModel
import NetNames
import SenderIdentity

/// One zone at a time: whom to ask next, and what a server's word changes.
extension DelegationWalk {
    /// Asks as many servers of the descent's zone as it needs now, and ends it when none is left.
    mutating func advance(_ index: Int) {
        while !descents[index].isDone {
            let visit = descents[index].visit
            let names = visits[visit].cut.servers
            let atOnce =
                descents[index].isForAddress
                ? WalkLimits.serversAtOnceForNames : WalkLimits.serversAtOnce
            guard visits[visit].nextName < names.count,
                descents[index].isFinal || visits[visit].openCount < atOnce
            else { break }
            let name = names[visits[visit].nextName]
            visits[visit].nextName += 1
            visits[visit].servers.append(ServerState(name: name))
            if hosts[name] == nil { seek(name, for: index) }
            approach(visit, visits[visit].servers.count - 1)
        }
        let visit = visits[descents[index].visit]
        guard !descents[index].isDone, visit.isSettled, visit.nextName == visit.cut.servers.count
        else { return }
        if !descents[index].isForAddress, visit.cut.serverCount > visit.cut.servers.count {
            note(.servers)
        }
        finish(index)
    }

    /// Asks a server whose name is looked up, at each of its addresses.
    private mutating func approach(_ visit: Int, _ server: Int) {
        let name = visits[visit].servers[server].name
        guard visits[visit].servers[server].reply == nil,
            visits[visit].servers[server].address == nil
        else { return }
        switch hosts[name] {
        case .sought:
            break
        case .known(let all) where !all.isEmpty:
            let version4 = all.filter { $0.family == .v4 }
            let used = (version4.isEmpty ? all : version4).prefix(WalkLimits.addressesPerServer)
            for (number, address) in used.enumerated() {
                var place = server
                if number > 0 {
                    place = visits[visit].servers.count
                    visits[visit].servers.append(ServerState(name: name))
                }
                visits[visit].servers[place].address = address
                if isForbidden(address) {
                    visits[visit].servers[place].reply = .refusedAddress
                } else {
                    probe(
                        address, visits[visit].asked, for: .reply(visit: visit, server: place))
                }
            }
        case .known, .absent:
            visits[visit].servers[server].reply = .noAddress
        case .unknown, nil:
            visits[visit].servers[server].reply = .unknownAddress
        }
    }

    /// A zone chooses its servers' addresses: it must not make us talk to somebody's inner network.
    private func isForbidden(_ address: IPAddress) -> Bool {
        !allowsSpecialAddresses && SpecialAddresses.purpose(of: address) != nil
    }

    /// Goes on wherever a name was waited for that is now known, or known to stay unknown.
    mutating func resumeWaiting() {
        for visit in visits.indices {
            let before = visits[visit].openCount
            guard before > 0 else { continue }
            for server in visits[visit].servers.indices { approach(visit, server) }
            let descent = visits[visit].descent
            if visits[visit].openCount < before, descents[descent].visit == visit {
                advance(descent)
            }
        }
    }

    /// Ends the look-ups that nothing is on its way for; false when there is none.
    mutating func giveUpWaiting() -> Bool {
        var isWaiting = false
        for (name, host) in hosts {
            guard case .sought(let descent) = host else { continue }
            hosts[name] = .unknown
            descents[descent].isDone = true
            isWaiting = true
        }
        if isWaiting { resumeWaiting() }
        return isWaiting
    }

    /// Remembers a delegation and its glue, which also ends the look-ups of those names: a server
    /// in its own zone can be had in no other way.
    mutating func learn(_ cut: Cut) {
        if cuts[cut.zone] == nil { cuts[cut.zone] = cut }
        var wasSought = false
        for name in cut.servers {
            let addresses = cut.glue.compactMap { record -> IPAddress? in
                guard record.name == name, case .address(let address) = record.data else {
                    return nil
                }
                return address
            }
            guard !addresses.isEmpty else { continue }
            switch hosts[name] {
            case .known: break
            case .absent, .unknown, nil: hosts[name] = .known(addresses)
            case .sought(let descent):
                hosts[name] = .known(addresses)
                descents[descent].isDone = true
                wasSought = true
            }
        }
        if wasSought { resumeWaiting() }
    }

    // MARK: Replies

    mutating func takeReply(_ observation: Observation, _ visit: Int, _ server: Int) {
        let word = ServerWord(observation, in: visits[visit].cut.zone)
        visits[visit].servers[server].reply = word.reply
        visits[visit].servers[server].authority = word.authority
        visits[visit].servers[server].elapsed = observation.elapsed
        let index = visits[visit].descent
        if let cut = word.cut { learn(cut) }
        if descents[index].isForAddress {
            takeAddress(observation, word, index, visit)
            return
        }
        if word.reply.isAuthoritative, word.authority == nil,
            let address = visits[visit].servers[server].address
        {
            visits[visit].servers[server].isAwaitingAuthority = true
            probe(
                address, Question(enclosing(visits[visit]), .soa),
                for: .authority(visit: visit, server: server))
        }
        guard descents[index].visit == visit, !descents[index].isDone else { return }
        if let cut = word.cut {
            // Also where another server has denied the name: the way must not depend on who is faster.
            descents[index].isFinal = false
            move(index, to: cut)
            return
        }
        if word.reply.isAuthoritative { descents[index].isFinal = true }
        lookBelow(visit, server)
        advance(index)
    }

    /// The name whose SOA shows the zone of the name asked: an alias itself would hide it.
    private func enclosing(_ visit: VisitState) -> DomainName {
        visit.asked.name == visit.cut.zone
            ? visit.cut.zone : visit.asked.name.parent ?? visit.cut.zone
    }

    mutating func takeAuthority(_ observation: Observation, _ visit: Int, _ server: Int) {
        visits[visit].servers[server].isAwaitingAuthority = false
        let zone = visits[visit].cut.zone
        if let response = observation.response, response.isAuthoritative {
            visits[visit].servers[server].authority = response.authority(
                of: observation.question.name, within: zone)
        }
        if visits[visit].servers[server].authority == nil,
            let reply = visits[visit].servers[server].reply,
            reply == .noSuchName || reply == .noData,
            let address = visits[visit].servers[server].address
        {
            // A server that shows no SOA beside a denial shows none beside that of the parent name.
            if observation.question.name != zone {
                visits[visit].servers[server].isAwaitingAuthority = true
                probe(
                    address, Question(zone, .soa), for: .authority(visit: visit, server: server))
                return
            }
            visits[visit].servers[server].reply =
                observation.response == nil
                ? .failed(observation.outcome.failure ?? .timeout) : .lame
        }
        lookBelow(visit, server)
        let index = visits[visit].descent
        if descents[index].visit == visit { advance(index) }
    }

    /// Asks for the servers of a zone below this one that the same server holds, once.
    private mutating func lookBelow(_ visit: Int, _ server: Int) {
        guard let zone = visits[visit].servers[server].authority?.zone,
            let address = visits[visit].servers[server].address,
            zone != visits[visit].cut.zone, !visits[visit].hasLookedBelow,
            visits[visit].asked.name.isSubdomain(of: zone)
        else { return }
        visits[visit].hasLookedBelow = true
        // Until the zone's servers are known, this visit must not end.
        visits[visit].servers[server].isAwaitingAuthority = true
        probe(address, Question(zone, .ns), for: .below(visit: visit, zone))
    }

    mutating func takeZoneBelow(_ observation: Observation, _ visit: Int, _ zone: DomainName) {
        for server in visits[visit].servers.indices
        where visits[visit].servers[server].authority?.zone == zone {
            visits[visit].servers[server].isAwaitingAuthority = false
        }
        let index = visits[visit].descent
        guard descents[index].visit == visit, !descents[index].isDone else { return }
        if let response = observation.response,
            let cut = Cut(answering: response, at: zone, below: visits[visit].cut.zone)
        {
            learn(cut)
            descents[index].isFinal = false
            move(index, to: cut)
        } else {
            advance(index)
        }
    }

    private mutating func move(_ index: Int, to cut: Cut) {
        guard descents[index].cuts < WalkLimits.cuts else {
            note(.cuts)
            finish(index)
            return
        }
        descents[index].cuts += 1
        descents[index].visit = visits.count
        visits.append(
            VisitState(
                descent: index, asked: descents[index].goal, cut: cuts[cut.zone] ?? cut))
        advance(index)
    }

    /// A server's name: the first answer is good enough; without IPv4, IPv6 is asked for.
    private mutating func takeAddress(
        _ observation: Observation, _ word: ServerWord, _ index: Int, _ visit: Int
    ) {
        guard descents[index].visit == visit, !descents[index].isDone else { return }
        switch word.reply {
        case .referral:
            if let cut = word.cut { move(index, to: cut) }
        case .answers:
            hosts[observation.question.name] = .known(addressList(in: observation.outcome))
            finish(index)
        case .noData where observation.question.type == .a:
            guard case .address(let depth) = descents[index].purpose else { return }
            descents[index].isDone = true
            hosts[observation.question.name] = .sought(descent: descents.count)
            descend(
                to: Question(observation.question.name, .aaaa), for: .address(depth: depth))
        case .noData, .noSuchName, .alias:
            // An alias is no server's name (RFC 2181 §10.3).
            hosts[observation.question.name] = .absent
            finish(index)
        case .lame, .failed, .noAddress, .unknownAddress, .refusedAddress:
            advance(index)
        }
    }
}

extension VisitState {
    var aliasTarget: DomainName? {
        for server in servers {
            if case .alias(let target, _) = server.reply { return target }
        }
        return nil
    }

    /// Whether a server denies the name or its PTR record, and none has one.
    var isDenied: Bool {
        servers.contains { $0.reply == .noSuchName || $0.reply == .noData }
            && !servers.contains { server in
                if case .answers = server.reply { true } else { false }
            }
    }

    /// What the evidence keeps of it.
    var traced: DelegationTrace.Visit {
        DelegationTrace.Visit(
            asked: asked.name, zone: cut.zone, parent: cut.parent, ttl: cut.ttl,
            servers: cut.servers, serverCount: cut.serverCount,
            replies: servers.compactMap { server in
                // Left behind before it answered: nothing can be said about it.
                guard let reply = server.reply else { return nil }
                return DelegationTrace.ServerReply(
                    name: server.name, address: server.address, reply: reply,
                    authority: server.authority, elapsed: server.elapsed)
            })
    }
}
