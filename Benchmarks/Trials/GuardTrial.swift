import DNSModel
import GuardDecisions
import LookupEngine
import NetNames
import ReceiverModels
import SenderIdentity

/// The guard under strict rules, with a DNS that fails and lies, its cache in the way, in virtual
/// time.
///
/// 1. No refusal without proof: each code that refuses must have been true when its records were
///    last really served, and their TTL must not be over.
/// 2. It does its work: bad clients are refused wherever the answer was to be had.
/// 3. Where an answer was to be had, it is had, wherever the decision took its facts from: what is
///    remembered of a failure that is over counts as a fault of the memory.
/// 4. When nobody answers anybody, nobody new is kept out.
/// 5. Under the default rules nobody is kept out at all.
struct GuardTrial {
    private static let clients = 2000
    /// As the policy service has it.
    private static let deadline: Duration = .seconds(4)
    private static let wantedRefusedPerMille = 999
    private static let mostOpenPerMille = 10

    private let world: GuardWorld
    private let faults = GuardFaults(seed: 20_261_121)
    private let rules: GuardRules
    private var dice: Dice
    private var cache = DecisionCache()
    /// With the memory of failures that the decisions have themselves.
    private var answers = AnswerCache(failureMemory: .seconds(1))
    private var now: Duration = .zero
    private var lastWaiter: UInt64 = 0
    /// When a question was last truly answered over the wire, and on which day of the world.
    private var served: [Question: (at: Duration, day: Int)] = [:]
    private var count = Count()
    /// When the world changes; nil before.
    private var turn: Duration?

    private enum Source: String, CaseIterable {
        case dns = "look-ups"
        /// Asked, but for a part that had failed a second ago.
        case rememberedFailure = "with a remembered failure"
        case cache = "from the cache"
        /// Not asked, because nobody answered for the client or its zone before.
        case silence = "not asked after a silence"
    }

    private struct Count {
        var decisions = 0
        var lookedUp = 0
        var fromCache = 0
        var refused = 0
        var deferred = 0
        var unproven = 0
        var mildRefusals = 0
        var keptOutInBlackout = 0
        var inBlackout = 0
        var waitersLost = 0
        /// Bad clients of which an answer was to be had, looked up or proven in the cache.
        var bad = 0
        var badRefused = 0
        /// Decisions that could rest on an answer, and those that did not.
        var answerable: [Source: Int] = [:]
        var open: [Source: Int] = [:]
    }

    private init?() {
        var dice = Dice(seed: 61)
        guard let world = GuardWorld(clients: Self.clients, dice: &dice),
            let rules = try? GuardRules(Self.strict)
        else { return nil }
        self.world = world
        self.rules = rules
        self.dice = dice
    }

    private static var strict: GuardRules.Source {
        var source = GuardRules.Source()
        source.profile = "strict-helo"
        return source
    }

    static func run(decisions: Int) -> Bool {
        guard var trial = GuardTrial() else { return false }
        for number in 0..<decisions {
            if number == decisions / 2 { trial.turn = trial.now }
            trial.decide()
        }
        return trial.report()
    }

    private var day: Int { turn == nil ? 0 : 1 }

    private mutating func decide() {
        now += .milliseconds(dice.number(0...50))
        // Few clients send most of the mail.
        let index = dice.chance(70) ? dice.number(0...99) : dice.number(0...(Self.clients - 1))
        let client = world.clients[index]
        let request = GuardRequest(client: client.address, helo: Array(client.helo.utf8))
        let startedAt = now
        let isBlackout = faults.isBlackout(at: now)
        let kind = client.kinds[day]
        let isToBeHad = client.allQuestions(kind).allSatisfy { faults.isClear($0, at: now) }
        count.decisions += 1
        let (facts, source) = facts(for: request)
        let isLookedUp = source == .dns || source == .rememberedFailure
        let decision = rules.decision(for: request, on: facts)
        let mild = GuardRules.honest.decision(for: request, on: facts)
        if mild.action.keepsOut { count.mildRefusals += 1 }
        if case .refuse = decision.action {
            count.refused += 1
            let proof = decision.because.allSatisfy {
                isProven($0, client, at: isLookedUp ? startedAt : now)
            }
            if !proof { count.unproven += 1 }
        }
        if case .defer = decision.action { count.deferred += 1 }
        if isBlackout, isLookedUp, faults.isBlackout(at: now) {
            count.inBlackout += 1
            let proof = decision.because.contains { isProven($0, client, at: startedAt) }
            if decision.action.keepsOut, !proof { count.keptOutInBlackout += 1 }
        }
        // What was true on the day before may be believed for an hour.
        guard isToBeHad, turn.map({ startedAt > $0 + .seconds(3600) }) ?? true else { return }
        note(decision, facts, kind, source)
    }

    private mutating func note(
        _ decision: GuardDecision, _ facts: GuardFacts, _ kind: GuardWorld.Kind,
        _ source: Source
    ) {
        let isOpen = facts.isOpen
        count.answerable[source, default: 0] += 1
        if isOpen { count.open[source, default: 0] += 1 }
        // A failure that is remembered was noted when the answer was not to be had.
        guard kind.isAddressBad || kind.isHELOBad, source == .dns || !isOpen else { return }
        count.bad += 1
        if case .refuse = decision.action { count.badRefused += 1 }
    }

