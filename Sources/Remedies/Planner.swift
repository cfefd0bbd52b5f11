import DNSModel
import NetNames
import SenderIdentity

/// Chooses the steps: the reverse side first, then HELO, then what stays open.
///
/// Records are planned only in names that can be the sender's own: not in a name that the provider
/// made, and not in a pool's name that a stranger uses.
struct Planner {
    let facts: IdentityFacts
    let verdict: Verdict
    let evidence: Evidence

    /// Suggested for records that do not exist yet: an hour, as most providers' forms have it.
    static let suggestedTTL: UInt32 = 3600

    var steps: [RemedyStep] {
        if !facts.isAsked { return [RemedyStep(.you, .findPublicAddress)] }
        if case .sharedPool = facts.topology {
            let own = strays + (treeSteps?.steps ?? []) + spfSteps
            let hasTask = (own + blockListSteps).contains { $0.owner == .you }
            return own + [
                RemedyStep(.receiverAdmin, .changeReceiverRule),
                RemedyStep(.you, hasTask ? .nameEachHost : .nothingInPool),
            ] + blockListSteps
        }
        let reverse = reverseSteps
        let steps =
            publicAddressStep + reverse + heloSteps(after: reverse) + spfSteps + openSteps
            + blockListSteps
        return steps.isEmpty ? [RemedyStep(.nobody, .nothing)] : steps
    }

    /// A private address in a world of one's own: its records may be wanted, receivers never see it.
    private var publicAddressStep: [RemedyStep] {
        isPrivate ? [RemedyStep(.you, .findPublicAddress)] : []
    }

    private var isPrivate: Bool {
        switch facts.purpose?.kind {
        case .documentation, .benchmarking, .protocolAssignment, .translation, .tunnel, nil: false
        default: true
        }
    }

    var client: IPAddress { facts.subject.address }
    var keeper: ZoneKeeper { ZoneKeeper(of: facts) }

    // MARK: Names

    /// The name the PTR record should have: the HELO name, if it is a proper one and one's own.
    var desiredName: DomainName? {
        if heloIsOwn, let name = facts.helo?.argument.name { return name }
        if let target = facts.pointer.writtenForwards?.target { return target }
        return intendedName
    }

    /// The name that a PTR record means whose target lacks its closing dot.
    private var intendedName: DomainName? {
        facts.pointer.names.compactMap(\.intended).first { name in
            let found = lookups(of: name)
            return isProper(name)
                && (found?.match(client) == .confirmed || mayHaveAddress(name, found))
        }
    }

    /// A host name below a domain that somebody can register, and that no provider made.
    func isProper(_ name: DomainName) -> Bool {
        HostnameDefect.of(name) == nil && GenericRule.matching(name, client: client) == nil
            && RegistrableDomain.of(name) != nil
            && !Self.localDomains.contains { name.isSubdomain(of: $0) }
    }

    /// Top-level domains that exist only inside a site (RFC 6761, RFC 6762, and what is in use).
    private static let localDomains = [
        "corp", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain",
        "localhost", "onion", "private",
    ].compactMap { DomainName($0) }

    /// A name the sender can be expected to keep himself: it is his HELO's, or no HELO is known.
    func isOwn(_ name: PointerNameFacts) -> Bool {
        guard isProper(name.name), name.intended == nil, !ReverseName.contains(name.name) else {
            return false
        }
        switch facts.helo?.relation {
        case .equals?, .sameOrganization?: return true
        case .unrelated?: return false
        case nil: return facts.helo == nil
        }
    }

    // MARK: The reverse side

    var pointerSteps: [RemedyStep] {
        switch facts.pointer.lookup?.outcome {
        case nil, .failed: []
        case .noData(let absence), .noSuchName(let absence): creation(absence)
        case .answers:
            switch facts.iprev {
            case .pass: tidying
            case .fail: correction
            case .temperror, .permerror: []
            }
        }
    }

