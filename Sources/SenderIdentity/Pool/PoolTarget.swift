import DNSModel
package import NetNames
package import SPF

/// Which hosts are looked at as one pool.
package enum PoolTarget: Hashable, Sendable {
    /// The hosts behind a HELO name: they all say it, and its addresses are theirs.
    case heloName(DomainName, mailFrom: MailFrom? = nil)
    /// The hosts that a domain's SPF record allows, what they say, and for whom SPF is evaluated:
    /// for the domain itself unless another is given.
    case spfDomain(DomainName, helo: HELOArgument? = nil, mailFrom: MailFrom? = nil)
    /// Either: the domain's TXT record decides (``SPF/SPFSelection/namesSeveralHosts``).
    case name(DomainName, mailFrom: MailFrom? = nil)
    /// Hosts that the user listed, each with the HELO name it says, if it was told.
    case clients([Subject])

    /// What a name is taken as, once enough is known of it.
    ///
    /// A record that names several hosts makes it an SPF domain. Any other that could allow one, a
    /// broken one and a failed look-up do so only where the name has no address: they are why there
    /// are no hosts then.
    package func resolved(knowing evidence: Evidence) -> PoolTarget {
        guard case .name(let name, let mailFrom) = self,
            let answer = evidence.spfAnswer(to: .init(name, .txt))
        else { return self }
        let heloName = PoolTarget.heloName(name, mailFrom: mailFrom)
        let spfDomain = PoolTarget.spfDomain(name, mailFrom: mailFrom)
        switch answer {
        case .void, .records: return heloName
        case .texts(_, let selection) where selection.namesSeveralHosts: return spfDomain
        case .texts(_, let selection) where !selection.mayAllow: return heloName
        case .texts, .failed:
            let lookups = AddressLookups(of: name, in: evidence)
            guard let a = lookups.a?.outcome, let aaaa = lookups.aaaa?.outcome else {
                return lookups.addresses.isEmpty ? self : heloName
            }
            let isAbsent = a.absence != nil && aaaa.absence != nil
            return isAbsent ? spfDomain : heloName
        }
    }

    /// HELO names said by the hosts, each once, in the order of the list.
    package var heloNames: [DomainName] {
        switch self {
        case .heloName(let name, _): return [name]
        case .spfDomain(_, let helo, _): return [helo?.name].compactMap { $0 }
        case .name: return []
        case .clients(let clients):
            var seen: Set<DomainName> = []
            return clients.compactMap(\.helo?.name).filter { seen.insert($0).inserted }
        }
    }

    /// The family of the HELO name's addresses whose look-up failed, where hosts come from the name.
    func unknownAddresses(knowing evidence: Evidence) -> PoolMatrix.UnknownAddresses? {
        guard case .heloName(let name, _) = self else { return nil }
        let lookups = AddressLookups(of: name, in: evidence)
        for family in [IPAddress.Family.v4, .v6] {
            if let failure = lookups.lookup(of: family)?.outcome.failure {
                return .init(family: family, failure: failure)
            }
        }
        return nil
    }

    /// What the domain's SPF record allows; nil unless it says which hosts there are.
    package func allowance(knowing evidence: Evidence) -> SPFAllowance? {
        guard case .spfDomain(let domain, _, _) = self else { return nil }
        return SPFAllowance(of: domain) { evidence.spfAnswer(to: $0) }
    }

    /// The hosts, as far as the evidence tells; too many are cut at ``PoolLimits/hosts``, those of
    /// an SPF record thinned out evenly.
    package func clients(knowing evidence: Evidence) -> [Subject] {
        switch self {
        case .name: return []
        case .clients(let clients): return Array(clients.prefix(PoolLimits.hosts))
        case .heloName(let name, let mailFrom):
            let helo = HELOArgument(name.description)
            return AddressLookups(of: name, in: evidence).addresses.prefix(PoolLimits.hosts).map {
                Subject(address: $0, helo: helo, mailFrom: mailFrom)
            }
        case .spfDomain(let domain, let helo, let mailFrom):
            let sender = mailFrom ?? (try? MailFrom("postmaster@\(domain)".utf8))
            let blocks = allowance(knowing: evidence)?.blocks ?? []
            return BlockSample.addresses(of: blocks, atMost: PoolLimits.hosts).map {
                Subject(address: $0, helo: helo, mailFrom: sender)
            }
        }
    }

    /// Hosts beyond the limit, which are not looked at; a block that
    /// ``BlockSample/isCounted(_:)`` denies counts as 2^32.
    package func skippedClients(knowing evidence: Evidence) -> Int {
        let count =
            switch self {
            case .name: 0
            case .clients(let clients): clients.count
            case .heloName(let name, _): AddressLookups(of: name, in: evidence).addresses.count
            case .spfDomain:
                BlockSample.count(of: allowance(knowing: evidence)?.blocks ?? [])
            }
        return max(0, count - PoolLimits.hosts)
    }
}

/// A choice of addresses from blocks.
package enum BlockSample {
    /// No IPv4 block has more, and of an IPv6 block nobody wants to know more than that.
    private static let mostOfBlock = 1 << 32

    /// All addresses together, or at least so many.
    package static func count(of blocks: [AddressBlock]) -> Int {
        blocks.reduce(0) { $0 + size(of: $1) }
    }

    /// Whether that is their number; else there are more than 2^32.
    package static func isCounted(_ blocks: [AddressBlock]) -> Bool {
        blocks.allSatisfy { $0.addressCount != nil }
    }

    /// Every address if they are few enough, else the same number of each block that has so many,
    /// at equal distances; smaller blocks are complete.
    package static func addresses(of blocks: [AddressBlock], atMost limit: Int) -> [IPAddress] {
        let sizes = blocks.map(size)
        var shares = sizes
        var left = limit
        let smallestFirst = sizes.indices.sorted { sizes[$0] < sizes[$1] }
        for (place, index) in smallestFirst.enumerated() {
            shares[index] = min(sizes[index], left / (sizes.count - place))
            left -= shares[index]
        }
        return zip(blocks, zip(sizes, shares)).flatMap { block, numbers in
            let (size, share) = numbers
            // The middle of each part, and not its network's first address: that is seldom a host.
            guard block.addressCount == nil, share > 0 else {
                return (0..<share).map { block.address(at: (2 * $0 + 1) * size / (2 * share)) }
            }
            let free = block.base.bitWidth - block.prefixLength
            let part = (free < 128 ? 1 << free : UInt128.max) / UInt128(share)
            return (0..<share).map { block.address(at: part * UInt128($0) + part / 2 + 1) }
        }
    }

    private static func size(of block: AddressBlock) -> Int {
        min(block.addressCount ?? mostOfBlock, mostOfBlock)
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
    /// Bytes of answers kept: 16 KiB a host, where one with two names takes two.
    package static let bytes = 16 << 20
}
