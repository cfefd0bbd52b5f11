package import NetNames
package import SenderIdentity

/// What a guard's policy goes by: which findings a client has, and how certain each side of it is.
///
/// Everything that a decision needs and nothing else, so that it can be kept for many clients and
/// judged again when the policy has changed.
package struct GuardFacts: Hashable, Sendable {
    /// How well one side is known.
    package enum Certainty: Hashable, Sendable {
        /// Every look-up it rests on was answered.
        case proven
        /// A look-up failed at the other end: another time may give another result.
        case temporary(LookupFailure)
        /// What this guard alone could not find out, by a failure of its own or a limit (nil).
        case ours(LookupFailure?)
    }

    package let findings: FindingSet
    /// The result of RFC 8601 §2.7.3.
    package let iprev: IPRevResult
    /// The PTR names that lead back to the client; the first one stands for it.
    package let confirmedNames: [DomainName]
    /// Of the PTR records and what their names lead to.
    package let address: Certainty
    /// Of the addresses of the HELO name.
    package let helo: Certainty

    package init(
        findings: FindingSet, iprev: IPRevResult, confirmedNames: [DomainName] = [],
        address: Certainty = .proven, helo: Certainty = .proven
    ) {
        self.findings = findings
        self.iprev = iprev
        self.confirmedNames = confirmedNames
        self.address = address
        self.helo = helo
    }

    package init(_ facts: IdentityFacts) {
        var found = FindingSet(Check.findings(in: facts).lazy.map(\.code))
        if facts.confirmedName != nil { found = found.subtracting(Self.ofOtherNames(in: facts)) }
        findings = found
        iprev = facts.iprev
        confirmedNames = facts.pointer.confirmedNames
        address = Certainty(facts.pointer.failures, hasSkipped: facts.pointer.skipped > 0)
        if case .unknown(let failure)? = facts.helo?.match {
            helo = Certainty([failure], hasSkipped: false)
        } else {
            helo = .proven
        }
    }
}

extension GuardFacts {
    /// What a name that leads back to the client may look like all the same.
    static let countsWhenConfirmed = FindingSet([.pointerLooksGeneric, .pointerNameIsAlias])

    /// Of these, what is true of names that are not confirmed only.
    private static func ofOtherNames(in facts: IdentityFacts) -> FindingSet {
        let confirmed = facts.pointer.names.filter { $0.match == .confirmed }
        var others: [FindingCode] = []
        if !confirmed.contains(where: { $0.genericRule != nil }) {
            others.append(.pointerLooksGeneric)
        }
        if !confirmed.contains(where: { $0.addresses.aliasTarget != nil }) {
            others.append(.pointerNameIsAlias)
        }
        return FindingSet(others)
    }

    /// The same facts, when every failure in them is this guard's own: its resolvers answer nobody.
    package var blamingNobody: GuardFacts {
        GuardFacts(
            findings: findings, iprev: iprev, confirmedNames: confirmedNames,
            address: address.blamingNobody, helo: helo.blamingNobody)
    }
}

extension GuardFacts.Certainty {
    fileprivate var blamingNobody: Self {
        if case .temporary(let failure) = self { .ours(failure) } else { self }
    }

    fileprivate init(_ failures: [LookupFailure], hasSkipped: Bool) {
        if let own = failures.first(where: \.isOurOwn) {
            self = .ours(own)
        } else if hasSkipped {
            self = .ours(nil)
        } else {
            self = failures.first.map { .temporary($0) } ?? .proven
        }
    }

    package var failure: LookupFailure? {
        switch self {
        case .proven: nil
        case .temporary(let failure): failure
        case .ours(let failure): failure
        }
    }
}

extension PointerFacts {
    /// Every failure that keeps the address side from being known.
    fileprivate var failures: [LookupFailure] {
        var failures = [lookup?.outcome.failure].compactMap { $0 }
        for name in names {
            if case .unknown(let failure) = name.match { failures.append(failure) }
        }
        return failures
    }
}
