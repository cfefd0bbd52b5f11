import DNSModel
package import NetNames

/// An outcome together with the observation it comes from.
package struct Lookup: Hashable, Sendable {
    package let id: ObservationID
    package let outcome: LookupOutcome

    /// The look-up of a question, or nil when it was not asked.
    init?(_ question: Question, in evidence: Evidence) {
        guard let id = evidence.id(of: question) else { return nil }
        self.id = id
        outcome = evidence.outcome(at: id)
    }
}

/// The address look-ups of one name, both families apart.
package struct AddressLookups: Hashable, Sendable {
    package let a: Lookup?
    package let aaaa: Lookup?
    /// The addresses of both families, A first, in the order received.
    package let addresses: [IPAddress]

    init(of name: DomainName, in evidence: Evidence) {
        a = Lookup(.init(name, .a), in: evidence)
        aaaa = Lookup(.init(name, .aaaa), in: evidence)
        var addresses = a.map { addressList(in: $0.outcome) } ?? []
        if let aaaa { addresses += addressList(in: aaaa.outcome) }
        self.addresses = addresses
    }

    package var ids: [ObservationID] {
        [a?.id, aaaa?.id].compactMap { $0 }
    }

    /// The look-up that could hold an address of this family.
    package func lookup(of family: IPAddress.Family) -> Lookup? {
        family == .v4 ? a : aaaa
    }

    /// The names that the name leads to by CNAME records, in order; none if it is no alias.
    package var aliases: [DomainName] {
        let found = a?.outcome.aliases ?? []
        return found.isEmpty ? aaaa?.outcome.aliases ?? [] : found
    }

    /// Where an alias chain ends, if the name is an alias.
    package var aliasTarget: DomainName? { aliases.last }

    /// What the addresses say about a client.
    ///
    /// Only the client's own family can confirm or leave it open; the other one tells «points
    /// elsewhere» from «has no address».
    package func match(_ client: IPAddress) -> AddressMatch {
        guard let own = lookup(of: client.family) else { return .notAsked }
        switch own.outcome {
        case .answers:
            return addresses.contains(client) ? .confirmed : elsewhere
        case .failed(let failure):
            return .unknown(failure)
        case .noSuchName:
            return .noSuchName
        case .noData:
            let other = lookup(of: client.family == .v4 ? .v6 : .v4)
            switch other?.outcome {
            case .answers: return elsewhere
            case .failed(let failure): return .otherFamilyUnknown(failure)
            case .noData, .noSuchName, nil: return .noAddress
            }
        }
    }

    /// There may be records and no address: an IPv4-mapped one in an AAAA record leads to nobody.
    private var elsewhere: AddressMatch {
        addresses.isEmpty ? .noAddress : .elsewhere(addresses)
    }
}

/// How the addresses of a name relate to a client's address.
package enum AddressMatch: Hashable, Sendable {
    case confirmed
    /// The name has addresses, the client's is not among them.
    case elsewhere([IPAddress])
    case noSuchName
    /// The name exists without any address.
    case noAddress
    /// The client's family could not be asked, so that nothing can be said.
    case unknown(LookupFailure)
    /// No address of the client's family: it is not confirmed. The other family is unknown.
    case otherFamilyUnknown(LookupFailure)
    case notAsked
}
