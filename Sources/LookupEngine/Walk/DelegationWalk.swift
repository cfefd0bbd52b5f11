import DNSModel
package import NetNames
package import SenderIdentity

/// Walks from the root servers to the keeper of a PTR name, free of I/O.
///
/// 1. Some servers of a zone are asked at once, without recursion, for the PTR record. The first
///    referral downwards leads on; while there is none, the zone's next servers are asked.
/// 2. A server that answers for the name itself makes the zone the last: all its servers are asked,
///    and for their SOA. If that is of a zone below, which the same servers hold, its own NS records
///    are asked for and its servers in turn.
/// 3. A reverse alias (RFC 2317) begins anew at the deepest known zone above its target.
/// 4. Where an IPv4 name is denied, the usual names of classless zones are tried at one server.
/// 5. Names of servers without glue are looked up by the same steps.
///
/// Each step is bounded by ``WalkLimits`` and its stage's packets. Nothing is believed about a name
/// that does not lie below the zone asked.
package struct DelegationWalk: NetworkRun {
    package let goal: DomainName
    private let client: IPAddress
    private let startedAt: Duration
    private let deadline: Duration
    let allowsSpecialAddresses: Bool
    package private(set) var isComplete = false
    private var endedAt: Duration?
    /// Whether all is known but for replies that are still on their way.
    private var isConcluding = false
    /// Until when those are waited for.
    private var concludedAt: Duration?

    private var machine: DNSMachine
    /// The address behind each of the machine's servers.
    package private(set) var addresses: [IPAddress] = []
    private var serverOf: [IPAddress: Int] = [:]

    var cuts: [DomainName: Cut] = [:]
    var hosts: [DomainName: Host] = [:]
    var descents: [Descent] = []
    var visits: [VisitState] = []
    var limits: [DelegationTrace.Limit] = []
    /// The delegations that were found by guessing.
    var classless: [DomainName] = []
    private var openGuesses = 0
    private var hasGuessed = false
    /// Names that the goal's aliases lead through.
    private var aliases: [DomainName] = []
    private var serverNamesSought = 0

    private enum ProbeState {
        case open([ProbeTarget])
        case done(Observation)
    }

    private var probes: [ProbeKey: ProbeState] = [:]
    /// By the probe's number.
    private var keys: [ProbeKey] = []
    private var wanted: [Int] = []
    private var results: [(ProbeTarget, Observation)] = []

    /// Prepares a walk; nothing is asked yet.
    /// - Parameters:
    ///   - client: Whose PTR name is walked to.
    ///   - hints: The root servers to begin with.
    ///   - now: The time at which it begins.
    ///   - deadline: The time it may take.
    package init(
        to client: IPAddress, from hints: RootHints, at now: Duration,
        deadline: Duration = WalkLimits.deadline
    ) {
        self.client = client
        goal = ReverseName.name(of: client)
        startedAt = now
        self.deadline = now + deadline
        allowsSpecialAddresses = hints.allowsSpecialAddresses
        machine = DNSMachine(servers: [], deadline: now + deadline, manner: .iterative)
        cuts[.root] = Cut(hints: hints)
        for server in hints.servers { hosts[server.name] = .known(server.addresses) }
    }

    package var packetsSent: Int { machine.packetsSent(for: .delegation) }

    package mutating func begin(
        at now: Duration, cache: inout AnswerCache,
        using generator: inout some RandomNumberGenerator
    ) -> [MachineAction] {
        descend(to: Question(goal, .ptr), for: .pointer)
        return digest([], now, &generator)
    }

    package mutating func handle(
        _ event: MachineEvent, at now: Duration, cache: inout AnswerCache,
        using generator: inout some RandomNumberGenerator
    ) -> [MachineAction] {
        let actions = machine.handle(event, at: now, cache: &cache, using: &generator)
        return digest(actions, now, &generator)
    }

    /// What was met; complete once the walk is.
    package var trace: DelegationTrace {
        DelegationTrace(
            goal: goal,
            visits: visits.filter { !descents[$0.descent].isForAddress }.map(\.traced),
            classless: classless, limits: DelegationTrace.Limit.allCases.filter(limits.contains),
            packets: packetsSent, elapsed: (endedAt ?? deadline) - startedAt)
    }

    /// Takes results in, sends what they make worth asking, and passes the other actions on.
    private mutating func digest(
        _ actions: [MachineAction], _ now: Duration,
        _ generator: inout some RandomNumberGenerator
    ) -> [MachineAction] {
        var passedOn: [MachineAction] = []
        var pending = actions[...]
        while !isComplete {
            if let action = pending.popFirst() {
                if case .probed(let number, let observation) = action {
                    settle(number, observation)
                } else {
                    passedOn.append(action)
                }
            } else if !results.isEmpty {
                let (target, observation) = results.removeFirst()
                take(observation, for: target)
            } else if !wanted.isEmpty, !isConcluding {
                let key = keys[wanted[0]]
                pending += machine.ask(
                    PlannedQuestion(key.question, stage: .delegation), of: server(at: key.address),
                    probe: wanted.removeFirst(), at: now, using: &generator)
            } else if machine.isIdle {
                // Names that wait for each other, as each is in the other's zone, wait for ever.
                if isConcluding || !giveUpWaiting() { isComplete = true }
            } else {
                break
            }
        }
        if isConcluding, !isComplete { passedOn += conclude(now) }
        if isComplete, endedAt == nil { endedAt = now }
        if now >= deadline { note(.time) }
        return passedOn + pending
    }

    /// Ends the walk once nobody who was asked about the name is silent, or the patience is over.
    private mutating func conclude(_ now: Duration) -> [MachineAction] {
        let end = min(concludedAt ?? now + WalkLimits.patience, deadline)
        concludedAt = end
        let isAwaiting = visits.contains { visit in
            !descents[visit.descent].isForAddress
                && visit.servers.contains { $0.reply == nil && $0.address != nil }
        }
        isComplete = !isAwaiting || now >= end
        return isComplete ? [] : [.wake(at: end)]
    }

    private mutating func server(at address: IPAddress) -> Int {
        if let known = serverOf[address] { return known }
        let index = machine.add("\(address)")
        addresses.append(address)
        serverOf[address] = index
        return index
    }

    mutating func note(_ limit: DelegationTrace.Limit) {
        if !limits.contains(limit) { limits.append(limit) }
    }

    // MARK: Probes

    mutating func probe(_ address: IPAddress, _ question: Question, for target: ProbeTarget) {
        let key = ProbeKey(address: address, question: question)
        switch probes[key] {
        case .done(let observation):
            results.append((target, observation))
        case .open(let targets):
            probes[key] = .open(targets + [target])
        case nil:
            probes[key] = .open([target])
            keys.append(key)
            wanted.append(keys.count - 1)
        }
    }

    private mutating func settle(_ number: Int, _ observation: Observation) {
        guard case .open(let targets) = probes[keys[number]] else { return }
        if observation.outcome.failure == .budgetExhausted { note(.packets) }
        probes[keys[number]] = .done(observation)
        results += targets.map { ($0, observation) }
    }

    private mutating func take(_ observation: Observation, for target: ProbeTarget) {
        switch target {
        case .reply(let visit, let server): takeReply(observation, visit, server)
        case .authority(let visit, let server): takeAuthority(observation, visit, server)
        case .below(let visit, let zone): takeZoneBelow(observation, visit, zone)
        case .guess(let zone): takeGuess(observation, zone)
        }
    }

    // MARK: What follows

    /// Begins a descent at the deepest known zone above the name.
    mutating func descend(to goal: Question, for purpose: Descent.Purpose) {
        let lineage = sequence(first: goal.name, next: \.parent)
        guard let cut = lineage.lazy.compactMap({ cuts[$0] }).first else { return }
        descents.append(Descent(goal: goal, purpose: purpose, visit: visits.count))
        visits.append(VisitState(descent: descents.count - 1, asked: goal, cut: cut))
        advance(descents.count - 1)
    }

    /// Looks a server's name up, unless too many were or it would be too deep.
    mutating func seek(_ name: DomainName, for asker: Int) {
        var depth = 1
        if case .address(let outer) = descents[asker].purpose { depth = outer + 1 }
        guard serverNamesSought < WalkLimits.serverNames, depth <= WalkLimits.serverNameDepth else {
            note(.serverNames)
            hosts[name] = .unknown
            return
        }
        serverNamesSought += 1
        hosts[name] = .sought(descent: descents.count)
        descend(to: Question(name, .a), for: .address(depth: depth))
    }

    /// The descent has learnt all it can: on to the alias's target, or to the guesses.
    mutating func finish(_ index: Int) {
        guard !descents[index].isDone else { return }
        descents[index].isDone = true
        let visit = visits[descents[index].visit]
        switch descents[index].purpose {
        case .address:
            if case .sought = hosts[visit.asked.name] { hosts[visit.asked.name] = .unknown }
            resumeWaiting()
        case .classless:
            isConcluding = true
        case .pointer:
            if let target = visit.aliasTarget {
                follow(target, from: visit.asked.name)
            } else if aliases.isEmpty, !hasGuessed, visit.isDenied {
                guessClasslessZones(at: visit)
            } else {
                isConcluding = true
            }
        }
    }

    private mutating func follow(_ target: DomainName, from name: DomainName) {
        aliases.append(name)
        guard !aliases.contains(target) else {
            isConcluding = true
            return
        }
        guard aliases.count <= EvidenceLimits.aliases else {
            note(.aliases)
            isConcluding = true
            return
        }
        descend(to: Question(target, .ptr), for: .pointer)
    }

    private mutating func guessClasslessZones(at visit: VisitState) {
        hasGuessed = true
        let server = visit.servers.first { $0.reply == .noSuchName || $0.reply == .noData }
        let zone = server?.authority?.zone ?? visit.cut.zone
        let names = ReverseName.classlessZones(of: client).filter { $0.isSubdomain(of: zone) }
        guard let address = server?.address, !names.isEmpty else {
            isConcluding = true
            return
        }
        openGuesses = names.count
        for name in names { probe(address, Question(name, .ns), for: .guess(name)) }
    }

    private mutating func takeGuess(_ observation: Observation, _ zone: DomainName) {
        openGuesses -= 1
        if let parent = zone.parent, let response = observation.response,
            let cut = Cut(in: response, of: zone, below: parent)
                ?? Cut(answering: response, at: zone, below: parent), cut.zone == zone
        {
            learn(cut)
            classless.append(zone)
        }
        guard openGuesses == 0 else { return }
        // The narrowest block that holds the address is meant for it.
        let order = ReverseName.classlessZones(of: client)
        classless = order.filter(classless.contains)
        guard let zone = classless.first, let label = goal.labels.first,
            let name = try? zone.prepending(label)
        else {
            isConcluding = true
            return
        }
        descend(to: Question(name, .ptr), for: .classless)
    }
}
