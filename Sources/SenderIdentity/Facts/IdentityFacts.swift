import DNSModel
package import NetNames

/// Everything that follows from the evidence about one client: derived, never asked.
package struct IdentityFacts: Hashable, Sendable {
    package let subject: Subject
    /// The address's special purpose, if it has one.
    package let purpose: SpecialPurpose?
    /// Whether DNS was asked at all; false for private addresses without an explicit source.
    package let isAsked: Bool
    package let pointer: PointerFacts
    /// The verdict of RFC 8601 §2.7.3 on the address alone.
    package let iprev: IPRevResult
    /// nil when no HELO argument is known.
    package let helo: HELOFacts?
    /// The hosts behind the HELO name, when it has addresses besides the client's.
    package let members: [MemberFacts]
    package let topology: Topology
    /// Who keeps the reverse zone; nil without a walk.
    package let reverseTree: ReverseTreeFacts?
    /// A row for each block list that the user wanted to be asked, in that order.
    package let blockLists: [BlockListFacts]
    /// What SPF says: for the HELO name, and for MAIL FROM where it is known.
    package let spf: [SPFFacts]
    /// Limits that were reached, so that something was not looked at.
    package let limitsReached: [ReachedLimit]

    package init(subject: Subject, evidence: Evidence) {
        let pointer = PointerFacts(of: subject.address, in: evidence)
        let helo = subject.helo.map {
            HELOFacts($0, client: subject.address, pointer: pointer, in: evidence)
        }
        self.subject = subject
        purpose = SpecialAddresses.purpose(of: subject.address)
        isAsked = LookupPlan.isAskable(subject.address, in: evidence)
        iprev = IPRevResult(pointer)
        members = MemberFacts.all(behind: helo, client: subject.address, in: evidence)
        topology = Topology(
            client: subject.address, pointer: pointer, helo: helo, members: members)
        reverseTree = ReverseTreeFacts(of: pointer, in: evidence)
        blockLists =
            isAsked
            ? subject.blockLists.map {
                BlockListFacts(of: $0, client: subject.address, in: evidence)
            } : []
        spf = isAsked ? SPFFacts.all(of: subject, in: evidence) : []
        limitsReached = ReachedLimit.all(pointer: pointer, helo: helo, in: evidence)
        self.pointer = pointer
        self.helo = helo
    }

    /// The confirmed name that stands for the client, as RFC 8601's iprev found it.
    package var confirmedName: DomainName? {
        if case .pass(let name) = iprev { name } else { nil }
    }
}

/// The result of the iprev method (RFC 8601 §3): the address, its PTR names, their addresses.
package enum IPRevResult: Hashable, Sendable {
    /// A PTR name has the client's address. The first such name is the confirming one.
    case pass(DomainName)
    /// There are PTR names, and none leads back.
    case fail
    /// A look-up failed, so that another time may give another result.
    case temperror
    /// There is no PTR record.
    case permerror

    init(_ pointer: PointerFacts) {
        switch pointer.lookup?.outcome {
        case nil, .failed:
            self = .temperror
        case .noData, .noSuchName:
            self = .permerror
        case .answers:
            if let name = pointer.confirmedNames.first {
                self = .pass(name)
            } else if pointer.names.contains(where: \.isUnknown) {
                self = .temperror
            } else {
                self = .fail
            }
        }
    }

    /// The keyword of the Authentication-Results header.
    package var keyword: String {
        switch self {
        case .pass: "pass"
        case .fail: "fail"
        case .temperror: "temperror"
        case .permerror: "permerror"
        }
    }
}

/// A limit of one verdict that was reached, and what was left out because of it.
package enum ReachedLimit: Hashable, Sendable {
    /// More members stand behind the HELO name than are looked up.
    case members(found: Int, evaluated: Int)
    /// A name has more aliases in a row than are followed, and so have others.
    case aliases(of: DomainName, others: Int)
    /// A stage spent its packets; so many questions stayed open.
    case packets(stage: LookupStage, unanswered: Int)
    /// The bytes kept for one check; so many answers came and were not kept.
    case bytes(unkept: Int)
    /// The walk to the keeper of the reverse zone was cut short.
    case walk(DelegationTrace.Limit)

    static func all(
        pointer: PointerFacts, helo: HELOFacts?, in evidence: Evidence
    ) -> [ReachedLimit] {
        var reached: [ReachedLimit] = []
        if let count = helo?.addressCount, count > EvidenceLimits.members {
            reached.append(.members(found: count, evaluated: EvidenceLimits.members))
        }
        reached += (evidence.walk?.limits ?? []).map { .walk($0) }
        guard evidence.mayHaveReachedLimit else { return reached }
        var tooLong: [DomainName] = []
        for observation in evidence.observations
        where observation.outcome.failure == .aliasChainTooLong {
            let name = observation.question.name
            if !tooLong.contains(name) { tooLong.append(name) }
        }
        if let first = tooLong.first {
            reached.append(.aliases(of: first, others: tooLong.count - 1))
        }
        var unanswered: [LookupStage: Int] = [:]
        var unkept = 0
        for index in evidence.observations.indices
        where evidence.observations[index].outcome.failure == .budgetExhausted {
            if evidence.observations[index].isUnkept {
                unkept += 1
            } else {
                unanswered[evidence.observations[index].stage, default: 0] += 1
            }
        }
        for stage in LookupStage.allCases {
            if let count = unanswered[stage] {
                reached.append(.packets(stage: stage, unanswered: count))
            }
        }
        if unkept > 0 { reached.append(.bytes(unkept: unkept)) }
        return reached
    }
}
