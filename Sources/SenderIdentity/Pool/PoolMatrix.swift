import DNSModel
package import NetNames
package import SPF

/// All hosts of a pool against the HELO name: what follows from the evidence for each of them, and
/// for the whole.
package struct PoolMatrix: Sendable {
    package let target: PoolTarget
    package let hosts: [Host]
    /// Hosts beyond ``PoolLimits/hosts``.
    package let skipped: Int
    /// The scheme that most confirmed names follow, and how many; nil where no two are alike.
    package let scheme: Scheme?
    /// Why the HELO name's addresses are not known, where it decides which hosts there are.
    package let heloFailure: LookupFailure?
    /// A family of the HELO name's addresses that is not known, where the other one has hosts.
    package let unknownAddresses: UnknownAddresses?
    /// What the domain's SPF record allows, where it says which hosts there are.
    package let allowance: SPFAllowance?

    package struct Host: Sendable {
        package let facts: IdentityFacts
        package let verdict: Verdict
        /// Whether its confirmed name leaves the scheme of the others.
        package let isOutlier: Bool

        /// Whether the HELO name resolves to the host; nil when that is not known.
        package var isCovered: Bool? {
            switch facts.helo?.match {
            case .toClient: true
            case .elsewhere, .loopback, .doesNotResolve: false
            case .unknown, .notAsked, nil: nil
            }
        }

        /// What SPF says about the host: for MAIL FROM if it was told, else for the HELO name.
        package var spf: SPFFacts? { facts.spf.last }

        /// Whether a PTR name is the HELO name; nil when that is not known.
        package var equalsHELO: Bool? {
            guard let helo = facts.helo?.argument.name,
                let outcome = facts.pointer.lookup?.outcome, outcome.failure == nil
            else { return nil }
            return pointerNames(in: outcome).contains(helo)
        }
    }

    /// Addresses that could not be looked up.
    package struct UnknownAddresses: Hashable, Sendable {
        package let family: IPAddress.Family
        package let failure: LookupFailure
    }

    package struct Scheme: Hashable, Sendable {
        /// Such as `mail-bn….outbound.protection.outlook.com`.
        package let pattern: String
        package let count: Int
    }

    /// Derives the matrix.
    /// - Parameters:
    ///   - target: Which hosts.
    ///   - evidence: What was looked up.
    ///   - profile: How each host's findings are graded.
    package init(
        of target: PoolTarget, evidence: Evidence, profile: SeverityProfile = .standard
    ) {
        let target = target.resolved(knowing: evidence)
        self.target = target
        let allowance = target.allowance(knowing: evidence)
        self.allowance = allowance
        let facts = target.clients(knowing: evidence).map {
            IdentityFacts(subject: $0, evidence: evidence)
        }
        let common = NamingScheme.common(among: facts.compactMap(\.confirmedName))
        hosts = facts.map { facts in
            Host(
                facts: facts,
                verdict: Verdict(Check.findings(in: facts), facts: facts, profile: profile),
                isOutlier: common.map { common in
                    facts.confirmedName.map { NamingScheme.key(of: $0) != common.key } ?? false
                } ?? false)
        }
        scheme = common.map { Scheme(pattern: $0.key.pattern, count: $0.count) }
        skipped = target.skippedClients(knowing: evidence)
        if facts.isEmpty, let question = allowance?.failed.first {
            heloFailure = Lookup(question, in: evidence)?.outcome.failure ?? .notRecorded
        } else if case .heloName(let name, _) = target, facts.isEmpty {
            let lookups = AddressLookups(of: name, in: evidence)
            heloFailure =
                [lookups.a, lookups.aaaa].compactMap { $0?.outcome.failure }.first
                ?? (lookups.a == nil ? .notRecorded : nil)
        } else if case .name = target {
            heloFailure = .notRecorded
        } else {
            heloFailure = nil
        }
        unknownAddresses = facts.isEmpty ? nil : target.unknownAddresses(knowing: evidence)
    }

    // MARK: The figures

    package var confirmed: Int { hosts.count { $0.facts.confirmedName != nil } }

    /// Proven to have no PTR record.
    package var withoutPointer: [Host] {
        hosts.filter { $0.facts.pointer.lookup?.outcome.absence != nil }
    }

    /// PTR names exist, none leads back.
    package var notConfirmed: [Host] { hosts.filter { $0.facts.iprev == .fail } }

    /// A look-up of the host failed.
    package var unknown: [Host] {
        hosts.filter { $0.facts.isAsked && $0.facts.iprev == .temperror }
    }

    package var covered: Int { hosts.count { $0.isCovered == true } }
    package var notCovered: [Host] { hosts.filter { $0.isCovered == false } }
    package var equalToHELO: Int { hosts.count { $0.equalsHELO == true } }
    package var outliers: [Host] { hosts.filter(\.isOutlier) }

    /// Hosts that SPF passes; nil where no record was evaluated.
    package var passedBySPF: Int? {
        let results = hosts.compactMap(\.spf?.result)
        guard results.contains(where: { $0 != .none }) else { return nil }
        return results.count { $0 == .pass }
    }

    /// Hosts that SPF, evaluated to its end, does not pass.
    package var refusedBySPF: [Host] {
        hosts.filter { host in
            switch host.spf?.result {
            case .fail, .softfail, .neutral: true
            case .pass, .permerror, .temperror, SPFResult.none?, nil: false
            }
        }
    }

    /// The domain whose record is meant, as far as the hosts agree on one.
    package var spfDomain: DomainName? {
        let domains = Set(hosts.compactMap { $0.spf?.report.request.domain })
        return domains.count == 1 ? domains.first : nil
    }

    /// Whether look-ups of the SPF record or of one family failed, so that not all hosts are known.
    package var isIncomplete: Bool { allowance?.failed.isEmpty == false || unknownAddresses != nil }

    /// What keeps the SPF domain from naming any host; nil where it names some, or is none.
    package var spfObstacle: SPFObstacle? {
        guard hosts.isEmpty, let allowance else { return nil }
        if let fault = allowance.faults.first { return .fault(fault) }
        guard heloFailure == nil, let term = allowance.firstUnlisted else { return nil }
        return .unlisted(term)
    }

    package enum SPFObstacle: Hashable, Sendable {
        /// A record that cannot be used.
        case fault(SPFAllowance.Fault)
        /// The first term that allows what no list holds.
        case unlisted(SPFReport.Term)
    }

    /// Whether any host's HELO name is known.
    package var hasHELO: Bool { hosts.contains { $0.facts.helo?.argument.name != nil } }

    /// Whether each host was recognized as one of a pool by design.
    package var isSharedByDesign: Bool {
        !hosts.isEmpty
            && hosts.allSatisfy {
                if case .sharedPool = $0.facts.topology { true } else { false }
            }
    }

    package var sameOrganization: Int {
        hosts.count {
            switch $0.facts.helo?.relation {
            case .equals?, .sameOrganization?: true
            case .unrelated?, nil: false
            }
        }
    }

    /// 1 if a host has a fault that reaches the threshold, or if there is no host to look at for a
    /// proven reason, else 75 if a host or the list of hosts is undetermined, else 0.
    package func exitCode(failOn threshold: Severity) -> Int32 {
        let codes = Set(hosts.map { $0.verdict.exitCode(failOn: threshold) })
        if codes.contains(ExitCode.fault) { return ExitCode.fault }
        switch spfObstacle {
        case .fault: return ExitCode.fault
        case .unlisted: return ExitCode.undetermined
        case nil: break
        }
        if heloFailure != nil || isIncomplete || codes.contains(ExitCode.undetermined) {
            return ExitCode.undetermined
        }
        return hosts.isEmpty ? ExitCode.fault : ExitCode.success
    }
}
