import DNSModel
import NetNames
import SenderIdentity

/// Chooses the steps: the reverse side first, then HELO, then what is left to others.
struct Planner {
    let facts: IdentityFacts
    let verdict: Verdict

    /// Suggested for records that do not exist yet: an hour, as most providers' forms have it.
    static let suggestedTTL: UInt32 = 3600

    var steps: [RemedyStep] {
        if !facts.isAsked { return [RemedyStep(.you, .findPublicAddress)] }
        var steps = pointerSteps
        if case .sharedPool = facts.topology, facts.confirmedName != nil {
            return steps + [
                RemedyStep(.receiverAdmin, .changeReceiverRule), RemedyStep(.you, .nothingInPool),
            ]
        }
        steps += heloSteps(afterPointerSteps: !steps.isEmpty)
        steps += openSteps
        return steps.isEmpty ? [RemedyStep(.nobody, .nothing)] : steps
    }

    private var client: IPAddress { facts.subject.address }
    private var keeper: ZoneKeeper { ZoneKeeper(of: facts) }

    /// The name the PTR record should have: the HELO name, if that is a proper one.
    private var desiredName: DomainName? {
        if case .name? = facts.helo?.argument.form, let name = facts.helo?.argument.name,
            HostnameDefect.of(name) == nil
        {
            return name
        }
        if let target = facts.pointer.writtenForwards?.target { return target }
        return facts.pointer.names.compactMap(\.intended).first {
            HostnameDefect.of($0) == nil
        }
    }

    // MARK: The reverse side

    private var pointerSteps: [RemedyStep] {
        switch facts.pointer.lookup?.outcome {
        case nil, .failed: []
        case .noData(let absence), .noSuchName(let absence): creation(absence)
        case .answers(let answers):
            switch facts.iprev {
            case .pass: tidying(answers)
            case .fail: facts.pointer.skipped > 0 ? [] : correction(answers)
            case .temperror, .permerror: []
            }
        }
    }

    /// No PTR record: the name's address first, then the record, as most providers demand it.
    private func creation(_ absence: LookupOutcome.Absence) -> [RemedyStep] {
        // Behind an RFC 2317 alias the record belongs where the alias leads.
        let owner = absence.aliases.last ?? facts.pointer.question
        var steps = [forwardStep(for: desiredName)]
        let records = desiredName.map { [pointer(owner, to: $0)] } ?? []
        if let slip = facts.pointer.writtenForwards {
            steps.append(
                RemedyStep(
                    .addressHolder,
                    .movePointer(from: slip.owner, owner: owner, keeper: keeper),
                    records: records, wait: absence.ttl))
        } else {
            steps.append(
                RemedyStep(
                    .addressHolder, .createPointer(owner: owner, keeper: keeper),
                    records: records, wait: absence.ttl))
        }
        return steps
    }

    /// PTR names, none of which leads back.
    private func correction(_ answers: LookupOutcome.Answers) -> [RemedyStep] {
        let owner = answers.aliases.last ?? facts.pointer.question
        let names = facts.pointer.names
        // Fewest owners first: a name of one's own only lacks its address record.
        if names.count == 1, let only = names.first, only.defect == nil, only.intended == nil,
            !ReverseName.contains(only.name), isOwn(only.name)
        {
            return [publishing(only.name, after: only.addresses)]
        }
        let name =
            names.compactMap(\.intended).first { HostnameDefect.of($0) == nil }
            ?? desiredName
        return [
            forwardStep(for: name),
            RemedyStep(
                .addressHolder,
                .changePointer(owner: owner, from: names.map(\.name), keeper: keeper),
                records: name.map { [pointer(owner, to: $0)] } ?? [], wait: answers.ttl),
        ]
    }

    /// Confirmed, with something to tidy: names that do not confirm, or a provider's name.
    private func tidying(_ answers: LookupOutcome.Answers) -> [RemedyStep] {
        let owner = answers.aliases.last ?? facts.pointer.question
        let names = facts.pointer.names
        let stray = names.filter { $0.match != .confirmed && !$0.isUnknown }.map(\.name)
        if !stray.isEmpty {
            return [
                RemedyStep(
                    .addressHolder, .removePointers(owner: owner, stray, keeper: keeper),
                    records: facts.pointer.confirmedNames.map { pointer(owner, to: $0) },
                    wait: answers.ttl)
            ]
        }
        guard let only = names.first, names.count == 1, only.genericRule != nil,
            verdict.findings.contains(where: { $0.finding.code == .pointerLooksGeneric }),
            let name = desiredName, name != only.name,
            GenericRule.matching(name, client: client) == nil
        else { return [] }
        return [
            forwardStep(for: name),
            RemedyStep(
                .addressHolder,
                .changePointer(owner: owner, from: [only.name], keeper: keeper),
                records: [pointer(owner, to: name)], wait: answers.ttl),
        ]
    }

