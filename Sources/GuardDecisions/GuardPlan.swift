import DNSModel
import NetNames
package import ReceiverModels
package import SenderIdentity

/// What has to be looked up for one decision, and when that is enough.
///
/// To be the planner of a `CollectionRun`: it is asked again after every observation. It asks less
/// than `LookupPlan`, which has to explain: no MX, no members, no SPF, and addresses of the client's
/// own family alone, since only those can confirm. The other family is asked where the name has none
/// of them, to tell a name without addresses from one that leads elsewhere.
package struct GuardPlan: Hashable, Sendable {
    package let subject: Subject
    private let pointer: Question
    /// Nil where HELO holds no name that could be looked up, or `localhost`.
    private let heloName: DomainName?
    private let ownType: RecordType
    private let otherType: RecordType
    /// Whether one confirmed name is enough.
    private let stopsAtFirst: Bool

    package init(for request: GuardRequest, under rules: GuardRules) {
        let helo = request.helo.map { HELOArgument($0) }
        subject = Subject(address: request.client, helo: helo)
        pointer = Question(ReverseName.name(of: request.client), .ptr)
        heloName = helo?.form == .localhost ? nil : helo?.name
        ownType = request.client.family == .v4 ? .a : .aaaa
        otherType = request.client.family == .v4 ? .aaaa : .a
        stopsAtFirst = !rules.needsEveryName
    }

    /// Every question wanted so far, answered ones included.
    ///
    /// 1. At once: PTR of the address, and the HELO name's addresses of the client's family.
    /// 2. When the PTR names are known: their addresses of that family.
    /// 3. Where a name has none (NODATA): the other family.
    package func questions(knowing evidence: Evidence) -> [PlannedQuestion] {
        var plan: [PlannedQuestion] = []
        plan.reserveCapacity(4)
        plan.append(PlannedQuestion(pointer, stage: .verdict))
        if let heloName { addQuestions(about: heloName, knowing: evidence, to: &plan) }
        guard let known = evidence.outcome(of: pointer) else { return plan }
        for name in names(in: known) {
            addQuestions(about: name, knowing: evidence, to: &plan)
        }
        return plan
    }

    /// Whether no answer that is still on its way could change the decision.
    package func isSettled(by evidence: Evidence) -> Bool {
        isAddressSettled(by: evidence) && isHELOSettled(by: evidence)
    }

    /// What follows from the evidence, and how long it may be believed.
    ///
    /// Evidence that is not complete may be asked too, when there is no more time: a side that is
    /// not settled counts as not known, by no fault of the client.
    package func outcome(of evidence: Evidence) -> GuardOutcome {
        let isAddressSettled = isAddressSettled(by: evidence)
        let isHELOSettled = isHELOSettled(by: evidence)
        var facts = GuardFacts(IdentityFacts(subject: subject, evidence: evidence))
            .withoutTopology
        if !isAddressSettled { facts = facts.forgettingAddress }
        if !isHELOSettled { facts = facts.forgettingHELO }
        return GuardOutcome(
            facts: facts,
            lifetime: lifetime(of: evidence),
            heardAnything: evidence.observations.contains(where: \.isFromServer),
            isSilent: evidence.outcome(of: pointer)?.failure == .timeout)
    }

    private func isAddressSettled(by evidence: Evidence) -> Bool {
        guard let known = evidence.outcome(of: pointer) else { return false }
        guard case .answers = known else { return true }
        let names = names(in: known)
        if stopsAtFirst, names.contains(where: { confirms($0, evidence) }) { return true }
        return names.allSatisfy { isAnswered($0, evidence) }
    }

    private func isHELOSettled(by evidence: Evidence) -> Bool {
        heloName.map { isAnswered($0, evidence) } ?? true
    }

    /// Those that are looked up: no more than a check looks at, and only what is safe to compare.
    private func names(in outcome: LookupOutcome) -> [DomainName] {
        guard case .answers(let answers) = outcome else { return [] }
        var names: [DomainName] = []
        var count = 0
        for data in answers.data {
            guard case .ptr(let name) = data else { continue }
            count += 1
            if count > EvidenceLimits.pointerNames { break }
            if HostnameDefect.allowsLookup(of: name) { names.append(name) }
        }
        return names
    }

    private func addQuestions(
        about name: DomainName, knowing evidence: Evidence, to plan: inout [PlannedQuestion]
    ) {
        let own = Question(name, ownType)
        guard !plan.contains(where: { $0.question == own }) else { return }
        plan.append(PlannedQuestion(own, stage: .verdict))
        if case .noData? = evidence.outcome(of: own) {
            plan.append(PlannedQuestion(Question(name, otherType), stage: .verdict))
        }
    }

    private func confirms(_ name: DomainName, _ evidence: Evidence) -> Bool {
        guard let outcome = evidence.outcome(of: Question(name, ownType)) else {
            return false
        }
        return addressList(in: outcome).contains(subject.address)
    }

    private func isAnswered(_ name: DomainName, _ evidence: Evidence) -> Bool {
        switch evidence.outcome(of: Question(name, ownType)) {
        case nil: false
        case .noData: evidence.outcome(of: Question(name, otherType)) != nil
        case .answers, .noSuchName, .failed: true
        }
    }

    /// The smallest time to live of everything that was found; nil when nothing says one.
    private func lifetime(of evidence: Evidence) -> Duration? {
        var least: UInt32?
        for observation in evidence.observations {
            let ttl: UInt32? =
                switch observation.outcome {
                case .answers(let answers): answers.ttl
                case .noData(let absence), .noSuchName(let absence): absence.ttl ?? 0
                case .failed: nil
                }
            guard var ttl else { continue }
            // What a cache gave has run down by whole seconds only.
            if observation.isCached { ttl = ttl > 0 ? ttl - 1 : 0 }
            least = min(least ?? ttl, ttl)
        }
        return least.map { .seconds($0) }
    }
}

