import DNSModel
package import NetNames

/// What the HELO argument's name leads to, and how it stands to the PTR names.
package struct HELOFacts: Hashable, Sendable {
    package let argument: HELOArgument
    package let addresses: AddressLookups?
    package let mx: Lookup?
    package let match: HELOMatch
    package let relation: PointerRelation?

    init(
        _ argument: HELOArgument, client: IPAddress, pointer: PointerFacts, in evidence: Evidence
    ) {
        self.argument = argument
        if let name = argument.name {
            let addresses = AddressLookups(of: name, in: evidence)
            self.addresses = addresses
            mx = Lookup(.init(name, .mx), in: evidence)
            match = HELOMatch(addresses, client: client)
            relation = PointerRelation(of: name, to: pointer)
        } else {
            addresses = nil
            mx = nil
            match = .notAsked
            relation = nil
        }
    }

    package var addressCount: Int { addresses?.addresses.count ?? 0 }

    package var hasMX: Bool { mx?.outcome.answers != nil }
}

/// How the HELO name's addresses relate to the client.
package enum HELOMatch: Hashable, Sendable {
    case toClient
    case elsewhere([IPAddress])
    /// A loopback address is among them: nobody outside can mean this host by it.
    case loopback([IPAddress])
    /// Neither A nor AAAA.
    case doesNotResolve
    case unknown(LookupFailure)
    /// There is no name that could be looked up, or DNS was not asked.
    case notAsked

    init(_ addresses: AddressLookups, client: IPAddress) {
        switch addresses.match(client) {
        case .confirmed: self = .toClient
        case .elsewhere(let found):
            let isLoopback = found.contains {
                SpecialAddresses.purpose(of: $0)?.kind == .loopback
            }
            self = isLoopback ? .loopback(found) : .elsewhere(found)
        case .noSuchName, .noAddress: self = .doesNotResolve
        case .unknown(let failure), .otherFamilyUnknown(let failure): self = .unknown(failure)
        case .notAsked: self = .notAsked
        }
    }
}

/// How the HELO name relates to the PTR names; confirmed names are compared first.
package enum PointerRelation: Hashable, Sendable {
    case equals(DomainName, isConfirmed: Bool)
    /// Another name under the same registrable domain.
    case sameOrganization(DomainName, domain: DomainName)
    case unrelated

    /// nil when there are no PTR names to compare with.
    init?(of helo: DomainName, to pointer: PointerFacts) {
        guard !pointer.names.isEmpty else { return nil }
        for isConfirmed in [true, false] {
            for candidate in pointer.names
            where (candidate.match == .confirmed) == isConfirmed && candidate.name == helo {
                self = .equals(candidate.name, isConfirmed: isConfirmed)
                return
            }
        }
        if let domain = RegistrableDomain.of(helo) {
            for isConfirmed in [true, false] {
                for candidate in pointer.names
                where (candidate.match == .confirmed) == isConfirmed
                    && RegistrableDomain.areSame(candidate.name, helo)
                {
                    self = .sameOrganization(candidate.name, domain: domain)
                    return
                }
            }
        }
        self = .unrelated
    }
}
