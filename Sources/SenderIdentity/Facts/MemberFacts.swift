import DNSModel
package import NetNames

/// One host behind the HELO name, and whether it is forward-confirmed itself.
package struct MemberFacts: Hashable, Sendable {
    package let address: IPAddress
    package let status: Status
    /// Whether a PTR name of the member is the HELO name; nil when its names are not known.
    package let equalsHELO: Bool?
    package let ids: [ObservationID]

    package enum Status: Hashable, Sendable {
        case confirmed(DomainName)
        case notConfirmed(DomainName)
        case noPointer
        case unknown(LookupFailure)
        /// The table stops at ``EvidenceLimits/members``, or the address is not looked up.
        case notAsked
    }

    package var confirmedName: DomainName? {
        if case .confirmed(let name) = status { name } else { nil }
    }

    /// The name to show, confirmed or not.
    package var name: DomainName? {
        switch status {
        case .confirmed(let name), .notConfirmed(let name): name
        case .noPointer, .unknown, .notAsked: nil
        }
    }

    /// The members, when the HELO name has an address besides the client's.
    static func all(
        behind helo: HELOFacts?, client: IPAddress, in evidence: Evidence
    ) -> [MemberFacts] {
        guard let name = helo?.argument.name, let addresses = helo?.addresses?.addresses,
            helo?.argument.form != .localhost,
            addresses.contains(where: { $0 != client && !isLoopback($0) })
        else { return [] }
        return addresses.prefix(EvidenceLimits.members).map {
            MemberFacts(of: $0, helo: name, in: evidence)
        }
    }

    private static func isLoopback(_ address: IPAddress) -> Bool {
        SpecialAddresses.purpose(of: address)?.kind == .loopback
    }

    private init(of address: IPAddress, helo: DomainName, in evidence: Evidence) {
        self.address = address
        guard let pointer = Lookup(.init(ReverseName.name(of: address), .ptr), in: evidence) else {
            status = .notAsked
            equalsHELO = nil
            ids = []
            return
        }
        let names = pointerNames(in: pointer.outcome)
        equalsHELO = pointer.outcome.failure == nil ? names.contains(helo) : nil
        var ids = [pointer.id]
        var result: Status? = pointer.outcome.failure.map { .unknown($0) }
        for name in names.prefix(EvidenceLimits.memberNames) {
            let addresses = AddressLookups(of: name, in: evidence)
            ids += addresses.ids
            switch addresses.match(address) {
            case .confirmed:
                self.status = .confirmed(name)
                self.ids = ids
                return
            case .unknown(let failure):
                result = .unknown(failure)
            case .elsewhere, .noSuchName, .noAddress, .otherFamilyUnknown, .notAsked:
                result = result ?? .notConfirmed(name)
            }
        }
        status = result ?? .noPointer
        self.ids = ids
    }
}