    /// A name the sender can be expected to keep himself: it is his HELO's, or no HELO is known.
    private func isOwn(_ name: DomainName) -> Bool {
        switch facts.helo?.relation {
        case .equals?, .sameOrganization?: true
        case .unrelated?: false
        case nil: facts.helo == nil
        }
    }

    /// The address record of the name that the PTR record will have.
    private func forwardStep(for name: DomainName?) -> RemedyStep {
        guard let name else { return RemedyStep(.you, .chooseName(client)) }
        if facts.helo?.argument.name == name {
            switch facts.helo?.match {
            case .toClient?: return RemedyStep(.you, .addressIsRight(name))
            default:
                if let addresses = facts.helo?.addresses {
                    return publishing(name, after: addresses)
                }
            }
        }
        if facts.pointer.writtenForwards?.target == name {
            return RemedyStep(.you, .addressIsRight(name))
        }
        return publishing(name, after: nil)
    }

    private func publishing(_ name: DomainName, after lookups: AddressLookups?) -> RemedyStep {
        let old = lookups?.lookup(of: client.family)?.outcome
        let wait = old?.absence?.ttl ?? old?.answers?.ttl
        return RemedyStep(
            .you, .publishAddress(name), records: [address(name)], wait: wait)
    }

    // MARK: HELO

    private func heloSteps(afterPointerSteps hasPointerSteps: Bool) -> [RemedyStep] {
        guard let helo = facts.helo else { return [] }
        let hasFault = verdict.findings.contains {
            [.heloForm, .heloAndClient, .topology].contains($0.finding.code.group)
                && ($0.severity == .error || $0.severity == .warning)
        }
        guard hasFault else { return [] }
        if case .multihomed(isClientMissing: true) = facts.topology, let name = helo.argument.name,
            let addresses = helo.addresses
        {
            return [publishing(name, after: addresses)]
        }
        if let name = properConfirmedName { return [RemedyStep(.mailServerAdmin, .setHELO(name))] }
        // The reverse side's plan already publishes the HELO name's address.
        if case .name = helo.argument.form {
            guard !hasPointerSteps, let name = helo.argument.name, let addresses = helo.addresses
            else { return [] }
            return [publishing(name, after: addresses)]
        }
        return [RemedyStep(.mailServerAdmin, .setHELOToOwnName)]
    }

    private var properConfirmedName: DomainName? {
        facts.pointer.names.first { $0.match == .confirmed && $0.defect == nil }?.name
    }

    // MARK: What could not be found out

    private var openSteps: [RemedyStep] {
        var steps: [RemedyStep] = []
        for question in verdict.openQuestions {
            switch question {
            case .reverse(let failure):
                steps.append(RemedyStep(.nobody, .askAgain(facts.pointer.question, failure)))
            case .forward:
                for name in facts.pointer.names {
                    if case .unknown(let failure) = name.match {
                        steps.append(RemedyStep(.nobody, .askAgain(name.name, failure)))
                    }
                }
            case .helo(let failure):
                if let name = facts.helo?.argument.name {
                    steps.append(RemedyStep(.nobody, .askAgain(name, failure)))
                }
            case .topology(let failure):
                if let name = facts.helo?.argument.name {
                    steps.append(RemedyStep(.nobody, .askAgain(name, failure)))
                }
            case .skippedNames:
                steps.append(
                    RemedyStep(
                        .addressHolder,
                        .removePointers(
                            owner: facts.pointer.question, facts.pointer.names.map(\.name),
                            keeper: keeper)))
            }
        }
        var seen: Set<RemedyStep> = []
        return steps.filter { seen.insert($0).inserted }
    }

    // MARK: Records

    private func pointer(_ owner: DomainName, to name: DomainName) -> ResourceRecord {
        ResourceRecord(name: owner, ttl: Self.suggestedTTL, data: .ptr(name))
    }

    private func address(_ name: DomainName) -> ResourceRecord {
        ResourceRecord(name: name, ttl: Self.suggestedTTL, data: .address(client))
    }
}
