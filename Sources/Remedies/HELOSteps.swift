import DNSModel
import NetNames
import SenderIdentity

/// What the mail server is to say in HELO, and whether the name that it says can be mended.
///
/// A name that leads to the client and back is there already and means no other host, so it goes
/// first. A HELO name that leads elsewhere may be a web site's: with the client's address beside it,
/// visitors would come to the mail server. Its address is published where the hosts behind it show
/// that they share it, or where no name is confirmed and the name can be nobody else's. A name that
/// people take for a web site's gets none at all once it leads anywhere.
extension Planner {
    func heloSteps(after reverse: [RemedyStep]) -> [RemedyStep] {
        guard let helo = facts.helo, heloHasFault else { return [] }
        if lacksOnlyClient(helo), let name = helo.argument.name, let addresses = helo.addresses {
            return [publishing(name, after: addresses)]
        }
        if let name = properConfirmedName { return [RemedyStep(.mailServerAdmin, .setHELO(name))] }
        let planned = confirmedNames(after: reverse)
        if heloIsOwn, let name = helo.argument.name, let addresses = helo.addresses {
            if helo.match == .toClient || isLed(name, by: reverse) { return [] }
            if planned.isEmpty { return [publishing(name, after: addresses)] }
        }
        return [
            RemedyStep(
                .mailServerAdmin, planned.first.map { .setHELO($0) } ?? .setHELOToOwnName)
        ]
    }

    /// A proven fault or weakness of HELO, or a HELO name that the provider made.
    private var heloHasFault: Bool {
        let hasFault = verdict.findings.contains {
            [.heloForm, .heloAndClient, .topology].contains($0.finding.code.group)
                && ($0.severity == .error || $0.severity == .warning)
        }
        guard !hasFault, let name = facts.helo?.argument.name else { return hasFault }
        return GenericRule.matching(name, client: client) != nil
    }

    // MARK: What the reverse side's steps bring about

    /// The names of one's own that lead to the client and back once the steps are carried out.
    private func confirmedNames(after reverse: [RemedyStep]) -> [DomainName] {
        let planned = PlannedChange(reverse).pointers
        let names = planned.isEmpty ? facts.pointer.names.map(\.name) : planned
        return names.filter { isProper($0) && isLed($0, by: reverse) }
    }

    /// Whether the steps publish the name's address, or say that it is right.
    private func isLed(_ name: DomainName, by steps: [RemedyStep]) -> Bool {
        let owner = place(of: name, after: lookups(of: name)).owner
        return steps.contains { step in
            if case .addressIsRight(name, _) = step.action { return true }
            return step.records.contains { $0.name == owner && $0.data == .address(client) }
        }
    }

    func lookups(of name: DomainName) -> AddressLookups? {
        if let helo = facts.helo, helo.argument.name == name { return helo.addresses }
        for pointer in facts.pointer.names {
            if pointer.name == name { return pointer.addresses }
            if pointer.intended == name { return pointer.intendedAddresses }
        }
        return nil
    }

    // MARK: Whose name it is

    /// Whether the HELO name can be the sender's own, and fit for a PTR record.
    var heloIsOwn: Bool {
        guard let helo = facts.helo, helo.argument.form == .name, let name = helo.argument.name,
            isProper(name)
        else { return false }
        switch helo.match {
        case .toClient: return true
        case .loopback, .unknown, .notAsked: return false
        case .doesNotResolve: return mayHaveAddress(name, helo.addresses)
        case .elsewhere:
            guard mayHaveAddress(name, helo.addresses) else { return false }
            // A name in use elsewhere is somebody's; only a tie to the client's own names says whose.
            let isFew = facts.members.count < Topology.minimumMembers || isMultihomed
            switch helo.relation {
            case .equals?: return isFew
            case .sameOrganization?:
                return isFew && (hasColleagues(helo) || isNameWithoutFamily(helo))
            case .unrelated?, nil: return isNameWithoutFamily(helo)
            }
        }
    }

    /// Whether the client's siblings share the HELO name, and only its own address is missing.
    ///
    /// Every host behind the name is confirmed under a name of its own, all cut to one scheme with
    /// the client's: what makes a pool, in any number. A name of the other family's addresses alone
    /// belongs to one host, as a rule, and lacks this one.
    private func lacksOnlyClient(_ helo: HELOFacts) -> Bool {
        guard case .multihomed(isClientMissing: true) = facts.topology,
            case .sameOrganization? = helo.relation, let own = properConfirmedName, heloIsOwn
        else { return false }
        let siblings = facts.members.compactMap(\.confirmedName)
        return isOfOtherFamily(helo)
            || (siblings.count == facts.members.count
                && !facts.members.contains { $0.equalsHELO == true }
                && NamingScheme.fits(own, siblings: siblings))
    }

    /// Whether every host behind the name is confirmed under a name of the same organization.
    private func hasColleagues(_ helo: HELOFacts) -> Bool {
        guard let name = helo.argument.name, !facts.members.isEmpty else { return false }
        return facts.members.allSatisfy { member in
            member.confirmedName.map { RegistrableDomain.areSame($0, name) } ?? false
        }
    }

    /// Whether the name has addresses of the other family alone, and the client has no other name.
    private func isNameWithoutFamily(_ helo: HELOFacts) -> Bool {
        properConfirmedName == nil && isOfOtherFamily(helo)
    }

    /// Whether the name has addresses of the other family alone, and no pool's number of them: most
    /// likely the same host's name, which lacks this one.
    private func isOfOtherFamily(_ helo: HELOFacts) -> Bool {
        let addresses = helo.addresses?.addresses ?? []
        return addresses.count < Topology.minimumMembers
            && !addresses.contains { $0.family == client.family }
    }

    /// Whether the client's address may stand at the name, or where its aliases lead.
    ///
    /// Not where a web site is: then its visitors would come to the mail server, those of the other
    /// family's addresses among them. An alias into another organization, a content network's as a
    /// rule, gives way only where PTR record and HELO both say its name and no other is confirmed.
    func mayHaveAddress(_ name: DomainName, _ found: AddressLookups?) -> Bool {
        let aliases = found?.aliases ?? []
        if ([name] + aliases).contains(where: isWebSite) {
            return aliases.isEmpty && isWithoutAddress(found)
        }
        guard place(of: name, after: found).foreign != nil else { return true }
        return properConfirmedName == nil && facts.helo?.argument.name == name
            && facts.pointer.names.contains { $0.name == name }
    }

    /// Whether DNS denies the name's addresses of both families; a failed look-up denies nothing.
    private func isWithoutAddress(_ found: AddressLookups?) -> Bool {
        guard let found, found.addresses.isEmpty else { return false }
        let outcomes = [found.a, found.aaaa].compactMap { $0?.outcome }
        if outcomes.contains(where: { if case .noSuchName = $0 { true } else { false } }) {
            return true
        }
        return outcomes.count == 2 && outcomes.allSatisfy { $0.absence != nil }
    }

    /// Whether people take the name for a web site's: the domain itself, or its `www`.
    func isWebSite(_ name: DomainName) -> Bool {
        if RegistrableDomain.of(name) == name { return true }
        return name.labels.first.map { $0.map(Ascii.lowercased) } == Array("www".utf8)
    }

    private var isMultihomed: Bool {
        if case .multihomed = facts.topology { return true }
        return false
    }
}