    /// No PTR record: the name's address first, then the record, as most providers demand it.
    private func creation(_ absence: LookupOutcome.Absence) -> [RemedyStep] {
        // Behind an RFC 2317 alias the record belongs where the alias leads.
        let owner = absence.aliases.last ?? facts.pointer.question
        let action: RemedyStep.Action
        if let slip = facts.pointer.writtenForwards {
            action = .movePointer(from: slip.owner, owner: owner, keeper: keeper)
        } else {
            action = .createPointer(owner: owner, keeper: keeper)
        }
        return [
            forwardStep(for: desiredName),
            RemedyStep(
                pointerOwner, action,
                records: records(owner, desiredName), wait: .init(facts.pointer.lookup?.outcome)),
        ]
    }

    /// PTR names, none of which leads back.
    private var correction: [RemedyStep] {
        let names = facts.pointer.names
        // Fewest owners first: a name of one's own only lacks its address record. A name that
        // visitors may come to use is the last choice.
        if facts.pointer.count == 1, let only = names.first, isOwn(only),
            mayHaveAddress(only.name, only.addresses),
            !hasOthers(only) || only.name == facts.helo?.argument.name,
            !isWebSite(only.name) || desiredName == nil || desiredName == only.name
        {
            return [publishing(only.name, after: only.addresses)]
        }
        return replacement(by: intendedName ?? desiredName)
    }

    /// Whether the name means another host of the client's family already.
    private func hasOthers(_ name: PointerNameFacts) -> Bool {
        name.addresses.lookup(of: client.family)?.outcome.answers != nil
    }

    /// Confirmed, with something to tidy: stray names, or one that is not a name of one's own.
    private var tidying: [RemedyStep] {
        if !strays.isEmpty, facts.pointer.skipped == 0 { return strays }
        let names = facts.pointer.names
        if facts.pointer.skipped > 0, let name = properConfirmedName {
            return [change(to: name)]
        }
        let isProperAsItIs = names.contains {
            $0.match == .confirmed && $0.intended == nil && isProper($0.name)
        }
        guard !isProperAsItIs else { return [] }
        return replacement(by: intendedName ?? desiredName)
    }

    /// Names beside a confirmed one that lead elsewhere or nowhere.
    private var strays: [RemedyStep] {
        let stray = facts.pointer.names.filter { $0.match != .confirmed && !$0.isUnknown }
        guard !stray.isEmpty, facts.confirmedName != nil else { return [] }
        return [
            RemedyStep(
                pointerOwner,
                .removePointers(owner: pointerName, stray.map(\.name), keeper: keeper),
                records: facts.pointer.confirmedNames.map { pointer(pointerName, to: $0) },
                wait: .init(facts.pointer.lookup?.outcome))
        ]
    }

    func replacement(by name: DomainName?) -> [RemedyStep] {
        [forwardStep(for: name), change(to: name)]
    }

    private func change(to name: DomainName?) -> RemedyStep {
        RemedyStep(
            pointerOwner,
            .changePointer(
                owner: pointerName,
                from: facts.pointer.names.map(\.name).filter { $0 != name }, keeper: keeper),
            records: records(pointerName, name), wait: .init(facts.pointer.lookup?.outcome))
    }

    /// Where the PTR record stands: behind an RFC 2317 alias, where that leads.
    private var pointerName: DomainName {
        facts.pointer.lookup?.outcome.aliases.last ?? facts.pointer.question
    }

    private var pointerOwner: RemedyStep.Owner {
        isPrivate || facts.pointer.lookup?.outcome.aliases.isEmpty == false
            ? .reverseZoneKeeper : .addressHolder
    }

    /// The address record of the name that the PTR record will have.
    func forwardStep(for name: DomainName?) -> RemedyStep {
        guard let name else { return RemedyStep(.you, .chooseName(client)) }
        let found = lookups(of: name)
        if facts.pointer.writtenForwards?.target == name || found?.match(client) == .confirmed {
            return RemedyStep(.you, .addressIsRight(name, client))
        }
        guard mayHaveAddress(name, found) else { return RemedyStep(.you, .chooseName(client)) }
        return publishing(name, after: found)
    }