    /// Through the cache, as the service does it.
    private mutating func facts(for request: GuardRequest) -> (GuardFacts, Source) {
        let key = DecisionKey(request)
        let spared = cache.counters.spared
        switch ask(key) {
        case .known(let facts):
            count.fromCache += 1
            return (facts, cache.counters.spared > spared ? .silence : .cache)
        case .spared:
            count.fromCache += 1
            return (Self.unasked, .silence)
        case .joined:
            // Nothing is on its way between two decisions.
            count.waitersLost += 1
            return (GuardFacts(findings: .empty, iprev: .temperror), .cache)
        case .lookUp(let flight):
            count.lookedUp += 1
            // Others ask for the same client meanwhile.
            let others = dice.number(0...3)
            for _ in 0..<others { _ = ask(key) }
            let plan = GuardPlan(for: request, under: rules)
            let evidence = collect(plan)
            let arrival = cache.complete(flight, with: plan.outcome(of: evidence), at: now)
            if arrival.waiters.count != others + 1 { count.waitersLost += 1 }
            let hasRemembered = evidence.observations.contains {
                $0.isCached && $0.outcome.failure != nil
            }
            return (arrival.facts, hasRemembered ? .rememberedFailure : .dns)
        }
    }

    /// For one of a silent zone, which is let in as when our own network fails.
    private static let unasked = GuardFacts(
        findings: FindingSet([.reverseLookupFailed]), iprev: .temperror, address: .ours(.timeout))

    private mutating func ask(_ key: DecisionKey) -> DecisionCache.Answer {
        lastWaiter += 1
        return cache.ask(
            key, by: .init(lastWaiter), until: now + Self.deadline, at: now, under: rules)
    }

    private mutating func collect(_ plan: GuardPlan) -> Evidence {
        let (world, faults, start, day) = (world, faults, now, day)
        let servers = (0..<2).map { number in
            ScriptedServer(
                label: "server\(number)", latency: .milliseconds(5),
                reply: { world.reply(to: $0, day: day) },
                faults: { faults.faults(of: $0, server: number, at: start) })
        }
        var network = ScriptedNetwork(servers, seed: UInt64(dice.number(1...1_000_000)))
        network.wait(now)
        let evidence = ScriptedCollector.collect(
            startedAt: 0, sources: [], network: &network, deadline: Self.deadline, cache: &answers,
            next: { plan.isSettled(by: $0) ? [] : plan.questions(knowing: $0) })
        now = network.now
        for observation in evidence.observations
        where !observation.isCached && !faults.isHopeless(observation.question, at: start)
            && world.isTrue(observation.outcome, of: observation.question, day: day)
        {
            served[observation.question] = (now, day)
        }
        return evidence
    }

    /// Whether a code was true when all of its records were last served, and they still counted.
    private func isProven(
        _ code: FindingCode, _ client: GuardWorld.Client, at time: Duration
    ) -> Bool {
        let isAboutHELO = code.group == .heloAndClient
        return (0...1).contains { day in
            let kind = client.kinds[day]
            guard isAboutHELO ? kind.isHELOBad : kind.isAddressBad else { return false }
            return client.questions(about: isAboutHELO, kind).allSatisfy { question in
                guard let last = served[question],
                    last.day == day || world.isSame(question, on: last.day, and: day)
                else { return false }
                let lifetime = GuardWorld.lifetime(of: question, client, kind)
                return time < last.at + lifetime || now == last.at
            }
        }
    }

    private func report() -> Bool {
        let count = count
        print("The guard, strict-helo, \(count.decisions) decisions, \(Self.clients) clients")
        print(
            "  looked up \(count.lookedUp), from the cache \(count.fromCache),"
                + " of these \(cache.counters.spared) for silence before")
        print(
            "  refused \(count.refused), deferred \(count.deferred); without proof"
                + " \(count.unproven); kept out by the default \(count.mildRefusals)")
        print(
            "  bad clients refused where the answer was to be had"
                + " \(Trials.percent(count.badRefused, of: count.bad)) of \(count.bad)")
        let answerable = count.answerable.values.reduce(0, +)
        let open = count.open.values.reduce(0, +)
        print(
            "  undetermined where the answer was to be had: \(open) of \(answerable) decisions,"
                + " \(Trials.percent(open, of: answerable))")
        for source in Source.allCases {
            print(
                "    \(source.rawValue): \(count.open[source] ?? 0) of"
                    + " \(count.answerable[source] ?? 0)")
        }
        print(
            "  look-ups while nobody answers \(count.inBlackout), kept out"
                + " \(count.keptOutInBlackout); waiters lost \(count.waitersLost)")
        let isHarmless =
            count.unproven == 0 && count.mildRefusals == 0 && count.keptOutInBlackout == 0
            && count.waitersLost == 0
        let doesItsWork =
            count.bad > 0 && count.badRefused * 1000 >= Self.wantedRefusedPerMille * count.bad
        let isDecided = answerable > 0 && open * 1000 <= Self.mostOpenPerMille * answerable
        let isTried = count.refused > 0 && count.inBlackout > 0 && count.fromCache > 0
        return isHarmless && doesItsWork && isDecided && isTried
    }
}