/// The result of the look-ups for one key of the cache.
package struct GuardOutcome: Hashable, Sendable {
    package let facts: GuardFacts
    /// How long the DNS vouches for what was answered, from the start of the look-ups: the smallest
    /// TTL of it; nil where nothing was.
    package let lifetime: Duration?
    /// Whether any server answered anything: when none did, the fault may be ours.
    package let heardAnything: Bool
    /// Whether nobody answered for the client's reverse zone.
    package let isSilent: Bool

    package init(
        facts: GuardFacts, lifetime: Duration?, heardAnything: Bool, isSilent: Bool = false
    ) {
        self.facts = facts
        self.lifetime = lifetime
        self.heardAnything = heardAnything
        self.isSilent = isSilent
    }
}

extension Observation {
    /// Whether a server said something for it, now.
    fileprivate var isFromServer: Bool {
        guard !isCached else { return false }
        if response != nil { return true }
        return attempts.contains { if case .response = $0.result { true } else { false } }
    }
}

extension GuardFacts {
    private static let addressSide = FindingSet(
        FindingCode.allCases.filter {
            [.pointerStatus, .pointerForward, .pointerForm, .reverseTree].contains($0.group)
        })
    private static let heloSide = FindingSet(
        FindingCode.allCases.filter {
            [.heloAndClient, .heloAlias, .heloAndPointer].contains($0.group)
        })
    private static let notAsked = FindingSet(
        FindingCode.allCases.filter {
            [.topology, .blockLists, .spf, .limits].contains($0.group)
        })

    /// The guard does not look at a pool's members, so it says nothing about them.
    fileprivate var withoutTopology: GuardFacts {
        guard !findings.intersection(Self.notAsked).isEmpty else { return self }
        return GuardFacts(
            findings: findings.subtracting(Self.notAsked), iprev: iprev,
            confirmedNames: confirmedNames, hasEveryName: hasEveryName, address: address,
            helo: helo)
    }

    /// The same, where the look-ups about the address are not complete.
    fileprivate var forgettingAddress: GuardFacts {
        GuardFacts(
            findings: findings.subtracting(Self.addressSide).subtracting(Self.relation),
            iprev: .temperror, address: .ours(.timeout), helo: helo)
    }

    private static let relation = FindingSet(
        FindingCode.allCases.filter { $0.group == .heloAndPointer })

    fileprivate var forgettingHELO: GuardFacts {
        GuardFacts(
            findings: findings.subtracting(Self.heloSide), iprev: iprev,
            confirmedNames: confirmedNames, hasEveryName: hasEveryName, address: address,
            helo: .ours(.timeout))
    }

    /// Whether another time may give other facts.
    package var isOpen: Bool {
        iprev == .temperror || address.failure != nil || helo.failure != nil
    }
}
