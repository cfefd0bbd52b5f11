package import NetNames

/// Which hosts are looked at as one pool.
package enum PoolTarget: Hashable, Sendable {
    /// The hosts behind a HELO name: they all say it, and its addresses are theirs.
    case heloName(DomainName)
    /// Hosts that the user listed, each with the HELO name it says, if it was told.
    case clients([Subject])

    /// HELO names said by the hosts, each once, in the order of the list.
    package var heloNames: [DomainName] {
        switch self {
        case .heloName(let name): return [name]
        case .clients(let clients):
            var seen: Set<DomainName> = []
            return clients.compactMap(\.helo?.name).filter { seen.insert($0).inserted }
        }
    }

    /// The hosts, as far as the evidence tells; too many are cut at ``PoolLimits/hosts``.
    package func clients(knowing evidence: Evidence) -> [Subject] {
        Array(allClients(knowing: evidence).prefix(PoolLimits.hosts))
    }

    /// Hosts beyond the limit, which are not looked at.
    package func skippedClients(knowing evidence: Evidence) -> Int {
        max(0, allClients(knowing: evidence).count - PoolLimits.hosts)
    }

    private func allClients(knowing evidence: Evidence) -> [Subject] {
        switch self {
        case .clients(let clients): return clients
        case .heloName(let name):
            let helo = HELOArgument(name.description)
            return AddressLookups(of: name, in: evidence).addresses.map {
                Subject(address: $0, helo: helo)
            }
        }
    }
}

/// The limits of one pool, each with its reason.
package enum PoolLimits {
    /// Four networks of a /24: more is an audit, which paces itself.
    package static let hosts = 1024
    /// PTR names looked at per host, as for a client.
    package static let namesPerHost = EvidenceLimits.memberNames
    /// Questions on their way at once: enough to hide the waiting, few enough for a home resolver.
    package static let window = 64
    /// Packets for all hosts: PTR and its names once, and room to ask each again.
    package static let packets = 8 * hosts
}
