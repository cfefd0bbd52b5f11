import DNSModel
import LookupEngine
import NetNames
import SenderIdentity
import Testing

/// What one verdict leaves for the next, and for how long.
struct CacheTests {
    /// Asks, waits, asks again: the second observation.
    func again(
        _ question: Question, _ server: ScriptedServer, after wait: Duration
    ) throws -> Observation {
        var network = ScriptedNetwork([server])
        var cache = AnswerCache()
        _ = collect([question], from: &network, cache: &cache)
        network.wait(wait)
        let evidence = collect([question], from: &network, cache: &cache)
        return try #require(evidence.observations.first)
    }

    @Test func `an answer is kept for its TTL, which runs down`() throws {
        let early = try again(pointer, server(SmallWorld(confirmed)), after: .seconds(100))
        #expect(early.isCached)
        #expect(early.attempts.isEmpty)
        #expect(early.outcome.answers?.ttl == 200)
        let late = try again(pointer, server(SmallWorld(confirmed)), after: .seconds(300))
        #expect(!late.isCached)
        #expect(late.outcome.answers?.ttl == 300)
    }

    @Test func `who keeps nothing for long says so in what it tells`() throws {
        let missing = Question(try #require(DomainName("missing.example")), .a)
        for question in [pointer, missing] {
            let ttl = { (seen: Observation?) -> UInt32 in
                seen?.outcome.answers?.ttl ?? seen?.outcome.absence?.ttl ?? 0
            }
            var network = ScriptedNetwork([server(try SmallWorld(confirmed))])
            var cache = AnswerCache(longestAnswer: .seconds(30), longestAbsence: .seconds(20))
            let first = collect([question], from: &network, cache: &cache).observations.first
            let lifetime: UInt32 = question == pointer ? 30 : 20
            #expect(ttl(first) > lifetime)
            network.wait(.seconds(15))
            let second = collect([question], from: &network, cache: &cache).observations.first
            #expect(second?.isCached == true)
            #expect(ttl(second) == lifetime - 15)
            network.wait(.seconds(15))
            let third = collect([question], from: &network, cache: &cache).observations.first
            #expect(third?.isCached == false)
        }
    }

    @Test func `a TTL of zero is not kept`() throws {
        let observation = try again(
            pointer, server(SmallWorld(confirmed, ttl: 0)), after: .zero)
        #expect(!observation.isCached)
    }

    @Test func `an absence is kept as long as its SOA says`() throws {
        let missing = Question(try #require(DomainName("missing.example")), .a)
        for question in [missing, Question(host, .aaaa)] {
            let early = try again(question, server(SmallWorld(confirmed)), after: .seconds(40))
            #expect(early.isCached)
            #expect(early.outcome.absence?.ttl == 20)
            let late = try again(question, server(SmallWorld(confirmed)), after: .seconds(60))
            #expect(!late.isCached)
        }
    }

    @Test func `an NXDOMAIN without a SOA is believed and not kept`() throws {
        let missing = Question(try #require(DomainName("missing.example")), .a)
        let observation = try again(
            missing, server(SmallWorld(confirmed), [.noSOA]), after: .zero)
        #expect(!observation.isCached)
        #expect(observation.outcome.absence != nil)
    }

    @Test(arguments: [[Fault.code(.serverFailure)], [.drop], [.cutShort], [.truncateRefused]])
    func `a failure is kept for five seconds`(faults: [Fault]) throws {
        let early = try again(pointer, server(SmallWorld(confirmed), faults), after: .seconds(4))
        #expect(early.isCached)
        #expect(early.outcome.failure != nil)
        let late = try again(pointer, server(SmallWorld(confirmed), faults), after: .seconds(5))
        #expect(!late.isCached)
        #expect(late.outcome == early.outcome)
    }

    @Test func `a single packet cut off by the deadline is no memory`() throws {
        var network = ScriptedNetwork([server(try SmallWorld(confirmed), [.drop])])
        var cache = AnswerCache()
        _ = collect([pointer], from: &network, cache: &cache, deadline: .milliseconds(100))
        #expect(cache.count == 0)
    }

    @Test func `the cache is bounded`() throws {
        var network = ScriptedNetwork([server(try SmallWorld(confirmed))])
        var cache = AnswerCache(capacity: 10)
        for number in 0..<50 {
            let name = try #require(DomainName("n\(number).example"))
            _ = collect([Question(name, .a)], from: &network, cache: &cache)
            #expect(cache.count <= 10)
        }
        #expect(cache.count > 0)
    }

    @Test func `what was stored anew survives when its old place is taken`() throws {
        var network = ScriptedNetwork([server(try SmallWorld(confirmed))])
        var cache = AnswerCache(capacity: 4)
        let ask = { (number: Int, network: inout ScriptedNetwork, cache: inout AnswerCache) in
            let name = try #require(DomainName("n\(number).example"))
            let evidence = collect([Question(name, .a)], from: &network, cache: &cache)
            return try #require(evidence.observations.first).isCached
        }
        for number in 0..<3 { #expect(try !ask(number, &network, &cache)) }
        // All three are over; the first gets a new place, and its old one is the next to be taken.
        network.wait(.seconds(60))
        for number in [0, 3] { #expect(try !ask(number, &network, &cache)) }
        #expect(try ask(0, &network, &cache))
        #expect(try ask(3, &network, &cache))
        #expect(cache.count <= 4)
    }

    @Test func `a cached stage is the asker's`() throws {
        var network = ScriptedNetwork([server(try SmallWorld(confirmed))])
        var cache = AnswerCache()
        _ = collect([pointer], from: &network, cache: &cache)
        let evidence = ScriptedCollector.collect(
            startedAt: 0, sources: [], network: &network, cache: &cache
        ) { _ in [.init(pointer, stage: .members)] }
        #expect(evidence.observations.first?.stage == .members)
        #expect(evidence.observations.first?.isCached == true)
    }
}
