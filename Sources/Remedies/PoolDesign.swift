package import DNSModel
package import NetNames
package import SenderIdentity

/// The zones of a pool that every receiver accepts: a name of its own for each address, said in HELO.
package struct PoolDesign: Hashable, Sendable {
    /// The hosts in order.
    package let hosts: [Host]
    /// The records by zone: the forward zone, then the reverse zones in the order of the addresses.
    package let zones: [Zone]

    package struct Host: Hashable, Sendable {
        package let address: IPAddress
        /// PTR name and HELO name at once.
        package let name: DomainName
    }

    package struct Zone: Hashable, Sendable {
        /// The usual cut; a reverse zone may really be cut elsewhere.
        package let name: DomainName
        package let records: [ResourceRecord]
        package let isReverse: Bool
    }

    /// An hour, as most providers' forms have it.
    package static let ttl: UInt32 = 3600

    /// Names every address of the blocks.
    /// - Parameters:
    ///   - pattern: How the names are made.
    ///   - blocks: The addresses, numbered in this order.
    ///   - first: The first number.
    /// - Throws: ``DesignError``.
    package init(
        pattern: NamePattern, blocks: [AddressBlock], startingAt first: Int = 1
    ) throws(DesignError) {
        var addresses: [IPAddress] = []
        var seen: Set<IPAddress> = []
        for block in blocks {
            guard let count = block.addressCount, count <= PoolLimits.hosts - addresses.count else {
                throw .tooManyAddresses(limit: PoolLimits.hosts)
            }
            for index in 0..<count {
                let address = block.address(at: index)
                // Documentation's addresses are for examples; the others have no public PTR record.
                if let purpose = SpecialAddresses.purpose(of: address),
                    purpose.excludesPublicReverse, purpose.kind != .documentation
                {
                    throw .specialPurpose(address, purpose)
                }
                guard seen.insert(address).inserted else { throw .repeated(address) }
                addresses.append(address)
            }
        }
        guard addresses.count == 1 || pattern.isNumbered else { throw .needsNumber }
        var hosts: [Host] = []
        for (index, address) in addresses.enumerated() {
            let name = try pattern.name(number: first + index)
            if let rule = GenericRule.matching(name, client: address) {
                throw .looksGeneric(name, rule)
            }
            hosts.append(Host(address: address, name: name))
        }
        self.hosts = hosts
        zones = Self.zones(of: hosts, domain: pattern.domain)
    }

    private static func zones(of hosts: [Host], domain: DomainName) -> [Zone] {
        var forward: [ResourceRecord] = []
        var reverse: [(zone: DomainName, records: [ResourceRecord])] = []
        for host in hosts {
            forward.append(.init(name: host.name, ttl: ttl, data: .address(host.address)))
            forward.append(.init(name: host.name, ttl: ttl, data: .txt([heloPolicy])))
            let zone = ReverseName.conventionalZone(of: host.address)
            let record = ResourceRecord(
                name: ReverseName.name(of: host.address), ttl: ttl, data: .ptr(host.name))
            if let index = reverse.firstIndex(where: { $0.zone == zone }) {
                reverse[index].records.append(record)
            } else {
                reverse.append((zone, [record]))
            }
        }
        return [Zone(name: domain, records: forward, isReverse: false)]
            + reverse.map { Zone(name: $0.zone, records: $0.records, isReverse: true) }
    }

    /// SPF for the HELO name: only its own address says it (RFC 7208 §2.3).
    private static let heloPolicy = Array("v=spf1 a -all".utf8)
}

/// Why no pool can be made of this.
package enum DesignError: Error, Hashable, Sendable {
    case tooManyAddresses(limit: Int)
    case repeated(IPAddress)
    /// No public PTR record can exist for it.
    case specialPurpose(IPAddress, SpecialPurpose)
    /// Several addresses, and nothing in the pattern tells their names apart.
    case needsNumber
    /// Receivers would take the name for one that the provider made.
    case looksGeneric(DomainName, GenericRule)
    case badPattern(NamePattern.Defect)
}

/// How the names of a pool are made: a host name with `{n}` for the number, or `{n:4}` for at least
/// four digits.
package struct NamePattern: Hashable, Sendable {
    private let before: [UInt8]
    private let after: [UInt8]
    private let digits: Int?

    package enum Defect: Hashable, Sendable {
        /// Braces that hold anything but `n` or `n:DIGITS`.
        case placeholder
        case severalPlaceholders
        /// The number stands behind the first label.
        case numberBehindHost
        /// What comes out is no host name.
        case notAHostname
        /// Nobody can register the domain it lies in.
        case noDomain
        /// The domain is no one's in the public DNS.
        case notPublic
    }

    /// More digits than any number of hosts needs.
    private static let mostDigits = 9

    package init(_ text: some Sequence<UInt8>) throws(DesignError) {
        let bytes = Array(text)
        guard let open = bytes.firstIndex(of: UInt8(ascii: "{")) else {
            before = bytes
            after = []
            digits = nil
            try check()
            return
        }
        guard let close = bytes[open...].firstIndex(of: UInt8(ascii: "}")) else {
            throw .badPattern(.placeholder)
        }
        let word = bytes[(open + 1)..<close]
        if word.elementsEqual("n".utf8) {
            digits = 1
        } else if word.starts(with: "n:".utf8), let width: Int = Ascii.decimal(word.dropFirst(2)),
            (1...Self.mostDigits).contains(width)
        {
            digits = width
        } else {
            throw .badPattern(.placeholder)
        }
        before = Array(bytes[..<open])
        after = Array(bytes[(close + 1)...])
        guard !after.contains(UInt8(ascii: "{")) else { throw .badPattern(.severalPlaceholders) }
        guard !before.contains(Ascii.dot) else { throw .badPattern(.numberBehindHost) }
        try check()
    }

    /// Domains that public DNS never has: RFC 6762 §3, RFC 6761 §6.3 and §6.4, RFC 7686, RFC 8375,
    /// and `internal` by ICANN's resolution of 2024-07-29.
    private static let reserved = [
        "local", "localhost", "invalid", "onion", "home.arpa", "internal",
    ].compactMap { DomainName($0) }

    package var isNumbered: Bool { digits != nil }

    /// The zone that holds the names: everything behind the first label, or the name itself where
    /// nobody can register that.
    package var domain: DomainName {
        guard let name = try? name(number: 1) else { return .root }
        return name.parent.flatMap { RegistrableDomain.of($0) == nil ? nil : $0 } ?? name
    }

    /// The name of the host with this number.
    package func name(number: Int) throws(DesignError) -> DomainName {
        var text = before
        if let digits {
            let number = Array(String(number).utf8)
            text += [UInt8](repeating: Ascii.zero, count: max(0, digits - number.count)) + number
        }
        text += after
        guard let name = DomainName(String(decoding: text, as: UTF8.self)),
            HostnameDefect.of(name) == nil, name.labelCount >= 3 || !isNumbered
        else { throw .badPattern(.notAHostname) }
        return name
    }

    private func check() throws(DesignError) {
        let name = try name(number: 1)
        // Numbered names under a public suffix would be a domain each.
        let holder = isNumbered ? name.parent ?? name : name
        guard RegistrableDomain.of(holder) != nil else { throw .badPattern(.noDomain) }
        let isReserved = Self.reserved.contains { name.isSubdomain(of: $0) }
        guard !isReserved else { throw .badPattern(.notPublic) }
    }
}
