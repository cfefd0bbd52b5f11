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
        /// A look-up failed: another time may give another result.
        ///
        /// Limits that the client can reach are among these failures (a long alias chain, silent
        /// servers behind ten PTR names): they must neither refuse nor let through.
        case temporary(LookupFailure)
        /// There are more PTR names than are looked at, and none of those confirms.
        case limited
        /// The guard's own network or resolvers failed, which no client can bring about.
        case ours(LookupFailure)
    }

    package let findings: FindingSet
    /// The result of RFC 8601 §2.7.3.
    package let iprev: IPRevResult
    /// The PTR names that lead back to the client; the first one stands for it.
    package let confirmedNames: [DomainName]
    /// Whether none was left out because one that confirms was enough, or because its look-up failed.
    ///
    /// Of more than ``EvidenceLimits/pointerNames`` the rest is never asked for.
    package let hasEveryName: Bool
    /// Of the PTR records and what their names lead to.
    package let address: Certainty
    /// Of the addresses of the HELO name.
    package let helo: Certainty

    package init(
        findings: FindingSet, iprev: IPRevResult, confirmedNames: [DomainName] = [],
        hasEveryName: Bool = true, address: Certainty = .proven, helo: Certainty = .proven
    ) {
        self.findings = findings
        self.iprev = iprev
        self.confirmedNames = confirmedNames
        self.hasEveryName = hasEveryName
        self.address = address
        self.helo = helo
    }

    package init(_ facts: IdentityFacts) {
        var found = FindingSet.empty
        for finding in Check.findings(in: facts) { found.insert(finding.code) }
        if facts.confirmedName != nil, facts.pointer.names.count > 1 {
            found = found.subtracting(Self.ofOtherNames(in: facts))
        }
        findings = found
        iprev = facts.iprev
        confirmedNames = facts.pointer.confirmedNames
        let isConfirmed = facts.confirmedName != nil
        hasEveryName =
            !isConfirmed || !facts.pointer.names.contains { $0.isLeftOut || $0.isUnknown }
        address = Certainty(
            isConfirmed ? [] : facts.pointer.failures, hasSkipped: facts.pointer.skipped > 0)
        helo = Certainty(facts.helo?.failures ?? [], hasSkipped: false)
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
            hasEveryName: hasEveryName, address: address.blamingNobody, helo: helo.blamingNobody)
    }

    /// Whether the guard's own network or resolvers kept a side from being known.
    package var isOurTrouble: Bool { address.isOurs || helo.isOurs }
}

extension GuardFacts.Certainty {
    fileprivate var blamingNobody: Self {
        if case .temporary(let failure) = self { .ours(failure) } else { self }
    }

    fileprivate var isOurs: Bool { if case .ours = self { true } else { false } }

    fileprivate init(_ failures: [LookupFailure], hasSkipped: Bool) {
        if let own = failures.first(where: \.isGuardsOwn) {
            self = .ours(own)
        } else if let failure = failures.first {
            self = .temporary(failure)
        } else {
            self = hasSkipped ? .limited : .proven
        }
    }

    package var failure: LookupFailure? {
        switch self {
        case .proven, .limited: nil
        case .temporary(let failure), .ours(let failure): failure
        }
    }
}

extension LookupFailure {
    /// Whether only the guard's own network can be the reason.
    ///
    /// Narrower than ``isOurOwn``, which asks whether another receiver might fare otherwise: whoever
    /// runs a reverse zone can make chains too long and packets too many, and would get past the
    /// guard by that. A time-out is the sender's servers as well as our resolver; the guard's cache,
    /// which sees whether the resolvers answer anybody, says so (``GuardFacts/blamingNobody``).
    var isGuardsOwn: Bool {
        switch self {
        case .unreachable, .notRecorded: true
        case .serverFailure, .bogus, .refused, .formatError, .notImplemented, .unexpectedCode,
            .timeout, .lame, .malformed, .aliasLoop, .aliasChainTooLong, .truncated, .withheld,
            .budgetExhausted, .specialPurpose:
            false
        }
    }
}

extension PointerFacts {
    /// Every failure that keeps the address side of a client that is not confirmed from being known.
    ///
    /// A name's other family counts too: it cannot hold the client's address, but what half fails
    /// proves nothing for good. Only what was asked can fail, so a guard that asks for its client's
    /// family alone refuses on that alone.
    fileprivate var failures: [LookupFailure] {
        var failures = [lookup?.outcome.failure].compactMap { $0 }
        for name in names {
            failures += name.addresses.failures
            if name.isLeftOut { failures.append(.notRecorded) }
        }
        return failures
    }
}

extension PointerNameFacts {
    /// Whether it could have been asked for and was not.
    fileprivate var isLeftOut: Bool {
        match == .notAsked && HostnameDefect.allowsLookup(of: name)
    }
}

extension HELOFacts {
    /// The same for the HELO name, unless it leads to the client.
    fileprivate var failures: [LookupFailure] {
        match == .toClient ? [] : addresses?.failures ?? []
    }
}

extension AddressLookups {
    /// Of both families, as far as they were asked.
    fileprivate var failures: [LookupFailure] { [a, aaaa].compactMap { $0?.outcome.failure } }
}
