import GuardDecisions
import NetNames
import ReceiverModels
import SenderIdentity
import Testing

/// Dialogues with the cache: who asks when, and what comes of it.
@Suite struct CacheTests {
    typealias Waiter = DecisionCache.Waiter

    /// A cache and a clock.
    struct Play {
        var cache: DecisionCache
        var now: Duration = .seconds(1000)
        var rules: GuardRules
        private var last: UInt64 = 0

        init(
            _ rules: GuardRules = .honest, _ change: (inout DecisionCache.Bounds) -> Void = { _ in }
        ) {
            var bounds = DecisionCache.Bounds()
            change(&bounds)
            cache = DecisionCache(bounds)
            self.rules = rules
        }

        mutating func ask(_ key: DecisionKey = CacheTests.key) -> DecisionCache.Answer {
            last += 1
            return cache.ask(
                key, by: Waiter(last), until: now + .seconds(4), at: now, under: rules)
        }

        mutating func pass(_ seconds: Double) { now += .seconds(seconds) }

        /// Asks, and gives the outcome after a time.
        @discardableResult
        mutating func learn(
            _ facts: GuardFacts, for seconds: Int?, key: DecisionKey = CacheTests.key,
            heard: Bool = true, silent: Bool = false, after: Double = 0
        ) throws -> DecisionCache.Arrival {
            guard case .lookUp(let flight) = ask(key) else { throw Known() }
            pass(after)
            return cache.complete(
                flight,
                with: GuardOutcome(
                    facts: facts, lifetime: seconds.map { .seconds($0) }, heardAnything: heard,
                    isSilent: silent), at: now)
        }

        /// How long the facts are known from now on, in steps of half a second.
        mutating func lifetime(_ key: DecisionKey = CacheTests.key) -> Double {
            var copy = self
            var seconds = 0.0
            while case .known = copy.ask(key), seconds < 10_000 {
                copy.pass(0.5)
                seconds += 0.5
            }
            return seconds
        }
    }

    struct Known: Error {}

    static let key = DecisionKey(client: Situations.client, helo: Array("mail.example.com".utf8))

    static func key(_ number: Int, helo: String? = nil) -> DecisionKey {
        // Each in a /24 of its own.
        DecisionKey(
            client: .v4(0x2d00_0001 + UInt32(number) << 8), helo: helo.map { Array($0.utf8) })
    }

    @Test func `one look-up for all who ask meanwhile`() throws {
        var play = Play()
        guard case .lookUp(let flight) = play.ask() else { throw Known() }
        #expect(play.ask() == .joined(flight))
        #expect(play.ask() == .joined(flight))
        guard case .lookUp = play.ask(Self.key(1)) else { throw Known() }
        play.pass(0.1)
        let outcome = GuardOutcome(
            facts: Situations.good, lifetime: .seconds(300), heardAnything: true)
        let arrival = play.cache.complete(flight, with: outcome, at: play.now)
        #expect(arrival.facts == Situations.good)
        #expect(arrival.waiters == [Waiter(1), Waiter(2), Waiter(3)])
        #expect(play.ask() == .known(Situations.good))
        // The same look-up ends once.
        #expect(play.cache.complete(flight, with: outcome, at: play.now).waiters.isEmpty)
        #expect(play.cache.flightCount == 1)
        var expected = DecisionCache.Counters()
        (expected.hits, expected.misses, expected.joins) = (1, 2, 2)
        #expect(play.cache.counters == expected)
    }

    @Test func `facts live as long as the DNS says, from the start of the look-up`() throws {
        var play = Play()
        let arrival = try play.learn(Situations.noPointer, for: 60, after: 3)
        #expect(arrival.sharedFor == .seconds(57))
        #expect(play.lifetime() == 57)
    }

    @Test func `ceilings: an hour, and a quarter of it for absences`() throws {
        var play = Play()
        try play.learn(Situations.good, for: 86_400)
        #expect(play.lifetime() == 3600)
        try play.learn(Situations.noPointer, for: 86_400, key: Self.key(1))
        #expect(play.lifetime(Self.key(1)) == 900)
        try play.learn(Situations.elsewhere, for: 86_400, key: Self.key(2))
        #expect(play.lifetime(Self.key(2)) == 900)
    }

    @Test func `the floor is for those that are let in`() throws {
        var play = Play(try Situations.rules("fcrdns-required"))
        try play.learn(Situations.good, for: 0)
        #expect(play.lifetime() == 10)
        try play.learn(Situations.noPointer, for: 2, key: Self.key(1))
        #expect(play.lifetime(Self.key(1)) == 2)
        // Under mild rules the same facts may be used a little longer, and after a reload not.
        play.rules = .honest
        #expect(play.lifetime(Self.key(1)) == 10)
        play.pass(3)
        play.rules = try Situations.rules("fcrdns-required")
        guard case .lookUp = play.ask(Self.key(1)) else { throw Known() }
    }