    /// The address record of a name of one's own.
    ///
    /// Beside a CNAME nothing may stand (RFC 1034 §3.6.2): the record belongs where the alias leads,
    /// or in its place where that is another organization's.
    func publishing(_ name: DomainName, after lookups: AddressLookups?) -> RemedyStep {
        let (owner, foreign) = place(of: name, after: lookups)
        let action: RemedyStep.Action
        if let foreign {
            action = .leaveAlias(owner: owner, target: foreign)
        } else {
            action = .publishAddress(owner, hasOthers: lookups?.addresses.isEmpty == false)
        }
        return RemedyStep(
            .you, action,
            records: [
                ResourceRecord(name: owner, ttl: Self.suggestedTTL, data: .address(client))
            ],
            wait: .init(lookups?.lookup(of: client.family)?.outcome))
    }

    /// Where a name's address record belongs, and the other organization's name that an alias there
    /// leads to, if one does.
    func place(
        of name: DomainName, after lookups: AddressLookups?
    ) -> (owner: DomainName, foreign: DomainName?) {
        var owner = name
        for target in lookups?.aliases ?? [] {
            guard RegistrableDomain.areSame(owner, target) else { return (owner, target) }
            owner = target
        }
        return (owner, nil)
    }

    /// A name of one's own that leads to the client and back.
    var properConfirmedName: DomainName? {
        facts.pointer.names.first {
            $0.match == .confirmed && $0.intended == nil && isProper($0.name)
        }?.name
    }

    // MARK: What could not be found out

    private var openSteps: [RemedyStep] {
        var steps: [RemedyStep] = []
        for question in verdict.openQuestions {
            switch question {
            case .reverse where treeSteps != nil: break
            case .reverse(let failure):
                steps.append(asking(facts.pointer.question, failure, isReverse: true))
            case .forward(let failure):
                steps.append(forwardAsking(failure))
            case .helo(let failure), .topology(let failure, member: nil):
                if let name = facts.helo?.argument.name {
                    steps.append(asking(name, failure, isReverse: false))
                }
            case .topology(let failure, let member?):
                steps.append(asking(ReverseName.name(of: member), failure, isReverse: true))
            case .spf(let failure):
                if let name = unknownToSPF {
                    steps.append(asking(name, failure, isReverse: false))
                }
            case .skippedNames, .blockList: break
            }
        }
        var seen: Set<RemedyStep> = []
        return steps.filter { seen.insert($0).inserted }
    }

    private func forwardAsking(_ failure: LookupFailure) -> RemedyStep {
        let failed = facts.pointer.names.filter(\.isUnknown)
        return asking(
            failed.first?.name ?? facts.pointer.question, failure, isReverse: false,
            alike: max(0, failed.count - 1))
    }

    /// Some failures pass, others stay until the zone's keeper mends them.
    private func asking(
        _ name: DomainName, _ failure: LookupFailure, isReverse: Bool, alike: Int = 0
    ) -> RemedyStep {
        let owner: RemedyStep.Owner =
            switch failure {
            case .aliasLoop, .aliasChainTooLong, .bogus, .lame, .malformed, .specialPurpose:
                isReverse ? .reverseZoneKeeper : .you
            default: .you
            }
        return RemedyStep(owner, .askAgain(name, failure, alike: alike))
    }

    // MARK: Records

    func records(_ owner: DomainName, _ name: DomainName?) -> [ResourceRecord] {
        name.map { [pointer(owner, to: $0)] } ?? []
    }

    func pointer(_ owner: DomainName, to name: DomainName) -> ResourceRecord {
        ResourceRecord(name: owner, ttl: Self.suggestedTTL, data: .ptr(name))
    }
}
