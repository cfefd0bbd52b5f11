import DNSModel
import GuardDecisions
import LookupEngine
import NetNames
import ReceiverModels
import Reports
import SenderIdentity
import TestSupport
import Testing

/// What is asked for a decision, and that it is enough.
@Suite struct PlanTests {
    static let rules = GuardRules.honest

    /// A world in a few lines, asked by the guard.
    func collect(
        _ zone: String, _ address: String, helo: String?, faults: String = "",
        rules: GuardRules = rules, stoppingEarly: Bool = false
    ) throws -> (GuardPlan, Evidence) {
        let start = "@ SOA . . 1 1h 15m 2w 5m\n"
        let world = try ZoneWorld(files: [
            ZoneFile(
                name: "world",
                bytes: Array(("$TTL 300\n$ORIGIN .\n" + start + zone + "\n").utf8))
        ])
        let failing = try FaultRules(parsing: Array(faults.utf8))
        let server = ScriptedServer(
            label: "world", latency: .milliseconds(5), reply: { world.reply(to: $0) },
            faults: { failing.faults(for: $0) })
        var network = ScriptedNetwork([server])
        let plan = GuardPlan(
            for: GuardRequest(
                client: try #require(IPAddress(address)), helo: helo.map { Array($0.utf8) }),
            under: rules)
        let evidence = ScriptedCollector.collect(
            startedAt: 0, sources: [], network: &network,
            next: { stoppingEarly && plan.isSettled(by: $0) ? [] : plan.questions(knowing: $0) })
        return (plan, evidence)
    }

    func asked(_ evidence: Evidence) -> [String] {
        evidence.observations.map { "\($0.question.name) \($0.question.type)" }.sorted()
    }

    static let confirmed = """
        5.33.76.45.in-addr.arpa PTR mail.example.com.
        mail.example.com A 45.76.33.5
        """

    @Test func `a confirmed client that says its name costs two questions`() throws {
        let (plan, evidence) = try collect(Self.confirmed, "45.76.33.5", helo: "mail.example.com")
        #expect(asked(evidence) == ["5.33.76.45.in-addr.arpa PTR", "mail.example.com A"])
        let outcome = plan.outcome(of: evidence)
        #expect(outcome.facts.iprev == .pass(Situations.mail))
        #expect(outcome.facts.findings.contains(.heloResolvesToClient))
        #expect(outcome.facts.hasEveryName)
        #expect(outcome.lifetime == .seconds(300))
        #expect(outcome.heardAnything)
    }

    @Test func `the other family is asked only where the name has none of ours`() throws {
        let zone = """
            5.33.76.45.in-addr.arpa PTR mail.example.com.
            mail.example.com AAAA 2001:db8::25
            """
        let (plan, evidence) = try collect(zone, "45.76.33.5", helo: nil)
        #expect(
            asked(evidence)
                == [
                    "5.33.76.45.in-addr.arpa PTR", "mail.example.com A", "mail.example.com AAAA",
                ])
        #expect(plan.outcome(of: evidence).facts.findings.contains(.pointerPointsElsewhere))
    }

    @Test(arguments: ["localhost", "[45.76.33.5]", "", "bad name", "45.76.33.5"])
    func `HELO without a name that could be anybody's asks nothing`(helo: String) throws {
        let (plan, evidence) = try collect(Self.confirmed, "45.76.33.5", helo: helo)
        #expect(asked(evidence) == ["5.33.76.45.in-addr.arpa PTR", "mail.example.com A"])
        #expect(plan.isSettled(by: evidence))
    }

    @Test func `no PTR record ends the questions about the address`() throws {
        let (plan, evidence) = try collect("", "45.76.33.5", helo: nil)
        #expect(asked(evidence) == ["5.33.76.45.in-addr.arpa PTR"])
        let outcome = plan.outcome(of: evidence)
        #expect(outcome.facts.iprev == .permerror)
        #expect(outcome.facts.findings == FindingSet([.noPointer, .heloAbsent]))
    }

    static let ten =
        (0..<10).map { "5.33.76.45.in-addr.arpa PTR h\($0).example.com." }
        .joined(separator: "\n") + "\nh3.example.com A 45.76.33.5"