    @Test(arguments: [
        (false, [1, 2, 4, 8, 8, 8, 8, 8, 8, 8, 8, 8]),
        (true, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]),
    ])
    func `a failure is believed for a second, then twice as long each time`(
        isSilent: Bool, expected: [Double]
    ) throws {
        var play = Play()
        var lifetimes: [Double] = []
        // Somebody else is answered all the while, so the resolvers work.
        for turn in 0..<12 {
            try play.learn(Situations.good, for: 1, key: Self.key(100 + turn))
            let arrival = try play.learn(Situations.failing, for: nil, silent: isSilent)
            #expect(arrival.facts.address == .temporary(.serverFailure))
            #expect(arrival.sharedFor == nil)
            let lifetime = play.lifetime()
            lifetimes.append(lifetime)
            play.pass(lifetime)
        }
        #expect(lifetimes == expected)
        try play.learn(Situations.good, for: 20)
        play.pass(20)
        try play.learn(Situations.failing, for: nil)
        #expect(play.lifetime() == 1)
    }

    @Test func `a failure of one side keeps no refusal of the other alive`() throws {
        let half = GuardFacts(
            findings: FindingSet([
                .reverseLookupFailed, .heloName, .heloResolvesElsewhere,
            ]), iprev: .temperror, address: .temporary(.serverFailure))
        var play = Play(try Situations.rules("strict-helo"))
        #expect(play.rules.decision(for: Situations.request(), on: half).action.word == "refuse")
        for turn in 0..<6 {
            try play.learn(Situations.good, for: 1, key: Self.key(100 + turn))
            try play.learn(half, for: 2)
            // The failure is believed for 8 s in the end, the proof for its two.
            #expect(play.lifetime() <= 2)
            play.pass(40)
        }
        play.rules = .honest
        try play.learn(Situations.good, for: 1, key: Self.key(200))
        try play.learn(half, for: 2)
        #expect(play.lifetime() == 8)
    }

    @Test func `what failed together counts once`() throws {
        var play = Play()
        let keys = (0..<50).map {
            DecisionKey(client: .v4(0x2d4c_2100 + UInt32($0)), helo: nil)
        }
        let flights = keys.compactMap { key -> DecisionCache.Flight? in
            if case .lookUp(let flight) = play.ask(key) { flight } else { nil }
        }
        #expect(flights.count == 50)
        play.pass(4)
        for flight in flights {
            _ = play.cache.complete(
                flight,
                with: GuardOutcome(facts: Situations.failing, lifetime: nil, heardAnything: true),
                at: play.now)
        }
        #expect(play.lifetime(keys[49]) == 1)
    }

    @Test func `when nobody answers anybody it is our trouble, soon over`() throws {
        var play = Play(try Situations.rules("fcrdns-required"))
        for turn in 0..<10 {
            let arrival = try play.learn(
                Situations.failing, for: nil, key: Self.key(turn), heard: false, silent: true,
                after: 4)
            #expect(arrival.facts.address == .ours(.serverFailure))
            let decision = play.rules.decision(for: Situations.request(), on: arrival.facts)
            #expect(!decision.action.keepsOut)
            #expect(play.lifetime(Self.key(turn)) == 1)
        }
        // The same client again and again: its time does not grow.
        for _ in 0..<10 {
            try play.learn(
                Situations.failing, for: nil, heard: false, silent: true, after: 4)
            #expect(play.lifetime() == 1)
            play.pass(1)
        }
    }

    @Test func `a look-up that leaves names out is none where any may be an exception`() throws {
        let every = try Situations.rules { $0.acceptedDomains = ["example.org"] }
        var play = Play()
        try play.learn(Situations.leftOut, for: 3600)
        #expect(play.ask() == .known(Situations.leftOut))
        play.rules = every
        try play.learn(Situations.good, for: 3600)
        #expect(play.ask() == .known(Situations.good))
        play.rules = .honest
        #expect(play.ask() == .known(Situations.good))
    }

    @Test func `a look-up under way that leaves names out is replaced, and not kept`() throws {
        let outcome = { GuardOutcome(facts: $0, lifetime: .seconds(300), heardAnything: true) }
        var play = Play()
        guard case .lookUp(let less) = play.ask() else { throw Known() }
        play.rules = try Situations.rules { $0.acceptedDomains = ["example.org"] }
        guard case .lookUp(let more) = play.ask() else { throw Known() }
        #expect(play.ask() == .joined(more))
        play.rules = .honest
        #expect(play.ask() == .joined(more))
        let early = play.cache.complete(less, with: outcome(Situations.leftOut), at: play.now)
        #expect(early.waiters.isEmpty && early.sharedFor == nil)
        let arrival = play.cache.complete(more, with: outcome(Situations.good), at: play.now)
        #expect(arrival.waiters == (1...4).map { Waiter($0) })
        // Nor if it comes last.
        _ = play.cache.complete(less, with: outcome(Situations.leftOut), at: play.now)
        #expect(play.ask() == .known(Situations.good))
    }

    @Test func `those whose deadline passes are named once, and the look-up goes on`() throws {
        var play = Play()
        let late = play.now + .milliseconds(2500)
        let early = play.now + .milliseconds(800)
        guard case .lookUp(let flight) = play.ask() else { throw Known() }
        for (number, deadline) in [(7, late), (8, early), (9, late)] {
            _ = play.cache.ask(
                Self.key, by: Waiter(UInt64(number)), until: deadline, at: play.now,
                under: play.rules)
        }
        #expect(play.cache.expire(at: early - .milliseconds(1)).isEmpty)
        #expect(play.cache.expire(at: early) == [Waiter(8)])
        #expect(Set(play.cache.expire(at: late)) == [Waiter(7), Waiter(9)])
        #expect(play.cache.expire(at: late).isEmpty)
        play.pass(3)
        let arrival = play.cache.complete(
            flight,
            with: GuardOutcome(
                facts: Situations.good, lifetime: .seconds(300), heardAnything: true),
            at: play.now)
        #expect(arrival.waiters == [Waiter(1)])
        #expect(play.cache.expire(at: play.now + .seconds(60)).isEmpty)
    }

    @Test func `deadlines come in their order`() {
        var play = Play()
        let order = [5, 3, 9, 1, 7, 2, 8, 4, 6, 0]
        for number in order {
            _ = play.cache.ask(
                Self.key(number), by: Waiter(UInt64(number)), until: play.now + .seconds(number),
                at: play.now, under: play.rules)
        }
        #expect(
            play.cache.expire(at: play.now + .seconds(20)) == (0...9).map { Waiter(UInt64($0)) })
    }

    @Test func `those who wait are named in order, however many were answered meanwhile`() throws {
        var play = Play()
        let end = play.now + .seconds(9)
        for number in [2, 0, 1] {
            _ = play.cache.ask(
                Self.key(number), by: Waiter(UInt64(number)), until: end + .seconds(number),
                at: play.now, under: play.rules)
        }
        let good = GuardOutcome(
            facts: Situations.good, lifetime: .seconds(300), heardAnything: true)
        for number in 10..<4_010 {
            let answer = play.cache.ask(
                Self.key(number), by: Waiter(UInt64(number)), until: end, at: play.now,
                under: play.rules)
            guard case .lookUp(let flight) = answer else { throw Known() }
            let arrival = play.cache.complete(flight, with: good, at: play.now)
            #expect(arrival.waiters == [Waiter(UInt64(number))])
        }
        #expect(
            play.cache.expire(at: end + .seconds(2)) == [Waiter(0), Waiter(1), Waiter(2)])
    }

    @Test func `a look-up that was given up names those who wait, and is asked anew`() throws {
        var play = Play()
        guard case .lookUp(let flight) = play.ask() else { throw Known() }
        _ = play.ask()
        #expect(play.cache.abandon(flight) == [Waiter(1), Waiter(2)])
        guard case .lookUp(let next) = play.ask() else { throw Known() }
        // One that its shell forgot is replaced, and its waiters with it.
        play.pass(31)
        guard case .lookUp(let third) = play.ask() else { throw Known() }
        #expect(third != next)
        #expect(play.cache.abandon(next).isEmpty)
        #expect(play.cache.abandon(third) == [Waiter(3), Waiter(4)])
    }

    @Test func `entries are bounded, and those asked for lately stay`() throws {
        var play = Play { $0.entries = 100 }
        for number in 0..<100 { try play.learn(Situations.good, for: 3600, key: Self.key(number)) }
        #expect(play.cache.counters.evictions == 0)
        for number in 0..<10 { #expect(play.ask(Self.key(number)) == .known(Situations.good)) }
        for number in 100..<180 {
            try play.learn(Situations.good, for: 3600, key: Self.key(number))
        }
        #expect(play.cache.count == 100)
        #expect(play.cache.counters.evictions == 80)
        for number in 0..<10 { #expect(play.ask(Self.key(number)) == .known(Situations.good)) }
    }

    @Test func `bytes are bounded, whatever clients say`() throws {
        var play = Play { $0.bytes = 100_000 }
        let long = String(repeating: "h", count: 500)
        for number in 0..<1000 {
            try play.learn(
                Situations.good, for: 3600, key: Self.key(number, helo: "\(long)\(number)"))
            #expect(play.cache.byteCount <= 100_000)
        }
        #expect(play.cache.count < 100)
    }

    @Test func `what another guard found out ends the waiting`() throws {
        var play = Play()
        guard case .lookUp(let flight) = play.ask() else {
            Issue.record("nothing to look up")
            return
        }
        let shared = SharedFacts(
            key: Self.key, facts: Situations.good, lifetime: .seconds(100_000))
        let arrival = play.cache.admit(shared, for: flight, at: play.now)
        #expect(arrival.waiters == [Waiter(1)])
        #expect(play.cache.flightCount == 0)
        #expect(play.lifetime() == 3600)
        #expect(play.cache.counters.admitted == 1)
        // What comes for a look-up that has ended ends no other one, and is not kept.
        let late = play.ask(Self.key(7))
        #expect(play.cache.admit(shared, for: flight, at: play.now).waiters.isEmpty)
        #expect(play.cache.flightCount == 1, "\(late)")
        #expect(play.cache.counters.admitted == 1)
    }
}
