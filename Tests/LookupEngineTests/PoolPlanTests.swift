import DNSModel
import LookupEngine
import NetNames
import SenderIdentity
import Testing

/// What is planned when, and what answers may take; heloscope-core-cost has what planning costs.
@Suite(.timeLimit(.minutes(1))) struct PoolPlanTests {
    /// Every PTR name exists, and every name has as many addresses as fit.
    private func hostileServer(addresses: Int) throws -> ScriptedServer {
        let helo = try #require(DomainName("h.evil.example"))
        let records = (0..<addresses).map {
            ResourceRecord(name: helo, ttl: 60, data: .address(.v4(0x0800_0000 + UInt32($0))))
        }
        let names = try (0..<10).map { try #require(DomainName("p\($0).evil.example")) }
        return ScriptedServer(label: "evil", latency: .milliseconds(1)) { question in
            switch question.type {
            case .a:
                WorldReply(
                    code: .noError, isAuthoritative: true,
                    answers: records.map {
                        ResourceRecord(name: question.name, ttl: 60, data: $0.data)
                    }, authority: [])
            case .ptr:
                WorldReply(
                    code: .noError, isAuthoritative: true,
                    answers: names.map { .init(name: question.name, ttl: 60, data: .ptr($0)) },
                    authority: [])
            default:
                WorldReply(
                    code: .refused, isAuthoritative: false, answers: [], authority: [])
            }
        }
    }

    private func pool(_ hosts: Int) throws -> PoolTarget {
        .clients(
            (0..<hosts).map {
                Subject(
                    address: .v4(0x0b00_0000 + UInt32($0)),
                    helo: HELOArgument("h\($0).evil.example"))
            })
    }

    /// Looks a pool up.
    private func collect(
        _ target: PoolTarget, _ server: ScriptedServer, deadline: Duration = .seconds(60),
        planned: (Int) -> Void = { _ in }
    ) -> Evidence {
        var network = ScriptedNetwork([server])
        var plan = PoolPlan(for: target)
        return ScriptedCollector.collect(
            startedAt: 0, sources: [.init(kind: .zone, name: "z")], network: &network,
            deadline: deadline, mostBytes: PoolLimits.bytes
        ) { evidence in
            let questions = plan.questions(knowing: evidence)
            planned(questions.count)
            return questions
        }
    }

    @Test func `what fails at once is planned for at once`() throws {
        let server = try hostileServer(addresses: 1)
        var plans = 0
        let evidence = collect(try pool(1024), server, deadline: .zero) { _ in plans += 1 }
        #expect(evidence.observations.count > 4096)
        #expect(plans < evidence.observations.count / 32)
    }

    @Test func `a plan never names what is answered, nor more than the window`() throws {
        let server = try hostileServer(addresses: 2)
        var network = ScriptedNetwork([server])
        var plan = PoolPlan(for: try pool(200))
        _ = ScriptedCollector.collect(
            startedAt: 0, sources: [.init(kind: .zone, name: "z")], network: &network
        ) { evidence in
            let questions = plan.questions(knowing: evidence)
            #expect(questions.count <= PoolLimits.window)
            #expect(Set(questions).count == questions.count)
            #expect(questions.allSatisfy { evidence.observation(of: $0.question) == nil })
            return questions
        }
    }

    // MARK: Bytes

    @Test func `answers beyond the bytes of a check are not kept, and said to be missing`() throws {
        let server = try hostileServer(addresses: 1500)
        let subject = Subject(
            address: .v4(0x0b00_0001), helo: HELOArgument("h.evil.example"))
        var network = ScriptedNetwork([server])
        let plan = OverlaidPlan(subject: subject, overlay: nil)
        let evidence = ScriptedCollector.collect(
            startedAt: 0, sources: [.init(kind: .zone, name: "z")], network: &network,
            next: plan.questions)
        #expect(evidence.weight <= EvidenceLimits.bytes + 64 * 1024)
        let unkept = evidence.observations.filter(\.isUnkept)
        #expect(!unkept.isEmpty)
        #expect(unkept.allSatisfy { $0.response == nil && $0.outcome == .failed(.budgetExhausted) })
        let facts = IdentityFacts(subject: subject, evidence: evidence)
        #expect(facts.limitsReached.contains(.bytes(unkept: unkept.count)))
    }

    @Test func `the cache is bounded in bytes`() throws {
        let server = try hostileServer(addresses: 100)
        var network = ScriptedNetwork([server])
        var cache = AnswerCache()
        for round in 0..<20 {
            let questions = try (0..<100).map {
                PlannedQuestion(
                    Question(try #require(DomainName("n\(round)x\($0).example")), .a),
                    stage: .pool)
            }
            _ = ScriptedCollector.collect(
                startedAt: 0, sources: [], network: &network, cache: &cache,
                mostBytes: .max
            ) { _ in questions }
            #expect(cache.bytes <= cache.mostBytes)
        }
        #expect(cache.count > 500)
        #expect(cache.count < 2000)
    }
}