    @Test func `one confirmed name of ten is enough, unless any may be an exception`() throws {
        let faults = (4..<10).map { "h\($0).example.com !A DROP" }.joined(separator: "\n")
        let (plan, evidence) = try collect(
            Self.ten, "45.76.33.5", helo: nil, faults: faults, stoppingEarly: true)
        #expect(plan.isSettled(by: evidence))
        #expect(plan.outcome(of: evidence).facts.iprev == .pass(Situations.name("h3.example.com")))
        let every = try Situations.rules { $0.acceptedDomains = ["example.org"] }
        let patient = GuardPlan(
            for: GuardRequest(client: Situations.client), under: every)
        var partial = Evidence(startedAt: 0, sources: [])
        for observation in evidence.observations
        where observation.outcome.failure == nil && observation.question.type != .aaaa {
            partial.add(observation)
        }
        #expect(plan.isSettled(by: partial))
        #expect(!patient.isSettled(by: partial))
        let facts = plan.outcome(of: partial).facts
        #expect(facts.iprev == .pass(Situations.name("h3.example.com")) && !facts.hasEveryName)
        #expect(Self.rules.areEnough(facts) && !every.areEnough(facts))
        // Asked and answered by nobody is not known either.
        let (_, failed) = try collect(Self.ten, "45.76.33.5", helo: nil, faults: faults)
        #expect(!plan.outcome(of: failed).facts.hasEveryName)
        let (_, all) = try collect(Self.ten, "45.76.33.5", helo: nil)
        #expect(plan.outcome(of: all).facts.hasEveryName)
    }

    /// Every prefix of the answers, in every order they may come.
    @Test func `half an answer never says more than the whole`() throws {
        let zone = """
            5.33.76.45.in-addr.arpa PTR a.example.com.
            5.33.76.45.in-addr.arpa PTR b.example.com.
            a.example.com A 192.0.2.9
            b.example.com A 45.76.33.5
            """
        let strict = try Situations.rules("strict-helo")
        let (plan, evidence) = try collect(zone, "45.76.33.5", helo: "c.example.com", rules: strict)
        let all = evidence.observations
        for skipped in all.indices {
            var partial = Evidence(startedAt: 0, sources: [])
            for (place, observation) in all.enumerated() where place != skipped {
                partial.add(observation)
            }
            let outcome = plan.outcome(of: partial)
            if plan.isSettled(by: partial) { continue }
            #expect(outcome.facts.isOpen)
            let decision = strict.decision(
                for: GuardRequest(client: Situations.client, helo: Array("c.example.com".utf8)),
                on: outcome.facts)
            // HELO does not exist: that is proven unless its own answer is the missing one.
            if decision.action.keepsOut { #expect(decision.because == [.heloDoesNotResolve]) }
        }
        #expect(plan.outcome(of: evidence).facts.iprev == .pass(Situations.name("b.example.com")))
        let nothing = plan.outcome(of: Evidence(startedAt: 0, sources: []))
        #expect(nothing.facts.iprev == .temperror)
        #expect(!strict.decision(for: Situations.request(), on: nothing.facts).action.keepsOut)
    }

    @Test func `a failure is open, and only answers have a lifetime`() throws {
        let (plan, evidence) = try collect(
            Self.confirmed, "45.76.33.5", helo: nil, faults: "* ! SERVFAIL")
        let outcome = plan.outcome(of: evidence)
        #expect(outcome.lifetime == nil)
        #expect(outcome.facts.isOpen)
        #expect(outcome.heardAnything)
        #expect(!outcome.isSilent)
        #expect(outcome.facts.address == .temporary(.serverFailure))
        let (silent, nothing) = try collect(
            Self.confirmed, "45.76.33.5", helo: nil, faults: "* ! DROP")
        #expect(!silent.outcome(of: nothing).heardAnything)
        #expect(silent.outcome(of: nothing).isSilent)
    }

    /// The guard asks less than a check does; what it decides is the same.
    @Test(arguments: Scenario.names)
    func `decides as on everything that a check looks up`(name: String) throws {
        let scenario = try Scenario(name)
        guard scenario.overlay == nil, scenario.hasSource else { return }
        let world = try ZoneWorld(files: scenario.files)
        let faults = scenario.faults
        let server = ScriptedServer(
            label: "zone", latency: .zero, reply: { world.reply(to: $0) },
            faults: { faults?.faults(for: $0) ?? [] })
        var network = ScriptedNetwork([server])
        let request = GuardRequest(
            client: scenario.subject.address, helo: scenario.subject.helo?.raw)
        let plan = GuardPlan(for: request, under: Self.rules)
        let evidence = ScriptedCollector.collect(
            startedAt: 0, sources: scenario.sources, network: &network,
            next: plan.questions(knowing:))
        #expect(plan.isSettled(by: evidence))
        let few = plan.outcome(of: evidence).facts
        let all = GuardFacts(try scenario.report().facts)
        #expect(few.iprev.keyword == all.iprev.keyword)
        for policy in GuardPolicy.profiles {
            let found = policy.decision(on: few)
            let expected = policy.decision(on: all)
            #expect(found.action == expected.action, "\(policy.name)")
            #expect(found.because == expected.because, "\(policy.name)")
        }
    }
}
