import FilterProtocols
import GuardDecisions
import NetNames
import ReceiverModels
import SenderIdentity
import Testing

/// What the silence of a reverse zone does to its clients, and what not.
@Suite struct SilenceTests {
    typealias Play = CacheTests.Play
    typealias Known = CacheTests.Known

    /// Of one /24; and with another HELO each, of one address.
    static func neighbor(_ number: Int, helo: String? = nil) -> DecisionKey {
        DecisionKey(client: .v4(0x2d4c_2100 + UInt32(number)), helo: helo.map { Array($0.utf8) })
    }

    static let silence = GuardOutcome(
        facts: GuardFacts(
            findings: FindingSet([.reverseLookupFailed]), iprev: .temperror,
            address: .temporary(.timeout)),
        lifetime: nil, heardAnything: false, isSilent: true)

    /// Three of a /24 in a row whom nobody answers for, while somebody else is answered.
    static func afterThree() throws -> Play {
        var play = Play(try Situations.rules("fcrdns-required"))
        for turn in 0..<3 {
            guard case .lookUp(let flight) = play.ask(neighbor(turn)) else { throw Known() }
            play.pass(2)
            try play.learn(Situations.good, for: 1, key: CacheTests.key(200 + turn))
            play.pass(2)
            let arrival = play.cache.complete(flight, with: silence, at: play.now)
            #expect(arrival.facts.address == .temporary(.timeout))
        }
        return play
    }

    @Test func `silent neighbors put nobody off: who is not asked about is let in`() throws {
        var play = try Self.afterThree()
        guard case .lookUp(let probe) = play.ask(Self.neighbor(20)) else { throw Known() }
        #expect(play.ask(Self.neighbor(20)) == .joined(probe))
        #expect(play.ask(Self.neighbor(21)) == .spared)
        #expect(play.ask(Self.neighbor(22, helo: "mail.example.com")) == .spared)
        #expect(play.cache.counters.spared == 2)
        let decision = play.rules.decision(for: Situations.request(), despite: .silentZone)
        #expect(decision.action == .accept && decision.iprev == .temperror)
        // The /24 beside it, and in the next second one more of this one.
        guard case .lookUp = play.ask(CacheTests.key(5)) else { throw Known() }
        play.pass(1)
        guard case .lookUp = play.ask(Self.neighbor(21)) else { throw Known() }
        #expect(play.ask(Self.neighbor(22)) == .spared)
        // One answer, and all are asked about.
        let outcome = GuardOutcome(
            facts: Situations.good, lifetime: .seconds(300), heardAnything: true)
        _ = play.cache.complete(probe, with: outcome, at: play.now)
        for number in 22..<40 {
            guard case .lookUp = play.ask(Self.neighbor(number)) else { throw Known() }
        }
    }

    @Test func `its own silence puts a client off, whatever it says as HELO`() throws {
        var play = try Self.afterThree()
        guard case .known(let facts) = play.ask(Self.neighbor(2, helo: "a.example.com")) else {
            throw Known()
        }
        #expect(facts.address == .temporary(.timeout))
        let decision = play.rules.decision(for: Situations.request(), on: facts)
        #expect(decision.action.word == "defer")
        // Where that name may be an exception, it has to be asked for.
        play.rules = try Situations.rules { $0.acceptedHELO = ["example.com"] }
        guard case .lookUp = play.ask(Self.neighbor(2, helo: "a.example.com")) else {
            throw Known()
        }
        // A second later it is tried again: others' failures make no time longer.
        play.pass(1)
        play.rules = try Situations.rules("fcrdns-required")
        guard case .lookUp = play.ask(Self.neighbor(2, helo: "b.example.com")) else {
            throw Known()
        }
    }

    @Test func `a silence of five minutes ago counts no more`() throws {
        var play = try Self.afterThree()
        play.pass(301)
        for number in 20..<40 {
            guard case .lookUp = play.ask(Self.neighbor(number)) else { throw Known() }
        }
    }

    /// Fifty requests a second of a silent /24 or /64, each a new client or HELO.
    @Test(arguments: [true, false])
    func `a silent zone holds few look-ups, and is noticed when it comes back`(
        isVersion6: Bool
    ) throws {
        var play = Play(try Situations.rules("fcrdns-required"))
        var open: [DecisionCache.Flight] = []
        var most = 0
        func key(_ number: Int) -> DecisionKey {
            isVersion6
                ? DecisionKey(
                    client: IPAddress(high: 0x2a01_04f8 << 32, low: UInt64(number)), helo: nil)
                : Self.neighbor(number % 250, helo: "h\(number).example.com")
        }
        for number in 0..<2_000 {
            play.pass(0.02)
            try play.learn(Situations.good, for: 0, key: CacheTests.key(number + 300))
            while let first = open.first, play.now - first.startedAt >= .seconds(5) {
                open.removeFirst()
                _ = play.cache.complete(first, with: Self.silence, at: play.now)
            }
            if case .lookUp(let flight) = play.ask(key(number)) { open.append(flight) }
            // Three rounds of 5 s and the times between them pass until it is known, and one more until
            // the last of them is over.
            if number > 1_500 { most = max(most, open.count) }
        }
        #expect(most > 0 && most <= 5)
        let mended = play.now
        var answered = false
        for number in 2_000..<2_100 where !answered {
            play.pass(0.02)
            if case .lookUp(let flight) = play.ask(key(number)) {
                let outcome = GuardOutcome(
                    facts: Situations.good, lifetime: .seconds(300), heardAnything: true)
                _ = play.cache.complete(flight, with: outcome, at: play.now)
                answered = true
            }
        }
        #expect(answered && play.now - mended < .seconds(1.1))
    }
}
