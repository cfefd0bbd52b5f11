import FilterProtocols
import GuardDecisions
import NetNames
import ReceiverModels
import SenderIdentity

/// What the guard computes for one request, beside its sockets and its DNS.
struct GuardCost {
    /// Microseconds of CPU from the request to the answer's bytes, planning and cache included: a
    /// core that is to make 15,000 decisions a second has 66 for everything.
    static let target = 10.0
    /// The same for a client that the cache knows.
    static let targetCached = 1.0

    private let request = GuardRequest(
        client: ConfirmedClient.subject.address, helo: ConfirmedClient.subject.helo?.raw,
        queueID: Array("4cX1yzABCD".utf8))
    private let rules = GuardRules.honest
    private let words = GuardWords(server: Array("mx.example.org".utf8))
    /// What is known before the first answer, after it, and so on.
    private let growing: [Evidence]
    private var cache: DecisionCache
    private var forgetful: DecisionCache

    init(_ whole: Evidence) {
        let plan = GuardPlan(for: request, under: rules)
        let wanted = plan.questions(knowing: whole).map(\.question)
        var evidence = Evidence(startedAt: 0, sources: [])
        var growing = [evidence]
        for observation in whole.observations where wanted.contains(observation.question) {
            evidence.add(observation)
            growing.append(evidence)
        }
        self.growing = growing
        cache = DecisionCache()
        var bounds = DecisionCache.Bounds()
        bounds.floor = .zero
        bounds.ceiling = .zero
        forgetful = DecisionCache(bounds)
        _ = Self.lookUp(request, rules, growing, &cache)
    }

    var questionCount: Int { growing.count - 1 }

    /// A client that nobody remembers.
    mutating func uncached() -> Int {
        guard let facts = Self.lookUp(request, rules, growing, &forgetful) else { return 0 }
        return answer(rules.decision(for: request, on: facts))
    }

    mutating func cached() -> Int {
        guard rules.decisionWithoutLookup(for: request) == nil,
            case .known(let facts) = cache.ask(
                DecisionKey(request), by: .init(1), until: .seconds(4), at: .zero, under: rules)
        else { return 0 }
        return answer(rules.decision(for: request, on: facts))
    }

    /// What a log line adds.
    func logged(_ decision: GuardDecision) -> Int {
        DecisionLogLine.bytes(
            of: decision, request, listener: "policy", source: "cache",
            elapsed: .microseconds(12)
        ).count
    }

    /// What a milter's header adds.
    func header(_ decision: GuardDecision) -> Int {
        words.header(for: decision, request)?.lines.count ?? 0
    }

    mutating func decision() -> GuardDecision {
        guard let facts = Self.lookUp(request, rules, growing, &forgetful) else {
            return rules.decision(for: request, despite: .deadline)
        }
        return rules.decision(for: request, on: facts)
    }

    private func answer(_ decision: GuardDecision) -> Int {
        words.policyAction(for: decision, request).encoded.count
    }

    private static func lookUp(
        _ request: GuardRequest, _ rules: GuardRules, _ growing: [Evidence],
        _ cache: inout DecisionCache
    ) -> GuardFacts? {
        guard rules.decisionWithoutLookup(for: request) == nil,
            case .lookUp(let flight) = cache.ask(
                DecisionKey(request), by: .init(1), until: .seconds(4), at: .zero, under: rules)
        else { return nil }
        let plan = GuardPlan(for: request, under: rules)
        for evidence in growing
        where plan.questions(knowing: evidence).isEmpty || plan.isSettled(by: evidence) {
            return cache.complete(flight, with: plan.outcome(of: evidence), at: .zero).facts
        }
        _ = cache.abandon(flight)
        return nil
    }
}
