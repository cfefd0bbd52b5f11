package import SenderIdentity

/// What Heloscope's own guard does with a finding: a table that an admin can replace.
package struct GuardPolicy: Hashable, Sendable {
    /// From mild to hard.
    package enum Action: Hashable, Sendable {
        case accept
        /// Authentication-Results and a header with the finding's code.
        case addHeader
        /// Thousandths of a point for the filter behind the guard.
        case score(Int)
        case `defer`
        case refuse
    }

    /// What an admin writes: `honest`.
    package let name: String
    /// Codes that are not listed are accepted.
    package let actions: [FindingCode: Action]
    /// Where the policy departs from an RFC, in a sentence; nil where it does not.
    package let departure: String?
    /// The actions by the codes' places, and which places have one: every client is judged by it.
    private let table: [Action]
    private let listed: FindingSet

    package init(name: String, actions: [FindingCode: Action], departure: String? = nil) {
        self.name = name
        self.actions = actions
        self.departure = departure
        table = FindingCode.allCases.map { actions[$0] ?? .accept }
        // The guard asks no block lists: what a check was told of them is none of its business.
        listed = FindingSet(
            actions.keys.filter { $0.group != .blockLists && actions[$0] != .accept })
    }

    package static let profiles: [GuardPolicy] = [
        .honest, .forwardConfirmationRequired, .strictHELO,
    ]

    /// The default: nothing is refused, everything is told to the filter behind.
    package static let honest = GuardPolicy(
        name: "honest",
        actions: [
            .noPointer: .score(2000), .reverseLookupFailed: .addHeader,
            .pointerPointsElsewhere: .score(1000), .pointerNameDoesNotExist: .score(1000),
            .pointerNotAHostname: .score(1000), .pointerMissingTrailingDot: .score(1000),
            .pointerForwardUnknown: .addHeader,
            .heloAbsent: .addHeader, .heloMalformed: .score(1000), .heloNotFQDN: .score(500),
            .heloBareAddress: .score(1000), .heloLocalhost: .score(1000),
            .heloLiteralMismatch: .addHeader, .heloResolvesElsewhere: .addHeader,
            .heloResolvesToLoopback: .addHeader, .heloDoesNotResolve: .score(500),
            .heloLookupFailed: .addHeader,
        ])

    /// Forward-confirmed reverse DNS or no mail; HELO only counts.
    package static let forwardConfirmationRequired = GuardPolicy(
        name: "fcrdns-required",
        actions: honest.actions.merging(
            [
                .noPointer: .refuse, .reverseLookupFailed: .defer, .pointerPointsElsewhere: .refuse,
                .pointerNameDoesNotExist: .refuse, .pointerNotAHostname: .refuse,
                .pointerMissingTrailingDot: .refuse, .pointerForwardUnknown: .defer,
            ], uniquingKeysWith: { $1 }))

    /// Besides, HELO must be a name that leads to the client: for those who want it all the same.
    package static let strictHELO = GuardPolicy(
        name: "strict-helo",
        actions: forwardConfirmationRequired.actions.merging(
            [
                .heloMalformed: .refuse, .heloNotFQDN: .refuse, .heloBareAddress: .refuse,
                .heloLocalhost: .refuse, .heloLiteralMismatch: .refuse,
                .heloResolvesElsewhere: .refuse, .heloResolvesToLoopback: .refuse,
                .heloDoesNotResolve: .refuse, .heloLookupFailed: .defer,
            ], uniquingKeysWith: { $1 }),
        departure: "Refusing because the HELO name does not lead to the client departs from"
            + " RFC 5321 §4.1.4.")

    /// The hardest action that a finding brings, with the codes that bring it.
    ///
    /// 1. Once a PTR name is confirmed, what is wrong with the other names changes nothing; what
    ///    the confirmed one looks like still counts.
    /// 2. Evidence that another time may differ never refuses: it defers at most, and scores only
    ///    for findings that mean the failure itself.
    /// 3. The same goes for limits, which a client can make this guard reach.
    /// 4. What the guard's own network failed to find out only marks the mail: a guard without DNS
    ///    lets mail through.
    ///
    /// A code counts once, however many PTR names have it.
    /// - Returns: What to do, and because of which findings.
    package func decision(for facts: IdentityFacts) -> (action: Action, because: [FindingCode]) {
        decision(on: GuardFacts(facts))
    }

    /// The same, on what a cache keeps of the facts.
    package func decision(on facts: GuardFacts) -> (action: Action, because: [FindingCode]) {
        var hardest = Action.accept
        var codes: [FindingCode] = []
        let relevant = facts.findings.intersection(listed)
        guard !relevant.isEmpty else { return (.accept, []) }
        for code in relevant.codes {
            guard let action = action(for: code, on: facts), action.rank > 0 else { continue }
            if action.rank > hardest.rank {
                hardest = action
                codes = [code]
            } else if action.rank == hardest.rank {
                hardest = hardest + action
                codes.append(code)
            }
        }
        return (hardest, codes)
    }

    private func action(for code: FindingCode, on facts: GuardFacts) -> Action? {
        let certainty: GuardFacts.Certainty
        switch code.group {
        case .pointerStatus, .pointerForward, .pointerForm, .reverseTree:
            if case .pass = facts.iprev {
                return GuardFacts.countsWhenConfirmed.contains(code) ? table[code.index] : nil
            }
            certainty = facts.address
        case .heloAndPointer: certainty = facts.address
        case .heloAndClient: certainty = facts.helo
        case .address, .heloForm, .heloAlias, .topology, .blockLists, .spf, .limits:
            certainty = .proven
        }
        let isPassing = Self.passing.contains(code)
        return table[code.index].softened(by: certainty, isPassing: isPassing)
    }

    /// What may be otherwise another time by its own meaning, so that no table can refuse for it.
    ///
    /// Lameness is an answer of servers that may be mended or be asked in another order; a pool is
    /// seen through look-ups of other hosts, whose failures are not kept.
    private static let passing = FindingSet([
        .reverseLookupFailed, .pointerForwardUnknown, .reverseDelegationLame, .classlessChildLame,
        .serversDisagree, .heloLookupFailed, .sharedPoolByDesign, .multihomed, .singleHost,
        .blockListUnknown, .spfTemperror, .lookupLimitReached,
    ])
}

extension GuardPolicy.Action {
    var rank: Int {
        switch self {
        case .accept: 0
        case .addHeader: 1
        case .score: 2
        case .defer: 3
        case .refuse: 4
        }
    }

    /// What is left of it where the evidence is not certain.
    /// - Parameters:
    ///   - certainty: How well the side is known that the finding is about.
    ///   - isPassing: Whether the finding means the failure itself, so that a score is meant for it.
    /// - Returns: As hard as the evidence allows.
    fileprivate func softened(by certainty: GuardFacts.Certainty, isPassing: Bool) -> Self {
        switch (certainty, self) {
        case (_, .accept), (_, .addHeader): self
        case (.ours, .score), (.ours, .defer), (.ours, .refuse): .addHeader
        case (.temporary, .refuse), (.limited, .refuse): .defer
        case (.temporary, .score), (.limited, .score): isPassing ? self : .addHeader
        case (.proven, .refuse): isPassing ? .defer : self
        case (_, .defer), (.proven, .score): self
        }
    }

    /// Two of one rank: scores add up.
    fileprivate static func + (one: Self, other: Self) -> Self {
        if case .score(let first) = one, case .score(let second) = other {
            return .score(first + second)
        }
        return one
    }
}
